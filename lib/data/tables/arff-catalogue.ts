import type { DataFile } from "../files/data-file";

/** A table in ARFF, and which of its columns is the class. */
export interface ArffEntry {
  readonly file: DataFile;
  readonly target: string;
  /** Names, case numbers, other answers, and columns without a single value. */
  readonly ignore: readonly string[];
}

const MIRROR = "https://raw.githubusercontent.com/renatopp/arff-datasets/master/classification/";

const arff = (name: string, sha256: string, target: string, ...ignore: string[]): ArffEntry => ({
  file: { name: `uci-arff/${name}.arff`, mirrors: [`${MIRROR}${name}.arff`], content: { kind: "text", sha256 } },
  target, ignore,
});

/**
 * Tables of the UCI Machine Learning Repository as ARFF. The class is the column that the file's comments name, or the
 * last; of the three counts of flares, the small ones.
 */
export const ARFF_TABLES = {
  anneal: arff("anneal", "16579283dc5b058fcfe591d72578809307c842414b070548c6550336562e0f52", "class"),
  "anneal.orig": arff("anneal.orig", "d2269d703674b7e8b72a941a1f9f29dad29718f0c153338cc2325a99818d7444",
    "class", "m", "marvi", "corr", "jurofm", "s", "p"),
  arrhythmia: arff("arrhythmia", "c52b849fd1ade3c58c0327cf62ce7c4457a2e5dfd047b4e2563d5b54cec666b9", "class"),
  audiology: arff("audiology", "7c27ff462d6f05d83bf672db88add7621e7da1014eb174a0aac52b3d0a1c5903", "class"),
  autos: arff("autos", "61335be0bef9805450fbcd82068c452d5af4e51b33e2397cf11816688fa87a3a", "symboling"),
  "balance.scale": arff("balance.scale", "0a899e5e684300ae0e7d7acb54798b6cf136c1c77ae9e5b3fb197e4ae2dda456", "class"),
  "breast.cancer": arff("breast.cancer", "f37aea89243c1ea4fff82269ccd0a677afd5d88966bd927295be9f774a15e9d9", "Class"),
  "breast.w": arff("breast.w", "aefbad870c58b835c9b6bc57dd06d948af3c77d9e3ae01fb94bda66819b16c74", "Class"),
  "bridges.version1": arff("bridges.version1", "ca7ab139e039f97e9edd8e74d945d82a4916d8d29e9d82b4ae062b6566775116",
    "TYPE", "IDENTIF"),
  "bridges.version2": arff("bridges.version2", "38ad8ab7969194297f4bf8089d36e389c0db27c7b28a27655983813370637422",
    "TYPE", "IDENTIF"),
  car: arff("car", "6bac47f0baf90c8a12d9bfd7417228b38656fa1587e03738d2858890ebf211ce", "class"),
  cmc: arff("cmc", "0bbbde3506400c9bb6795f442b0d88e4b8a03c6799b6eff91ed831008635ea37", "Contraceptive_method_used"),
  colic: arff("colic", "4d609f1611113bec1a2b67f30115f0054945b0e123260f0cfcaa7b6325eb1841", "surgical_lesion"),
  "colic.orig": arff("colic.orig", "7d6acfc73ff1daa4cd14386e025c5ac4580eb02b6ea52772ed23aee6c4d647a8",
    "surgical lesion", "Hospital Number", "site of lesion", "type of lesion", "subtype of lesion"),
  column2C: arff("column2C", "3aa9de335aea2ff676ca12964aacb9399facb2c0798ff01b195971a3887e246c", "class"),
  column3C: arff("column3C", "4c97698cdc66fefe54bc9e19b01a4d3b44c8107e5efceb8fa4c21b2a081ecb1a", "class"),
  "credit.a": arff("credit.a", "d0e8c9872590b87e3ff9f41a5a604d0b59eacf430e1824bace4aeb235234c183", "class"),
  "credit.g": arff("credit.g", "6d1f523994d114b7940bcb43e73c5d243ba5ae59846edfbcaab246afcd0c2976", "class"),
  "cylinder.bands": arff("cylinder.bands", "ff2a278bba0e38fd389b58384d9eb5a657ba936093db01dd88bf0fde7b67f291",
    "band_type", "timestamp", "cylinder_number", "customer", "job_number"),
  diabetes: arff("diabetes", "4eddd5b2b64679e8888348e306520a393d6a28e1ddc9643cfb76fc5d912d6d40", "class"),
  ecoli: arff("ecoli", "e360b534e4afdbe0e68afb4efc6d407f14db3fe84f5f9c524929ee9aaec82b65", "class"),
  flags: arff("flags", "2feb5610e33e63dc535c0b5e506e804b753acc2c7ee8c035a384e90c0fa1593b", "religion", "name"),
  glass: arff("glass", "1a25ef32fda9f5dac5b1e4222a4e7b3e76005d9785f3751e877ce900d84600b1", "Type"),
  haberman: arff("haberman", "73f9e7d0460516e17cf0de72369ffe0a6ce35f0e05a4bad32b60c33723dddc22", "Survival_status"),
  "heart.c": arff("heart.c", "ac6ab4168b6acb8a675ff1f174f1b15e2a80ae194f15db7d2d52ec9b2eb1b3d8", "num"),
  "heart.h": arff("heart.h", "b8b409062bd4d9c0571740f944aeba3627a00bbe80073e7c5293d1139684565d", "num"),
  "heart.statlog": arff("heart.statlog", "1d936e9d0a0c30ee4ce0d384694065df18481d825cbc628210e7f29dab363557", "class"),
  hepatitis: arff("hepatitis", "e392547a2c2fe52b0cb2085c8416fd73bc17562fa9c61b906d7a4bf9e784c0da", "Class"),
  hypothyroid: arff("hypothyroid", "9eb504bb1c270d0cc7e1f8cc12351006789c4b43370c3d3528f4f4407bcb68a5",
    "Class", "TBG"),
  ionosphere: arff("ionosphere", "298bced6370dc4ac4fa8b5226410c9fcd61521f3c88ceb14200808b8319325cb", "class"),
  iris: arff("iris", "7d34ba556497e9dc28335ea6628a37d1dbcba090a1ae20dc2de9c7032d199153", "class"),
  "kr.vs.kp": arff("kr.vs.kp", "b22a8a12bd40648400b000bad0545683b8ecd33ac84f2c265dd5c309c832fd69", "class"),
  labor: arff("labor", "eff11b325e9f76db392f6389f10145b5c026e0896c6f2173bdb23ae098c458f3", "class"),
  letter: arff("letter", "a31f2d9ad119a53e182e7371d48981982dbb2b0a5e9f0aa7b73f373857b64e2e", "class"),
  lymph: arff("lymph", "eca155d42fad7268b1a7b19a5799aa81e64c433ba0b5535cf9b5da497cdbe040", "class"),
  mushroom: arff("mushroom", "34a8ff8ed2864b6c1a9fbaf6f8951e694d48caa682f09b067ee5e5567622d671", "class"),
  pendigits: arff("pendigits", "e3b41cde4a1889c9187a44970c161e50afae2c7f0c68822cf57cdb034e2cd082", "class"),
  "postoperative.patient.data": arff("postoperative.patient.data",
    "abf1fc206ae96f77fcfb328eee091afb8aa7c4b2c438f0beee82a9275da8bad3",
    "decision"),
  "primary.tumor": arff("primary.tumor", "3241fd2100a0b818fb610f1fb1d7e98dc468eae628aca48d98e2354ef060b806", "class"),
  segment: arff("segment", "1fa5d53d1424b4d1f6d208b5691d7e053d55440cc32518947d94380293e83c87", "class"),
  "shuttle.landing.control": arff("shuttle.landing.control",
    "f4d0543e34d22d5d52592d1076f7b22a15ca7f9b88975a2dac98a12842d02800",
    "Class"),
  sick: arff("sick", "596b08b9a2d096816b4a9372dc9c2f6658b72c3fb5ad2c59762fa7a90e910dc1", "Class", "TBG"),
  "solar.flare1": arff("solar.flare1", "5ad8212d90a3387ff049f8158cd0956aa602f52d4047af467ac1563eb6803b8c",
    "C-class_flares_production_by_this_region", "M-class_flares_production_by_this_region",
    "X-class_flares_production_by_this_region"),
  "solar.flare2": arff("solar.flare2", "ea370a5bbaefe58614174aba0a663da65f5e34977dbdf23736a2f536de3c0aeb",
    "C-class_flares_production_by_this_region", "M-class_flares_production_by_this_region",
    "X-class_flares_production_by_this_region"),
  sonar: arff("sonar", "bfd26fdabb55f092db0ad81642bd171b511b1cd48e3179a1c2262fb5dc87b944", "Class"),
  soybean: arff("soybean", "5645bcd667e9f9efa65a2a45aabb8ed7eb339d9b6e3fa6f7c92a58c4862f0227", "class"),
  spambase: arff("spambase", "9ab54c9d5498ffd496c442ab937b7d35beac0559811a60c4282b6268a45a008c", "class"),
  "spect.test": arff("spect.test", "6fb9f65b632e27b1beac5ef033588528335b08eb7b57e09f876de304bfc7a65a",
    "OVERALL_DIAGNOSIS"),
  "spect.train": arff("spect.train", "452178a63b52a67742cd112e7e2e30360b659067159ac1fc0660c6a36ad2add9",
    "OVERALL_DIAGNOSIS"),
  "spectf.test": arff("spectf.test", "ad356365cb2a9d3f0fe1d0061c6c80d9a45e399356ec525c468c881fc0da45d9",
    "OVERALL_DIAGNOSIS"),
  "spectf.train": arff("spectf.train", "6e87797d611ca2bb3daf35e8e67aa6733ecfe60cf29882e05811f02d59acdc36",
    "OVERALL_DIAGNOSIS"),
  spectrometer: arff("spectrometer", "277916f0161f24725d434a2a7a948bc1d9872c1b5cab55dec1ed1f678e86053d",
    "LRS-class", "LRS-name"),
  splice: arff("splice", "4b22fd2fc0564f0b5af59a5a40ee0dd77476835ba48b717960d85d095be53036",
    "Class", "Instance_name"),
  sponge: arff("sponge", "eecdc7f4d52ea8d593f6b6e6f8a68dd74542ea4b98ff7f9e8d24d28a2435204b", "P.SUSTRATO", "Name"),
  tae: arff("tae", "d99104c96a6afeb8ba13c2c55187714bbe1ca49df20d73608204ae5601dbe7fb", "Class_attribute"),
  "tic-tac-toe": arff("tic-tac-toe", "4ab55f8a4240340aa59866999b3dd2f51ec48caf999e53df0eda6762adfdc723", "Class"),
  trains: arff("trains", "0c7f35f2ae11d9aff993ef3788f81adbb13e1d7fad7570501db51ecc6356b747", "class"),
  vote: arff("vote", "ee647a77207729d73d02cea20646afcd274fe9de95711cbf9909c903636cd65f", "Class"),
  vowel: arff("vowel", "c602ac7e3ce2c38452f9e0d2987eaf5162ba06dff9ab7a42520ac3120052fe91",
    "Class", "Train or Test", "Speaker Number"),
  wine: arff("wine", "c55dc576e9435715e608a9f5ea27e065afa7d8074dc963e9522a807aa281b562", "class"),
  zoo: arff("zoo", "1446ce0ef31a94fa37c1c6489835761238f6e0f4c350b975be2d51c5cf018066", "type", "animal"),
} as const satisfies Record<string, ArffEntry>;

/** Two more tables, as lines of values. */
export const ECHOCARDIOGRAM: DataFile = {
  name: "uci/echocardiogram.data", mirrors: [],
  content: { kind: "table", columns: 12, sha256: "3e19abc25ec9ef526f0b9451e6ecc846666714209b739665a7a56eda145dc5be" },
};

export const ENERGY: DataFile = {
  name: "uci/energy-efficiency.csv", mirrors: [],
  content: { kind: "table", columns: 10, sha256: "bb7692db16414c0a1af5c116c4930da74f8a6e110cbec98774e41d191e96a44b" },
};
