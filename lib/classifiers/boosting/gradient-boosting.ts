import { throwIfInterrupted } from "../../interrupt";
import { softmaxInPlace } from "../../math/softmax";
import { matrix, type Matrix } from "../../matrix";
import { requireInteger, requirePositive } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { constantClassifier } from "../constant";
import { checkQuery, checkTraining, encodeLabels, labelsOfLargest, zeros } from "../fitting";
import { growRegressionTree, regressionValue, type RegressionTree } from "./regression-tree";
import { sortColumns } from "../trees/sorted-columns";

export interface GradientBoostingOptions {
  /** Rounds, at least 1; 100 unless told. Each grows one tree for two classes, one a class for more. */
  numRounds?: number;
  /** Factor on each tree's answer, above 0; 0.1 unless told. */
  learningRate?: number;
  /** Edges from the root to the deepest leaf of a tree, in [1, 12]; 3 unless told. */
  maxDepth?: number;
}

/** Scores before any tree and the trees themselves, by round and then by score. */
interface Parts {
  readonly classes: Int32Array;
  readonly numFeatures: number;
  readonly learningRate: number;
  readonly start: readonly number[];
  readonly rounds: readonly (readonly RegressionTree[])[];
}

function fittedBoosting({ classes, numFeatures, learningRate, start, rounds }: Parts): Classifier {
  const k = classes.length;
  const scores = (X: Matrix): Matrix<Float64Array> => {
    checkQuery("gradientBoosting", X, numFeatures);
    const n = X.shape[0];
    const result = zeros(n, k);
    for (let i = 0; i < n; i++)
      start.forEach((first, s) => {
        let score = first;
        for (const trees of rounds) score += learningRate * regressionValue(trees[s], X.data, i * numFeatures);
        result.data[i * k + s + k - start.length] = score;
      });
    return result;
  };
  return {
    family: "gradientBoosting",
    classes,
    numFeatures,
    predict: (X) => labelsOfLargest(scores(X), classes),
    predictProba: (X) => softmaxInPlace(scores(X)),
    serialize: () => ({
      family: "gradientBoosting",
      classes: [...classes],
      numFeatures,
      learningRate,
      start: [...start],
      rounds: rounds.map((trees) =>
        trees.map(({ feature, threshold, value }) => ({
          feature: [...feature], threshold: [...threshold], value: [...value],
        })),
      ),
    }),
  };
}

/** Probabilities of each score's class, shape [n, scores]; one score is the log odds of the second class. */
function probabilities(scores: Float64Array, n: number, k: number): Float64Array {
  if (k === 1) return scores.map((score) => 1 / (1 + Math.exp(-score)));
  return softmaxInPlace(matrix(scores.slice(), [n, k])).data;
}

/**
 * Gradient boosting: each round fits a small tree to what the sum of all before it gets wrong in the log loss, and each
 * leaf takes one Newton step.
 *
 * @throws {RangeError} If an option is out of range.
 * @see Friedman, Annals of Statistics 29, 2001, algorithms 5 and 6. Trees and scores are those of scikit-learn's
 * `GradientBoostingClassifier` without subsampling, but that where two features cut equally well the first wins.
 * @example
 * const copy = gradientBoosting({ numRounds: 300, maxDepth: 1 }).fit(X, y);
 */
export function gradientBoosting(options: GradientBoostingOptions = {}): Estimator {
  const { numRounds = 100, learningRate = 0.1, maxDepth = 3 } = options;
  requireInteger("gradientBoosting", "numRounds", numRounds, 1);
  requirePositive("gradientBoosting", "learningRate", learningRate);
  requireInteger("gradientBoosting", "maxDepth", maxDepth, 1, 12);
  return {
    family: "gradientBoosting",
    fit(X, y) {
      checkTraining("gradientBoosting", X, y);
      const [n, d] = X.shape;
      const { classes, codes } = encodeLabels(y);
      const k = classes.length;
      if (k === 1) return constantClassifier("gradientBoosting", classes[0], d);
      const shares = Array.from(classes, (_, c) => codes.reduce((sum, code) => sum + (code === c ? 1 : 0), 0) / n);
      const start = k === 2 ? [Math.log(shares[1] / shares[0])] : shares.map(Math.log);
      const numScores = start.length;
      const damping = k === 2 ? 1 : (k - 1) / k;
      const scores = Float64Array.from({ length: n * numScores }, (_, p) => start[p % numScores]);
      const columns = sortColumns(X);
      const rounds: RegressionTree[][] = [];
      for (let round = 0; round < numRounds; round++) {
        throwIfInterrupted();
        const P = probabilities(scores, n, numScores);
        rounds.push(
          start.map((_, s) => {
            const c = k === 2 ? 1 : s;
            const wrong = Float64Array.from(codes, (code, i) => (code === c ? 1 : 0) - P[i * numScores + s]);
            const newton = (rows: readonly number[]): number => {
              let slope = 0;
              let curvature = 0;
              for (const i of rows) {
                const p = P[i * numScores + s];
                slope += wrong[i];
                curvature += p * (1 - p);
              }
              return Math.abs(curvature) < 1e-150 ? 0 : (damping * slope) / curvature;
            };
            const { tree, leaves } = growRegressionTree(columns, wrong, maxDepth, newton);
            leaves.forEach((leaf, i) => (scores[i * numScores + s] += learningRate * tree.value[leaf]));
            return tree;
          }),
        );
      }
      return fittedBoosting({ classes, numFeatures: d, learningRate, start, rounds });
    },
  };
}

/** Makes a gradient boosting classifier again from its `serialize()`. */
export function restoreGradientBoosting(saved: SerializedClassifier): Classifier {
  const { classes, rounds, ...rest } = saved as unknown as {
    classes: number[];
    numFeatures: number;
    learningRate: number;
    start: number[];
    rounds: { feature: number[]; threshold: number[]; value: number[] }[][];
  };
  const tree = (plain: { feature: number[]; threshold: number[]; value: number[] }): RegressionTree => ({
    feature: Int32Array.from(plain.feature),
    threshold: Float64Array.from(plain.threshold),
    value: Float64Array.from(plain.value),
  });
  return fittedBoosting({ ...rest, classes: Int32Array.from(classes), rounds: rounds.map((trees) => trees.map(tree)) });
}
