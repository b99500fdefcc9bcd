import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  adaBoost, decisionTree, deserialize, fromRows, gaussianNaiveBayes, gradientBoosting, knn, logisticRegression, matrix,
  mlpClassifier, pipeline, randomForest, seededRng, selectRows, standardScaler, type Estimator,
} from "../../lib";
import { clouds, throughJson } from "./helpers";

const families: Record<string, () => Estimator> = {
  knn: () => knn({ numNeighbors: 3 }),
  logisticRegression: () => logisticRegression(),
  gaussianNaiveBayes: () => gaussianNaiveBayes(),
  decisionTree: () => decisionTree(),
  randomForest: () => randomForest({ numTrees: 20, rng: seededRng(7) }),
  adaBoost: () => adaBoost({ rng: seededRng(7) }),
  gradientBoosting: () => gradientBoosting({ numRounds: 20 }),
  mlp: () => mlpClassifier({ hiddenLayers: [16], learningRate: 0.05, maxEpochs: 40, rng: seededRng(7) }),
  "scaled logisticRegression": () => pipeline(standardScaler(), logisticRegression()),
};

for (const [name, make] of Object.entries(families)) {
  test(`${name} tells three separated clouds apart, whatever their labels are called`, () => {
    const classifier = make().fit(clouds.X, clouds.y);
    assert.deepEqual(classifier.predict(clouds.queries), clouds.answers);
    assert.deepEqual(classifier.classes, Int32Array.of(-1, 2, 7));
    assert.equal(classifier.numFeatures, 2);
  });

  test(`${name} gives probabilities that sum to 1 and are largest at the predicted label`, () => {
    const classifier = make().fit(clouds.X, clouds.y);
    const P = classifier.predictProba!(clouds.queries);
    assert.deepEqual(P.shape, [3, 3]);
    for (let i = 0; i < 3; i++) {
      const row = [...P.data.subarray(i * 3, i * 3 + 3)];
      assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-12);
      assert.equal(row.indexOf(Math.max(...row)), i);
    }
  });

  test(`${name} is the same after a trip through JSON`, () => {
    const classifier = make().fit(clouds.X, clouds.y);
    const again = deserialize(throughJson(classifier));
    assert.equal(again.family, classifier.family);
    assert.deepEqual(again.classes, classifier.classes);
    assert.deepEqual(again.predictProba!(clouds.X), classifier.predictProba!(clouds.X));
    assert.deepEqual(again.predict(clouds.X), classifier.predict(clouds.X));
  });

  test(`${name} fitted on one class always answers it, also after a trip through JSON`, () => {
    const classifier = make().fit(clouds.X, new Int32Array(12).fill(5));
    for (const c of [classifier, deserialize(throughJson(classifier))]) {
      assert.deepEqual(c.predict(clouds.queries), Int32Array.of(5, 5, 5));
      assert.deepEqual([...c.predictProba!(clouds.queries).data], [1, 1, 1]);
    }
  });

  test(`${name} answers constant features and repeated rows without a number that is not finite`, () => {
    const X = fromRows([[1, 3], [1, 3], [1, 3], [1, 3]]);
    const P = make().fit(X, Int32Array.of(0, 0, 0, 1)).predictProba!(X);
    assert.ok(P.data.every(Number.isFinite));
    assert.ok(P.data[0] > 0.5);
  });

  test(`${name} refuses numbers that are not finite, no rows, and labels of another length`, () => {
    const y = Int32Array.of(0, 1, 0, 1);
    for (const bad of [NaN, Infinity, -Infinity])
      assert.throws(() => make().fit(fromRows([[0, 1], [1, bad], [2, 2], [3, 3]]), y), {
        name: "RangeError",
        message: /X must be finite, got -?(NaN|Infinity) at position 3/,
      });
    assert.throws(() => make().fit(matrix(new Float64Array(0), [0, 2]), new Int32Array(0)), /at least one row, got 0/);
    assert.throws(() => make().fit(clouds.X, y), /same length, got 12 and 4/);
  });

  test(`${name} refuses queries of another width, or not finite, and answers none with none`, () => {
    const classifier = make().fit(clouds.X, clouds.y);
    assert.throws(() => classifier.predict(fromRows([[1, 2, 3]])), /X must have 2 columns, as fitted, got 3/);
    assert.throws(() => classifier.predict(fromRows([[1, NaN]])), /must be finite, got NaN at position 1/);
    assert.equal(classifier.predict(matrix(new Float64Array(0), [0, 2])).length, 0);
  });

  test(`${name} answers each row by itself, leaves its arguments alone, and knows only labels it was shown`, () => {
    const row = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }));
    fc.assert(fc.property(
      fc.array(row, { minLength: 4, maxLength: 20 }),
      fc.array(row, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 3, max: 5 })),
      (rows, queries, stream) => {
        const X = fromRows(rows);
        const y = Int32Array.from(rows, () => stream.next().value as number);
        const Q = fromRows(queries);
        const before = [[...X.data], [...y], [...Q.data]];
        const classifier = make().fit(X, y);
        const all = classifier.predict(Q);
        assert.deepEqual([[...X.data], [...y], [...Q.data]], before);
        all.forEach((label, i) => {
          assert.ok(y.includes(label));
          assert.equal(classifier.predict(selectRows(Q, [i]))[0], label);
        });
      },
    ), { numRuns: 50, seed: 1 });
  });
}

test("deserialize names an unknown family and the known ones", () => {
  assert.throws(() => deserialize({ family: "oracle" }), /family must be one of adaBoost, .*knn.*, got "oracle"/);
});
