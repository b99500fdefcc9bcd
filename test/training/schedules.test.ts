import assert from "node:assert/strict";
import { test } from "node:test";
import { adam, matrix, mlp, oneCycle, seededRng, sgd, trainNetworkSync, type TrainOptions } from "../../lib";
import { rateFactor } from "../../lib/training/schedules";

const factors = (options: Parameters<typeof oneCycle>[0], steps: number): number[] =>
  Array.from({ length: steps }, (_, i) => rateFactor(oneCycle(options), i + 1, steps));

test("one cycle of ten steps, by hand: up by halves, then down by ninths", () => {
  const expected = [1 / 2, 1, 8 / 9, 7 / 9, 6 / 9, 5 / 9, 4 / 9, 3 / 9, 2 / 9, 1 / 9];
  factors({ warmUp: 0.2 }, 10).forEach((factor, i) =>
    assert.ok(Math.abs(factor - expected[i]) < 1e-12, `step ${i + 1}`));
});

test("the rate stays in (0, 1], rises to its peak and falls towards what is to be left", () => {
  for (const warmUp of [0, 0.01, 0.25, 0.5, 0.99, 1])
    for (const last of [0, 0.1, 1]) {
      const all = factors({ warmUp, last }, 37);
      const top = all.indexOf(Math.max(...all));
      assert.ok(all.every((factor) => factor > 0 && factor <= 1), `warmUp ${warmUp}, last ${last}`);
      assert.ok(all.every((factor, i) => i === 0 || (i <= top ? factor >= all[i - 1] : factor <= all[i - 1])));
      if (warmUp <= 0.5) assert.ok(all[36] >= last && all[36] <= last + 0.06 * (1 - last), `last is ${all[36]}`);
    }
});

test("without a schedule the rate stays as it is", () => {
  assert.equal(rateFactor(undefined, 1, 10), 1);
  assert.equal(rateFactor(undefined, 10, 10), 1);
});

function train(options: Partial<TrainOptions> = {}) {
  const rng = seededRng(2);
  const y = Int32Array.from({ length: 60 }, (_, i) => i % 3);
  const X = matrix(Float64Array.from({ length: 180 }, (_, k) => (k % 3 === y[Math.floor(k / 3)] ? 1 : 0)
    + 0.3 * rng.normal()), [60, 3]);
  return trainNetworkSync(mlp({ numFeatures: 3, hidden: [8], numClasses: 3 }), X, y,
    { epochs: 4, batchSize: 20, rng: seededRng(5), keep: "last", ...options }).network;
}

test("a schedule that stays at 1 trains as none does; one cycle trains otherwise, and the same again", () => {
  const flat = train({ schedule: oneCycle({ warmUp: 0, last: 1 }) });
  assert.deepEqual(flat.weights, train().weights);
  const cycled = train({ schedule: oneCycle() });
  assert.notDeepEqual(cycled.weights, flat.weights);
  assert.deepEqual(cycled.weights, train({ schedule: oneCycle() }).weights);
});

test("native and plain kernels follow the schedule alike", () => {
  for (const optimizer of [adam({ learningRate: 1e-2 }), sgd({ learningRate: 0.1, momentum: 0.9 })]) {
    const [native, plain] = (["native", "plain"] as const).map((kernels) =>
      train({ optimizer, kernels, schedule: oneCycle() }).weights);
    native.forEach((values, t) => values.forEach((value, i) => assert.ok(Math.abs(value - plain[t][i]) < 1e-4)));
  }
});

test("oneCycle refuses shares outside [0, 1]", () => {
  const named = (message: RegExp) => ({ name: "RangeError", message });
  assert.throws(() => oneCycle({ warmUp: 1.5 }), named(/warmUp must be in \[0, 1\], got 1\.5/));
  assert.throws(() => oneCycle({ last: -0.1 }), named(/last must be in \[0, 1\], got -0\.1/));
  assert.throws(() => oneCycle({ warmUp: NaN }), named(/warmUp/));
});
