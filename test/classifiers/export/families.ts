import {
  adaBoost, decisionTree, gaussianNaiveBayes, gradientBoosting, logisticRegression, matrix, mlpClassifier, randomForest,
  rowOf, seededRng, svc, type Estimator, type Matrix,
} from "../../../lib";

/** What can be written as a file. */
export const families: Record<string, () => Estimator> = {
  decisionTree: () => decisionTree(),
  randomForest: () => randomForest({ numTrees: 20, rng: seededRng(7) }),
  adaBoost: () => adaBoost({ rng: seededRng(7) }),
  gradientBoosting: () => gradientBoosting({ numRounds: 20 }),
  logisticRegression: () => logisticRegression(),
  gaussianNaiveBayes: () => gaussianNaiveBayes(),
  svc: () => svc(),
  "svc, linear": () => svc({ kernel: "linear" }),
  mlp: () => mlpClassifier({ hiddenLayers: [16, 8], maxEpochs: 40, rng: seededRng(7) }),
};

/** Rows of a table, moved a little. */
export function around(X: Matrix, n: number): Matrix<Float64Array> {
  const rng = seededRng(3);
  const d = X.shape[1];
  const data = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const row = rowOf(X, rng.integer(X.shape[0]));
    for (let j = 0; j < d; j++) data[i * d + j] = row[j] * (1 + 0.2 * rng.normal());
  }
  return matrix(data, [n, d]);
}
