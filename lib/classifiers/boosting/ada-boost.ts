import { throwIfInterrupted } from "../../interrupt";
import { softmaxInPlace } from "../../math/softmax";
import type { Matrix } from "../../matrix";
import { seededRng, type Rng } from "../../random";
import { requireInteger, requirePositive } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { constantClassifier } from "../constant";
import { checkQuery, checkTraining, encodeLabels, labelsOfLargest, zeros } from "../fitting";
import { MOST_SEED } from "../trees/grow-tree";
import { sortColumns } from "../trees/sorted-columns";
import { fitStump, type Stump } from "./stump";

export interface AdaBoostOptions {
  /** Stumps at most, at least 1; 50 unless told. */
  numRounds?: number;
  /** Factor on each stump's weight, above 0; 1 unless told. */
  learningRate?: number;
  /** Decides between features that part the rows equally well. */
  rng: Rng;
}

interface WeightedStump extends Stump {
  readonly weight: number;
}

function fittedAdaBoost(stumps: readonly WeightedStump[], classes: Int32Array, numFeatures: number): Classifier {
  const k = classes.length;
  const totalWeight = stumps.reduce((sum, { weight }) => sum + weight, 0);
  const votes = (X: Matrix): Matrix<Float64Array> => {
    checkQuery("adaBoost", X, numFeatures);
    const n = X.shape[0];
    const scores = zeros(n, k);
    const { data } = scores;
    for (const { feature, threshold, left, right, weight } of stumps)
      for (let i = 0; i < n; i++) {
        const vote = X.data[i * numFeatures + feature] <= threshold ? left : right;
        for (let c = 0; c < k; c++) data[i * k + c] += c === vote ? weight : -weight / (k - 1);
      }
    for (let p = 0; p < data.length; p++) data[p] /= totalWeight;
    return scores;
  };
  return {
    family: "adaBoost",
    classes,
    numFeatures,
    predict: (X) => labelsOfLargest(votes(X), classes),
    predictProba(X) {
      const scores = votes(X);
      for (let p = 0; p < scores.data.length; p++) scores.data[p] /= k - 1;
      return softmaxInPlace(scores);
    },
    serialize: () => ({
      family: "adaBoost",
      classes: [...classes],
      numFeatures,
      stumps: stumps.map((stump) => ({ ...stump })),
    }),
  };
}

/**
 * AdaBoost for several classes (SAMME) on trees of depth 1.
 *
 * @throws {RangeError} If an option is out of range.
 * @see Zhu, Zou, Rosset & Hastie, Statistics and Its Interface 2, 2009, algorithm 2. Stumps, weights and probabilities
 * are those of scikit-learn's `AdaBoostClassifier`; where the first stump is no better than chance, which scikit-learn
 * refuses, it is kept, and answers the largest class on each side.
 * @example
 * const labels = adaBoost({ numRounds: 50, rng: seededRng(42) }).fit(X, y).predict(X);
 */
export function adaBoost({ numRounds = 50, learningRate = 1, rng }: AdaBoostOptions): Estimator {
  requireInteger("adaBoost", "numRounds", numRounds, 1);
  requirePositive("adaBoost", "learningRate", learningRate);
  return {
    family: "adaBoost",
    fit(X, y) {
      checkTraining("adaBoost", X, y);
      const [n, d] = X.shape;
      const { classes, codes } = encodeLabels(y);
      const k = classes.length;
      if (k === 1) return constantClassifier("adaBoost", classes[0], d);
      const columns = sortColumns(X);
      let weights = new Float64Array(n).fill(1 / n);
      const stumps: WeightedStump[] = [];
      for (let round = 0; round < numRounds; round++) {
        throwIfInterrupted();
        weights = weights.map((w) => Math.max(w, Number.EPSILON));
        const featureSeed = seededRng(rng.integer(MOST_SEED)).integer(MOST_SEED);
        const stump = fitStump({ columns, codes, k, weights }, featureSeed);
        const column = columns.values.subarray(stump.feature * n, (stump.feature + 1) * n);
        const isWrong = (i: number): boolean => (column[i] <= stump.threshold ? stump.left : stump.right) !== codes[i];
        let wrong = 0;
        let sum = 0;
        for (let i = 0; i < n; i++) {
          sum += weights[i];
          if (isWrong(i)) wrong += weights[i];
        }
        const error = wrong / sum;
        const hopeless = error >= 1 - 1 / k;
        if (hopeless && stumps.length) break;
        if (hopeless || error <= 0) {
          stumps.push({ ...stump, weight: 1 });
          break;
        }
        const weight = learningRate * (Math.log((1 - error) / error) + Math.log(k - 1));
        stumps.push({ ...stump, weight });
        const factor = Math.exp(weight);
        sum = 0;
        for (let i = 0; i < n; i++) sum += isWrong(i) ? (weights[i] *= factor) : weights[i];
        if (!Number.isFinite(sum)) break;
        for (let i = 0; i < n; i++) weights[i] /= sum;
      }
      return fittedAdaBoost(stumps, classes, d);
    },
  };
}

/** Makes an AdaBoost classifier again from its `serialize()`. */
export function restoreAdaBoost(saved: SerializedClassifier): Classifier {
  const { stumps, classes, numFeatures } = saved as unknown as {
    stumps: WeightedStump[];
    classes: number[];
    numFeatures: number;
  };
  const finite = stumps.map((s) => ({ ...s, threshold: s.threshold ?? Infinity }));
  return fittedAdaBoost(finite, Int32Array.from(classes), numFeatures);
}
