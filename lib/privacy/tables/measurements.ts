import type { Measurement } from "./tree-model";

/** How many rows there are, by what all marginals say together; at least 1. */
export function totalOf(measurements: readonly Measurement[]): number {
  let [sum, weights] = [0, 0];
  for (const { counts, sigma } of measurements) {
    const weight = 1 / (counts.length * sigma ** 2);
    sum += weight * counts.reduce((all, count) => all + count, 0);
    weights += weight;
  }
  return Math.max(1, sum / weights);
}

/** The measurements with one more; two of the same marginal become one, weighted by their precision. */
export function withMeasurement(measurements: readonly Measurement[], next: Measurement): Measurement[] {
  const key = next.columns.join();
  const old = measurements.find(({ columns }) => columns.join() === key);
  if (!old) return [...measurements, next];
  const [a, b] = [old.sigma ** -2, next.sigma ** -2];
  const counts = old.counts.map((count, i) => (a * count + b * next.counts[i]) / (a + b));
  return measurements.map((each) => (each === old ? { columns: old.columns, counts, sigma: (a + b) ** -0.5 } : each));
}
