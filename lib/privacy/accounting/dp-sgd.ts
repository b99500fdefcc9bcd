import { requireInteger, requirePositive, requireInRange } from "../../validate";
import { requireDelta, requireEpsilon } from "../parameters";
import { lossesEpsilon } from "./composed-losses";
import { composedEpsilon, gaussianNoiseMultiplier } from "./composition";
import type { SubsampledGaussian } from "./events";

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

/** Relative width of the result. */
const RESOLUTION = 1e-4;

/** A function of the logarithm of the noise that falls: log(ε / target). */
type Excess = (logNoise: number) => number;

/**
 * Where a falling function crosses zero, by regula falsi with halved weights (Illinois), to a tolerance.
 *
 * @param high Where it is not above 0.
 */
function crossDown(excess: Excess, guess: number, high: number, tolerance: number): { at: number; slope: number } {
  let low = Math.min(guess, high);
  let atLow = excess(low);
  let atHigh = NaN;
  if (atLow <= 0) {
    [high, atHigh] = [low, atLow];
    for (let step = 0.1; !(atLow > 0) && low > -700; step *= 2) {
      if (atLow <= 0) [high, atHigh] = [low, atLow];
      low -= step;
      atLow = excess(low);
    }
  } else {
    const top = high;
    for (let step = 0.1; !(atHigh <= 0); step *= 2) {
      if (Number.isFinite(atHigh)) [low, atLow] = [high, atHigh];
      high = Math.min(top, low + step);
      atHigh = high === top ? Math.min(0, excess(high)) : excess(high);
    }
  }
  const slope = (atHigh - atLow) / (high - low);
  let side = 0;
  let [weightLow, weightHigh] = [atLow, atHigh];
  for (let i = 0; i < 60 && high - low > tolerance; i++) {
    const share = Number.isFinite(weightLow) && weightLow > weightHigh ? weightLow / (weightLow - weightHigh) : 0.5;
    const middle = low + (high - low) * Math.min(0.98, Math.max(0.02, share));
    const value = excess(middle);
    if (value <= 0) {
      [high, weightHigh] = [middle, value];
      if (side === 1) weightLow /= 2;
      side = 1;
    } else {
      [low, weightLow] = [middle, value];
      if (side === -1) weightHigh /= 2;
      side = -1;
    }
  }
  return { at: high, slope: Number.isFinite(slope) && slope < 0 ? slope : -1 };
}

/** Noise by the central limit of many sampled steps, as a first guess. Dong, Roth & Su, arXiv 1905.02383, §5. */
function limitNoise({ samplingRate, steps, mu }: { samplingRate: number; steps: number; mu: number }): number {
  return 1 / Math.sqrt(Math.log1p((mu / samplingRate) ** 2 / steps));
}

/**
 * The smallest noise multiplier with which a DP-SGD run keeps within (ε, δ), to a ten-thousandth, rounded up: found on
 * coarse grids, then proven on the fine ones of `dpSgdEpsilon`.
 *
 * @throws {RangeError} If a setting is out of range, or δ is not below the chance that a record is drawn at all: then
 * no noise is needed, and the guarantee says nothing to those who are drawn.
 * @example
 * dpSgdNoiseMultiplier({ epsilon: 2, delta: 1e-5, samplingRate: 0.02, steps: 300 }); // 1.0449
 */
export function dpSgdNoiseMultiplier(
  { epsilon, delta, samplingRate, steps }: { epsilon: number; delta: number; samplingRate: number; steps: number },
): number {
  const fn = "dpSgdNoiseMultiplier";
  requireEpsilon(fn, epsilon);
  requireDelta(fn, delta);
  requirePositive(fn, "samplingRate", samplingRate);
  requireInRange(fn, "samplingRate", samplingRate, 0, 1);
  requireInteger(fn, "steps", steps, 1);
  const enough = gaussianNoiseMultiplier({ epsilon, delta, count: steps });
  if (samplingRate === 1) return enough;
  const drawn = -Math.expm1(steps * Math.log1p(-samplingRate));
  if (delta >= drawn)
    throw new RangeError(`${fn}: delta must be below the chance that a record is ever drawn, ${drawn}, got ${delta}`);
  const run = { samplingRate, steps, delta };
  const fine: Excess = (log) => Math.log(dpSgdEpsilon({ ...run, noiseMultiplier: Math.exp(log) }) / epsilon);
  const event = { kind: "subsampled-gaussian", samplingRate, count: steps } as const;
  const coarse: Excess = steps === 1 ? fine : (log) =>
    Math.log(lossesEpsilon([{ ...event, noiseMultiplier: Math.exp(log) }], delta, { coarseness: 16 }) / epsilon);
  const most = Math.log(enough);
  const mu = Math.sqrt(steps) / enough;
  const guess = Math.log(limitNoise({ samplingRate, steps, mu }));
  const { at, slope } = crossDown(coarse, Math.min(guess, most), most, 0.2 * RESOLUTION);
  return Math.exp(refine(fine, { at, slope, most }));
}

/** From where the coarse grid crosses to where the fine one does: proven not above 0, by less than the resolution. */
function refine(fine: Excess, { at, slope, most }: { at: number; slope: number; most: number }): number {
  let proven = most;
  let log = Math.min(at, most);
  for (let i = 0; i < 12; i++) {
    const value = fine(log);
    if (value <= 0 && log <= proven) proven = log;
    const gap = value / -slope;
    if (value <= 0 && gap > -RESOLUTION) return proven;
    log = Math.min(most, log + (Number.isFinite(gap) ? gap : -0.1) + 0.4 * RESOLUTION);
  }
  return proven;
}
