import type { Classifier } from "../../classifiers/classifier";
import type { ForestClassifier } from "../../classifiers/trees/random-forest";
import type { TreeClassifier } from "../../classifiers/trees/decision-tree";
import { throwIfInterrupted } from "../../interrupt";
import { matrix } from "../../matrix";
import { requireInteger } from "../../validate";
import { requireNumericRanges, requireWidth, type NumericRange } from "../ranges";
import { boxOfRanges, partOf, shareOf, wholeSpace, type Box } from "./boxes";

/** The questions of one tree, by node. */
interface Questions {
  /** −1 at a leaf. */
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  readonly left: (node: number) => number;
  readonly right: (node: number) => number;
}

/** Boosting as it is saved; a model of one class is saved as a constant, without any. */
interface SavedBoosting {
  readonly stumps?: { feature: number; threshold: number }[];
  readonly rounds?: { feature: number[]; threshold: number[] }[][];
}

/** All trees that a model's answers hang on. */
function questionsOf(fn: string, name: string, model: Classifier): Questions[] {
  const saved = (): SavedBoosting => model.serialize() as unknown as SavedBoosting;
  const linked = ({ feature, threshold, left, right }: TreeClassifier["tree"]): Questions =>
    ({ feature, threshold, left: (node) => left[node], right: (node) => right[node] });
  switch (model.family) {
    case "constant":
      return [];
    case "decisionTree":
      return [linked((model as TreeClassifier).tree)];
    case "randomForest":
      return (model as ForestClassifier).trees.map(linked);
    case "adaBoost":
      return (saved().stumps ?? []).map(({ feature, threshold }) =>
        ({ feature: [feature, -1, -1], threshold: [threshold, 0, 0], left: () => 1, right: () => 2 }));
    case "gradientBoosting":
      return (saved().rounds ?? []).flat().map(({ feature, threshold }) =>
        ({ feature, threshold, left: (node) => 2 * node + 1, right: (node) => 2 * node + 2 }));
    default:
      throw new RangeError(
        `${fn}: ${name} must be a tree, a forest, boosted trees or a constant, got ${model.family}`);
  }
}

/** Goes through every box in which no question of any tree parts two rows. */
function eachCell(trees: readonly Questions[], whole: Box, visit: (cell: Box) => void): void {
  const stack = [{ box: whole, tree: 0, node: 0 }];
  for (let place = stack.pop(); place; place = stack.pop()) {
    const { box, tree, node } = place;
    if (tree === trees.length) {
      visit(box);
      continue;
    }
    const { feature, threshold, left, right } = trees[tree];
    if (!(feature[node] >= 0)) {
      stack.push({ box, tree: tree + 1, node: 0 });
      continue;
    }
    const above = partOf(box, feature[node], threshold[node], "right");
    const below = partOf(box, feature[node], threshold[node], "left");
    if (above) stack.push({ box: above, tree, node: right(node) });
    if (below) stack.push({ box: below, tree, node: left(node) });
  }
}

export interface TreeEqualityOptions {
  /** Compares within these ranges only, ends included; all finite numbers unless given. */
  ranges?: readonly NumericRange[];
  /** Cells visited before it gives up, at least 1; a million unless told. */
  mostCells?: number;
}

export interface TreeEquality {
  /** Whether no row exists on which the two models differ. */
  readonly equal: boolean;
  /** Boxes in which neither model tells two rows apart. */
  readonly cells: number;
  /** Those in which the models answer differently. */
  readonly differingCells: number;
  /** The share of the ranges' volume that differs; NaN without ranges, unless equal. */
  readonly differingShare: number;
  /** The largest differing cell's share of the ranges' volume; NaN as above. */
  readonly largestShare: number;
  /** A row on which they differ, shape [d]; null where there is none. */
  readonly example: Float64Array | null;
}

const BATCH = 4096;

/**
 * Proves that two models of trees answer alike everywhere, or finds where not: the questions of both cut the space into
 * boxes, in each of which both models are constant, so that one row a box settles it. Each box that holds a double is
 * visited, and both models themselves are asked, so that ties and rounding count as they are.
 *
 * @throws {RangeError} If a model has no trees, widths differ, or there are more boxes than `mostCells`.
 * @example
 * const tree = decisionTree().fit(train.X, train.y);
 * proveTreesEqual(tree, tree).equal; // true
 */
export function proveTreesEqual(
  original: Classifier, copied: Classifier, { ranges, mostCells = 1e6 }: TreeEqualityOptions = {},
): TreeEquality {
  const fn = "proveTreesEqual";
  const d = original.numFeatures;
  requireInteger(fn, "mostCells", mostCells, 1);
  requireInteger(fn, "width of the copy", copied.numFeatures, d, d);
  if (ranges) {
    requireNumericRanges(fn, ranges);
    requireWidth(fn, ranges, "the original", d);
  }
  const trees = [...questionsOf(fn, "original", original), ...questionsOf(fn, "copied", copied)];
  const whole = ranges ? boxOfRanges(ranges) : wholeSpace(d);
  const found = { cells: 0, differingCells: 0, differingShare: 0, largestShare: 0 };
  let example: Float64Array | null = null;
  let waiting: Box[] = [];
  const compare = (): void => {
    throwIfInterrupted();
    const rows = matrix(new Float64Array(waiting.length * d), [waiting.length, d]);
    waiting.forEach(({ high }, i) => rows.data.set(high, i * d));
    const ours = copied.predict(rows);
    original.predict(rows).forEach((label, i) => {
      if (label === ours[i]) return;
      const share = ranges ? shareOf(waiting[i], whole) : NaN;
      example ??= waiting[i].high.slice();
      found.differingCells++;
      found.differingShare += share;
      found.largestShare = Math.max(found.largestShare, share);
    });
    waiting = [];
  };
  eachCell(trees, whole, (cell) => {
    if (++found.cells > mostCells) throw new RangeError(`${fn}: there are more than mostCells = ${mostCells} cells`);
    waiting.push(cell);
    if (waiting.length === BATCH) compare();
  });
  compare();
  return { equal: found.differingCells === 0, ...found, example };
}
