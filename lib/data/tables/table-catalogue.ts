import type { DataFile } from "../files/data-file";

/** What is known of a table beside its numbers. */
export interface TableEntry {
  /** The full name, for headings. */
  readonly title: string;
  readonly file: DataFile;
  /** Class codes as the file has them, in the order of the labels 0, 1, … */
  readonly classCodes: readonly string[];
  /** What the codes mean; the codes themselves by default. */
  readonly classNames?: readonly string[];
  /** Names of the columns before the class; read from the file's first line by default. */
  readonly featureNames?: readonly string[];
  /** [height, width, channels] where a row is an image. */
  readonly imageShape?: readonly [number, number, number];
}

const UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/";
const BROWNLEE = "https://raw.githubusercontent.com/jbrownlee/Datasets/master/";

function shipped(name: string, columns: number, sha256: string): DataFile {
  return { name: `${name}.csv`, mirrors: [], content: { kind: "table", columns, sha256 } };
}

function uci(name: string, columns: number, sha256: string, ...mirrors: string[]): DataFile {
  return { name: `uci/${name}`, mirrors, content: { kind: "table", columns, sha256 } };
}

const numbered = (count: number, nameOf: (number: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => nameOf(i + 1));

/** Tables in the project's own `data/`: the numbers of scikit-learn 1.9, with its class order. */
export const SHIPPED = {
  iris: {
    title: "Iris",
    file: shipped("iris", 5, "840d8803e550dc2f89f8bbccf9df20e49f9a30023d41c737303d71af78bdb97e"),
    classCodes: ["setosa", "versicolor", "virginica"],
  },
  wine: {
    title: "Wine",
    file: shipped("wine", 14, "5f075bdbbdd6d09824543e769577c4142fcb814243cc0690437063299d18cfd3"),
    classCodes: ["class_0", "class_1", "class_2"],
  },
  wdbc: {
    title: "Breast Cancer Wisconsin (Diagnostic)",
    file: shipped("wdbc", 31, "d322ef5c1b079a087c5719676cea2551187f77bdc5fe91b79d70aac489b53c24"),
    classCodes: ["malignant", "benign"],
  },
  digits: {
    title: "Optical digits, 8 × 8",
    file: shipped("digits", 65, "acc43d1c4218c1737cddfd4b09cce3189c90f9973203268a6fd7a522a8e77ee8"),
    classCodes: numbered(10, (number) => String(number - 1)),
    imageShape: [8, 8, 1],
  },
} as const satisfies Record<string, TableEntry>;

/** Tables of the UCI Machine Learning Repository, looked up or downloaded; classes in the order of their codes. */
export const UCI_TABLES = {
  "breast-cancer-wisc": {
    title: "Breast Cancer Wisconsin (Original)",
    file: uci("breast-cancer-wisconsin.data", 10,
      "9c9dc50e62dbcece16e5707bdec7514f87230d0aa35798b9aaffbc77cf736f1f",
      `${UCI}breast-cancer-wisconsin/breast-cancer-wisconsin.data`, `${BROWNLEE}breast-cancer-wisconsin.csv`),
    classCodes: ["2", "4"],
    classNames: ["benign", "malignant"],
    featureNames: ["clump thickness", "uniformity of cell size", "uniformity of cell shape", "marginal adhesion",
      "single epithelial cell size", "bare nuclei", "bland chromatin", "normal nucleoli", "mitoses"],
  },
  ionosphere: {
    title: "Ionosphere",
    file: uci("ionosphere.csv", 35, "fd6dd7864b55d56dac0a1e6e24af9ccc35bf2555ac79af8ab9f3d1daa065ab83",
      `${UCI}ionosphere/ionosphere.data`, `${BROWNLEE}ionosphere.csv`),
    classCodes: ["b", "g"],
    classNames: ["bad", "good"],
    featureNames: numbered(34, (number) => `pulse ${Math.ceil(number / 2)} ${number % 2 ? "real" : "imaginary"}`),
  },
  pima: {
    title: "Pima Indians Diabetes",
    file: uci("pima-indians-diabetes.csv", 9, "6bfe5d0f379d17a0e0819b996407e3c09bf80febd4287f2ed212190dfff154af",
      `${BROWNLEE}pima-indians-diabetes.csv`, `${BROWNLEE}pima-indians-diabetes.data.csv`),
    classCodes: ["0", "1"],
    classNames: ["no diabetes", "diabetes"],
    featureNames: ["pregnancies", "plasma glucose", "blood pressure (mm Hg)", "triceps skin fold (mm)",
      "serum insulin (mu U/ml)", "body mass index", "diabetes pedigree", "age (years)"],
  },
  sonar: {
    title: "Sonar, mines against rocks",
    file: uci("sonar.csv", 61, "3079c09b5d2789a0f96aff82c28e5164fafe2495c5f8da96c6c256c1bd25763f",
      `${UCI}undocumented/connectionist-bench/sonar/sonar.all-data`, `${BROWNLEE}sonar.csv`),
    classCodes: ["M", "R"],
    classNames: ["mine", "rock"],
    featureNames: numbered(60, (number) => `band ${number}`),
  },
  glass: {
    title: "Glass identification",
    file: uci("glass.csv", 10, "1b7039aa2d617c1827e790b55d45ac138dce06b5f2a3fb6c25f2f135b59ad2d0",
      `${UCI}glass/glass.data`, `${BROWNLEE}glass.csv`),
    classCodes: ["1", "2", "3", "5", "6", "7"],
    classNames: ["building windows, float", "building windows, non-float", "vehicle windows, float", "containers",
      "tableware", "headlamps"],
    featureNames: ["refractive index", "sodium", "magnesium", "aluminium", "silicon", "potassium", "calcium",
      "barium", "iron"],
  },
  ecoli: {
    title: "Ecoli protein localisation",
    file: uci("ecoli.csv", 8, "26836c66779f5ce2b0c4d21c0667dcfb89f2a408e3cdac7e38dbc63e0abd5691",
      `${UCI}ecoli/ecoli.data`, `${BROWNLEE}ecoli.csv`),
    classCodes: ["cp", "im", "imL", "imS", "imU", "om", "omL", "pp"],
    featureNames: ["mcg", "gvh", "lip", "chg", "aac", "alm1", "alm2"],
  },
  haberman: {
    title: "Haberman's survival",
    file: uci("haberman.csv", 4, "18569865605a0d34727ff489c6b08aa8d1a430edd3ca944a57c4c03fbc403fae",
      `${UCI}haberman/haberman.data`, `${BROWNLEE}haberman.csv`),
    classCodes: ["1", "2"],
    classNames: ["survived 5 years", "died within 5 years"],
    featureNames: ["age", "year of operation (19xx)", "positive axillary nodes"],
  },
} as const satisfies Record<string, TableEntry>;
