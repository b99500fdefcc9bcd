import { throwIfInterrupted } from "../../interrupt";
import { selectLabels, selectRows, type Matrix } from "../../matrix";
import { requireInRange, requireInteger, requireSameLength } from "../../validate";
import { inferLabels } from "../infer-labels";
import { partsOf } from "./parts";

export interface FlipPosterior {
  /** How probable it is that each label is wrong, 1 for the known ones, shape [n]. */
  readonly wrong: Float64Array;
  /** The most probable true class of each row, should its label be wrong, shape [n]. */
  readonly likely: Int32Array;
  /** Its probability, should the label be wrong, shape [n]. */
  readonly confidence: Float64Array;
  /** Estimated share of wrong labels among the rows of each label, the known ones left out, shape [classes]. */
  readonly rates: Float64Array;
  /** Share of each true class (column) among wrong labels of a class (row), as the known ones tell it. */
  readonly pattern: readonly Float64Array[];
}

/** Rounds of expectation–maximisation. */
const ROUNDS = 30;

/** Where a label's own rate starts. */
const START = 0.1;

/** As many examples as this, spread evenly, stand beside the known ones of each label: nothing is impossible. */
const EVEN = 0.5;

/** The pattern in the known wrong labels. */
function patternOf(probabilities: Matrix, wrong: Int32Array): Float64Array[] {
  const [, k] = probabilities.shape;
  const { pattern } = inferLabels(probabilities, wrong);
  const counts = new Float64Array(k);
  for (const label of wrong) counts[label]++;
  return pattern.map((row, given) =>
    row.map((share, c) => (c === given ? 0 : (share * counts[given] + EVEN / (k - 1)) / (counts[given] + EVEN))));
}

/** How much more each class explains a row than chance does: p(c | x) / p(c), shape [n, k]. */
function liftsOf({ data, shape: [n, k] }: Matrix): Float64Array {
  const means = new Float64Array(k);
  for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) means[c] += data[i * k + c] / n;
  return Float64Array.from(data, (chance, j) => Math.max(chance, 1e-9) / Math.max(means[j % k], 1e-9));
}

/**
 * Finds the other wrong labels when a share of them is known. The known ones tell the pattern: which classes hide
 * behind each label. A row with label g is then either rightly labelled, or wrongly and from one of those classes; how
 * often each happens is estimated by expectation–maximisation from all rows of that label.
 *
 * @param probabilities Of models not shown the row's own label (`leaveOneOutProbabilities`), shape [n, classes].
 * @param given Labels, wrong ones included, shape [n]. @param known Positions known to be wrong.
 * @throws {RangeError} If no or every row is known, or a probability or class is out of range.
 * @see Northcutt, Jiang & Chuang, JAIR 70, 2021, for the joint of given and true labels; here its pattern comes from
 * the known rows. Saerens, Latinne & Decaestecker, 2002, for the rates.
 * @example
 * const said = leaveOneOutProbabilities(X, y, { imageShape: [28, 28, 1], numClasses: 10, patches: { filters: 4 },
 *   rng: seededRng(1) });
 * const { wrong } = flipPosterior(said, y, flipped.slice(0, 10));
 */
export function flipPosterior(probabilities: Matrix, given: Int32Array, known: ArrayLike<number>): FlipPosterior {
  const [n, k] = probabilities.shape;
  requireSameLength("flipPosterior", "probabilities", n, "given", given.length);
  for (const chance of probabilities.data) requireInRange("flipPosterior", "probability", chance, 0, 1);
  given.forEach((label) => requireInteger("flipPosterior", "label", label, 0, k - 1));
  const { inside, outside } = partsOf("flipPosterior", n, known);
  const pattern = patternOf(selectRows(probabilities, inside), selectLabels(given, inside));
  const lifts = liftsOf(probabilities);
  const likely = new Int32Array(n);
  const confidence = new Float64Array(n);
  const ifWrong = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let most = -1;
    for (let c = 0; c < k; c++) {
      const weight = pattern[given[i]][c] * lifts[i * k + c];
      ifWrong[i] += weight;
      if (weight > most) [most, likely[i]] = [weight, c];
    }
    confidence[i] = most / ifWrong[i];
  }
  const rates = new Float64Array(k).fill(START);
  const wrong = new Float64Array(n).fill(1);
  for (let round = 0; round < ROUNDS; round++) {
    throwIfInterrupted();
    const [sums, counts] = [new Float64Array(k), new Float64Array(k)];
    for (const i of outside) {
      const g = given[i];
      const bad = rates[g] * ifWrong[i];
      wrong[i] = bad / (bad + (1 - rates[g]) * lifts[i * k + g]);
      sums[g] += wrong[i];
      counts[g]++;
    }
    rates.forEach((_, g) => { rates[g] = counts[g] ? Math.min(0.95, Math.max(0, sums[g] / counts[g])) : 0; });
  }
  return { wrong, likely, confidence, rates, pattern };
}
