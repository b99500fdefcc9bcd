import type { Rng } from "../../random";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import { gaussianNoiseMultiplier } from "../accounting/composition";
import { dpSgdNoiseMultiplier } from "../accounting/dp-sgd";
import { zcdpSigma } from "../accounting/rdp";
import type { NoiseKind } from "../mechanisms/whole-vectors";
import { requireDelta, requireEpsilon } from "../parameters";

/** How long a private training run is, and what it may cost. */
export interface PrivateRun {
  /** What the finished model costs each record, above 0; neighbours differ by one record there or not. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** Gradient steps. */
  steps: number;
  /** Each record's own chance to be in a step's batch, in (0, 1]; 1 takes all records at every step. */
  samplingRate: number;
}

/**
 * The noise multiplier a run needs: exact for full batches, by privacy-loss distributions for sampled ones, by
 * zero-concentrated privacy for full batches with discrete noise.
 *
 * @throws {RangeError} If a setting is out of range.
 */
export function runNoiseMultiplier(
  fn: string, { epsilon, delta, steps, samplingRate, noise = "normal" }: PrivateRun & { noise?: NoiseKind },
): number {
  requireEpsilon(fn, epsilon);
  requireDelta(fn, delta);
  requireInteger(fn, "steps", steps, 1);
  requirePositive(fn, "samplingRate", samplingRate);
  requireInRange(fn, "samplingRate", samplingRate, 0, 1);
  if (noise === "discrete") return zcdpSigma({ epsilon, delta, sensitivity: Math.sqrt(steps) }) * (1 + 1e-15);
  return samplingRate === 1
    ? gaussianNoiseMultiplier({ epsilon, delta, count: steps })
    : dpSgdNoiseMultiplier({ epsilon, delta, samplingRate, steps });
}

/** Positions in [0, n), each drawn by itself with the given chance (Poisson sampling), ascending. */
export function poissonBatch(n: number, samplingRate: number, rng: Rng): Int32Array {
  const drawn: number[] = [];
  for (let i = 0; i < n; i++) if (samplingRate === 1 || rng.uniform() < samplingRate) drawn.push(i);
  return Int32Array.from(drawn);
}
