import { decimalSum } from "../../math/decimal";
import { requireInRange, requireInteger } from "../../validate";
import { requireDelta, requireEpsilon } from "../parameters";
import { lossesDelta, lossesEpsilon } from "./composed-losses";
import { haveLosses, isGaussian, requireEvents, type PrivacyEvent, type SubsampledGaussian } from "./events";
import { analyticGaussianSigma, gaussianDelta, gaussianEpsilon } from "./gaussian";
import { inverseLogMixture, logMixture } from "./loss-laws";
import { roundedUp, zcdpDelta, zcdpEpsilon } from "./rdp";

/** Several mechanisms as one Gaussian and one guarantee, neither of which is ever better than what it stands for. */
interface Simplified {
  /** μ of all Gaussians together, the sampled ones as if every record took part; 0 if there is none. */
  mu: number;
  /** ρ of all zero-concentrated mechanisms together, the Gaussians among them; 0 if there are Gaussians only. */
  rho: number;
  /** Sum of the others' ε; Infinity where it is no double. */
  epsilon: number;
  /** Sum of the others' δ. */
  delta: number;
}

/** Squares below are no longer exact. */
const SMALLEST_SQUARE = 1e-290;

/** The root of the sum of squares; where these are too small for doubles, a bound above it. */
function lengthOf(values: readonly number[]): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  return squares >= SMALLEST_SQUARE ? Math.sqrt(squares)
    : values.reduce((most, value) => Math.max(most, value), 0) * Math.sqrt(values.length);
}

function simplified(events: readonly PrivacyEvent[]): Simplified {
  const gaussians = events.filter((event) => event.kind === "gaussian" || event.kind === "subsampled-gaussian");
  const others = events.filter((event) => event.kind === "guarantee" || event.kind === "laplace");
  const concentrated = events.filter((event) => event.kind === "zcdp");
  const count = ({ count: runs = 1 }: PrivacyEvent): number => runs;
  const mus = gaussians.map((event) => Math.sqrt(count(event)) / event.noiseMultiplier);
  const alone = gaussians.length === 1 && count(gaussians[0]) === 1;
  const mu = lengthOf(mus) * (1 + 2 * Number.EPSILON * (2 + mus.length));
  const rho = concentrated.reduce((sum, event) => sum + count(event) * event.rho, (mu * mu) / 2)
    * (1 + Number.EPSILON * (4 + concentrated.length)) + Number.MIN_VALUE * (1 + concentrated.length);
  const losses = others.map((event) => (
    { value: event.kind === "guarantee" ? event.epsilon : 1 / event.noiseMultiplier, count: count(event) }));
  return {
    mu: alone ? mus[0] : mu,
    rho: concentrated.length ? rho : 0,
    epsilon: losses.every(({ value }) => value < Infinity) ? decimalSum(losses) : Infinity,
    delta: decimalSum(others.map((event) => (
      { value: event.kind === "guarantee" ? event.delta : 0, count: count(event) }))),
  };
}

/** ε at δ by adding up: exact for Gaussians alone and for pure guarantees, an upper bound for all. */
function addedEpsilon({ mu, rho, epsilon, delta: spent }: Simplified, delta: number): number {
  if (!(spent <= delta) || !(mu + rho + epsilon < Infinity)) return Infinity;
  if (mu === 0 && rho === 0) return epsilon;
  const left = spent === 0 ? delta : (delta - spent) * (1 - 4 * Number.EPSILON);
  if (!(left > 0)) return Infinity;
  const noise = rho ? zcdpEpsilon({ rho, delta: left }) * (1 + 16 * Number.EPSILON)
    : gaussianEpsilon({ sigma: 1, sensitivity: mu, delta: left });
  return epsilon === 0 ? noise : (epsilon + noise) * (1 + Number.EPSILON);
}

function addedDelta({ mu, rho, epsilon: spent, delta }: Simplified, epsilon: number): number {
  if (!(spent <= epsilon) || !(mu + rho < Infinity)) return 1;
  if (mu === 0 && rho === 0) return delta;
  const left = spent ? (epsilon - spent) * (1 - Number.EPSILON) : epsilon;
  const noise = rho ? zcdpDelta({ rho, epsilon: left }) : gaussianDelta({ sigma: 1, sensitivity: mu, epsilon: left });
  return delta ? roundedUp(delta + noise) : noise;
}

/** ε at δ of one Gaussian on one Poisson sample. Balle, Barthe & Gaboardi, arXiv 1807.01647, Theorem 8. */
function sampledOnceEpsilon({ noiseMultiplier, samplingRate }: SubsampledGaussian, delta: number): number {
  if (delta >= samplingRate) return 0;
  const share = (delta / samplingRate) * (1 - Number.EPSILON);
  const epsilon = gaussianEpsilon({ sigma: noiseMultiplier, sensitivity: 1, delta: share });
  return logMixture(samplingRate, epsilon) * (1 + 8 * Number.EPSILON);
}

function sampledOnceDelta({ noiseMultiplier, samplingRate }: SubsampledGaussian, epsilon: number): number {
  const whole = inverseLogMixture(samplingRate, epsilon) * (1 - 8 * Number.EPSILON);
  return roundedUp(samplingRate * gaussianDelta({ sigma: noiseMultiplier, sensitivity: 1, epsilon: whole }));
}

/** The smallest of several upper bounds; throws where rounding has left none. */
function least(fn: string, bounds: readonly number[]): number {
  const smallest = bounds.reduce((low, bound) => (bound < low ? bound : low), Infinity);
  if (!bounds.includes(smallest)) throw new RangeError(`${fn}: no upper bound could be computed for these events`);
  return smallest;
}

/**
 * The ε at δ of several mechanisms run on the same records, never below the exact value. Exact for Gaussians alone, and
 * for pure guarantees at most their sum; mixtures by their privacy-loss distributions, above the exact value by far
 * less than a thousandth. With a zero-concentrated mechanism among them, Gaussians count by their ρ and guarantees are
 * added: some per cent above.
 *
 * @returns Infinity if no finite ε holds at this δ.
 * @throws {RangeError} If there is no event or a setting is out of range.
 * @see Dong, Roth & Su, arXiv 1905.02383, for Gaussians; Koskela, Jälkö & Honkela, arXiv 1906.03049, and Doroshenko et
 * al., arXiv 2207.04380, for mixtures.
 * @example
 * composedEpsilon([{ kind: "gaussian", noiseMultiplier: 4, count: 20 }], { delta: 1e-5 }); // 4.983306
 */
export function composedEpsilon(events: readonly PrivacyEvent[], { delta }: { delta: number }): number {
  requireEvents("composedEpsilon", events);
  requireDelta("composedEpsilon", delta);
  const added = addedEpsilon(simplified(events), delta);
  const [first] = events;
  if (events.every(isGaussian) || !haveLosses(events)) return added;
  if (events.length === 1 && first.kind === "subsampled-gaussian" && (first.count ?? 1) === 1)
    return least("composedEpsilon", [added, sampledOnceEpsilon(first, delta)]);
  return least("composedEpsilon", [added, lossesEpsilon(events, delta)]);
}

/**
 * The δ at ε of several mechanisms run on the same records, never below the exact value.
 *
 * @throws {RangeError} If there is no event or a setting is out of range.
 * @example
 * composedDelta([{ kind: "gaussian", noiseMultiplier: 4, count: 20 }], { epsilon: 5 }); // 9.377e-6
 */
export function composedDelta(events: readonly PrivacyEvent[], { epsilon }: { epsilon: number }): number {
  requireEvents("composedDelta", events);
  requireInRange("composedDelta", "epsilon", epsilon, 0, Number.MAX_VALUE);
  const added = Math.min(1, addedDelta(simplified(events), epsilon));
  const [first] = events;
  if (events.every(isGaussian) || !haveLosses(events)) return added;
  if (events.length === 1 && first.kind === "subsampled-gaussian" && (first.count ?? 1) === 1)
    return least("composedDelta", [added, sampledOnceDelta(first, epsilon)]);
  return least("composedDelta", [added, lossesDelta(events, epsilon)]);
}

/**
 * ε and δ of several mechanisms by basic composition: they add up, as decimals. Simple, always true, far from tight.
 *
 * @throws {RangeError} If an ε is not above 0 or a δ is not in [0, 1].
 * @see Dwork & Roth, The Algorithmic Foundations of Differential Privacy, Theorem 3.16.
 * @example
 * basicComposition([{ epsilon: 0.1, delta: 0 }, { epsilon: 0.2, delta: 1e-6 }]); // { epsilon: 0.3, delta: 0.000001 }
 */
export function basicComposition(
  guarantees: readonly { epsilon: number; delta: number }[],
): { epsilon: number; delta: number } {
  for (const { epsilon, delta } of guarantees) {
    requireEpsilon("basicComposition", epsilon);
    requireInRange("basicComposition", "delta", delta, 0, 1);
  }
  return {
    epsilon: decimalSum(guarantees.map(({ epsilon }) => ({ value: epsilon }))),
    delta: decimalSum(guarantees.map(({ delta }) => ({ value: delta }))),
  };
}

/**
 * The ε at δ of k runs of an (ε₀, δ₀) mechanism by advanced composition: ε₀ √(2k ln(1/δ′)) + k ε₀ (e^ε₀ − 1).
 *
 * @param guarantee One run's ε₀ and δ₀.
 * @returns ε for δ = k δ₀ + slack.
 * @throws {RangeError} If a setting is out of range.
 * @see Dwork & Roth, The Algorithmic Foundations of Differential Privacy, Theorem 3.20.
 * @example
 * advancedComposition({ epsilon: 0.1, delta: 0 }, { count: 100, slack: 1e-6 }).epsilon; // 6.30823
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
 * (ε, δ): √k times that of one. Exact, rounded up.
 *
 * @throws {RangeError} If a setting is out of range.
 * @see Dong, Roth & Su, arXiv 1905.02383, Corollary 3.3.
 * @example
 * gaussianNoiseMultiplier({ epsilon: 1, delta: 1e-5, count: 4 }); // 7.46126
 */
export function gaussianNoiseMultiplier(
  { epsilon, delta, count = 1 }: { epsilon: number; delta: number; count?: number },
): number {
  requireEpsilon("gaussianNoiseMultiplier", epsilon);
  requireDelta("gaussianNoiseMultiplier", delta);
  requireInteger("gaussianNoiseMultiplier", "count", count, 1);
  let noiseMultiplier = Math.sqrt(count) * analyticGaussianSigma({ epsilon, delta, sensitivity: 1 });
  while (!(composedEpsilon([{ kind: "gaussian", noiseMultiplier, count }], { delta }) <= epsilon))
    noiseMultiplier *= 1 + Number.EPSILON;
  return noiseMultiplier;
}
