import { throwIfInterrupted } from "../../interrupt";
import type { Matrix } from "../../matrix";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../../validate";
import type { Certified } from "./votes";

/** More than what the sum of the logarithms can lose in rounding. */
const ROUNDING = 1e-7;

/**
 * An upper bound on the chance that noise turns a linear score round, as its logarithm.
 *
 * Each label is flipped with chance q on its own, so the score is a sum of independent ±votes; Chernoff's bound on it
 * holds for every t > 0, and Newton's steps look for the best one.
 */
function logErrorBound(votes: Float64Array, q: number): number {
  const at = (t: number): [number, number, number] => {
    let [value, slope, bend] = [0, 0, 0];
    for (const vote of votes) {
      // log((1 − q) e^(−t v) + q e^(t v)), with the larger exponential taken out.
      const size = Math.abs(t * vote);
      const fade = Math.exp(-2 * size);
      const [grow, shrink] = vote > 0 ? [q, (1 - q) * fade] : [1 - q, q * fade];
      const mean = (grow - shrink) / (grow + shrink);
      value += size + Math.log(grow + shrink);
      slope += mean * Math.abs(vote);
      bend += (1 - mean * mean) * vote * vote;
    }
    return [value, slope, bend];
  };
  // The bound is convex in t: the sign of its slope says on which side its valley lies, and halving helps where
  // Newton's step would leave it.
  let [low, high, t, best] = [0, Infinity, 0, 0];
  for (let step = 0; step < 40; step++) {
    const [value, slope, bend] = at(t);
    best = Math.min(best, value);
    if (slope < 0) low = t;
    else high = t;
    const next = t - slope / bend;
    if (!Number.isFinite(next) || Math.abs(slope * (next - t)) < 1e-6) break;
    t = next > low && next < high ? next : high < Infinity ? (low + high) / 2 : 2 * t;
    if (Math.abs(high - low) < 1e-12 * high) break;
  }
  return best + ROUNDING;
}

/**
 * How many flips a reading withstands that noise changes with a chance of at most e^logError.
 *
 * The worst case over all rules of that chance, by Neyman and Pearson: where r labels differ, the number j of them on
 * which noise agrees with the original is all that tells the two apart. The rule that errs where j is least uses up
 * e^logError and errs most often after the attack; below one half the reading stands.
 */
function radiusOf(logError: number, q: number, most: number): number {
  const odds = Math.log1p(-q) - Math.log(q);
  const holds = (flips: number): boolean => {
    let before = 0;
    let after = 0;
    let chance = flips * Math.log(q);
    for (let j = 0; j <= flips; j++) {
      const attacked = chance + (flips - 2 * j) * odds;
      // In units of e^logError, so that chances below the least number still count.
      const share = Math.exp(chance - logError);
      if (before + share > 1) return after + (1 - before) * Math.exp(attacked - chance + logError) < 0.5;
      before += share;
      after += Math.exp(attacked);
      if (after >= 0.5) return false;
      chance += Math.log((flips - j) / (j + 1)) + odds;
    }
    return false;
  };
  let [low, high] = [0, most + 1];
  if (!(logError < Math.log(0.5))) return 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Randomised smoothing over labels, in closed form: the likelier reading of a linear rule under labels that are each
 * flipped with chance q, and how many true flips cannot change it. Nothing is sampled.
 *
 * @param weights Of each training row for each query, made without labels, shape [m, n].
 * @param y Labels 0 or 1, shape [n].
 * @param options.noise The chance q of a flip, in [1e-6, 0.499].
 * @throws {RangeError} If lengths differ, a weight is not finite, or a number is out of range.
 * @see Rosenfeld et al., ICML 2020, §4 and 5; there the radius comes from a divergence, here from the exact worst case,
 * which is never smaller.
 * @example
 * const weights = fromRows([new Float64Array(60).fill(1)]);
 * certifyBySmoothing(weights, new Int32Array(60), { noise: 0.1 }).predicted; // [0]
 */
export function certifyBySmoothing(weights: Matrix, y: Int32Array, { noise }: { noise: number }): Certified {
  const fn = "certifyBySmoothing";
  const [m, n] = weights.shape;
  requireSameLength(fn, "columns of weights", n, "y", y.length);
  requireInRange(fn, "noise", noise, 1e-6, 0.499);
  requireFinite(fn, "weights", weights.data);
  for (const label of y) requireInteger(fn, "label", label, 0, 1);
  const predicted = new Int32Array(m);
  const radii = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    throwIfInterrupted();
    const votes = Float64Array.from(y, (label, j) => (label === 0 ? 1 : -1) * weights.data[i * n + j]);
    const score = votes.reduce((sum, vote) => sum + vote, 0);
    predicted[i] = score >= 0 ? 0 : 1;
    radii[i] = radiusOf(logErrorBound(votes.map((vote) => (score >= 0 ? vote : -vote)), noise), noise, n);
  }
  return { predicted, radii };
}
