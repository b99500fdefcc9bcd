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

/**
 * Φ⁻¹(p), the standard normal quantile, for p in (0, 1).
 *
 * @see Abramowitz & Stegun, 26.2.23, for the start; three steps of Halley's method take it to the last digits.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const excess = (normalCdf(x) - p) / Math.exp(logNormalDensity(x));
    x -= excess / (1 + (x * excess) / 2);
  }
  return x;
}
