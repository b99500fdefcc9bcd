import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { checkQuery, checkTraining, encodeLabels } from "../fitting";
import { growTree, MOST_CLASSES, MOST_SEED, plainRows, type Tree } from "./grow-tree";
import { findLeaves, packTree } from "./packed-tree";
import { restoreTree, serializeTree, type SerializedTree } from "./serialized-tree";
import { sortColumns } from "./sorted-columns";

export interface TreeOptions {
  /** Edges from the root to the deepest leaf at most, at least 1; unbounded unless told. */
  maxDepth?: number;
  /** Rows a node must have to be split, at least 2; 2 unless told. */
  minSamplesSplit?: number;
  /** Rows each side of a split must have, at least 1; 1 unless told. */
  minSamplesLeaf?: number;
}

export interface DecisionTreeOptions extends TreeOptions {
  /**
   * Decides between features that part the rows equally well. Without it the first feature wins.
   */
  rng?: Rng;
}

/** A fitted tree, whose questions can be read. */
export interface TreeClassifier extends Classifier {
  readonly tree: Tree;
}

/** The options of one tree, checked and filled in. */
export function checkTreeOptions(fn: string, options: TreeOptions): Required<TreeOptions> {
  const { maxDepth = Infinity, minSamplesSplit = 2, minSamplesLeaf = 1 } = options;
  if (maxDepth !== Infinity) requireInteger(fn, "maxDepth", maxDepth, 1);
  requireInteger(fn, "minSamplesSplit", minSamplesSplit, 2);
  requireInteger(fn, "minSamplesLeaf", minSamplesLeaf, 1);
  return { maxDepth, minSamplesSplit, minSamplesLeaf };
}

/** Turns labels into codes a tree can hold. */
export function encodeTreeLabels(fn: string, y: Int32Array): ReturnType<typeof encodeLabels> {
  const encoded = encodeLabels(y);
  if (encoded.classes.length > MOST_CLASSES)
    throw new RangeError(`${fn}: y must have at most ${MOST_CLASSES} classes, got ${encoded.classes.length}`);
  return encoded;
}

function fittedTree(tree: Tree, classes: Int32Array, numFeatures: number): TreeClassifier {
  const k = classes.length;
  const packed = packTree(tree);
  const leavesOf = (X: Matrix): Int32Array => {
    checkQuery("decisionTree", X, numFeatures);
    const leaves = new Int32Array(X.shape[0]);
    findLeaves(packed, X, 0, X.shape[0], leaves);
    return leaves;
  };
  const labels = Int32Array.from(tree.feature, (_, node) => {
    let best = 0;
    for (let c = 1; c < k; c++) if (tree.value[node * k + c] > tree.value[node * k + best]) best = c;
    return classes[best];
  });
  return {
    family: "decisionTree",
    classes,
    numFeatures,
    tree,
    predict(X) {
      const leaves = leavesOf(X);
      for (let i = 0; i < leaves.length; i++) leaves[i] = labels[leaves[i]];
      return leaves;
    },
    predictProba(X) {
      const P = new Float64Array(X.shape[0] * k);
      leavesOf(X).forEach((leaf, i) => P.set(tree.value.subarray(leaf * k, leaf * k + k), i * k));
      return matrix(P, [X.shape[0], k]);
    },
    serialize: () => ({ family: "decisionTree", classes: [...classes], numFeatures, tree: serializeTree(tree) }),
  };
}

/**
 * A decision tree by exact Gini splits (CART), grown until its leaves are pure unless told.
 *
 * @throws {RangeError} If an option is out of range.
 * @see `growTree`. With `rng: seededRng(s)` it is scikit-learn's `DecisionTreeClassifier(random_state=s)`, where no two
 * values of a feature fall together in float32.
 * @example
 * const { tree } = decisionTree({ maxDepth: 3, rng: seededRng(42) }).fit(X, y) as TreeClassifier;
 */
export function decisionTree({ rng, ...treeOptions }: DecisionTreeOptions = {}): Estimator {
  const checked = checkTreeOptions("decisionTree", treeOptions);
  return {
    family: "decisionTree",
    fit(X, y) {
      checkTraining("decisionTree", X, y);
      const { classes, codes } = encodeTreeLabels("decisionTree", y);
      const columns = sortColumns(X);
      const tree = growTree(columns, plainRows(columns, codes), {
        ...checked,
        numClasses: classes.length,
        maxFeatures: X.shape[1],
        featureSeed: rng ? rng.integer(MOST_SEED) : null,
      });
      return fittedTree(tree, classes, X.shape[1]);
    },
  };
}

/** Makes a decision tree again from its `serialize()`. */
export function restoreDecisionTree(saved: SerializedClassifier): TreeClassifier {
  const { tree, classes, numFeatures } = saved as unknown as {
    tree: SerializedTree;
    classes: number[];
    numFeatures: number;
  };
  return fittedTree(restoreTree(tree), Int32Array.from(classes), numFeatures);
}
