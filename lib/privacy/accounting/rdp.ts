import { requireInRange, requireInteger, requirePositive, requireSameLength } from "../../validate";
import { requireDelta } from "../parameters";
import { goldenSection } from "../../math/golden-section";
import { logSumExp } from "../../math/log-sum-exp";
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

/** Noise and sampling of one DP-SGD step: each record joins the batch by its own coin (Poisson sampling). */
export interface SubsampledGaussian {
  /** Standard deviation of the noise over the clipping norm, above 0. */
  noiseMultiplier: number;
  /** Probability that a record joins the batch, in (0, 1]. */
  samplingRate: number;
}

/** Requires the settings of a subsampled Gaussian. */
export function requireSubsampledGaussian(fn: string, { noiseMultiplier, samplingRate }: SubsampledGaussian): void {
  requirePositive(fn, "noiseMultiplier", noiseMultiplier);
  requirePositive(fn, "samplingRate", samplingRate);
  requireInRange(fn, "samplingRate", samplingRate, 0, 1);
}

/**
 * The Rényi divergence of order α of one Poisson-subsampled Gaussian step between data sets that differ by one record
 * there or not; α / (2 σ²) when every record takes part.
 *
 * @param order α, above 1; need not be whole.
 * @throws {RangeError} If a setting is out of range.
 * @see Mironov, Talwar & Zhang, arXiv 1908.10530, §3: there by series, here by the trapezoid rule, which converges
 * exponentially for this analytic integrand and takes whole and fractional orders alike.
 */
export function subsampledGaussianRdp(settings: SubsampledGaussian & { order: number }): number {
  const { noiseMultiplier: sigma, samplingRate: q, order } = settings;
  requireSubsampledGaussian("subsampledGaussianRdp", settings);
  if (!(order > 1 && order < Infinity))
    throw new RangeError(`subsampledGaussianRdp: order must be a finite number above 1, got ${order}`);
  if (q === 1) return order / (2 * sigma * sigma);
  const step = Math.min(sigma, sigma * sigma) / 16;
  const low = -40 * sigma;
  const terms = new Float64Array(Math.ceil((order + 40 * sigma - low) / step));
  for (let i = 0; i < terms.length; i++) {
    const x = low + i * step;
    const ratio = Math.log(q) + (2 * x - 1) / (2 * sigma * sigma) - Math.log1p(-q);
    const logMixture = Math.log1p(-q) + (ratio > 30 ? ratio + Math.exp(-ratio) : Math.log1p(Math.exp(ratio)));
    terms[i] = logNormalDensity(x / sigma) + order * logMixture;
  }
  return Math.max(0, (logSumExp(terms) + Math.log(step / sigma)) / (order - 1));
}

/**
 * The ε that a bound on the Rényi divergence at one order gives at δ.
 *
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Proposition 12.
 */
function epsilonAtOrder(order: number, divergence: number, delta: number): number {
  if (delta * delta + Math.expm1(-divergence) > 0) return 0;
  return divergence + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1);
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
 */
export function rdpEpsilon({ orders, divergences }: RdpCurve, { delta }: { delta: number }): number {
  requireDelta("rdpEpsilon", delta);
  requireSameLength("rdpEpsilon", "orders", orders.length, "divergences", divergences.length);
  let best = Infinity;
  for (let i = 0; i < orders.length; i++) {
    requireInRange("rdpEpsilon", "divergence", divergences[i], 0, Infinity);
    if (!(orders[i] > 1)) throw new RangeError(`rdpEpsilon: order must be above 1, got ${orders[i]}`);
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
 */
export function gaussianRho({ sigma, sensitivity }: { sigma: number; sensitivity: number }): number {
  requirePositive("gaussianRho", "sigma", sigma);
  requirePositive("gaussianRho", "sensitivity", sensitivity);
  return (sensitivity / sigma) ** 2 / 2;
}

/**
 * The ε at δ of ρ-zero-concentrated differential privacy, over all orders.
 *
 * @throws {RangeError} If rho is not above 0 or delta is not in (0, 1).
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Proposition 12 and Corollary 13.
 */
export function zcdpEpsilon({ rho, delta }: { rho: number; delta: number }): number {
  requirePositive("zcdpEpsilon", "rho", rho);
  requireDelta("zcdpEpsilon", delta);
  const at = (logExcess: number): number => {
    const order = 1 + Math.exp(logExcess);
    return epsilonAtOrder(order, rho * order, delta);
  };
  return Math.max(0, goldenSection(at, Math.log(1e-6), Math.log(1e12)).value);
}

/**
 * The looser, closed ε of zero-concentrated differential privacy: ρ + 2 √(ρ ln(1/δ)).
 *
 * @throws {RangeError} If rho is not above 0 or delta is not in (0, 1).
 * @see Bun & Steinke, arXiv 1605.02065, Proposition 1.3.
 */
export function zcdpEpsilonClosed({ rho, delta }: { rho: number; delta: number }): number {
  requirePositive("zcdpEpsilonClosed", "rho", rho);
  requireDelta("zcdpEpsilonClosed", delta);
  return rho + 2 * Math.sqrt(rho * Math.log(1 / delta));
}
