import { ARFF_TABLES, ECHOCARDIOGRAM, ENERGY } from "../tables/arff-catalogue";
import { CIFAR10_ARCHIVE } from "../cifar10";
import type { DataFile } from "./data-file";
import { FAIRNESS_FILES } from "../tables/fairness";
import { MNIST_FILES } from "../mnist";
import { UCI_TABLES } from "../tables/table-catalogue";

/** Every data file that is looked for on this machine and else downloaded: what an offline bundle must bring. */
export function fetchedFiles(): DataFile[] {
  const tables = [...Object.values(UCI_TABLES), ...Object.values(ARFF_TABLES)].map(({ file }) => file);
  return [...MNIST_FILES, CIFAR10_ARCHIVE, ...tables, ECHOCARDIOGRAM, ENERGY, ...FAIRNESS_FILES];
}
