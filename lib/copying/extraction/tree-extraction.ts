import { deserialize } from "../../classifiers/deserialize";
import type { TreeClassifier } from "../../classifiers/trees/decision-tree";
import { throwIfInterrupted } from "../../interrupt";
import { matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInRange, requireInteger } from "../../validate";
import type { BlackBox } from "../black-box";
import { requireNumericRanges, type NumericRange } from "../ranges";
import { boxOfRanges, nextUp, partOf, type Box } from "./boxes";

export interface ExtractTreeOptions {
  ranges: readonly NumericRange[];
  /** Random rows that a box must answer alike before it is believed to be a leaf, at least 1; 100 unless told. */
  tests?: number;
  /**
   * Width at which the search for a threshold ends, as a share of the feature's range, in [0, 1]; 0, the default, goes
   * on to neighbouring doubles.
   */
  precision?: number;
  rng: Rng;
  /** Told the rows asked and the leaves found, after each leaf. */
  onProgress?: (progress: { spent: number; leaves: number }) => void;
}

export interface ExtractedTree {
  readonly classifier: TreeClassifier;
  /** Rows asked. */
  readonly spent: number;
  readonly leaves: number;
  /** Different thresholds found, over all features. */
  readonly thresholds: number;
  /** Whether every leaf has passed its tests; false where the budget ended before. */
  readonly complete: boolean;
}

/** A row and what the black box says of it. */
interface Answered {
  readonly row: Float64Array;
  readonly label: number;
  /** Whether the row was drawn at random, and not on the way to a threshold. */
  readonly isTest: boolean;
}

interface Node {
  feature: number;
  threshold: number;
  label: number;
  left?: Node;
  right?: Node;
}

/** A question that cuts a box in two. */
interface Cut {
  readonly feature: number;
  readonly threshold: number;
}

interface Pending {
  readonly node: Node;
  readonly box: Box;
  /** Rows of the box that are answered. */
  readonly known: readonly Answered[];
}

/** Signals within this file that the budget does not reach for the next question. */
class BudgetEnded extends Error {}

class TreeSearch {
  readonly #asked: Pick<BlackBox, "query" | "remaining">;
  readonly #options: Required<Omit<ExtractTreeOptions, "onProgress">>;
  readonly labels = new Set<number>();
  /** Answers since this was emptied last. */
  answers: Answered[] = [];
  /** Known thresholds of each feature. */
  readonly thresholds: Set<number>[];

  constructor(asked: Pick<BlackBox, "query" | "remaining">, options: Required<Omit<ExtractTreeOptions, "onProgress">>) {
    this.#asked = asked;
    this.#options = options;
    this.thresholds = options.ranges.map(() => new Set());
  }

  async ask(rows: readonly Float64Array[], isTest = false): Promise<Answered[]> {
    throwIfInterrupted();
    if (rows.length > this.#asked.remaining) throw new BudgetEnded();
    const d = this.#options.ranges.length;
    const X = matrix(new Float64Array(rows.length * d), [rows.length, d]);
    rows.forEach((row, i) => X.data.set(row, i * d));
    const y = await this.#asked.query(X);
    for (const label of y) this.labels.add(label);
    const answers = rows.map((row, i) => ({ row, label: y[i], isTest }));
    for (const answer of answers) this.answers.push(answer);
    return answers;
  }

  /** A uniform row of a box. */
  draw({ low, high }: Box): Float64Array {
    return low.map((from, j) => this.#between(from, high[j]));
  }

  /** A row of a box, as often between any two neighbouring thresholds of a feature, however close they are. */
  drawEvenly({ low, high }: Box): Float64Array {
    return low.map((from, j) => {
      const cuts = [from, ...this.thresholdsIn(j, from, high[j]), high[j]];
      const k = this.#options.rng.integer(cuts.length - 1);
      return this.#between(cuts[k], cuts[k + 1]);
    });
  }

  /** Known thresholds that cut (low, high] in two, ascending. */
  thresholdsIn(feature: number, low: number, high: number): number[] {
    return [...this.thresholds[feature]].filter((t) => t > low && t < high).sort((a, b) => a - b);
  }

  #between(from: number, to: number): number {
    const value = to - (to - from) * this.#options.rng.uniform();
    return value > from ? value : to;
  }

  /** Asks random rows of a box, few and then more, until two labels are known or it has passed its tests. */
  async test(box: Box, known: readonly Answered[]): Promise<[Answered, Answered] | null> {
    let first = known.at(0);
    let other = known.find(({ label }) => label !== first?.label);
    let passed = known.filter(({ isTest }) => isTest).length;
    while (!other && passed < this.#options.tests) {
      const n = Math.min(Math.max(4, passed), this.#options.tests - passed);
      const rows = Array.from({ length: n }, (_, i) => (i % 2 ? this.drawEvenly(box) : this.draw(box)));
      const answers = await this.ask(rows, true);
      first ??= answers[0];
      other = answers.find(({ label }) => label !== first!.label);
      passed += n;
    }
    return other ? [first!, other] : null;
  }

  /**
   * Finds one question of the original that parts two rows of different label: goes from the one to the other feature
   * by feature, and halves first the features and then the one feature's way.
   */
  async question([from, to]: readonly [Answered, Answered]): Promise<void> {
    const order = this.#options.rng.permutation(from.row.length).filter((j) => from.row[j] !== to.row[j]);
    const hybrid = (count: number): Float64Array => {
      const row = from.row.slice();
      for (const j of order.subarray(0, count)) row[j] = to.row[j];
      return row;
    };
    let [same, other] = [0, order.length];
    while (other - same > 1) {
      const middle = (same + other) >> 1;
      const [{ label }] = await this.ask([hybrid(middle)]);
      if (label === from.label) same = middle;
      else other = middle;
    }
    const feature = order[same];
    await this.#threshold(hybrid(same), feature, to.row[feature], from.label);
  }

  /** Finds the largest value of a feature at which a row is still answered as on the lower side. */
  async #threshold(row: Float64Array, feature: number, end: number, label: number): Promise<void> {
    let [low, high] = [Math.min(row[feature], end), Math.max(row[feature], end)];
    const startsLow = row[feature] < end;
    const isLowSide = async (value: number): Promise<boolean> => {
      const moved = row.slice();
      moved[feature] = value;
      const [answer] = await this.ask([moved]);
      return (answer.label === label) === startsLow;
    };
    const { min, max } = this.#options.ranges[feature];
    const width = this.#options.precision * (max - min);
    for (;;) {
      const known = [...this.thresholds[feature]].filter((t) => t >= low && t < high).sort((a, b) => a - b);
      if (!known.length) break;
      const t = known[known.length >> 1];
      const next = Math.min(high, Math.max(nextUp(t), t + width));
      if (t > low && !(await isLowSide(t))) high = t;
      else if (next === high || !(await isLowSide(next))) return;
      else low = next;
    }
    for (;;) {
      const middle = low / 2 + high / 2;
      if (high - low <= width || middle <= low || middle >= high) break;
      if (await isLowSide(middle)) low = middle;
      else high = middle;
    }
    this.thresholds[feature].add(low);
  }
}

/** The nodes as a fitted tree, in preorder. */
function classifierOf(root: Node, labels: Iterable<number>, numFeatures: number): TreeClassifier {
  const classes = [...labels].sort((a, b) => a - b);
  const saved = { feature: [] as number[], threshold: [] as number[], right: [] as number[], value: [] as number[] };
  const stack: { node: Node; rightOf: number }[] = [{ node: root, rightOf: -1 }];
  for (let place = stack.pop(); place; place = stack.pop()) {
    const { node: { feature, threshold, label, left, right }, rightOf } = place;
    const id = saved.feature.length;
    if (rightOf >= 0) saved.right[rightOf] = id;
    saved.feature.push(feature);
    saved.threshold.push(threshold);
    saved.right.push(-1);
    for (const one of classes) saved.value.push(one === label ? 1 : 0);
    if (left && right) stack.push({ node: right, rightOf: id }, { node: left, rightOf: -1 });
  }
  return deserialize({ family: "decisionTree", classes, numFeatures, tree: saved }) as TreeClassifier;
}

/** The label that most of the answers have; the first where several have as many. */
function commonest(answers: readonly Answered[]): number {
  const counts = new Map<number, number>();
  for (const { label } of answers) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/**
 * Rebuilds a decision tree, a small forest or boosted stumps from labels alone: where two rows of one box are answered
 * differently, one feature's threshold between them is searched by halving, and the box is cut in two, until every box
 * has answered `tests` random rows alike. A threshold that is known from another box costs a few questions, not fifty.
 *
 * Half of the tests are uniform, so that a part of a believed leaf that takes up a share v of it stays unseen with
 * probability (1 − v)^(tests / 2) at most; the other half fall as often between close thresholds as between distant
 * ones. `proveTreesEqual` says afterwards, with both models at hand, whether anything stayed unseen.
 *
 * @returns The tree found so far where the budget ends the search, with `complete: false`.
 * @throws {RangeError} If an option is out of range, or the budget does not reach for one row.
 * @see Tramèr et al., USENIX Security 2016, §4.2, which tells leaves apart by their confidences; here labels do.
 * @example
 * const asTree = blackBox(decisionTree().fit(train.X, train.y), { budget: 10_000 });
 * const extracted = await extractTree(asTree, { ranges, rng: seededRng(1) });
 * extracted.complete; // true
 */
export async function extractTree(
  blackBox: Pick<BlackBox, "query" | "remaining">, options: ExtractTreeOptions,
): Promise<ExtractedTree> {
  const { ranges, tests = 100, precision = 0, rng, onProgress } = options;
  const fn = "extractTree";
  requireNumericRanges(fn, ranges);
  requireInteger(fn, "tests", tests, 1);
  requireInRange(fn, "precision", precision, 0, 1);
  requireInteger(fn, "remaining budget", Math.min(blackBox.remaining, Number.MAX_SAFE_INTEGER), 1);
  let spent = 0;
  let found = 0;
  const search = new TreeSearch({
    get remaining() { return blackBox.remaining; },
    query: (X) => { spent += X.shape[0]; return blackBox.query(X); },
  }, { ranges, tests, precision, rng });
  const [first] = await search.ask([search.draw(boxOfRanges(ranges))], true);
  const root: Node = { feature: -1, threshold: 0, label: first.label };
  const stack: Pending[] = [{ node: root, box: boxOfRanges(ranges), known: [first] }];
  try {
    while (stack.length) {
      const { node, box, known } = stack[stack.length - 1];
      search.answers = [];
      const pair = await search.test(box, known);
      if (pair) await search.question(pair);
      stack.pop();
      if (!pair) {
        found++;
        onProgress?.({ spent, leaves: found });
        continue;
      }
      const answers = known.concat(search.answers);
      split(node, box, bestCut(search, box, answers), answers).forEach((part) => stack.push(part));
    }
  } catch (error) {
    if (!(error instanceof BudgetEnded)) throw error;
  }
  return {
    classifier: classifierOf(root, search.labels, ranges.length),
    spent,
    leaves: found + stack.length,
    thresholds: search.thresholds.reduce((sum, of) => sum + of.size, 0),
    complete: stack.length === 0,
  };
}

/** Squares of the counts of each label, summed, divided by all: the more one label has, the larger. */
function purity(counts: ReadonlyMap<number, number>, total: number): number {
  let squares = 0;
  for (const count of counts.values()) squares += count * count;
  return squares / total;
}

/** The known threshold within a box that parts what is known of it best, by Gini impurity. */
function bestCut(search: TreeSearch, { low, high }: Box, answers: readonly Answered[]): Cut {
  let best: Cut & { gain: number } = { feature: -1, threshold: 0, gain: -Infinity };
  for (let feature = 0; feature < low.length; feature++)
    for (const threshold of search.thresholdsIn(feature, low[feature], high[feature])) {
      const sides = [new Map<number, number>(), new Map<number, number>()];
      const totals = [0, 0];
      for (const { row, label } of answers) {
        const side = row[feature] <= threshold ? 0 : 1;
        sides[side].set(label, (sides[side].get(label) ?? 0) + 1);
        totals[side]++;
      }
      if (!totals[0] || !totals[1]) continue;
      const gain = purity(sides[0], totals[0]) + purity(sides[1], totals[1]);
      if (gain > best.gain) best = { feature, threshold, gain };
    }
  return best;
}

/** Cuts a box in two, and shares out what is known of it. */
function split(
  node: Node, box: Box, { feature, threshold }: Cut, known: readonly Answered[],
): Pending[] {
  const sides = (["left", "right"] as const).map((side) => {
    const own = known.filter(({ row }) => (row[feature] <= threshold) === (side === "left"));
    const child: Node = { feature: -1, threshold: 0, label: commonest(own) };
    return { node: child, box: partOf(box, feature, threshold, side)!, known: own };
  });
  node.feature = feature;
  node.threshold = threshold;
  [node.left, node.right] = sides.map(({ node: child }) => child);
  return sides;
}
