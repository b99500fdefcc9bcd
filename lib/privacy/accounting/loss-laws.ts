import { millsRatio } from "../../math/normal";
import type { LossEvent, SubsampledGaussian } from "./events";

/** The smaller of the two sides that a loss divides a mechanism's answers into. */
export interface Side {
  /** True for the answers of a larger loss, false for those of at most this loss. */
  upper: boolean;
  mass: number;
}

/** What a loss divides: under the first data set, and under the second with its mass times e^loss. */
export interface Division {
  first: Side;
  second: Side;
}

/** How a mechanism's privacy loss is spread, when the data are the first of two neighbouring sets. */
export interface LossLaw {
  /** Losses of at most this are as rare as asked for. */
  low: number;
  /** Losses above this are as rare as asked for, or don't occur. */
  high: number;
  /** Variance of the loss. */
  variance: number;
  divide(loss: number): Division;
}

/** Which of two neighbours the data are: the one with the record (it is removed), or the one without. */
export type Direction = "removal" | "addition";

/** How far out, in standard deviations, a normal tail has at most this mass. */
export const normalCut = (tail: number): number => Math.sqrt(-2 * Math.log(tail));

/** log(1 − q + q e^t), exact also where it is near 0. */
export function logMixture(q: number, t: number): number {
  if (q === 1) return t;
  if (t > 30) return t + Math.log(q + (1 - q) * Math.exp(-t));
  return t < -0.5 ? Math.log(1 - q + q * Math.exp(t)) : Math.log1p(q * Math.expm1(t));
}

/** The t whose `logMixture` is the given number; −Infinity if there is none. */
export function inverseLogMixture(q: number, ratio: number): number {
  if (q === 1) return ratio;
  if (ratio > 1) return ratio + Math.log1p(-(1 - q) * Math.exp(-ratio)) - Math.log(q);
  const share = ratio < -0.5 ? (Math.exp(ratio) - 1 + q) / q - 1 : Math.expm1(ratio) / q;
  return share <= -1 ? -Infinity : Math.log1p(share);
}

/** Mean of a function of a standard normal number, to a few digits. */
function normalMean(f: (z: number) => number): number {
  let sum = 0;
  let weights = 0;
  for (let z = -8; z <= 8; z += 0.125) {
    const weight = Math.exp(-0.5 * z * z);
    sum += weight * f(z);
    weights += weight;
  }
  return sum / weights;
}

const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** Both sides of a normal distribution at z, its density there, and Mills' ratio of the smaller side. */
function normalSides(z: number): { density: number; mills: number; below: number; above: number } {
  const density = Math.exp(-0.5 * z * z) / SQRT_2PI;
  const mills = millsRatio(Math.min(1e9, Math.abs(z)));
  const side = density * mills;
  return z > 0 ? { density, mills, below: 1 - side, above: side } : { density, mills, below: side, above: 1 - side };
}

const smaller = (below: number, above: number): Side =>
  (above <= below ? { upper: true, mass: above } : { upper: false, mass: below });

/**
 * The loss of a Gaussian on a Poisson sample; a sampling rate of 1 is the plain Gaussian. Without the record the answer
 * is N(0, σ²), with it a mixture of that and N(1, σ²), and the loss at an answer is the log-ratio of the two densities:
 * so e^loss times one density is the other, and no term overflows.
 */
function gaussianLaw({ noiseMultiplier: sigma, samplingRate: q }: SubsampledGaussian, direction: Direction,
  tail: number): LossLaw {
  const removal = direction === "removal";
  const cut = normalCut(tail);
  const ratioAt = (x: number): number => logMixture(q, (2 * x - 1) / (2 * sigma * sigma));
  const moment = (power: number): number => {
    const around = (center: number): number => normalMean((z) => ratioAt(center + sigma * z) ** power);
    return removal ? (q < 1 ? (1 - q) * around(0) : 0) + q * around(1) : around(0);
  };
  const top = ratioAt((removal ? 1 : 0) + cut * sigma);
  const bottom = ratioAt((removal && q === 1 ? 1 : 0) - cut * sigma);
  return {
    low: removal ? bottom : -top,
    high: removal ? top : -bottom,
    variance: Math.max(moment(2) - moment(1) ** 2, 0),
    divide(loss) {
      const x = sigma * sigma * inverseLogMixture(q, removal ? loss : -loss) + 0.5;
      const without = normalSides(x / sigma);
      const shifted = normalSides((x - 1) / sigma);
      const below = (1 - q) * without.below + q * shifted.below;
      const above = (1 - q) * without.above + q * shifted.above;
      if (removal) {
        const density = (1 - q) * without.density + q * shifted.density;
        return { first: smaller(below, above), second: { upper: x > 0, mass: density * without.mills } };
      }
      const { upper, mass } = smaller(above, below);
      return { first: smaller(without.above, without.below), second: { upper, mass: Math.exp(loss) * mass } };
    },
  };
}

/** The loss of Laplace noise on one number: half of it is ε, the rest falls off exponentially down to −ε. */
function laplaceLaw(noiseMultiplier: number, tail: number): LossLaw {
  const epsilon = 1 / noiseMultiplier;
  const none = (upper: boolean): Division => ({ first: { upper, mass: 0 }, second: { upper, mass: 0 } });
  const gap = -Math.expm1(-epsilon);
  return {
    low: Math.max(-epsilon, epsilon + 2 * Math.log(2 * tail)),
    high: epsilon,
    variance: epsilon < 1e-3 ? epsilon ** 2 : 4 - 4 * Math.exp(-epsilon) * (1 + epsilon) - gap * gap,
    divide(loss) {
      if (loss < -epsilon) return none(false);
      if (loss >= epsilon) return none(true);
      const mass = 0.5 * Math.exp((loss - epsilon) / 2);
      return { first: { upper: false, mass }, second: { upper: true, mass } };
    },
  };
}

/** The spread of an event's loss, or null for a guarantee, whose loss has two values only. */
export function lossLaw(event: LossEvent, { direction, tail }: { direction: Direction; tail: number }):
  LossLaw | null {
  if (event.kind === "guarantee") return null;
  if (event.kind === "laplace") return laplaceLaw(event.noiseMultiplier, tail);
  return gaussianLaw({ samplingRate: 1, ...event }, direction, tail);
}
