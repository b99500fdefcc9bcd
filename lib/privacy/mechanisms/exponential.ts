import type { Rng } from "../../random";
import { requireFinite, requireInteger, requirePositive } from "../../validate";
import { bernoulliExp } from "./exact-draws";
import { exactRational } from "./rational";
import { fineUniform } from "./rare-draws";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";
import { requireEpsilon } from "../parameters";
import { logSumExp } from "../../math/log-sum-exp";

export interface ExponentialMechanismOptions {
  /** Above 0. */
  epsilon: number;
  /** Greatest change of any one score between two neighbouring data sets, above 0. */
  sensitivity: number;
  neighbors: NeighborRelation;
}

/**
 * The chances with which the exponential mechanism picks: in proportion to e^(ε · score / (2 · sensitivity)).
 *
 * @param scores Shape [n], n at least 1; higher is better.
 * @throws {RangeError} If a setting is out of range or a score is not finite.
 * @see McSherry & Talwar, FOCS 2007.
 * @example
 * exponentialProbabilities([3, 9, 4], { epsilon: 1, sensitivity: 1, neighbors: "add-remove" })[1]; // 0.883492
 */
export function exponentialProbabilities(
  scores: ArrayLike<number>,
  { epsilon, sensitivity, neighbors }: ExponentialMechanismOptions,
): Float64Array {
  requireEpsilon("exponentialProbabilities", epsilon);
  requirePositive("exponentialProbabilities", "sensitivity", sensitivity);
  requireNeighborRelation("exponentialProbabilities", neighbors);
  requireInteger("exponentialProbabilities", "number of scores", scores.length, 1);
  requireFinite("exponentialProbabilities", "scores", scores);
  let highest = -Infinity;
  for (let i = 0; i < scores.length; i++) highest = Math.max(highest, scores[i]);
  // Steps behind the highest score, so that nothing but a chance of 0 can overflow.
  const logs = Float64Array.from(scores, (score) =>
    (score === highest ? 0 : (((score - highest) / sensitivity) * epsilon) / 2));
  const total = logSumExp(logs);
  return logs.map((log) => Math.exp(log - total));
}

/**
 * Picks one candidate with a preference for high scores: ε-differentially private.
 *
 * Warning: the chances are rounded to 53 bits each, so that the guarantee holds up to about 1e-15 of ε.
 *
 * @param scores Shape [n], n at least 1; higher is better.
 * @returns The position picked.
 * @throws {RangeError} If a setting is out of range or a score is not finite.
 * @see McSherry & Talwar, FOCS 2007.
 * @example
 * exponentialMechanism([3, 9, 4], { epsilon: 1, sensitivity: 1, neighbors: "add-remove", rng: seededRng(5) });
 */
export function exponentialMechanism(
  scores: ArrayLike<number>,
  { rng, ...options }: ExponentialMechanismOptions & { rng: Rng },
): number {
  const probabilities = exponentialProbabilities(scores, options);
  // The rarest candidates come first, where the uniform number is fine enough for them.
  const order = Uint32Array.from(probabilities, (_, i) => i).sort((a, b) => probabilities[a] - probabilities[b]);
  const drawn = fineUniform(rng);
  let below = 0;
  for (const i of order) {
    below += probabilities[i];
    if (drawn < below) return i;
  }
  return order[order.length - 1];
}

/**
 * Picks one candidate as `exponentialMechanism` does, with chances that are exact: candidates are drawn evenly and kept
 * with probability e^(−ε · (highest − score) / (2 · sensitivity)), by whole numbers and fractions only.
 *
 * @param scores Integers, shape [n], n at least 1; higher is better. Scale and round real scores first, within the
 * sensitivity.
 * @param options.sensitivity An integer.
 * @returns The position picked.
 * @throws {RangeError} If a setting is out of range, or a score or the sensitivity is not an integer.
 * @see McSherry & Talwar, FOCS 2007; the coin: Canonne, Kamath & Steinke, arXiv 2004.00010, Algorithm 1.
 * @example
 * exactExponentialMechanism([3, 9, 4], { epsilon: 1, sensitivity: 1, neighbors: "add-remove", rng: secureRng() });
 */
export function exactExponentialMechanism(
  scores: ArrayLike<number>,
  { epsilon, sensitivity, neighbors, rng }: ExponentialMechanismOptions & { rng: Rng },
): number {
  const fn = "exactExponentialMechanism";
  requireEpsilon(fn, epsilon);
  requireInteger(fn, "sensitivity", sensitivity, 1);
  requireNeighborRelation(fn, neighbors);
  requireInteger(fn, "number of scores", scores.length, 1);
  let highest = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    requireInteger(fn, "scores", scores[i], Number.MIN_SAFE_INTEGER);
    highest = Math.max(highest, scores[i]);
  }
  const { numerator, denominator } = exactRational(epsilon);
  const scale = 2n * BigInt(sensitivity) * denominator;
  for (;;) {
    const i = rng.integer(scores.length);
    const behind = BigInt(highest) - BigInt(scores[i]);
    if (bernoulliExp({ numerator: numerator * behind, denominator: scale }, rng)) return i;
  }
}
