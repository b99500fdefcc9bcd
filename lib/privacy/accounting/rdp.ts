import { requireInRange, requireInteger, requirePositive, requireSameLength } from "../../validate";
import { requireDelta } from "../parameters";
import { requireSubsampledGaussian, type SubsampledGaussian } from "./events";
import { logMixture } from "./loss-laws";
import { bisect } from "../../math/bisect";
import { goldenSection } from "../../math/golden-section";
import { logSumExp } from "../../math/log-sum-exp";
import { logGamma } from "../../math/gamma";
import { logNormalDensity } from "../../math/normal";

/**
 * The Rényi orders at which curves are evaluated when none are named: 1.1, 1.2, …, 10.9, 11, …, 63, 128, 256, 512,
 * 1024.
 */
export const defaultRdpOrders: readonly number[] = [
  ...Array.from({ length: 99 }, (_, i) => 1 + (i + 1) / 10),
  ...Array.from({ length: 53 }, (_, i) => 11 + i),
  128, 256, 512, 1024,
];

/** Most terms of one quadrature; where more were needed, whole orders bound the ones between. */
const MOST_TERMS = 2 ** 15;

/** log E[(p/q)^order] of one step at a whole order, by its binomial sum. Mironov, Talwar & Zhang, §3.3. */
function logMomentAtWhole({ noiseMultiplier: sigma, samplingRate: q }: SubsampledGaussian, order: number): number {
  const terms = new Float64Array(order + 1);
  for (let k = 0; k <= order; k++) {
    const logChoose = logGamma(order + 1) - logGamma(k + 1) - logGamma(order - k + 1);
    const cost = k < 2 ? 0 : (k * (k - 1)) / (2 * sigma * sigma);
    terms[k] = logChoose + (order - k) * Math.log1p(-q) + k * Math.log(q) + cost;
  }
  return logSumExp(terms);
}

/** The same at any order by the trapezoid rule, which converges exponentially for this analytic integrand. */
function logMomentByQuadrature({ noiseMultiplier: sigma, samplingRate: q }: SubsampledGaussian, order: number,
  { step, low, count }: { step: number; low: number; count: number }): number {
  const terms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const x = low + i * step;
    terms[i] = logNormalDensity(x / sigma) + order * logMixture(q, (2 * x - 1) / (2 * sigma * sigma));
  }
  return logSumExp(terms) + Math.log(step / sigma);
}

/**
 * The Rényi divergence of order α of one Poisson-subsampled Gaussian step between data sets that differ by one record
 * there or not; α / (2 σ²) when every record takes part.
 *
 * @param order α, above 1; need not be whole. Where the noise is so small that quadrature would be long, an order
 * between two whole ones gets an upper bound, for (α − 1) times the divergence is convex in α.
 * @throws {RangeError} If a setting is out of range.
 * @see Mironov, Talwar & Zhang, arXiv 1908.10530, §3: whole orders as there, others by quadrature in place of series.
 * @example
 * subsampledGaussianRdp({ noiseMultiplier: 1, samplingRate: 0.1, order: 2 }); // 0.0170369
 */
export function subsampledGaussianRdp(settings: SubsampledGaussian & { order: number }): number {
  const { noiseMultiplier: sigma, samplingRate: q, order } = settings;
  requireSubsampledGaussian("subsampledGaussianRdp", settings);
  requireOrder("subsampledGaussianRdp", order);
  if (q === 1) return order / (2 * sigma * sigma);
  const step = Math.min(sigma, sigma * sigma) / 16;
  const low = -40 * sigma;
  const count = Math.ceil((order + 40 * sigma - low) / step);
  const below = Math.floor(order);
  if (count > MOST_TERMS && !(order <= MOST_TERMS)) return order / (2 * sigma * sigma);
  const whole = (at: number): number => (at === 1 ? 0 : logMomentAtWhole(settings, at));
  const log = order === below ? whole(order)
    : count <= MOST_TERMS ? logMomentByQuadrature(settings, order, { step, low, count })
      : whole(below) + (order - below) * (whole(below + 1) - whole(below));
  // Not a number only where infinite moments are subtracted.
  return Number.isNaN(log) ? Infinity : Math.max(0, log / (order - 1));
}

function requireOrder(fn: string, order: number): void {
  if (!(order > 1 && order < Infinity))
    throw new RangeError(`${fn}: order must be a finite number above 1, got ${order}`);
}

/** More than each term below can miss by rounding, as a share of its size. */
const ROUNDING = 8 * Number.EPSILON;

/**
 * The ε that a bound on the Rényi divergence at one order gives at δ, rounded up.
 *
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Proposition 12.
 */
function epsilonAtOrder(order: number, divergence: number, delta: number): number {
  if (delta * delta * (1 - ROUNDING) + Math.expm1(-divergence) > 0) return 0;
  // δ · order would lose the digits of a δ that is hardly above 0.
  const surprise = -Math.log(delta) - Math.log(order);
  const size = divergence + (2 + Math.log(order) - Math.log(delta)) / (order - 1);
  return divergence + Math.log1p(-1 / order) + surprise / (order - 1) + ROUNDING * size;
}

/** Rényi divergences at several orders; those of independent steps add up order by order. */
export interface RdpCurve {
  /** Above 1. */
  orders: ArrayLike<number>;
  /** At least 0, one for each order. */
  divergences: ArrayLike<number>;
}

/**
 * The smallest ε at δ that a Rényi curve proves, over its orders.
 *
 * @throws {RangeError} If lengths differ, a divergence is negative, an order is not above 1, or delta is not in (0, 1).
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Proposition 12.
 * @example
 * rdpEpsilon({ orders: [2, 4, 8], divergences: [0.02, 0.04, 0.08] }, { delta: 1e-5 }); // 1.29411
 */
export function rdpEpsilon({ orders, divergences }: RdpCurve, { delta }: { delta: number }): number {
  requireDelta("rdpEpsilon", delta);
  requireSameLength("rdpEpsilon", "orders", orders.length, "divergences", divergences.length);
  let best = Infinity;
  for (let i = 0; i < orders.length; i++) {
    requireInRange("rdpEpsilon", "divergence", divergences[i], 0, Infinity);
    requireOrder("rdpEpsilon", orders[i]);
    best = Math.min(best, epsilonAtOrder(orders[i], divergences[i], delta));
  }
  return Math.max(0, best);
}

/**
 * The ε of DP-SGD by Rényi accounting: quick, and a little above the exact value (see `dpSgdEpsilon` for the tight
 * one).
 *
 * @throws {RangeError} If a setting is out of range.
 * @see Mironov, Talwar & Zhang, arXiv 1908.10530.
 * @example
 * dpSgdRdpEpsilon({ noiseMultiplier: 1.1, samplingRate: 0.01, steps: 1000, delta: 1e-5 }); // 1.71177
 */
export function dpSgdRdpEpsilon(settings: SubsampledGaussian & { steps: number; delta: number }): number {
  requireInteger("dpSgdRdpEpsilon", "steps", settings.steps, 1);
  const divergences = defaultRdpOrders.map((order) => settings.steps * subsampledGaussianRdp({ ...settings, order }));
  return rdpEpsilon({ orders: defaultRdpOrders, divergences }, settings);
}

/**
 * ρ of zero-concentrated differential privacy for Gaussian or discrete Gaussian noise: sensitivity² / (2 σ²).
 * The ρ of several mechanisms add up.
 *
 * @throws {RangeError} If sigma or sensitivity is not above 0.
 * @see Bun & Steinke, arXiv 1605.02065, Proposition 1.6.
 * @example
 * gaussianRho({ sigma: 4, sensitivity: 1 }); // 0.03125
 */
export function gaussianRho({ sigma, sensitivity }: { sigma: number; sensitivity: number }): number {
  requirePositive("gaussianRho", "sigma", sigma);
  requirePositive("gaussianRho", "sensitivity", sensitivity);
  return Math.max(Number.MIN_VALUE, (sensitivity / sigma) ** 2 / 2);
}

/** Logarithms of the smallest and the greatest order less 1 that zero-concentrated accounting looks at. */
const [LEAST_ORDER, GREATEST_ORDER] = [Math.log(1e-6), Math.log(1e30)];

/**
 * The ε at δ of ρ-zero-concentrated differential privacy, over all orders.
 *
 * @throws {RangeError} If rho is not above 0 or delta is not in (0, 1).
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Proposition 12 and Corollary 13.
 * @example
 * zcdpEpsilon({ rho: 0.5, delta: 1e-5 }); // 4.72839
 */
export function zcdpEpsilon({ rho, delta }: { rho: number; delta: number }): number {
  requirePositive("zcdpEpsilon", "rho", rho);
  requireDelta("zcdpEpsilon", delta);
  const at = (logExcess: number): number => {
    const order = 1 + Math.exp(logExcess);
    return epsilonAtOrder(order, rho * order, delta);
  };
  return Math.max(0, goldenSection(at, LEAST_ORDER, GREATEST_ORDER).value);
}

/**
 * The δ at ε of ρ-zero-concentrated differential privacy, over all orders.
 *
 * @param settings.rho Above 0.
 * @param settings.epsilon At least 0.
 * @returns In (0, 1].
 * @throws {RangeError} If a setting is out of range.
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Corollary 13.
 * @example
 * zcdpDelta({ rho: 0.5, epsilon: 4.72839 }); // 1e-5
 */
export function zcdpDelta({ rho, epsilon }: { rho: number; epsilon: number }): number {
  requirePositive("zcdpDelta", "rho", rho);
  requireInRange("zcdpDelta", "epsilon", epsilon, 0, Number.MAX_VALUE);
  const at = (logExcess: number): number => {
    const order = 1 + Math.exp(logExcess);
    const cost = rho * order;
    const rounding = ROUNDING * (cost + epsilon + (2 + Math.log(order)) / (order - 1));
    return (order - 1) * (cost + Math.log1p(-1 / order) - epsilon + rounding) - Math.log(order);
  };
  return roundedUp(Math.exp(goldenSection(at, LEAST_ORDER, GREATEST_ORDER).value));
}

/** A little above a δ that was computed, and never 0: below the smallest double there is more to come. */
export const roundedUp = (delta: number): number => Math.min(1, delta * (1 + ROUNDING) + Number.MIN_VALUE);

/**
 * The σ of Gaussian or discrete Gaussian noise at which zero-concentrated accounting gives ε at δ, rounded up.
 *
 * @throws {RangeError} If no σ between sensitivity · e⁻²⁰ and sensitivity · e⁴⁰ does.
 */
export function zcdpSigma(
  { epsilon, delta, sensitivity }: { epsilon: number; delta: number; sensitivity: number },
): number {
  const left = (x: number): number =>
    epsilon - zcdpEpsilon({ rho: gaussianRho({ sigma: Math.exp(x), sensitivity }) * (1 + ROUNDING), delta });
  const middle = Math.log(sensitivity);
  const found = bisect(left, middle - 20, middle + 40);
  if (!(left(found) >= 0))
    throw new RangeError(`zcdpSigma: epsilon must be larger for delta ${delta}, got ${epsilon}`);
  return Math.exp(found);
}

/**
 * The looser, closed ε of zero-concentrated differential privacy: ρ + 2 √(ρ ln(1/δ)).
 *
 * @throws {RangeError} If rho is not above 0 or delta is not in (0, 1).
 * @see Bun & Steinke, arXiv 1605.02065, Proposition 1.3.
 * @example
 * zcdpEpsilonClosed({ rho: 0.5, delta: 1e-5 }); // 5.29853
 */
export function zcdpEpsilonClosed({ rho, delta }: { rho: number; delta: number }): number {
  requirePositive("zcdpEpsilonClosed", "rho", rho);
  requireDelta("zcdpEpsilonClosed", delta);
  return rho + 2 * Math.sqrt(rho * Math.log(1 / delta));
}
