export { loadAdultTable, type LoadAdultTableOptions } from "./adult-table";
export { loadCifar10, type LoadCifar10Options } from "./cifar10";
export { classCounts } from "./classes";
export {
  fromDataFrame, toDataFrame, type DataFrameLike, type DataFrameView, type FromDataFrameOptions,
  type ToDataFrameOptions,
} from "./data-frame";
export type { Dataset, TrainTest } from "./dataset";
export { cacheDirectory, dataDirectories } from "./directories";
export type { DownloadProgress } from "./download";
export {
  loadAdult, loadCompas, loadGermanCredit, subsetPeople, type AdultData, type AdultRow, type CompasRow,
  type GermanCreditRow, type LoadAdultOptions, type PeopleData,
} from "./fairness";
export { grayImages } from "./gray-images";
export { kFold, stratifiedKFold, type KFoldOptions } from "./k-fold";
export { loadUciTable, uciTableNames, type LoadUciTableOptions, type UciTableName } from "./load-uci-table";
export { loadTable, tableNames, type LoadTableOptions, type TableName } from "./load-table";
export { csvText } from "./csv-text";
export { loadArff, type LoadArffOptions } from "./load-arff";
export { loadCsv, type CsvDataset, type LoadCsvOptions } from "./load-csv";
export type { CsvDelimiter } from "./csv-rows";
export type { EncodeOptions, MissingRule } from "./encode-table";
export type { TableColumn } from "./table-column";
export { loadMnist, type LoadMnistOptions } from "./mnist";
export { oneHot } from "./one-hot";
export { DataFileError, type DownloadOptions } from "./provide";
export { resizedImages, type ResizedImagesOptions } from "./resized-images";
export { minMaxScaler, rescaleImages, standardScaler } from "./scale";
export type { FittedTransformer, SerializedTransformer, Transformer } from "./scale";
export { shuffleSplit, stratifiedSplit, type Split, type SplitOptions } from "./split";
export { balancedPositions, subset, type BalancedPositionsOptions } from "./subset";
