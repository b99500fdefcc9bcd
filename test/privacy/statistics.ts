/** √n times the Kolmogorov–Smirnov distance: above 1.95 with a chance of .001 if the sample follows the law. */
export function kolmogorovSmirnov(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = sample.slice().sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    distance = Math.max(distance, cdf(x) - i / n, (i + 1) / n - cdf(x));
  });
  return Math.sqrt(n) * distance;
}

/** The chi-square statistic in standard units, (X² − df) / √(2 df): above 4 with a chance of about 1e-4. */
export function chiSquare(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  let statistic = 0;
  for (let i = 0; i < observed.length; i++) statistic += (observed[i] - expected[i]) ** 2 / expected[i];
  const df = observed.length - 1;
  return (statistic - df) / Math.sqrt(2 * df);
}

/** Mean, variance and excess kurtosis. */
export function moments(sample: ArrayLike<number>): { mean: number; variance: number; kurtosis: number } {
  const n = sample.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += sample[i] / n;
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < n; i++) {
    const square = (sample[i] - mean) ** 2;
    second += square / n;
    fourth += square ** 2 / n;
  }
  return { mean, variance: second, kurtosis: fourth / second ** 2 - 3 };
}
