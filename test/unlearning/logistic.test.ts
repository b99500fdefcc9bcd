import assert from "node:assert/strict";
import { test } from "node:test";
import {
  certifiedLogistic,
  gaussianDelta,
  fitLogisticWeights,
  linearScores,
  matrix,
  seededRng,
  selectLabels,
  selectRows,
  unlearnFeatures,
  withoutFeatures,
} from "../../lib";
import { spectralBound } from "../../lib/unlearning/certified-removal";

function table(n: number, d: number, seed = 1) {
  const rng = seededRng(seed);
  const X = matrix(
    Float64Array.from({ length: n * d }, () => rng.normal() / (2 * Math.sqrt(d))),
    [n, d],
  );
  const w = Float64Array.from({ length: d }, (_, j) => 4 * Math.sin(j + 1));
  const y = Int32Array.from(linearScores(X, w), (t) => (rng.uniform() < 1 / (1 + Math.exp(-t)) ? 1 : 0));
  return { X, y };
}
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (value, i) => value - b[i]));
const unitRows = (n: number, d: number) => {
  const { X, y } = table(n, d);
  const data = X.data.map(
    (value, k) => value / Math.max(1, Math.hypot(...X.data.slice(Math.floor(k / d) * d, (Math.floor(k / d) + 1) * d))),
  );
  return { X: matrix(data, [n, d]), y };
};

test("two mirrored points: the fitted weight solves its equation by hand", () => {
  // Minimise log(1 + exp(−w)) + λ w² / 2: where its slope is 0, λ w = σ(−w).
  const w = fitLogisticWeights(matrix(Float64Array.of(1, -1), [2, 1]), Int32Array.of(1, 0), { regularization: 0.1 })[0];
  assert.ok(Math.abs(0.1 * w - 1 / (1 + Math.exp(w))) < 1e-9);
});

test("second-order unlearning of a feature lands near retraining; first order moves towards it", () => {
  const { X, y } = table(600, 8);
  const options = { regularization: 0.01 };
  const fitted = fitLogisticWeights(X, y, options);
  const retrained = fitLogisticWeights(withoutFeatures(X, [2]), y, options);
  const zeroed = fitted.map((value, j) => (j === 2 ? 0 : value));
  const second = unlearnFeatures(fitted, X, y, { ...options, features: [2], order: "second" });
  const first = unlearnFeatures(fitted, X, y, { ...options, features: [2], order: "first", stepSize: 1e-3 });
  const start = distance(zeroed, retrained);
  assert.ok(distance(second, retrained) < 0.1 * start);
  assert.ok(distance(first, retrained) < start);
  assert.equal(second[2], 0);
  assert.ok(Math.abs(retrained[2]) < 1e-9);
});

test("unlearning no feature changes nothing", () => {
  const { X, y } = table(100, 4);
  const fitted = fitLogisticWeights(X, y, { regularization: 0.1 });
  const same = unlearnFeatures(fitted, X, y, { regularization: 0.1, features: [], order: "second" });
  assert.ok(distance(same, fitted) < 1e-12);
});

test("feature unlearning names a missing column, a class that is not 0 or 1 and a regularization of 0", () => {
  const { X, y } = table(10, 3);
  const options = { regularization: 0.1, features: [3], order: "second" as const };
  assert.throws(() => unlearnFeatures([0, 0, 0], X, y, options), {
    message: /feature must be an integer in \[0, 2\], got 3/,
  });
  assert.throws(
    () =>
      fitLogisticWeights(
        X,
        y.map((label) => label + 1),
        options,
      ),
    { message: /y must be 0 or 1, got 2/ },
  );
  assert.throws(() => fitLogisticWeights(X, y, { regularization: 0 }), {
    message: /regularization must be a finite number above 0, got 0/,
  });
});

test("a certified removal leaves a gradient below its bound, near the retrained model", () => {
  const { X, y } = unitRows(400, 6);
  const model = certifiedLogistic(X, y, { regularization: 0.01, epsilon: 1, delta: 1e-4, sigma: 1, rng: seededRng(3) });
  const { model: after, bound, gradientNorm, certified } = model.remove([5, 17, 300]);
  assert.ok(gradientNorm <= bound && gradientNorm > 0);
  assert.ok(certified && bound <= model.budget);
  assert.equal(after.remaining.length, 397);
  const second = after.remove([0]);
  assert.ok(second.gradientNorm <= second.bound);
});

test("without noise to speak of, removal equals retraining on the rest", () => {
  const { X, y } = unitRows(400, 6);
  const model = certifiedLogistic(X, y, {
    regularization: 0.01,
    epsilon: 1,
    delta: 1e-4,
    sigma: 1e-9,
    rng: seededRng(3),
  });
  const { model: after, certified } = model.remove([5]);
  assert.equal(certified, false);
  const retrained = fitLogisticWeights(selectRows(X, after.remaining), selectLabels(y, after.remaining), {
    regularization: 0.01,
  });
  assert.ok(distance(after.weights, retrained) < 0.01 * distance(model.weights, retrained));
});

test("the certificate's budget is the shift that its noise hides, at every ε", () => {
  const { X, y } = unitRows(20, 2);
  const options = { regularization: 1, sigma: 3, rng: seededRng(1) };
  for (const [epsilon, delta] of [[0.1, 1e-5], [1, 1e-4], [20, 1e-5], [300, 1e-9]]) {
    const { budget } = certifiedLogistic(X, y, { ...options, epsilon, delta });
    const hidden = gaussianDelta({ sigma: 3, sensitivity: budget, epsilon });
    assert.ok(hidden <= delta * (1 + 1e-12) && hidden > delta * (1 - 1e-9), `${hidden} is not ${delta}`);
  }
  // The tail bound that holds up to ε 1 gave 4.0964 at σ 1, whose δ is .00128.
  assert.ok(certifiedLogistic(X, y, { ...options, sigma: 1, epsilon: 20, delta: 1e-5 }).budget < 3.45);
  assert.ok(gaussianDelta({ sigma: 1, sensitivity: 20 / Math.sqrt(2 * Math.log(1.5e5)), epsilon: 20 }) > 0.00127);
});

test("the largest singular value is bounded from above, also where power iteration never sees it", () => {
  // Its first vector is 1 + sin(j + 1)/10.
  const start = [1 + Math.sin(1) / 10, 1 + Math.sin(2) / 10];
  const length = Math.hypot(...start);
  const [a, b] = start.map((entry) => entry / length);
  const X = matrix(Float64Array.of(-10 * b, 10 * a, a, b), [2, 2]);
  assert.ok(spectralBound(X) >= 10 && spectralBound(X) < 10.5, `${spectralBound(X)}`);
  const diagonal = matrix(Float64Array.of(3, 0, 0, 0, 4, 0), [2, 3]);
  assert.ok(spectralBound(diagonal) >= 4 && spectralBound(diagonal) < 4.005);
  assert.equal(spectralBound(matrix(new Float64Array(6), [2, 3])), 0);
});

test("certified removal names a row that is too long, and one removed twice", () => {
  const options = { regularization: 0.1, epsilon: 1, delta: 1e-5, sigma: 1, rng: seededRng(1) };
  assert.throws(() => certifiedLogistic(matrix(Float64Array.of(1, 1), [1, 2]), Int32Array.of(1), options), {
    message: /rows must be of length at most 1, got 1\.41.* at row 0/,
  });
  const { X, y } = unitRows(20, 2);
  assert.throws(() => certifiedLogistic(X, y, options).remove([3]).model.remove([3]), {
    message: /row 3 is removed already/,
  });
  assert.throws(() => certifiedLogistic(X, y, { ...options, epsilon: 0 }), {
    message: /epsilon must be a finite number above 0, got 0/,
  });
});
