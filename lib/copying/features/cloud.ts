import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";

/** A cloud of points to ask: independent normal features around a centre. */
export interface Cloud {
  /** Shape [d]. */
  readonly center: Float64Array;
  /** Deviation of each feature, above 0, shape [d]. */
  readonly scale: Float64Array;
}

/** Draws n points of a cloud; point i has its deviations multiplied by `widen[i % widen.length]`. */
export function drawCloud(cloud: Cloud, n: number, rng: Rng, widen: readonly number[]): Matrix<Float64Array> {
  const { center, scale } = cloud;
  const d = center.length;
  const data = new Float64Array(n * d);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j < d; j++) data[at++] = center[j] + widen[i % widen.length] * scale[j] * rng.normal();
  return matrix(data, [n, d]);
}

function countsOf(y: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < y.length; i++) counts.set(y[i], (counts.get(y[i]) ?? 0) + 1);
  return counts;
}

/** The most frequent label; the smallest of those that tie. */
export function commonLabel(y: ArrayLike<number>): number {
  return [...countsOf(y)].sort(([a, m], [b, n]) => n - m || a - b)[0][0];
}

/** Entropy of the labels in nats: 0 for one label, log k for k equally frequent ones. */
export function labelEntropy(y: ArrayLike<number>): number {
  let entropy = 0;
  for (const count of countsOf(y).values()) entropy -= (count / y.length) * Math.log(count / y.length);
  return entropy;
}

/** Weights under which every label weighs the same; they sum to 1, shape [n]. */
export function balancedWeights(y: ArrayLike<number>): Float64Array {
  const counts = countsOf(y);
  return Float64Array.from(y, (label) => 1 / (counts.size * counts.get(label)!));
}
