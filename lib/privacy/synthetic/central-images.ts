import { throwIfInterrupted } from "../../interrupt";
import { fromLowFrequencies, lowFrequencies } from "../../math/dct";
import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requirePositive, requireSameLength } from "../../validate";
import { normalizeImages } from "../mechanisms/images";
import { requireLabels } from "../local/randomized-response";
import { type GroupSums, privateGroupSums, shrunkMeans } from "./group-sums";
import { warpImage } from "./warp";

/** What one record weighs in a count, beside an image of length 1. */
const COUNT_WEIGHT = 0.3;
/** Greatest slant of the images that k-means starts from, in columns a row. */
const START_SHEAR = 0.3;

export interface CentralImagesOptions {
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  /**
   * Coefficients along each side that are kept of an image's cosine transform, in [1, side].
   * @defaultValue 16
   */
  kept?: number;
  /** Central images of each class; 1 for the class means alone. */
  centersPerClass: number;
  /** Rounds of k-means after the class means: at least 1 with several centres a class, 0 with one. */
  rounds: number;
  /** Noise multiplier of each of the 1 + rounds releases; 0 switches the noise off, for tests. */
  noiseMultiplier: number;
  rng: Rng;
}

/** A few typical images of each class, released under privacy. */
export interface CentralImages {
  /** Cosine coefficients of unit-norm images, shape [numClasses · centersPerClass, kept²], class by class. */
  readonly coefficients: Matrix<Float64Array>;
  /** Estimated number of records near each, same order. */
  readonly counts: Float64Array;
  readonly numClasses: number;
  readonly centersPerClass: number;
  /** Side of the images, in pixels. */
  readonly side: number;
}

/** Which centre of its own class each row is nearest to. */
function nearestOfClass(
  Z: Matrix<Float64Array>,
  y: Int32Array,
  { data }: Matrix<Float64Array>,
  perClass: number,
): Int32Array {
  const [n, d] = Z.shape;
  const halfSquares = new Float64Array(data.length / d);
  for (let p = 0; p < data.length; p++) halfSquares[Math.floor(p / d)] += data[p] ** 2 / 2;
  return Int32Array.from({ length: n }, (_, i) => {
    let nearest = y[i] * perClass;
    let most = -Infinity;
    for (let g = y[i] * perClass; g < (y[i] + 1) * perClass; g++) {
      let score = -halfSquares[g];
      for (let j = 0; j < d; j++) score += data[g * d + j] * Z.data[i * d + j];
      if (score > most) [most, nearest] = [score, g];
    }
    return nearest;
  });
}

/** Slanted, narrowed and widened class means: where k-means starts. They use only what is released. */
function slantedMeans(means: Matrix<Float64Array>, side: number, perClass: number): Matrix<Float64Array> {
  const images = fromLowFrequencies(means, { side });
  const [numClasses] = means.shape;
  const data = new Float64Array(numClasses * perClass * side * side);
  const middle: [number, number] = [(side - 1) / 2, (side - 1) / 2];
  for (let c = 0; c < numClasses; c++)
    for (let k = 0; k < perClass; k++) {
      const slant = perClass === 1 ? 0 : START_SHEAR * ((2 * k) / (perClass - 1) - 1);
      const linear = { xx: 1 + 0.12 * (((7 * k) % 3) - 1), xy: slant, yx: 0, yy: 1 };
      const at = (c * perClass + k) * side * side;
      const out = data.subarray(at, at + side * side);
      warpImage(rowOf(images, c), side, { linear, from: middle, to: middle }, out);
    }
  return lowFrequencies(matrix(data, [numClasses * perClass, side * side]), { kept: Math.sqrt(means.shape[1]) });
}

/** Answers with the noisy sums and sizes of groups of rows: all that central images may learn of them. */
export type GroupRelease = (Z: Matrix<Float64Array>, groups: Int32Array, numGroups: number) => GroupSums;

/**
 * All of `fitCentralImages` but its noise. Rows are looked at for one thing: which of the centres released before
 * each is nearest to, and the answer goes into `release` alone.
 */
export function centralImagesFrom(
  X: Matrix,
  y: Int32Array,
  { numClasses, kept = 16, centersPerClass, rounds }: Omit<CentralImagesOptions, "noiseMultiplier" | "rng">,
  release: GroupRelease,
): CentralImages {
  const side = Math.sqrt(X.shape[1]);
  const Z = lowFrequencies(normalizeImages(X), { kept });
  let sums = release(Z, y, numClasses);
  let coefficients = shrunkMeans(sums);
  if (rounds > 0) coefficients = slantedMeans(coefficients, side, centersPerClass);
  for (let round = 0; round < rounds; round++) {
    throwIfInterrupted();
    const groups = nearestOfClass(Z, y, coefficients, centersPerClass);
    sums = release(Z, groups, numClasses * centersPerClass);
    coefficients = shrunkMeans(sums);
  }
  return { coefficients, counts: sums.counts, numClasses, centersPerClass, side };
}

/**
 * Typical images of each class: class means, then rounds of k-means inside each class that start from slanted class
 * means. Each image is brought to length 1 and reduced to its lowest cosine coefficients, which looks at no other
 * record; everything else that is read from the records are 1 + rounds releases by `privateGroupSums`, each a Gaussian
 * mechanism with `noiseMultiplier` for neighbours that differ by one record there or not. Wiener shrinkage afterwards
 * is free.
 *
 * @param X Square images, shape [n, side²], none of them black; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If an image is black or not finite, or a label or a setting is out of range.
 * @see Su et al., CODASPY 2016 (differentially private k-means); Lloyd, IEEE Transactions on Information Theory 28(2).
 */
export function fitCentralImages(X: Matrix, y: Int32Array, options: CentralImagesOptions): CentralImages {
  const { numClasses, kept = 16, centersPerClass, rounds, noiseMultiplier, rng } = options;
  const fn = "fitCentralImages";
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireInteger(fn, "number of records", y.length, 1);
  requireLabels(fn, "y", y, numClasses);
  requireInteger(fn, "centersPerClass", centersPerClass, 1);
  requireInteger(fn, "rounds", rounds, centersPerClass > 1 ? 1 : 0, centersPerClass > 1 ? undefined : 0);
  if (noiseMultiplier !== 0) requirePositive(fn, "noiseMultiplier", noiseMultiplier);
  requireInteger(fn, "kept", kept, 1);
  requireInteger(fn, "side of the images", Math.sqrt(X.shape[1]), kept);
  return centralImagesFrom(X, y, options, (Z, groups, numGroups) =>
    privateGroupSums(Z, groups, { numGroups, countWeight: COUNT_WEIGHT, noiseMultiplier, rng }));
}
