import type { Rng } from "../../random";
import { gaussianNoiseMultiplier } from "../accounting/composition";
import type { PrivacyEvent } from "../accounting/events";
import { gdpExponentialEpsilon } from "../accounting/exponential-gdp";
import { gaussianRho, zcdpSigma } from "../accounting/rdp";
import { exactExponentialMechanism, exponentialMechanism } from "../mechanisms/exponential";
import { discreteGaussianNoise, MOST_SIGMA } from "../mechanisms/exact-draws";
import { addGaussianNoise } from "../mechanisms/gaussian-mechanism";
import type { NoiseKind } from "../mechanisms/whole-vectors";
import type { Candidate } from "./marginal";

/** Noise on counts, where a row is in one cell, and what it costs. */
export interface TableNoise {
  /** Standard deviation for a part of the budget, measured as μ² or ρ, both of which add up. */
  sigma(share: number): number;
  /** What a budget is to be told of noise of this deviation. */
  event(sigma: number): PrivacyEvent;
  /** Whole counts with noise. */
  noised(counts: ArrayLike<number>, sigma: number): Float64Array;
  /**
   * How much more than `sigma` times a normal quantile a count needs for the chance of that quantile to hold: noise on
   * whole numbers may be up to one larger.
   */
  readonly step: 0 | 1;
  /** Position of a candidate, at the cost of noise of this deviation. */
  choose(candidates: readonly { candidate: Candidate; counts: Float64Array }[], sigma: number): number;
}

const NEIGHBORS = "add-remove";

/** Normal numbers in floating point; exact Gaussian accounting. */
function normalNoise({ epsilon, delta }: { epsilon: number; delta: number }, rng: Rng): TableNoise {
  const whole = gaussianNoiseMultiplier({ epsilon, delta });
  return {
    step: 0,
    sigma: (share) => whole / Math.sqrt(share),
    event: (sigma) => ({ kind: "gaussian", noiseMultiplier: sigma }),
    noised: (counts, sigma) => addGaussianNoise(counts, { sigma, rng }),
    choose(candidates, sigma) {
      const scores = candidates.map(({ candidate: { expected, weight, penalty }, counts }) => {
        let distance = 0;
        for (let i = 0; i < counts.length; i++) distance += Math.abs(counts[i] - expected[i]);
        return weight * (distance - penalty);
      });
      const sensitivity = candidates.reduce((most, { candidate: { weight } }) => Math.max(most, weight), 0);
      const options = { epsilon: gdpExponentialEpsilon({ mu: 1 / sigma }), sensitivity, neighbors: NEIGHBORS } as const;
      return exponentialMechanism(scores, { ...options, rng });
    },
  };
}

/** Deviations are multiples of one over this, which keeps the fractions short that are drawn from. */
const FINENESS = 4096;
/** What is expected of a cell is rounded to one over this many rows, so that scores are whole numbers. */
const UNITS = 1024;

/**
 * A score in whole numbers, `UNITS` a row. Expected counts are rounded before they meet the rows, so a row moves it by
 * exactly `weight · UNITS` at most.
 */
function wholeScore({ expected, weight, penalty }: Candidate, counts: Float64Array): number {
  let distance = -Math.round(UNITS * penalty);
  for (let i = 0; i < counts.length; i++) distance += Math.abs(UNITS * counts[i] - Math.round(UNITS * expected[i]));
  return weight * distance;
}

/**
 * Whole numbers drawn exactly, without floating point between a row and what is released; zero-concentrated accounting.
 *
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010; Cesar & Rogers, arXiv 2004.07223, for the choices.
 */
function discreteNoise(guarantee: { epsilon: number; delta: number }, rng: Rng): TableNoise {
  const whole = zcdpSigma({ ...guarantee, sensitivity: 1 });
  return {
    step: 1,
    sigma: (share) => Math.ceil((FINENESS * whole) / Math.sqrt(share)) / FINENESS,
    event(sigma) {
      if (sigma > MOST_SIGMA)
        throw new RangeError("syntheticTable: epsilon must be larger for discrete noise, got "
          + `${Number(guarantee.epsilon.toPrecision(4))}: that would take a sigma of ${sigma.toPrecision(3)}, and at `
          + `most ${MOST_SIGMA} can be drawn`);
      return { kind: "zcdp", rho: gaussianRho({ sigma, sensitivity: 1 }) };
    },
    noised: (counts, sigma) => Float64Array.from(counts, (count) => count + discreteGaussianNoise(sigma, rng)),
    choose(candidates, sigma) {
      const scores = candidates.map(({ candidate, counts }) => wholeScore(candidate, counts));
      const sensitivity = UNITS * candidates.reduce((most, { candidate: { weight } }) => Math.max(most, weight), 0);
      // An ε-private choice of bounded range has ρ = ε² / 8; rounded down.
      const choice = Math.sqrt(8 * gaussianRho({ sigma, sensitivity: 1 })) * (1 - 1e-12);
      return exactExponentialMechanism(scores, { epsilon: choice, sensitivity, neighbors: NEIGHBORS, rng });
    },
  };
}

/** @param guarantee What all noise together may cost. */
export function tableNoise(
  kind: NoiseKind, guarantee: { epsilon: number; delta: number }, rng: Rng,
): TableNoise {
  return kind === "normal" ? normalNoise(guarantee, rng) : discreteNoise(guarantee, rng);
}
