import type { Rng } from "../../random";
import { requireInteger } from "../../validate";
import { happens } from "../mechanisms/rare-draws";
import { requireEpsilon } from "../parameters";

export interface RandomizedResponseOptions {
  /** Above 0; each report on its own is ε-locally differentially private. */
  epsilon: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
}

/** Requires labels in [0, numClasses). */
export function requireLabels(fn: string, name: string, y: Int32Array, numClasses: number): void {
  requireInteger(fn, "numClasses", numClasses, 2);
  for (let i = 0; i < y.length; i++) requireInteger(fn, name, y[i], 0, numClasses - 1);
}

/**
 * The chances of k-ary randomised response: `p` to report the truth, `q` to report one certain other class.
 *
 * @throws {RangeError} If epsilon or numClasses is out of range.
 * @see Kairouz, Bonawitz & Ramage, ICML 2016, §2.
 * @example
 * randomizedResponseProbabilities({ epsilon: 1, numClasses: 10 }).p; // 0.231969
 */
export function randomizedResponseProbabilities(
  { epsilon, numClasses }: RandomizedResponseOptions,
): { p: number; q: number } {
  requireEpsilon("randomizedResponseProbabilities", epsilon);
  requireInteger("randomizedResponseProbabilities", "numClasses", numClasses, 2);
  const q = Math.exp(-epsilon) / (1 + (numClasses - 1) * Math.exp(-epsilon));
  return { p: 1 / (1 + (numClasses - 1) * Math.exp(-epsilon)), q };
}

/**
 * Each person reports the true class, or another one, so that the report alone betrays no more than ε about the class.
 * One record is one person's class; neighbours replace it by any other.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If a setting or a label is out of range.
 * @see Warner, JASA 1965; Kairouz, Bonawitz & Ramage, ICML 2016.
 * @example
 * const reports = randomizedResponse(y, { epsilon: 1, numClasses: 10, rng: seededRng(3) });
 */
export function randomizedResponse(
  y: Int32Array,
  { epsilon, numClasses, rng }: RandomizedResponseOptions & { rng: Rng },
): Int32Array {
  requireLabels("randomizedResponse", "y", y, numClasses);
  // 1 − p rounds to 0 from ε 37: the lie has a chance of its own.
  const lie = (numClasses - 1) * randomizedResponseProbabilities({ epsilon, numClasses }).q;
  return y.map((label) => (happens(lie, rng) ? (label + 1 + rng.integer(numClasses - 1)) % numClasses : label));
}

/**
 * Unbiased estimate of how often each class occurs, from randomised reports.
 *
 * @param reports Reported classes, shape [n].
 * @returns Estimated shares, shape [numClasses]; they sum to 1 but may leave [0, 1].
 * @throws {RangeError} If there is no report, or a setting or report is out of range.
 * @see Kairouz, Bonawitz & Ramage, ICML 2016, §4.
 * @example
 * const reports = randomizedResponse(y, { epsilon: 3, numClasses: 10, rng: seededRng(3) });
 * const shares = debiasedClassShares(reports, { epsilon: 3, numClasses: 10 });
 */
export function debiasedClassShares(
  reports: Int32Array,
  { epsilon, numClasses }: RandomizedResponseOptions,
): Float64Array {
  requireLabels("debiasedClassShares", "reports", reports, numClasses);
  requireInteger("debiasedClassShares", "number of reports", reports.length, 1);
  const { p, q } = randomizedResponseProbabilities({ epsilon, numClasses });
  if (!(p > q))
    throw new RangeError(`debiasedClassShares: epsilon must be so large that truth and lie differ, got ${epsilon}`);
  const shares = new Float64Array(numClasses);
  for (const report of reports) shares[report] += 1 / reports.length;
  return shares.map((share) => (share - q) / (p - q));
}
