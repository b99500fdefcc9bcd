import { matrix } from "../matrix";
import { requireInteger } from "../validate";
import type { DataFile } from "./files/data-file";
import type { Dataset, TrainTest } from "./dataset";
import { readIdx } from "./idx";
import { pixelNames } from "./pixel-names";
import { provide, type DownloadOptions } from "./files/provide";

const CLASS_NAMES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const MIRRORS = ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"];

const mnistFile = (name: string, sha256: string): DataFile => ({
  name: `mnist/${name}`,
  mirrors: MIRRORS.map((mirror) => mirror + name),
  content: { kind: "gzip", sha256 },
});

const TRAIN = {
  size: 60000,
  images: mnistFile(
    "train-images-idx3-ubyte.gz",
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  ),
  labels: mnistFile(
    "train-labels-idx1-ubyte.gz",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  ),
};
const TEST = {
  size: 10000,
  images: mnistFile(
    "t10k-images-idx3-ubyte.gz",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  ),
  labels: mnistFile(
    "t10k-labels-idx1-ubyte.gz",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ),
};

/** The four files of MNIST. */
export const MNIST_FILES: readonly DataFile[] = [TRAIN, TEST].flatMap(({ images, labels }) => [images, labels]);

export interface LoadMnistOptions extends DownloadOptions {
  /** How many training images, from the first on, in [0, 60000]; all by default. */
  train?: number;
  /** How many test images, from the first on, in [0, 10000]; all by default. */
  test?: number;
}

/**
 * The handwritten digits of MNIST: raw grey values 0–255, 28 × 28, in the order of the files. Only what is asked for is
 * decompressed, and a half of which nothing is asked for is not even looked up.
 *
 * @throws {RangeError} If a count is out of range.
 * @throws {DataFileError} If a file is neither at hand nor to be downloaded.
 * @see LeCun, Cortes & Burges, "The MNIST database of handwritten digits".
 * @example
 * const { train, test } = await loadMnist({ train: 2000, test: 1000 });
 * train.X.shape; // [2000, 784]
 */
export async function loadMnist(options: LoadMnistOptions = {}): Promise<TrainTest<Uint8Array>> {
  const { train = TRAIN.size, test = TEST.size, ...download } = options;
  requireInteger("loadMnist", "train", train, 0, TRAIN.size);
  requireInteger("loadMnist", "test", test, 0, TEST.size);
  return {
    train: await loadHalf("MNIST training set", TRAIN, train, download),
    test: await loadHalf("MNIST test set", TEST, test, download),
  };
}

async function loadHalf(
  name: string,
  half: typeof TRAIN,
  count: number,
  download: DownloadOptions,
): Promise<Dataset<Uint8Array>> {
  const read = async (file: DataFile, dimensions: number): Promise<Uint8Array> =>
    count === 0 ? new Uint8Array(0) : (await readIdx(await provide(file, download), dimensions, count)).data;
  const pixels = await read(half.images, 3);
  return {
    name,
    X: matrix(pixels, [count, 784]),
    y: Int32Array.from(await read(half.labels, 1)),
    featureNames: pixelNames(28, 28),
    classNames: CLASS_NAMES,
    imageShape: [28, 28, 1],
  };
}
