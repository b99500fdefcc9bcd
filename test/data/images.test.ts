import { test } from "node:test";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { classCounts, dataDirectories, loadCifar10, loadMnist } from "../../lib";
import { sha256 } from "../../lib/data/files/data-file";

const missing = (name: string): string | false =>
  !dataDirectories().some((folder) => existsSync(join(folder, name))) && `${name} is not at hand`;
const noMnist = missing("mnist/train-images-idx3-ubyte.gz");
const noCifar = missing("cifar-10/cifar-10-binary.tar.gz");

test("loadMnist gives the first images and labels of each half, raw", { skip: noMnist }, async () => {
  const { train, test: tested } = await loadMnist({ train: 2000, test: 1000 });
  assert.deepEqual(train.X.shape, [2000, 784]);
  assert.deepEqual(tested.X.shape, [1000, 784]);
  assert.deepEqual(train.imageShape, [28, 28, 1]);
  assert.equal(train.featureNames[29], "pixel 1,1");
  // Python 3.11: SHA-256 of bytes 16 … 16 + 2000 · 784 of the decompressed file.
  assert.equal(sha256(train.X.data), "4d1e2862007bab5908d814e74806c6c8f7c4a4f32b5875d195406d4d1dbe4946");
  assert.deepEqual([...classCounts(train.y, 10)], [191, 220, 198, 191, 214, 180, 200, 224, 172, 210]);
  assert.deepEqual([...tested.y.slice(0, 5)], [7, 2, 1, 0, 4]);
});

test("loadMnist gives all by default", { skip: noMnist }, async () => {
  const { train, test: tested } = await loadMnist();
  assert.deepEqual([train.X.shape[0], train.y.length], [60000, 60000]);
  assert.deepEqual([tested.X.shape[0], tested.y.length], [10000, 10000]);
  assert.equal(classCounts(train.y, 10)[1], 6742);
});

test("loadMnist touches nothing where nothing is asked for", async () => {
  const { train, test: tested } = await loadMnist({ train: 0, test: 0, mirrors: [] });
  assert.deepEqual([train.X.shape, tested.X.shape], [[0, 784], [0, 784]]);
});

test("loadMnist and loadCifar10 name a count that is out of range", async () => {
  await assert.rejects(loadMnist({ train: 60001 }), /loadMnist: train must be an integer in \[0, 60000\], got 60001/);
  await assert.rejects(loadMnist({ test: 1.5 }), /loadMnist: test must be an integer in \[0, 10000\], got 1\.5/);
  await assert.rejects(loadCifar10({ train: -1 }), /loadCifar10: train must be an integer in \[0, 50000\], got -1/);
});

test("loadCifar10 gives pictures channels last, across batches", { skip: noCifar }, async () => {
  const { train, test: tested } = await loadCifar10({ train: 10050, test: 100 });
  assert.deepEqual(train.X.shape, [10050, 3072]);
  assert.deepEqual(train.imageShape, [32, 32, 3]);
  // NumPy 2.4.6: the records' planes, transposed to height, width, channel.
  assert.equal(sha256(train.X.data), "dac320606ef8a034bc9d7e134389de8b9c2fbb315677471bb80e2560f87993c5");
  assert.equal(sha256(Uint8Array.from(train.y)), "b1976290d69a573de51161364b7bf3cffe4bdac1c0b2ede59891a3754f0499dc");
  assert.equal(sha256(tested.X.data), "efd083b0ee394fcd75573b4768c330c582a6019ccba153f565591ea6e1aa5e12");
  assert.deepEqual([...tested.y.slice(0, 5)], [3, 8, 8, 0, 6]);
});
