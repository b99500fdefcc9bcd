import { FeatureDraw } from "./feature-draw";
import type { SortedColumns } from "./sorted-columns";
import { between } from "./threshold";

/**
 * A binary tree as arrays, nodes in preorder: node 0 is the root, a left child follows its parent.
 * A row goes left where its `feature` is at most `threshold`.
 */
export interface Tree {
  /** Feature that is asked for, −1 at a leaf; shape [nodes]. */
  readonly feature: Int32Array;
  /** 0 at a leaf; shape [nodes]. */
  readonly threshold: Float64Array;
  /** Left child, −1 at a leaf; shape [nodes]. */
  readonly left: Int32Array;
  /** Right child, −1 at a leaf; shape [nodes]. */
  readonly right: Int32Array;
  /** Share of each class among the training rows that reach the node; shape [nodes, k]. */
  readonly value: Float64Array;
}

export interface GrowTreeOptions {
  /** Classes, k. */
  numClasses: number;
  /** Edges from the root to the deepest leaf at most. */
  maxDepth: number;
  /** Different rows a node must have to be split. */
  minSamplesSplit: number;
  /** Different rows each side of a split must have. */
  minSamplesLeaf: number;
  /** Features that can vary to try at each node. */
  maxFeatures: number;
  /** Seed of the order in which features are tried, or null for ascending order. */
  featureSeed: number | null;
}

/** Rows of one node of each feature, in order, with `weight · 2¹⁶ + class`; each shape [d, m]. */
export interface TreeRows {
  readonly rows: Uint32Array;
  readonly tags: Uint32Array;
}

/** Seeds of the order of features are in [0, 2³¹ − 1), as in scikit-learn. */
export const MOST_SEED = 2 ** 31 - 1;

export const MOST_CLASSES = 2 ** 16;
const CLASS = 0xffff;

/** The sorted rows of a training set, each with its class, weighing 1. */
export function plainRows(columns: SortedColumns, codes: Int32Array): TreeRows {
  const rows = columns.order.slice();
  const tags = new Uint32Array(rows.length);
  for (let p = 0; p < rows.length; p++) tags[p] = codes[rows[p]] | 0x10000;
  return { rows, tags };
}

/** The sorted rows that were drawn at least once, each weighing how often it was drawn. */
export function drawnRows(columns: SortedColumns, codes: Int32Array, drawn: Uint16Array): TreeRows {
  const { numRows: n, numFeatures: d, order } = columns;
  let m = 0;
  for (let i = 0; i < n; i++) if (drawn[i]) m++;
  const rows = new Uint32Array(d * m);
  const tags = new Uint32Array(d * m);
  for (let p = 0, q = 0; p < n * d; p++) {
    const row = order[p];
    if (drawn[row]) {
      rows[q] = row;
      tags[q++] = codes[row] | (drawn[row] << 16);
    }
  }
  return { rows, tags };
}

/**
 * Grows a classification tree by exact Gini splits (CART), depth first.
 *
 * The rows of every feature are kept sorted: a node is a segment of each, which a split parts stably, so that a level
 * costs d · n at most and nothing is sorted twice. Where all values of a feature differ, only cuts between two classes
 * are weighed, since the best is among them.
 *
 * @param input Used as work space, and left in disorder.
 * @see Breiman et al., Classification and Regression Trees, 1984; Fayyad & Irani, Machine Learning 8, 1992.
 * Features are drawn, thresholds set and equal gains decided as in scikit-learn 1.9 (the first one found wins), except
 * that numbers are compared in float64 and differ if they differ at all, not from 1e-7 on.
 */
export function growTree(columns: SortedColumns, input: TreeRows, options: GrowTreeOptions): Tree {
  return new TreeGrower(columns, input, options).grow();
}

/** A node that waits to be made: a segment of every feature's rows. */
interface Pending {
  start: number;
  end: number;
  depth: number;
  /** Node whose right child this is, or −1. */
  rightOf: number;
  /** Feature whose segment is in order even if no other's is. */
  sortedFeature: number;
  /** Features known not to vary here: the first so many of `constant`. */
  numConstant: number;
}

class TreeGrower {
  private readonly m: number;
  private readonly goesLeft: Uint8Array;
  private readonly spare: TreeRows;
  /** Class weights of the node at work, and of the left side of the cut at work; shape [k]. */
  private readonly total: Float64Array;
  private readonly leftCounts: Float64Array;
  /** All features: constant ones first, then those not drawn yet, then those drawn at the node at work. */
  private readonly features: Int32Array;
  private readonly constant: Int32Array;
  private readonly draw: FeatureDraw;

  private bestScore = 0;
  private bestFeature = 0;
  private bestCut = 0;
  private numConstant = 0;

  constructor(
    private readonly columns: SortedColumns,
    private readonly input: TreeRows,
    private readonly options: GrowTreeOptions,
  ) {
    const d = columns.numFeatures;
    this.m = input.rows.length / d;
    this.goesLeft = new Uint8Array(columns.numRows);
    this.spare = { rows: new Uint32Array(this.m), tags: new Uint32Array(this.m) };
    this.total = new Float64Array(options.numClasses);
    this.leftCounts = new Float64Array(options.numClasses);
    this.features = Int32Array.from({ length: d }, (_, j) => j);
    this.constant = new Int32Array(d);
    this.draw = new FeatureDraw(options.featureSeed);
  }

  grow(): Tree {
    const { columns, m, total } = this;
    const { rows, tags } = this.input;
    const { numClasses: k, maxDepth, minSamplesSplit, minSamplesLeaf } = this.options;
    const { values, numRows: n } = columns;
    const leafSize = Math.max(minSamplesSplit, 2 * minSamplesLeaf);
    const feature: number[] = [];
    const threshold: number[] = [];
    const right: number[] = [];
    const value: number[] = [];
    const stack: Pending[] = [{ start: 0, end: m, depth: 0, rightOf: -1, sortedFeature: 0, numConstant: 0 }];

    for (let node = stack.pop(); node; node = stack.pop()) {
      const { start, end, depth, rightOf, sortedFeature } = node;
      const id = feature.length;
      if (rightOf >= 0) right[rightOf] = id;
      const weight = this.countClasses(sortedFeature * m + start, sortedFeature * m + end);
      feature.push(-1);
      threshold.push(0);
      right.push(-1);
      for (let c = 0; c < k; c++) value.push(total[c] / weight);
      if (end - start < leafSize || depth >= maxDepth || total.includes(weight)) continue;
      this.findSplit(start, end, weight, node.numConstant);
      if (this.bestFeature < 0) continue;

      const { bestFeature, bestCut, numConstant } = this;
      const base = bestFeature * m;
      const low = values[bestFeature * n + rows[base + bestCut - 1]];
      const high = values[bestFeature * n + rows[base + bestCut]];
      feature[id] = bestFeature;
      threshold[id] = between(low, high);
      const splitsAgain = (from: number, to: number): boolean =>
        to - from >= leafSize && depth + 1 < maxDepth && !isOneClass(tags, base + from, base + to);
      this.part(start, end, splitsAgain(start, bestCut), splitsAgain(bestCut, end));
      const child = { depth: depth + 1, sortedFeature: bestFeature, numConstant };
      stack.push({ ...child, start: bestCut, end, rightOf: id });
      stack.push({ ...child, start, end: bestCut, rightOf: -1 });
    }
    return {
      feature: Int32Array.from(feature),
      threshold: Float64Array.from(threshold),
      left: Int32Array.from(feature, (f, id) => (f < 0 ? -1 : id + 1)),
      right: Int32Array.from(right),
      value: Float64Array.from(value),
    };
  }

  /** Sums the weights of each class into `total` and returns their sum. */
  private countClasses(from: number, to: number): number {
    const { total } = this;
    const { tags } = this.input;
    total.fill(0);
    for (let p = from; p < to; p++) total[tags[p] & CLASS] += tags[p] >>> 16;
    let weight = 0;
    for (let c = 0; c < total.length; c++) weight += total[c];
    return weight;
  }

  /** Draws features without replacement until `maxFeatures` that vary have been tried, and keeps the best cut. */
  private findSplit(start: number, end: number, weight: number, numKnown: number): void {
    const { features, constant, m, columns } = this;
    const { rows } = this.input;
    const n = columns.numRows;
    this.bestScore = -Infinity;
    this.bestFeature = -1;
    let undrawn = features.length;
    let visited = 0;
    let found = 0;
    let drawnKnown = 0;
    const swap = (a: number, b: number): void => {
      const kept = features[a];
      features[a] = features[b];
      features[b] = kept;
    };
    while (undrawn > numKnown + found && (visited < this.options.maxFeatures || visited <= found + drawnKnown)) {
      visited++;
      let at = this.draw.position(drawnKnown, undrawn - found);
      if (at < numKnown) {
        swap(drawnKnown++, at);
        continue;
      }
      at += found;
      const f = features[at];
      if (columns.values[f * n + rows[f * m + start]] === columns.values[f * n + rows[f * m + end - 1]]) {
        swap(at, numKnown + found++);
        continue;
      }
      swap(--undrawn, at);
      this.weighCuts(f, start, end, weight);
    }
    features.set(constant.subarray(0, numKnown));
    constant.set(features.subarray(numKnown, numKnown + found), numKnown);
    this.numConstant = numKnown + found;
  }

  /** Tries the cuts of one feature, by the Gini impurity of both sides. */
  private weighCuts(f: number, start: number, end: number, weight: number): void {
    const { total, leftCounts, m } = this;
    const { rows, tags } = this.input;
    const { minSamplesLeaf } = this.options;
    const n = this.columns.numRows;
    const column = this.columns.values.subarray(f * n, (f + 1) * n);
    const betweenClasses = minSamplesLeaf === 1 && this.columns.distinct[f] === 1;
    const base = f * m;
    const first = base + start + minSamplesLeaf - 1;
    const last = base + end - minSamplesLeaf;
    let squaresLeft = 0;
    let squaresRight = 0;
    for (let c = 0; c < total.length; c++) squaresRight += total[c] * total[c];
    let left = 0;
    let bestScore = this.bestScore;
    let bestCut = -1;
    leftCounts.fill(0);
    for (let p = base + start; p < last; p++) {
      const tag = tags[p];
      const c = tag & CLASS;
      const w = tag >>> 16;
      const before = leftCounts[c];
      squaresLeft += w * (2 * before + w);
      squaresRight -= w * (2 * (total[c] - before) - w);
      leftCounts[c] = before + w;
      left += w;
      if (p < first || (betweenClasses && ((tag ^ tags[p + 1]) & CLASS) === 0)) continue;
      const rest = weight - left;
      const score = -rest * (1 - squaresRight / (rest * rest)) - left * (1 - squaresLeft / (left * left));
      if (score > bestScore && column[rows[p]] < column[rows[p + 1]]) {
        bestScore = score;
        bestCut = p + 1 - base;
      }
    }
    if (bestCut < 0) return;
    this.bestScore = bestScore;
    this.bestFeature = f;
    this.bestCut = bestCut;
  }

  /** Puts the rows left of the best cut first in every feature's segment; a side that is a leaf is left out. */
  private part(start: number, end: number, keepLeft: boolean, keepRight: boolean): void {
    if (!keepLeft && !keepRight) return;
    const { goesLeft, m, input, spare, bestFeature, bestCut } = this;
    const { rows } = input;
    const base = bestFeature * m;
    for (let p = base + start; p < base + bestCut; p++) goesLeft[rows[p]] = 1;
    for (let p = base + bestCut; p < base + end; p++) goesLeft[rows[p]] = 0;
    for (let at = this.numConstant; at < this.features.length; at++) {
      const f = this.features[at];
      if (f === bestFeature) continue;
      const segment = { from: f * m + start, to: f * m + end, goesLeft };
      if (!keepRight) keepLeftSide(input, segment);
      else if (!keepLeft) keepRightSide(input, segment);
      else partBothSides(input, segment, spare);
    }
  }
}

function isOneClass(tags: Uint32Array, from: number, to: number): boolean {
  const c = tags[from] & CLASS;
  for (let p = from + 1; p < to; p++) if ((tags[p] & CLASS) !== c) return false;
  return true;
}

/** A segment of the rows, and which of them go left. */
interface Segment {
  readonly from: number;
  readonly to: number;
  readonly goesLeft: Uint8Array;
}

function keepLeftSide({ rows, tags }: TreeRows, { from, to, goesLeft }: Segment): void {
  for (let p = from, at = from; p < to; p++) {
    const row = rows[p];
    rows[at] = row;
    tags[at] = tags[p];
    at += goesLeft[row];
  }
}

function keepRightSide({ rows, tags }: TreeRows, { from, to, goesLeft }: Segment): void {
  for (let p = to - 1, at = to - 1; p >= from; p--) {
    const row = rows[p];
    rows[at] = row;
    tags[at] = tags[p];
    at -= 1 - goesLeft[row];
  }
}

function partBothSides({ rows, tags }: TreeRows, { from, to, goesLeft }: Segment, spare: TreeRows): void {
  const { rows: spareRows, tags: spareTags } = spare;
  let left = from;
  let kept = 0;
  for (let p = from; p < to; p++) {
    const row = rows[p];
    const tag = tags[p];
    const isLeft = goesLeft[row];
    rows[left] = row;
    tags[left] = tag;
    spareRows[kept] = row;
    spareTags[kept] = tag;
    left += isLeft;
    kept += 1 - isLeft;
  }
  rows.set(spareRows.subarray(0, kept), left);
  tags.set(spareTags.subarray(0, kept), left);
}
