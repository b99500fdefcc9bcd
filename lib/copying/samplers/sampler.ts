import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger } from "../../validate";

/** Draws points to ask a black box about. Holds no state: what it draws depends on n and rng alone. */
export interface Sampler {
  readonly name: string;
  readonly numFeatures: number;
  /**
   * @param n Points wanted, at least 0.
   * @returns Shape [n, numFeatures].
   */
  sample(n: number, rng: Rng): Matrix<Float64Array>;
}

/** Makes a sampler of a function that fills one row after the other. */
export function rowSampler(name: string, numFeatures: number, fill: (row: Float64Array, rng: Rng) => void): Sampler {
  return {
    name,
    numFeatures,
    sample(n, rng) {
      requireInteger(name, "n", n, 0);
      const data = new Float64Array(n * numFeatures);
      for (let i = 0; i < n; i++) fill(data.subarray(i * numFeatures, (i + 1) * numFeatures), rng);
      return { data, shape: [n, numFeatures] };
    },
  };
}

/** Makes a sampler whose whole batch is drawn at once. */
export function batchSampler(
  name: string,
  numFeatures: number,
  fill: (n: number, rng: Rng) => Float64Array,
): Sampler {
  return {
    name,
    numFeatures,
    sample(n, rng) {
      requireInteger(name, "n", n, 0);
      const data = fill(n, rng);
      return { data, shape: [data.length / numFeatures, numFeatures] };
    },
  };
}
