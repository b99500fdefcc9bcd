import { requireFinite, requireInteger } from "../validate";
import { normalCdf, normalQuantile } from "./normal";

export interface ShapiroWilk {
  /** W, in (0, 1]: near 1 where the values look normal. */
  readonly statistic: number;
  /** How often normal values would have a W as low as this; made for up to 5,000 values. */
  readonly pValue: number;
}

/** c₀ + c₁ x + c₂ x² + … */
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

const OUTERMOST = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
const SECOND = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];

/** Weights of the upper half of n ordered values, the largest first, shape [⌊n / 2⌋]. */
function upperWeights(n: number): Float64Array {
  if (n === 3) return Float64Array.of(Math.SQRT1_2);
  const half = Math.floor(n / 2);
  const expected = Float64Array.from({ length: half }, (_, i) => -normalQuantile((i + 0.625) / (n + 0.25)));
  const squares = 2 * expected.reduce((sum, m) => sum + m * m, 0);
  const root = 1 / Math.sqrt(n);
  const special = (n > 5 ? [OUTERMOST, SECOND] : [OUTERMOST]).map((coefficients, i) =>
    polynomial(coefficients, root) + expected[i] / Math.sqrt(squares));
  const rest = special.reduce((sum, _, i) => sum - 2 * expected[i] ** 2, squares);
  const share = special.reduce((sum, a) => sum - 2 * a * a, 1);
  return expected.map((m, i) => special[i] ?? m * Math.sqrt(share / rest));
}

let known: { readonly n: number; readonly weights: Float64Array } = { n: 0, weights: new Float64Array(0) };

function weightsOf(n: number): Float64Array {
  if (known.n !== n) known = { n, weights: upperWeights(n) };
  return known.weights;
}

function pValueOf(W: number, n: number): number {
  if (n === 3) return Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(W)) - Math.asin(Math.sqrt(0.75))));
  const y = Math.log1p(-W);
  const logN = Math.log(n);
  if (n > 11) {
    const mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], logN);
    return normalCdf((mean - y) / Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], logN)));
  }
  const gamma = polynomial([-2.273, 0.459], n);
  if (y >= gamma) return 0;
  const mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n);
  const deviation = Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
  return normalCdf((mean + Math.log(gamma - y)) / deviation);
}

/**
 * The test of Shapiro and Wilk: how well ordered values lie on the line on which normal values would lie.
 *
 * @param values Finite, not all equal, at least 3, in any order.
 * @throws {RangeError} If there are fewer than 3, one is not finite, or all are equal.
 * @see Royston, "Remark AS R94", Applied Statistics 44(4), 1995: weights and p-value, as in R and SciPy.
 * @example
 * shapiroWilk([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]).statistic < 0.8; // true
 */
export function shapiroWilk(values: ArrayLike<number>): ShapiroWilk {
  const n = values.length;
  requireInteger("shapiroWilk", "number of values", n, 3);
  requireFinite("shapiroWilk", "values", values);
  const sorted = Float64Array.from(values).sort();
  // The range of doubles need not be one.
  const unit = sorted[n - 1] - sorted[0] < Infinity ? 1 : 0.5;
  const range = unit * sorted[n - 1] - unit * sorted[0];
  if (!(range > 0)) throw new RangeError(`shapiroWilk: values must differ, got ${n} times ${sorted[0]}`);
  const scaled = sorted.map((value) => (unit * value - unit * sorted[0]) / range);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / n;
  const squares = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = weightsOf(n).reduce((sum, a, i) => sum + a * (scaled[n - 1 - i] - scaled[i]), 0);
  const statistic = Math.min(1, spread ** 2 / squares);
  return { statistic, pValue: pValueOf(statistic, n) };
}
