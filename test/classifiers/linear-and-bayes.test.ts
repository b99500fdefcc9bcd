import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRows, gaussianNaiveBayes, logisticRegression, standardScaler, type LinearClassifier } from "../../lib";

const X = fromRows([[0, 1], [1, 0], [2, 5], [3, 1], [5, 5], [6, 2]]);
const y = Int32Array.of(0, 0, 1, 1, 2, 2);
const near = (actual: ArrayLike<number>, expected: number[], tolerance = 1e-5): void =>
  expected.forEach((v, i) => assert.ok(Math.abs(actual[i] - v) < tolerance, `${actual[i]} is not ${v}`));

test("logisticRegression finds scikit-learn 1.9.1's coefficients (lbfgs, tol 1e-12), two classes and three", () => {
  const two = logisticRegression().fit(fromRows([[0], [1], [2], [3]]), Int32Array.of(0, 0, 1, 1)) as LinearClassifier;
  near(two.coefficients.data, [0.95828595]);
  near(two.intercepts, [-1.43742892]);
  const three = logisticRegression().fit(X, y) as LinearClassifier;
  near(three.coefficients.data, [-0.83943598, -0.47346569, -0.09188097, 0.16103411, 0.93131695, 0.31243158]);
  near(three.intercepts, [2.96896926, 0.74172557, -3.71069483]);
});

test("logisticRegression shrinks its coefficients as C falls, and refuses C of 0", () => {
  const fit = (C: number) => logisticRegression({ C }).fit(X, y) as LinearClassifier;
  const size = (C: number) => Math.hypot(...fit(C).coefficients.data);
  assert.ok(size(0.01) < size(1) && size(1) < size(100));
  assert.throws(() => logisticRegression({ C: 0 }), {
    name: "RangeError", message: /C must be a finite number above 0, got 0/,
  });
});

test("gaussianNaiveBayes gives scikit-learn 1.9.1's probabilities", () => {
  const P = gaussianNaiveBayes().fit(X, y).predictProba!(fromRows([[1.5, 2], [4, 3]]));
  near(P.data, [4.7938734e-2, 0.952061266, 8.16411246e-14, 1.35873691e-14, 0.44222755, 0.557772450], 1e-8);
});

test("gaussianNaiveBayes refuses a varSmoothing of −1", () => {
  assert.throws(() => gaussianNaiveBayes({ varSmoothing: -1 }), {
    name: "RangeError", message: /varSmoothing must be in .* got -1/,
  });
});

test("standardScaler gives mean 0 and deviation 1, and only shifts a constant feature", () => {
  const scaler = standardScaler().fit(fromRows([[1, 0.1], [3, 0.1], [5, 0.1]]));
  const scaled = scaler.transform(fromRows([[1, 0.1], [5, 1.1]]));
  near(scaled.data, [-Math.sqrt(1.5), 0, Math.sqrt(1.5), 1], 1e-12);
});
