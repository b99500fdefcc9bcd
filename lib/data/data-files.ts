import { ADULT_FILES } from "./adult";
import { CIFAR10_ARCHIVE } from "./cifar10";
import type { DataFile } from "./data-file";
import { MNIST_FILES } from "./mnist";
import { UCI_TABLES } from "./table-catalogue";

/** Every data file that is looked for on this machine and else downloaded: what an offline bundle must bring. */
export function fetchedFiles(): DataFile[] {
  return [...MNIST_FILES, CIFAR10_ARCHIVE, ...ADULT_FILES, ...Object.values(UCI_TABLES).map(({ file }) => file)];
}
