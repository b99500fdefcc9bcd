import { join } from "node:path";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { checkTreeOptions, encodeTreeLabels, type TreeOptions } from "./decision-tree";
import { checkQuery, checkTraining, labelsOfLargest, zeros } from "../fitting";
import { prepareTasks, type ForestData } from "./forest-tasks";
import { MOST_SEED, type Tree } from "./grow-tree";
import { mapTasks, numCores } from "../../parallel/map-tasks";
import { findLeaves, packTree } from "./packed-tree";
import { restoreTree, serializeTree, type SerializedTree } from "./serialized-tree";
import { sortColumns } from "./sorted-columns";

export interface RandomForestOptions extends TreeOptions {
  /** Trees, at least 1; 100 unless told. */
  numTrees?: number;
  /** Features tried at each node, at least 1; the whole part of √d unless told. */
  maxFeatures?: number;
  /** Threads that grow trees, at least 1; as many as the machine has cores unless told. The forest is the same. */
  numThreads?: number;
  rng: Rng;
}

/** A fitted forest, whose trees can be read. */
export interface ForestClassifier extends Classifier {
  readonly trees: readonly Tree[];
}

/** Below this many values to sort in all trees together, starting a worker takes longer than it saves. */
const SMALL_WORK = 1e6;
const BLOCK_ROWS = 4096;

function fittedForest(trees: readonly Tree[], classes: Int32Array, numFeatures: number): ForestClassifier {
  const k = classes.length;
  const packed = trees.map(packTree);
  const leaves = new Int32Array(BLOCK_ROWS);
  const meanShares = (X: Matrix): Matrix<Float64Array> => {
    checkQuery("randomForest", X, numFeatures);
    const n = X.shape[0];
    const P = zeros(n, k);
    for (let from = 0; from < n; from += BLOCK_ROWS) {
      const to = Math.min(n, from + BLOCK_ROWS);
      trees.forEach(({ value }, t) => {
        findLeaves(packed[t], X, from, to, leaves);
        for (let i = from; i < to; i++)
          for (let c = 0, p = i * k, q = leaves[i - from] * k; c < k; c++) P.data[p++] += value[q++];
      });
    }
    for (let p = 0; p < P.data.length; p++) P.data[p] /= trees.length;
    return P;
  };
  return {
    family: "randomForest",
    classes,
    numFeatures,
    trees,
    predict: (X) => labelsOfLargest(meanShares(X), classes),
    predictProba: meanShares,
    serialize: () => ({ family: "randomForest", classes: [...classes], numFeatures, trees: trees.map(serializeTree) }),
  };
}

/**
 * A random forest: trees on rows drawn with replacement, a random few features tried at each node, the mean of the
 * leaves' class shares as vote. Grown on all cores; the same for the same `rng` on any number of them.
 *
 * @throws {RangeError} If an option is out of range.
 * @see Breiman, Machine Learning 45, 2001; the vote is of shares, as in scikit-learn. With `rng: seededRng(s)` it is
 * scikit-learn's `RandomForestClassifier(random_state=s)`, where no two values of a feature fall together in float32.
 * @example
 * const labels = randomForest({ numTrees: 100, rng: seededRng(42) }).fit(X, y).predict(X);
 */
export function randomForest({
  numTrees = 100,
  maxFeatures,
  numThreads = numCores(),
  rng,
  ...treeOptions
}: RandomForestOptions): Estimator {
  requireInteger("randomForest", "numTrees", numTrees, 1);
  if (maxFeatures !== undefined) requireInteger("randomForest", "maxFeatures", maxFeatures, 1);
  requireInteger("randomForest", "numThreads", numThreads, 1);
  const checked = checkTreeOptions("randomForest", treeOptions);
  return {
    family: "randomForest",
    fit(X, y) {
      checkTraining("randomForest", X, y);
      const [n, d] = X.shape;
      if (maxFeatures !== undefined) requireInteger("randomForest", "maxFeatures", maxFeatures, 1, d);
      if (maxFeatures !== undefined) requireInteger("randomForest", "maxFeatures", maxFeatures, 1, d);
      const { classes, codes } = encodeTreeLabels("randomForest", y);
      const sharedCodes = new Int32Array(new SharedArrayBuffer(4 * n));
      sharedCodes.set(codes);
      const data: ForestData = {
        columns: sortColumns(X),
        codes: sharedCodes,
        seeds: Array.from({ length: numTrees }, () => rng.integer(MOST_SEED)),
        options: {
          ...checked,
          numClasses: classes.length,
          maxFeatures: maxFeatures ?? Math.max(1, Math.floor(Math.sqrt(d))),
        },
      };
      const trees = mapTasks({
        module: join(__dirname, "forest-tasks.js"),
        prepareTasks,
        data,
        numTasks: numTrees,
        numThreads: n * d * numTrees < SMALL_WORK ? 1 : numThreads,
      });
      return fittedForest(trees, classes, d);
    },
  };
}

/** Makes a random forest again from its `serialize()`. */
export function restoreRandomForest(saved: SerializedClassifier): ForestClassifier {
  const { trees, classes, numFeatures } = saved as unknown as {
    trees: SerializedTree[];
    classes: number[];
    numFeatures: number;
  };
  return fittedForest(trees.map(restoreTree), Int32Array.from(classes), numFeatures);
}
