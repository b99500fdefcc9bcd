import assert from "node:assert/strict";
import { test } from "node:test";
import { adam, deserialize, matrix, mlp, retrainSharded, seededRng, trainSharded } from "../../lib";

const rng = seededRng(1);
const y = Int32Array.from({ length: 60 }, (_, i) => i % 2);
const X = matrix(
  Float32Array.from({ length: 120 }, (_, k) => 2 * y[k >> 1] + 0.3 * rng.normal()),
  [60, 2],
);
const architecture = mlp({ numFeatures: 2, hidden: [], numClasses: 2 });
const options = () => ({ epochs: 20, batchSize: 8, rng: seededRng(4), optimizer: adam({ learningRate: 0.05 }) });

test("shards are disjoint, cover the data, and their networks vote", async () => {
  const { model, examplesSeen, trained } = await trainSharded(architecture, X, y, { numShards: 5, ...options() });
  assert.deepEqual(
    Int32Array.from(model.shards.flatMap((shard) => [...shard])).sort(),
    Int32Array.from({ length: 60 }, (_, i) => i),
  );
  assert.equal(examplesSeen, 20 * 60);
  assert.equal(trained.length, 5);
  const right = model.predict(X).filter((label, i) => label === y[i]).length;
  assert.ok(right > 55);
});

test("a changed label retrains its shard only, as if it had been so from the start", async () => {
  const { model } = await trainSharded(architecture, X, y, { numShards: 5, ...options() });
  const corrected = y.slice();
  corrected[7] = 0;
  const again = await retrainSharded(model, X, corrected, { ...options(), changed: [7] });
  assert.deepEqual(again.trained, [model.shards.findIndex((shard) => shard.includes(7))]);
  assert.equal(again.examplesSeen, 20 * 12);
  const fresh = await trainSharded(architecture, X, corrected, { numShards: 5, ...options() });
  assert.deepEqual(again.model, fresh.model);
});

test("trainSharded names a number of shards over the data", () => {
  assert.throws(() => trainSharded(architecture, X, y, { numShards: 61, ...options() }), {
    message: /numShards must be an integer in \[1, 60\], got 61/,
  });
});

test("sharded networks are a classifier: probabilities are the networks' mean, and JSON brings them back", async () => {
  const { model } = await trainSharded(architecture, X, y, { numShards: 3, ...options() });
  assert.deepEqual([model.family, [...model.classes], model.numFeatures], ["shardedNetwork", [0, 1], 2]);
  const each = model.networks.map((network) => network.predictProba(X).data);
  model.predictProba(X).data.forEach((chance, i) =>
    assert.ok(Math.abs(chance - (each[0][i] + each[1][i] + each[2][i]) / 3) < 1e-15));
  const again = deserialize(JSON.parse(JSON.stringify(model.serialize())));
  assert.deepEqual(again, model);
  assert.deepEqual(again.predict(X), model.predict(X));
});
