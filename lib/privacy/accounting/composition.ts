import { requireInRange, requireInteger, requirePositive } from "../../validate";
import { requireDelta, requireEpsilon } from "../parameters";
import { PrivacyLossComposition, type PrivacyEvent } from "./pld";
import { dpSgdRdpEpsilon, requireSubsampledGaussian, type SubsampledGaussian } from "./rdp";
import { analyticGaussianSigma } from "./gaussian";

function requireEvents(fn: string, events: readonly PrivacyEvent[]): void {
  if (!events.length) throw new RangeError(`${fn}: needs at least one event, got none`);
  for (const event of events) {
    requireInteger(fn, "count", event.count ?? 1, 1);
    if (event.kind === "gaussian") requirePositive(fn, "noiseMultiplier", event.noiseMultiplier);
    else if (event.kind === "subsampled-gaussian") requireSubsampledGaussian(fn, event);
    else {
      requireEpsilon(fn, event.epsilon);
      requireInRange(fn, "delta", event.delta, 0, 1);
    }
  }
}

/**
 * The ε at δ of several mechanisms run on the same records, by their privacy-loss distributions: at least the exact
 * value, and above it by far less than a thousandth.
 *
 * @returns Infinity if no finite ε holds at this δ.
 * @throws {RangeError} If there is no event or a setting is out of range.
 * @see Koskela, Jälkö & Honkela, arXiv 1906.03049; Doroshenko et al., arXiv 2207.04380.
 * @example
 * composedEpsilon([{ kind: "gaussian", noiseMultiplier: 4, count: 20 }], { delta: 1e-5 }); // 4.983307
 */
export function composedEpsilon(events: readonly PrivacyEvent[], { delta }: { delta: number }): number {
  requireEvents("composedEpsilon", events);
  requireDelta("composedEpsilon", delta);
  return new PrivacyLossComposition(events).epsilon(delta);
}

/**
 * The δ at ε of several mechanisms run on the same records, never below the exact value.
 *
 * @throws {RangeError} If there is no event or a setting is out of range.
 */
export function composedDelta(events: readonly PrivacyEvent[], { epsilon }: { epsilon: number }): number {
  requireEvents("composedDelta", events);
  requireInRange("composedDelta", "epsilon", epsilon, 0, Number.MAX_VALUE);
  return new PrivacyLossComposition(events).delta(epsilon);
}

/** A training run by DP-SGD. */
export interface DpSgdRun extends SubsampledGaussian {
  /** How many batches were drawn. */
  steps: number;
  delta: number;
}

/**
 * The ε of DP-SGD with Poisson batches, for neighbours that differ by one record there or not.
 *
 * @throws {RangeError} If a setting is out of range.
 * @see Abadi et al., arXiv 1607.00133; accounted here by privacy-loss distributions, not by moments.
 * @example
 * dpSgdEpsilon({ noiseMultiplier: 1.1, samplingRate: 256 / 60000, steps: 14100, delta: 1e-5 }); // 2.3852
 */
export function dpSgdEpsilon({ noiseMultiplier, samplingRate, steps, delta }: DpSgdRun): number {
  requireInteger("dpSgdEpsilon", "steps", steps, 1);
  return composedEpsilon([{ kind: "subsampled-gaussian", noiseMultiplier, samplingRate, count: steps }], { delta });
}

/**
 * The smallest noise multiplier with which a DP-SGD run keeps within (ε, δ), to a ten-thousandth, rounded up.
 *
 * @throws {RangeError} If a setting is out of range, or no multiplier up to 1e6 is enough.
 */
export function dpSgdNoiseMultiplier(
  { epsilon, delta, samplingRate, steps }: { epsilon: number; delta: number; samplingRate: number; steps: number },
): number {
  requireEpsilon("dpSgdNoiseMultiplier", epsilon);
  requireDelta("dpSgdNoiseMultiplier", delta);
  const run = { samplingRate, steps, delta };
  const excess = (logSigma: number): number =>
    Math.log(dpSgdEpsilon({ ...run, noiseMultiplier: Math.exp(logSigma) }) / epsilon);
  // Rényi accounting gives a noise that is surely enough, and lies close above the tight value.
  let high = Math.log(0.05);
  while (dpSgdRdpEpsilon({ ...run, noiseMultiplier: Math.exp(high) }) > epsilon) {
    high += 0.1;
    if (high > Math.log(1e6))
      throw new RangeError(`dpSgdNoiseMultiplier: no noise multiplier up to 1e6 reaches epsilon ${epsilon}`);
  }
  let excessHigh = excess(high);
  let low = high;
  let excessLow = excessHigh;
  while (excessLow <= 0) {
    [high, excessHigh] = [low, excessLow];
    low -= 0.2;
    excessLow = excess(low);
  }
  // ε is nearly a power of σ: the secant, kept off both ends, closes in within a few evaluations.
  while (high - low > 1e-4) {
    const secant = high - (excessHigh * (high - low)) / (excessHigh - excessLow);
    const margin = Math.min(4e-5, (high - low) / 3);
    const middle = Math.min(high - margin, Math.max(low + margin, secant + margin / 2));
    const value = excess(middle);
    if (value <= 0) [high, excessHigh] = [middle, value];
    else [low, excessLow] = [middle, value];
  }
  return Math.exp(high);
}

/**
 * ε and δ of several mechanisms by basic composition: they add up. Simple, always true, and far from tight.
 *
 * @throws {RangeError} If an ε is not above 0 or a δ is not in [0, 1].
 * @see Dwork & Roth, The Algorithmic Foundations of Differential Privacy, Theorem 3.16.
 */
export function basicComposition(
  guarantees: readonly { epsilon: number; delta: number }[],
): { epsilon: number; delta: number } {
  let total = { epsilon: 0, delta: 0 };
  for (const { epsilon, delta } of guarantees) {
    requireEpsilon("basicComposition", epsilon);
    requireInRange("basicComposition", "delta", delta, 0, 1);
    total = { epsilon: total.epsilon + epsilon, delta: total.delta + delta };
  }
  return total;
}

/**
 * The ε at δ of k runs of an (ε₀, δ₀) mechanism by advanced composition: ε₀ √(2k ln(1/δ′)) + k ε₀ (e^ε₀ − 1).
 *
 * @param guarantee One run's ε₀ and δ₀.
 * @returns ε for δ = k δ₀ + slack.
 * @throws {RangeError} If a setting is out of range.
 * @see Dwork & Roth, The Algorithmic Foundations of Differential Privacy, Theorem 3.20.
 */
export function advancedComposition(
  guarantee: { epsilon: number; delta: number },
  { count, slack }: { count: number; slack: number },
): { epsilon: number; delta: number } {
  const { epsilon, delta } = guarantee;
  requireEpsilon("advancedComposition", epsilon);
  requireInRange("advancedComposition", "delta", delta, 0, 1);
  requireInteger("advancedComposition", "count", count, 1);
  requireDelta("advancedComposition", slack);
  return {
    epsilon: epsilon * Math.sqrt(2 * count * Math.log(1 / slack)) + count * epsilon * Math.expm1(epsilon),
    delta: count * delta + slack,
  };
}

/**
 * The smallest noise multiplier σ / sensitivity with which k Gaussian releases of the same records together keep within
 * (ε, δ): √k times that of one. Exact.
 *
 * @throws {RangeError} If a setting is out of range.
 * @see Dong, Roth & Su, arXiv 1905.02383, Corollary 3.3.
 */
export function gaussianNoiseMultiplier(
  { epsilon, delta, count = 1 }: { epsilon: number; delta: number; count?: number },
): number {
  requireEpsilon("gaussianNoiseMultiplier", epsilon);
  requireDelta("gaussianNoiseMultiplier", delta);
  requireInteger("gaussianNoiseMultiplier", "count", count, 1);
  return Math.sqrt(count) * analyticGaussianSigma({ epsilon, delta, sensitivity: 1 });
}
