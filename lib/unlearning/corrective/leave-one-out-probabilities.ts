import { patchFeatures, type Patches } from "../../images/patch-features";
import { throwIfInterrupted } from "../../interrupt";
import { softmaxInPlace } from "../../math/softmax";
import { matrix, selectLabels, selectRows, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { layer } from "../../training/layers";
import { requireExamples, requireImages } from "../../training/network";
import { requireInteger } from "../../validate";
import { fitTemperature, tempered } from "../temperature";
import { leaveOneOut, requireRidge } from "./leave-one-out";

export interface LeaveOneOutOptions {
  /** [height, width, channels]. */
  imageShape: readonly number[];
  numClasses: number;
  /** What the images are compared with: 32 patches, and else as `patchFeatures` has it, unless told. */
  patches?: Patches;
  /**
   * Penalty of the ridge regressions, beside features whose squares sum to 1 a row; at least 0.001.
   * @defaultValue 1
   */
  ridge?: number;
  /** Draws the patches. */
  rng: Rng;
}

/** Patches enough for some thousand images. */
const FEW_PATCHES = 32;

/** A class is worth this many units of a logit before the temperature is fitted. */
const LOGIT = 10;

/** What models of all other images say to each, after labels and the rows whose labels count. */
export interface ImageJudge {
  readonly numFeatures: number;
  readonly patches: Patches;
  ask(y: Int32Array, learn: ArrayLike<number>): Matrix<Float64Array>;
}

/** Probabilities from scores that one temperature makes honest about some rows' labels. */
function honest(scores: Matrix<Float64Array>, y: Int32Array, rows: ArrayLike<number>): Matrix<Float64Array> {
  return softmaxInPlace(tempered(scores, fitTemperature(selectRows(scores, rows), selectLabels(y, rows))));
}

/** Models that can be asked after several sets of labels for the work of one. @internal */
export function imageJudge(fn: string, X: Matrix, options: LeaveOneOutOptions): ImageJudge {
  const { imageShape, numClasses, patches, ridge = 1, rng } = options;
  requireRidge(fn, ridge);
  requireInteger(fn, "numClasses", numClasses, 2);
  requireInteger(fn, "number of images", X.shape[0], 2);
  const compared = { ...patches, filters: patches?.filters ?? FEW_PATCHES };
  const features = patchFeatures(X, { ...compared, imageShape, rng });
  const [n, numFeatures] = features.shape;
  const askOthers = leaveOneOut(features, ridge);
  return { numFeatures, patches: compared, ask(y, learn) {
    const counts = new Uint8Array(n);
    for (let j = 0; j < learn.length; j++) counts[learn[j]] = 1;
    const scores = new Float64Array(n * numClasses);
    for (let c = 0; c < numClasses; c++) {
      throwIfInterrupted();
      const told = askOthers(Float64Array.from(y, (label, i) => (counts[i] ? Number(label === c) : 1 / numClasses)));
      told.forEach((score, i) => { scores[i * numClasses + c] = LOGIT * score; });
    }
    return honest(matrix(scores, [n, numClasses]), y, learn);
  } };
}

/**
 * What models say to each image that were fitted to all others, so that no answer can come from remembering a label:
 * ridge regressions of the classes on features in which no label has a part (`patchFeatures`). One temperature,
 * fitted to all labels, makes their answers probabilities.
 *
 * @param X Images, shape [n, product of imageShape], at least two. @param y Labels, wrong ones included, shape [n].
 * @returns Shape [n, numClasses].
 * @throws {RangeError} If sizes differ, a number is not finite, a label is no class, or a setting is out of range.
 * @see Northcutt, Jiang & Chuang, JAIR 70, 2021, §3: out-of-sample probabilities. Coates & Ng, ICML 2011: the features.
 * @example
 * const images = matrix(X.data.slice(0, 100 * 784), [100, 784]);
 * const said = leaveOneOutProbabilities(images, y.slice(0, 100), { imageShape: [28, 28, 1], numClasses: 10,
 *   patches: { filters: 8 }, rng: seededRng(1) });
 * said.shape; // [100, 10]
 */
export function leaveOneOutProbabilities(X: Matrix, y: Int32Array, options: LeaveOneOutOptions): Matrix<Float64Array> {
  const fn = "leaveOneOutProbabilities";
  const { imageShape: inputShape, numClasses } = options;
  requireImages(fn, "imageShape", inputShape);
  requireInteger(fn, "numClasses", numClasses, 2);
  requireExamples(fn, { inputShape, inputScale: 1, layers: [layer.flatten(), layer.dense(numClasses)] }, X, y);
  return imageJudge(fn, X, options).ask(y, Int32Array.from(y.keys()));
}
