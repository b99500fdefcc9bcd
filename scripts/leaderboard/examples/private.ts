// Learns digits from noisy releases, each of which costs a part of ε. Change this file: it is run at ε = ½, 1, 3, 10.
import { gaussianNoiseMultiplier, type Matrix, type Rng } from "../lib";

/** Each row, a last 1 added, is divided by √2, so that it is no longer than 1. */
interface Curator {
  numRows: number;
  numFeatures: number;
  numClasses: number;
  /** The sum of the rows of each class, and noise: shape [numClasses, numFeatures + 1]. */
  classSums(options: { noiseMultiplier: number }): Promise<Matrix>;
  /** The gradient of the logistic loss, each row's cut to length 1, summed, and noise; weights have the same shape. */
  gradient(options: { weights: Matrix; noiseMultiplier: number }): Promise<Matrix>;
}

/** Give back a model: whatever has `predict`. Here it names the class whose noisy mean is nearest. */
export async function entry({ curator, epsilon, delta }: {
  curator: Curator; epsilon: number; delta: number; rng: Rng;
}) {
  const noiseMultiplier = gaussianNoiseMultiplier({ epsilon, delta });
  const sums = await curator.classSums({ noiseMultiplier });
  const [numClasses, width] = sums.shape;
  const means = Array.from({ length: numClasses }, (_, c) => {
    const row = sums.data.subarray(c * width, (c + 1) * width);
    return Array.from(row.subarray(0, width - 1), (sum) => sum / Math.max(1, row[width - 1]));
  });
  const distance = (X: Matrix, i: number, mean: number[]) =>
    mean.reduce((sum, value, j) => sum + (X.data[i * mean.length + j] - value) ** 2, 0);
  const nearest = (X: Matrix, i: number) =>
    means.reduce((best, mean, c) => (distance(X, i, mean) < distance(X, i, means[best]) ? c : best), 0);
  return { predict: (X: Matrix) => Int32Array.from({ length: X.shape[0] }, (_, i) => nearest(X, i)) };
}
