import { throwIfInterrupted } from "../../interrupt";
import { fromLowFrequencies, lowFrequencies } from "../../math/dct";
import { type Matrix, matrix, rowOf } from "../../matrix";
import { normalizeImages } from "../mechanisms/images";
import { type CentralImages, type CentralReleases, COUNT_WEIGHT, nearestOfClass } from "./central-images";
import { type GroupSums, shrunkMeans } from "./group-sums";
import { type GroupSquares, type Modes, modesOf } from "./modes";
import { type NodeGrid, nodeGrid, pullBack } from "../../images/node-grid";
import type { PoseLaw } from "./pose";
import { imageRegistrar } from "./registration";
import { toStrokes } from "../../images/strokes";

/** Nodes along each side of the grid over an image. */
const GRID_SIZE = 5;
/** Displacements are divided by this many pixels; rows of differences longer than 1 are shortened. */
export const BEND_REACH = 8;
/** Differences of images from their template that are longer are shortened to this. */
export const LOOKS_REACH = 0.7;
/** Width of the strokes' edge in a template. */
const TEMPLATE_SOFTNESS = 0.4;
/** How much brighter than their brightest pixel images are made before they are cut at 1. */
const BRIGHTER = 1.1;
/** Keeps an image that was laid wholly beyond the edge from being black. */
const FAINT = 1e-6;
/** A template counts from so many deviations of its noisy number of records on. */
const SURE = 3;

/** How the images of each template are bent, as displacements of nodes in pixels, x then y. */
export interface Bends {
  readonly grid: NodeGrid;
  /** Shape [numClasses · centersPerClass, 2 · size²]. */
  readonly means: Matrix<Float64Array>;
  /** How displacements differ from these means, for each class. */
  readonly modes: readonly Modes[];
}

/** All that may be learned of the records, laid on templates. */
export interface BendReleases {
  /** Images as their template sees them, of length 1, as cosine coefficients. */
  readonly templates: CentralReleases["sums"];
  /** How they differ from the mean of these. */
  readonly looks: CentralReleases["squares"];
  /** Displacements over `BEND_REACH`. */
  readonly bends: CentralReleases["sums"];
  /** How they differ from the mean of these. */
  readonly bendSquares: CentralReleases["squares"];
}

/** The strokes of a template, as bright as its class has ink on average. */
export function templateStrokes(coefficients: Float64Array, side: number, ink: number): Float64Array {
  const { data } = fromLowFrequencies(matrix(coefficients, [1, coefficients.length]), { side });
  const out = new Float64Array(side * side);
  toStrokes(data, { ink: side * side * ink, softness: TEMPLATE_SOFTNESS }, out);
  return out;
}

/** Every image laid on its template: what the template sees, and how it was bent. */
function layImages(X: Matrix, groups: Int32Array, { coefficients, centersPerClass, side }: CentralImages,
  { pose, grid }: { pose: PoseLaw; grid: NodeGrid }): { seen: Float32Array; displacements: Float64Array } {
  const [n, pixels] = X.shape;
  const width = 2 * grid.size ** 2;
  const registrars = Array.from({ length: coefficients.shape[0] }, (_, g) => imageRegistrar(templateStrokes(
    rowOf(coefficients, g).slice(), side, pose.ink.means[Math.floor(g / centersPerClass)]), grid));
  const seen = new Float32Array(n * pixels).fill(FAINT);
  const displacements = new Float64Array(n * width);
  const image = new Float64Array(pixels);
  for (let i = 0; i < n; i++) {
    throwIfInterrupted();
    let brightest = 0;
    for (let p = 0; p < pixels; p++) brightest = Math.max(brightest, X.data[i * pixels + p]);
    for (let p = 0; p < pixels; p++) image[p] = Math.min(1, (BRIGHTER * X.data[i * pixels + p]) / brightest);
    const u = registrars[groups[i]](image);
    displacements.set(u, i * width);
    const laid = pullBack(image, grid, u);
    for (let p = 0; p < pixels; p++) seen[i * pixels + p] += laid[p];
  }
  return { seen, displacements };
}

/** Each row less its group's. */
function differences({ data, shape }: Matrix, groups: Int32Array, means: Matrix): Matrix<Float64Array> {
  const d = shape[1];
  const left = Float64Array.from(data, (value, p) => value - means.data[groups[Math.floor(p / d)] * d + (p % d)]);
  return matrix(left, shape);
}

/** Means of groups, all numbers of a group shrunk alike as far as noise outweighs signal. */
function evenlyShrunk({ sums, counts, sigma }: GroupSums): Matrix<Float64Array> {
  const d = sums.shape[1];
  const means = sums.data.map((sum, p) => sum / counts[Math.floor(p / d)]);
  const noises = counts.map((count) => (sigma / count) ** 2);
  const signal = means.reduce((sum, mean, p) => sum + mean ** 2 - noises[Math.floor(p / d)], 0) / means.length;
  return matrix(means.map((mean, p) => {
    const noise = noises[Math.floor(p / d)];
    return noise === 0 ? mean : mean * (Math.max(0, signal) / (Math.max(0, signal) + noise));
  }), sums.shape);
}

/** Modes of each class, from squares of each class or of all together; `scale` turns a released number into a unit. */
function modesFrom({ squares, sigma }: GroupSquares, classCounts: Float64Array, scale: number): Modes[] {
  const [numGroups, square] = squares.shape;
  const d = Math.sqrt(square);
  const all = classCounts.reduce((sum, count) => sum + count);
  const modes = Array.from({ length: numGroups }, (_, c) => {
    const factor = scale ** 2 / (numGroups > 1 ? classCounts[c] : all);
    const covariance = matrix(rowOf(squares, c).map((sum) => factor * sum), [d, d]);
    return modesOf(covariance, { noise: factor * sigma * Math.SQRT1_2 });
  });
  return Array.from(classCounts, (_, c) => modes[numGroups > 1 ? c : 0]);
}

/**
 * Lays every image on the central image of its class that is nearest to it, as a bent sheet, and learns from noisy sums
 * what the templates look like then, how sheets are bent, and what differs even so. An image and the earlier releases
 * decide how it is laid.
 *
 * @param X Upright images of length 1, none of them black, shape [n, side²].
 * @param y Classes, shape [n].
 * @param options.modesPerClass Whether each class has modes of its own.
 * @returns Central images that are the templates, with modes of what differs even so, and the bends.
 * @see Amit, Grenander & Piccioni, JASA 86, 1991 (deformable templates); Cootes, Edwards & Taylor, IEEE TPAMI 23(6),
 * 2001 (modes of shape and of looks).
 */
export function bendImages(X: Matrix, y: Int32Array, central: CentralImages,
  { pose, modesPerClass, releases }: { pose: PoseLaw; modesPerClass: boolean; releases: BendReleases }):
  { central: CentralImages; bends: Bends } {
  const { coefficients, centersPerClass, numClasses, side } = central;
  const kept = Math.sqrt(coefficients.shape[1]);
  const numCenters = coefficients.shape[0];
  const grid = nodeGrid({ side, size: GRID_SIZE });
  const groups = nearestOfClass(lowFrequencies(normalizeImages(X), { kept }), y, coefficients, centersPerClass);
  const { seen, displacements } = layImages(X, groups, central, { pose, grid });
  const Z = lowFrequencies(normalizeImages(matrix(seen, X.shape)), { kept });
  const U = matrix(displacements.map((value) => value / BEND_REACH), [y.length, 2 * GRID_SIZE ** 2]);
  const [modeGroups, numModes] = modesPerClass ? [y, numClasses] : [new Int32Array(y.length), 1];
  const sums = releases.templates(Z, groups, numCenters);
  const templates = shrunkMeans(sums);
  const bent = releases.bends(U, groups, numCenters);
  const means = evenlyShrunk(bent);
  const looks = releases.looks(differences(Z, groups, templates), modeGroups, numModes);
  const bendSquares = releases.bendSquares(differences(U, groups, means), modeGroups, numModes);
  const classCounts = Float64Array.from({ length: numClasses }, (_, c) =>
    sums.counts.subarray(c * centersPerClass, (c + 1) * centersPerClass).reduce((sum, count) => sum + count));
  const least = (SURE * sums.sigma) / COUNT_WEIGHT;
  return {
    central: {
      ...central, coefficients: templates, modes: modesFrom(looks, classCounts, LOOKS_REACH),
      counts: sums.counts.map((count) => (count > least ? count : 0)),
    },
    bends: {
      grid, means: matrix(means.data.map((value) => BEND_REACH * value), means.shape),
      modes: modesFrom(bendSquares, classCounts, BEND_REACH),
    },
  };
}
