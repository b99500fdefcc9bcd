import { matrix } from "../matrix";
import { requireInteger } from "../validate";
import type { DataFile } from "./files/data-file";
import type { Dataset, TrainTest } from "./dataset";
import { gunzipped } from "./files/gunzipped";
import { pixelNames } from "./pixel-names";
import { provide, type DownloadOptions } from "./files/provide";
import { tarEntries } from "./files/tar";

const CLASS_NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const PLANE = 32 * 32;
const PIXELS = 3 * PLANE;
const BATCH = 10000;

const FOLDER = "cifar-10-batches-bin";
const TEST_BATCH = `${FOLDER}/test_batch.bin`;
const trainBatch = (number: number): string => `${FOLDER}/data_batch_${number}.bin`;

/** The only file of CIFAR-10. */
export const CIFAR10_ARCHIVE: DataFile = {
  name: "cifar-10/cifar-10-binary.tar.gz",
  mirrors: [
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
    "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/cifar-10-binary.tar.gz",
  ],
  content: {
    kind: "tar.gz",
    sha256: {
      [trainBatch(1)]: "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
      [trainBatch(2)]: "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
      [trainBatch(3)]: "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
      [trainBatch(4)]: "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
      [trainBatch(5)]: "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
      [TEST_BATCH]: "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    },
  },
};

export interface LoadCifar10Options extends DownloadOptions {
  /** How many training images, from the first on, in [0, 50000]; all by default. */
  train?: number;
  /** How many test images, from the first on, in [0, 10000]; all by default. */
  test?: number;
}

/**
 * The colour pictures of CIFAR-10: raw values 0–255, 32 × 32 × 3, channels last, in the order of the files. The archive
 * is read as a stream, up to the last batch that is asked for.
 *
 * @throws {RangeError} If a count is out of range.
 * @throws {DataFileError} If the archive is neither at hand nor to be downloaded.
 * @see Krizhevsky, "Learning multiple layers of features from tiny images", 2009, §3.
 * @example
 * const { train, test } = await loadCifar10({ train: 500, test: 100 });
 * train.imageShape; // [32, 32, 3]
 */
export async function loadCifar10(options: LoadCifar10Options = {}): Promise<TrainTest<Uint8Array>> {
  const { train = 5 * BATCH, test = BATCH, ...download } = options;
  requireInteger("loadCifar10", "train", train, 0, 5 * BATCH);
  requireInteger("loadCifar10", "test", test, 0, BATCH);
  const halves = { train: emptyHalf("CIFAR-10 training set", train), test: emptyHalf("CIFAR-10 test set", test) };

  const wanted = new Map<string, { half: Dataset<Uint8Array>; first: number; count: number }>();
  if (test > 0) wanted.set(TEST_BATCH, { half: halves.test, first: 0, count: test });
  for (let first = 0; first < train; first += BATCH)
    wanted.set(trainBatch(first / BATCH + 1), { half: halves.train, first, count: Math.min(BATCH, train - first) });
  if (wanted.size === 0) return halves;

  for await (const { name, chunks } of tarEntries(gunzipped(await provide(CIFAR10_ARCHIVE, download)))) {
    const batch = wanted.get(name);
    if (!batch) continue;
    await readBatch(chunks, batch.half, batch.first, batch.count);
    wanted.delete(name);
    if (wanted.size === 0) break;
  }
  return halves;
}

function emptyHalf(name: string, count: number): Dataset<Uint8Array> {
  return {
    name,
    X: matrix(new Uint8Array(count * PIXELS), [count, PIXELS]),
    y: new Int32Array(count),
    featureNames: pixelNames(32, 32, ["red", "green", "blue"]),
    classNames: CLASS_NAMES,
    imageShape: [32, 32, 3],
  };
}

/** A record is one byte of class, then the red, the green and the blue plane. */
async function readBatch(
  chunks: AsyncIterable<Buffer>,
  { X, y }: Dataset<Uint8Array>,
  first: number,
  count: number,
): Promise<void> {
  const record = Buffer.alloc(1 + PIXELS);
  let filled = 0;
  let row = first;
  for await (const chunk of chunks) {
    for (let read = 0; read < chunk.length; ) {
      const copied = chunk.copy(record, filled, read);
      read += copied;
      filled += copied;
      if (filled < record.length) continue;
      y[row] = record[0];
      interleave(record, X.data, row * PIXELS);
      filled = 0;
      if (++row === first + count) return;
    }
  }
}

function interleave(record: Uint8Array, pixels: Uint8Array, offset: number): void {
  for (let i = 0, out = offset; i < PLANE; i++) {
    pixels[out++] = record[1 + i];
    pixels[out++] = record[1 + PLANE + i];
    pixels[out++] = record[1 + 2 * PLANE + i];
  }
}
