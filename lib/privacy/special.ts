/** Special functions that privacy accounting rests on, to about 1e-15 relative, also far in the tails. */

const SQRT_PI = Math.sqrt(Math.PI);
const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/** e^(x²) erfc(x) for x ≥ 0: the error function's all-positive series below 1, Laplace's continued fraction above. */
function erfcxDirect(x: number): number {
  if (x < 1) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return Math.exp(x * x) - (2 / SQRT_PI) * sum;
  }
  let fraction = x;
  for (let k = Math.ceil(20 + 180 / (x * x)); k >= 1; k--) fraction = x + k / 2 / fraction;
  return 1 / (SQRT_PI * fraction);
}

const NODES_PER_UNIT = 16;
const TABLE_END = 6;
const DEGREE = 11;
const taylor: Float64Array[] = [];

/** Taylor coefficients about a node, from y′ = 2 x y − 2/√π. */
function taylorAt(node: number): Float64Array {
  const x = node / NODES_PER_UNIT;
  const a = new Float64Array(DEGREE + 1);
  a[0] = erfcxDirect(x);
  a[1] = 2 * x * a[0] - 2 / SQRT_PI;
  for (let n = 1; n < DEGREE; n++) a[n + 1] = (2 * (x * a[n] + a[n - 1])) / (n + 1);
  return a;
}

/** The scaled complementary error function e^(x²) erfc(x); overflows to Infinity below about −26.6. */
export function erfcx(x: number): number {
  if (x < 0) return 2 * Math.exp(x * x) - erfcx(-x);
  if (!(x < TABLE_END)) return erfcxDirect(x);
  const node = Math.round(x * NODES_PER_UNIT);
  const a = (taylor[node] ??= taylorAt(node));
  const dx = x - node / NODES_PER_UNIT;
  let value = a[DEGREE];
  for (let n = DEGREE - 1; n >= 0; n--) value = value * dx + a[n];
  return value;
}

/** Mills' ratio (1 − Φ(x)) / φ(x) of the standard normal: how its tail compares with its density. */
export function millsRatio(x: number): number {
  return Math.sqrt(Math.PI / 2) * erfcx(x / Math.SQRT2);
}

/** log φ(x), the logarithm of the standard normal density. */
export function logNormalDensity(x: number): number {
  return -0.5 * x * x - LOG_SQRT_2PI;
}

/** Φ(x), the standard normal distribution function; small values keep their relative precision. */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  return x < -40 ? 0 : Math.exp(logNormalDensity(x)) * millsRatio(-x);
}

/** Φ(b) − Φ(a) for a ≤ b, taken in the tail where both values are small. */
export function normalInterval(a: number, b: number): number {
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}

/** log(Σ e^v) without overflow; −Infinity for an empty list. */
export function logSumExp(values: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) max = Math.max(max, values[i]);
  if (max === -Infinity) return max;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - max);
  return max + Math.log(sum);
}

/** log Γ(x) for x > 0: Stirling's series after shifting x above 15. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 15; z++) shift += Math.log(z);
  const r = 1 / (z * z);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))))) / z;
  return (z - 0.5) * Math.log(z) - z + LOG_SQRT_2PI + series - shift;
}

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method).
 *
 * @param x In [0, 1].
 * @param a Above 0.
 * @param b Above 0.
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m < 10000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 + term * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (Math.abs(c) < tiny) c = tiny;
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return front * fraction;
}

/**
 * The point where an increasing function crosses zero, by bisection down to neighbouring doubles.
 *
 * @param f Increasing; negative at `low`, not negative at `high`.
 * @returns The smallest point found at which `f` is not negative.
 */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 2000; i++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The minimum of a function with one valley on [low, high], by golden-section search.
 *
 * @param tolerance Width of the last bracket, as a share of where it lies.
 */
export function minimise(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-12,
): { x: number; value: number } {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let a = low;
  let b = high;
  let left = b - ratio * (b - a);
  let right = a + ratio * (b - a);
  let fLeft = f(left);
  let fRight = f(right);
  for (let i = 0; i < 200 && b - a > tolerance * (Math.abs(a) + Math.abs(b)); i++) {
    if (fLeft <= fRight) {
      b = right;
      [right, fRight] = [left, fLeft];
      left = b - ratio * (b - a);
      fLeft = f(left);
    } else {
      a = left;
      [left, fLeft] = [right, fRight];
      right = a + ratio * (b - a);
      fRight = f(right);
    }
  }
  return fLeft <= fRight ? { x: left, value: fLeft } : { x: right, value: fRight };
}
