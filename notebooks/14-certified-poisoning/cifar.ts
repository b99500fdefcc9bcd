import {
  type Certified, certifyVotes, certifyWeightedVotes, loadCifar10, matrix, type Matrix, neighborVotes, patchFeatures,
  ridgeWeights, type Rng, standardScaler,
} from "../../lib";

export interface CifarSetting {
  /** How many of the training images teach, and how many test images are read. */
  images: number;
  tested: number;
  /** Patches that images are compared with. */
  filters: number;
  rng: Rng;
}

/** What each way of reading says of the test images, and their true classes. */
export interface CifarReaders {
  y: Int32Array;
  readers: { reader: string; certified: Certified }[];
}

/** The ridge, and the largest weight in means of their sizes; chosen on 1,000 training images that taught nothing. */
const [RIDGE, LARGEST] = [0.3, 2];

/** A column of ones beside the features. */
function withConstant({ data, shape: [n, d] }: Matrix): Matrix<Float32Array> {
  const wider = new Float32Array(n * (d + 1)).fill(1);
  for (let i = 0; i < n; i++) wider.set(data.subarray(i * d, (i + 1) * d), i * (d + 1));
  return matrix(wider, [n, d + 1]);
}

/** Weights none of which is larger than twice the mean of their sizes, query by query. */
export function boundedWeights({ data, shape: [m, n] }: Matrix): Matrix<Float64Array> {
  const bounded = Float64Array.from(data);
  for (let i = 0; i < m; i++) {
    const row = bounded.subarray(i * n, (i + 1) * n);
    const limit = LARGEST * row.reduce((sum, weight) => sum + Math.abs(weight) / n, 0);
    row.forEach((weight, j) => (row[j] = Math.max(-limit, Math.min(limit, weight))));
  }
  return matrix(bounded, [m, n]);
}

/**
 * Reads CIFAR-10 in ways that can be certified. Features are learned from training images without labels; weights and
 * neighbours are chosen without labels too.
 */
export async function cifarReaders({ images, tested, filters, rng }: CifarSetting): Promise<CifarReaders> {
  const { train, test } = await loadCifar10({ train: images, test: tested });
  const raw = (X: Matrix): Matrix =>
    patchFeatures(X, { imageShape: [32, 32, 3], filters, mirror: true, patchesOf: train.X, rng: rng.spawn(0) });
  const learned = raw(train.X);
  const scaler = standardScaler().fit(learned);
  const [H, queries] = [withConstant(scaler.transform(learned)), withConstant(scaler.transform(raw(test.X)))];
  const weights = ridgeWeights(H, queries, { ridge: RIDGE });
  const crowd = { numNeighbors: images / 10, numClasses: 10 };
  const bySum = (w: Matrix): Certified => certifyWeightedVotes(w, train.y, { numClasses: 10 });
  return { y: test.y, readers: [
    { reader: "linear rule", certified: bySum(weights) },
    { reader: "linear rule, weights bounded", certified: bySum(boundedWeights(weights)) },
    { reader: "neighbours", certified: certifyVotes(neighborVotes({ X: H, y: train.y }, queries, crowd)) },
  ] };
}
