import { throwIfInterrupted } from "../../interrupt";
import { fromLowFrequencies, lowFrequencies } from "../../math/dct";
import { norm } from "../../math/linear-algebra";
import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requirePositive, requireSameLength } from "../../validate";
import { normalizeImages } from "../mechanisms/images";
import type { NoiseKind } from "../mechanisms/whole-vectors";
import { requireLabels } from "../local/randomized-response";
import { type GroupSums, privateGroupSums, shrunkMeans } from "./group-sums";
import { type GroupSquares, type Modes, modesOf, privateGroupSquares } from "./modes";

/** What one record weighs in a count, beside an image of length 1. */
export const COUNT_WEIGHT = 0.3;
/** Coefficients that are kept along each side of an image's cosine transform, unless told. */
export const KEPT_FREQUENCIES = 14;
/** How far from the class mean k-means starts, and in how many of the modes. */
const START_DISTANCE = 0.12;
const START_MODES = 8;
/** Differences from the class mean that are longer are shortened to this, before their products are summed. */
const REACH = 0.8;
/** A centre counts from so many deviations of its noisy number of records on. */
const SURE = 3;

export interface CentralImagesOptions {
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  /**
   * Coefficients along each side that are kept of an image's cosine transform, in [1, side].
   * @defaultValue 14
   */
  kept?: number;
  /** Central images of each class; 1 for the class means alone. */
  centersPerClass: number;
  /** Rounds of k-means after the class means: at least 1 with several centres a class, 0 with one. */
  rounds: number;
  /** Whether each class has modes of its own; otherwise all share one set, which needs ten times fewer records. */
  modesPerClass: boolean;
  /** Noise multiplier of each of the 1 + rounds releases of means; 0 switches the noise off, for tests. */
  noiseMultiplier: number;
  /** Of the release of modes, likewise. */
  modesNoiseMultiplier: number;
  /** `normal` unless said. */
  noise?: NoiseKind;
  /** Noise, and where k-means starts. */
  rng: Rng;
}

/** A few typical images of each class and how images differ from them, released under privacy. */
export interface CentralImages {
  /** Cosine coefficients of unit-norm images, shape [numClasses · centersPerClass, kept²], class by class. */
  readonly coefficients: Matrix<Float64Array>;
  /** Estimated number of records near each, same order; 0 for a centre that can't be told from noise. */
  readonly counts: Float64Array;
  /** How the images of each class differ from their centres, as coefficients. */
  readonly modes: readonly Modes[];
  readonly numClasses: number;
  readonly centersPerClass: number;
  /** Side of the images, in pixels. */
  readonly side: number;
}

/** Which centre of its own class each row is nearest to. */
export function nearestOfClass(
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

/** Moves each centre named a small way along random modes of its class, from the place that is given for it. */
function scatter(coefficients: Matrix<Float64Array>, places: ReadonlyMap<number, Float64Array>,
  modesOfCenter: (g: number) => Modes, rng: Rng): void {
  const d = coefficients.shape[1];
  for (const [g, place] of places) {
    const { directions, deviations } = modesOfCenter(g);
    const move = Array.from(deviations.subarray(0, START_MODES), (deviation) => deviation * rng.normal());
    const length = norm(move);
    const center = place.slice();
    move.forEach((part, k) => {
      for (let j = 0; j < d; j++) center[j] += (START_DISTANCE / length) * part * directions.data[k * d + j];
    });
    coefficients.data.set(center, g * d);
  }
}

/** Centres with so few records that noise may have made them, each with the place of its class's fullest centre. */
function emptyCenters({ counts, sigma }: GroupSums, coefficients: Matrix<Float64Array>, perClass: number):
  Map<number, Float64Array> {
  const least = (SURE * sigma) / COUNT_WEIGHT;
  const empty = new Map<number, Float64Array>();
  for (let first = 0; first < counts.length; first += perClass) {
    const own = counts.subarray(first, first + perClass);
    const fullest = first + own.reduce((best, count, k) => (count > own[best] ? k : best), 0);
    for (let g = first; g < first + perClass; g++)
      if (g !== fullest && !(counts[g] > least)) empty.set(g, rowOf(coefficients, fullest).slice());
  }
  return empty;
}

/** Answers with the noisy sums and sizes of groups of rows. */
export type GroupRelease = (Z: Matrix<Float64Array>, groups: Int32Array, numGroups: number) => GroupSums;
/** Answers with the noisy squares of rows less the centre that is given for each group. */
export type SquaresRelease = (R: Matrix<Float64Array>, groups: Int32Array, numGroups: number) => GroupSquares;
/** All that central images may learn of the records. */
export interface CentralReleases {
  readonly sums: GroupRelease;
  readonly squares: SquaresRelease;
}

/** Each row less its class mean. */
function residuals(Z: Matrix<Float64Array>, y: Int32Array, means: Matrix<Float64Array>): Matrix<Float64Array> {
  const d = Z.shape[1];
  return matrix(Z.data.map((value, p) => value - means.data[y[Math.floor(p / d)] * d + (p % d)]), Z.shape);
}

/** Covariances around the class means, of each class or of all together, from the released squares. */
function covariancesOf({ squares, sigma }: GroupSquares, classCounts: Float64Array): Covariance[] {
  const [numGroups, square] = squares.shape;
  const d = Math.sqrt(square);
  const all = classCounts.reduce((sum, count) => sum + count);
  return Array.from({ length: numGroups }, (_, c) => {
    const scale = REACH ** 2 / (numGroups > 1 ? classCounts[c] : all);
    const data = rowOf(squares, c).map((sum) => scale * sum);
    return { matrix: matrix(data, [d, d]), noise: scale * sigma * Math.SQRT1_2 };
  });
}

interface Covariance {
  readonly matrix: Matrix<Float64Array>;
  /** Standard deviation of the noise beside the diagonal. */
  readonly noise: number;
}

/** What is left of the covariances around the class means once each record is counted from its centre. */
function withinCenters(covariances: readonly Covariance[], means: Matrix<Float64Array>, classCounts: Float64Array,
  { coefficients, counts }: Pick<CentralImages, "coefficients" | "counts">): Covariance[] {
  const [numClasses, d] = means.shape;
  const perClass = counts.length / numClasses;
  const all = classCounts.reduce((sum, count) => sum + count);
  const left = covariances.map(({ matrix: { data, shape }, noise }) =>
    ({ matrix: matrix(data.slice(), shape), noise }));
  for (let g = 0; g < counts.length; g++) {
    const c = Math.floor(g / perClass);
    const own = counts.subarray(c * perClass, (c + 1) * perClass).reduce((sum, count) => sum + count);
    const weight = (left.length > 1 ? 1 : classCounts[c] / all) * (counts[g] / own);
    if (weight === 0) continue;
    const data = left[left.length > 1 ? c : 0].matrix.data;
    const move = Float64Array.from({ length: d }, (_, j) => coefficients.data[g * d + j] - means.data[c * d + j]);
    for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) data[a * d + b] -= weight * move[a] * move[b];
  }
  return left;
}

/**
 * All of `fitCentralImages` but its noise. Rows are looked at for two things: which of the centres released before
 * each is nearest to, and how it differs from its class mean; both go into `releases` alone.
 */
export function centralImagesFrom(
  X: Matrix,
  y: Int32Array,
  { numClasses, kept = KEPT_FREQUENCIES, centersPerClass, rounds, modesPerClass, rng }:
    Omit<CentralImagesOptions, "noiseMultiplier" | "modesNoiseMultiplier" | "noise">,
  releases: CentralReleases,
): CentralImages {
  const side = Math.sqrt(X.shape[1]);
  const Z = lowFrequencies(normalizeImages(X), { kept });
  const classes = releases.sums(Z, y, numClasses);
  const means = shrunkMeans(classes);
  const squares = modesPerClass ? releases.squares(residuals(Z, y, means), y, numClasses)
    : releases.squares(residuals(Z, y, means), new Int32Array(y.length), 1);
  const covariances = covariancesOf(squares, classes.counts);
  const modesFor = (from: readonly Covariance[]): Modes[] => {
    const modes = from.map(({ matrix: covariance, noise }) => modesOf(covariance, { noise }));
    return Array.from({ length: numClasses }, (_, c) => modes[modes.length > 1 ? c : 0]);
  };
  let modes = modesFor(covariances);
  const fixed = { numClasses, centersPerClass, side };
  if (rounds === 0) return { coefficients: means, counts: classes.counts, modes, ...fixed };
  const ofCenter = (g: number): Modes => modes[Math.floor(g / centersPerClass)];
  const numCenters = numClasses * centersPerClass;
  let coefficients = matrix(new Float64Array(numCenters * Z.shape[1]), [numCenters, Z.shape[1]]);
  const everywhere = Array.from({ length: numCenters }, (_, g) =>
    [g, rowOf(means, Math.floor(g / centersPerClass))] as const);
  scatter(coefficients, new Map(everywhere), ofCenter, rng);
  let counts = classes.counts;
  for (let round = 0; round < rounds; round++) {
    throwIfInterrupted();
    const groups = nearestOfClass(Z, y, coefficients, centersPerClass);
    const sums = releases.sums(Z, groups, numCenters);
    coefficients = shrunkMeans(sums);
    const empty = emptyCenters(sums, coefficients, centersPerClass);
    scatter(coefficients, empty, ofCenter, rng);
    counts = sums.counts.map((count, g) => (empty.has(g) ? 0 : count));
  }
  modes = modesFor(withinCenters(covariances, means, classes.counts, { coefficients, counts }));
  return { coefficients, counts, modes, ...fixed };
}

/**
 * Typical images of each class and how images differ from them: class means; the covariance around them, of which the
 * directions are kept that noise would not make; then rounds of k-means inside each class that start near the class
 * means. Each image is brought to length 1 and reduced to its lowest cosine coefficients, which looks at no other
 * record; everything else that is read from the records are 1 + rounds releases by `privateGroupSums` and one by
 * `privateGroupSquares`, each a Gaussian mechanism for neighbours that differ by one record there or not. Shrinkage
 * afterwards is free.
 *
 * @param X Square images, shape [n, side²], none of them black; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If an image is black or not finite, or a label or a setting is out of range.
 * @see Su et al., CODASPY 2016 (differentially private k-means); Lloyd, IEEE Transactions on Information Theory 28(2).
 */
export function fitCentralImages(X: Matrix, y: Int32Array, options: CentralImagesOptions): CentralImages {
  const { numClasses, kept = KEPT_FREQUENCIES, centersPerClass, rounds } = options;
  const { noiseMultiplier, modesNoiseMultiplier, noise, rng } = options;
  const fn = "fitCentralImages";
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireInteger(fn, "number of records", y.length, 1);
  requireLabels(fn, "y", y, numClasses);
  requireInteger(fn, "centersPerClass", centersPerClass, 1);
  requireInteger(fn, "rounds", rounds, centersPerClass > 1 ? 1 : 0, centersPerClass > 1 ? undefined : 0);
  if (noiseMultiplier !== 0) requirePositive(fn, "noiseMultiplier", noiseMultiplier);
  if (modesNoiseMultiplier !== 0) requirePositive(fn, "modesNoiseMultiplier", modesNoiseMultiplier);
  requireInteger(fn, "kept", kept, 1);
  requireInteger(fn, "side of the images", Math.sqrt(X.shape[1]), kept);
  const source = { noise, rng: rng.spawn(0) };
  return centralImagesFrom(X, y, { ...options, rng: rng.spawn(1) }, {
    sums: (Z, groups, numGroups) =>
      privateGroupSums(Z, groups, { numGroups, countWeight: COUNT_WEIGHT, noiseMultiplier, ...source }),
    squares: (R, groups, numGroups) =>
      privateGroupSquares(R, groups, { numGroups, reach: REACH, noiseMultiplier: modesNoiseMultiplier, ...source }),
  });
}

/** The central images as pictures, of length about 1, shape [numClasses · centersPerClass, side²], class by class. */
export function centralPictures({ coefficients, side }: CentralImages): Matrix<Float64Array> {
  return fromLowFrequencies(coefficients, { side });
}
