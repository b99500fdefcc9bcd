export { loadAdultTable, type LoadAdultTableOptions } from "./tables/adult-table";
export { loadCifar10, type LoadCifar10Options } from "./cifar10";
export { classCounts } from "./classes";
export {
  fromDataFrame, toDataFrame, type DataFrameLike, type DataFrameView, type FromDataFrameOptions,
  type ToDataFrameOptions,
} from "./data-frame";
export type { Dataset, TrainTest } from "./dataset";
export { cacheDirectory, dataDirectories } from "./files/directories";
export type { DownloadProgress } from "./files/download";
export {
  loadAdult, loadCompas, loadGermanCredit, subsetPeople, type AdultData, type AdultRow, type CompasRow,
  type GermanCreditRow, type LoadAdultOptions, type PeopleData,
} from "./tables/fairness";
export { kFold, stratifiedKFold, type KFoldOptions } from "./k-fold";
export { loadUciTable, uciTableNames, type LoadUciTableOptions, type UciTableName } from "./tables/load-uci-table";
export { loadTable, tableNames, type LoadTableOptions, type TableName } from "./tables/load-table";
export { csvText } from "./tables/csv-text";
export { loadArff, type LoadArffOptions } from "./tables/load-arff";
export { loadCsv, type CsvDataset, type LoadCsvOptions } from "./tables/load-csv";
export type { CsvDelimiter } from "./tables/csv-rows";
export type { EncodeOptions, MissingRule } from "./tables/encode-table";
export type { TableColumn } from "./tables/table-column";
export { loadMnist, type LoadMnistOptions } from "./mnist";
export { oneHot } from "./one-hot";
export { DataFileError, type DownloadOptions } from "./files/provide";
export { minMaxScaler, standardScaler } from "./scale";
export type { FittedTransformer, SerializedTransformer, Transformer } from "./scale";
export { shuffleSplit, stratifiedSplit, type Split, type SplitOptions } from "./split";
export { balancedPositions, subset, type BalancedPositionsOptions } from "./subset";
