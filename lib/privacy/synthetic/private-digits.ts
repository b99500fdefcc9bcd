import { throwIfInterrupted } from "../../interrupt";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../../validate";
import { requireLabels } from "../local/randomized-response";
import type { NoiseKind } from "../mechanisms/whole-vectors";
import type { Bends } from "./bends";
import type { CentralImages } from "./central-images";
import { type DigitReleases, digitReleases } from "./digit-releases";
import { digitsPlan, type PrivateDigitsPlan, releaseShares, requirePlan } from "./digits-plan";
import { drawImages } from "./draw-images";
import { drawnFeatures } from "./drawn-features";
import { scribbles } from "../../images/scribbles";
import type { PoseLaw } from "./pose";
import { type PlannedRelease, planReleases } from "./release-plan";

export interface PrivateDigitsOptions {
  /** What everything that is released costs each record, above 0; neighbours differ by one record there or not. */
  readonly epsilon: number;
  /** In (0, 1). */
  readonly delta: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  readonly numClasses: number;
  /** @defaultValue `digitsPlan` */
  readonly plan?: PrivateDigitsPlan;
  /** `discrete` for releases: drawn exactly, larger (by 8 % at ε = 1, δ = 1e-5) and slower; `normal` unless said. */
  readonly noise?: NoiseKind;
  /** Noise and images. */
  readonly rng: Rng;
  /** Called with what is being done and the share of all work that is done, in [0, 1]. */
  readonly onProgress?: (stage: string, done: number) => void;
  /** Ends the work between two stages with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Learned from releases alone: a generator of images and a model that labels them. */
export interface DigitsModel {
  /** The templates and what differs from them. */
  readonly central: CentralImages;
  readonly bends: Bends;
  readonly pose: PoseLaw;
  /** Classes by the private model, shape [n]. */
  label(X: Matrix): Int32Array;
  /** Labelled images that may be published, `X` of shape [size, side²] with grey values. */
  sample(options: { size: number; rng: Rng }): { X: Matrix<Uint8Array>; y: Int32Array };
}

/** A private generator of labelled images. Drawing from it costs nothing more, however much is drawn. */
export interface PrivateDigits extends DigitsModel {
  /** Everything that was read from the records, with its part of the budget. */
  readonly releases: readonly PlannedRelease[];
}

/** Features are divided by their standard deviation among scribbles to this power. */
const FEATURE_POWER = 0.5;
/** The smallest images of which 14 × 14 cosine coefficients can be taken, in quarters. */
const MIN_SIDE = 16;

interface LearnDigitsOptions extends Pick<PrivateDigitsOptions, "rng" | "onProgress" | "signal"> {
  readonly plan: PrivateDigitsPlan;
  /** Of the images, in pixels. */
  readonly side: number;
}

/**
 * All of `fitPrivateDigits` that comes after the releases: it has no other access to the records.
 *
 * @param releases Asked in a fixed order: central images, pose, bends, then the head.
 */
export function learnDigits(
  releases: DigitReleases,
  { plan, side, rng, onProgress, signal }: LearnDigitsOptions,
): DigitsModel {
  const { teacher, style } = plan;
  const stages = ["features", "central images", "ink and slant", "templates and bends", "labels"];
  const begin = (stage: string): void => {
    throwIfInterrupted(signal);
    onProgress?.(stage, stages.indexOf(stage) / stages.length);
  };
  begin("features");
  const features = drawnFeatures(scribbles(teacher.images, { side, rng: rng.spawn(0) }),
    { size: teacher.features, power: FEATURE_POWER, rng: rng.spawn(1) });
  begin("central images");
  const first = releases.central();
  begin("ink and slant");
  const pose = releases.pose();
  begin("templates and bends");
  const { central, bends } = releases.bends(first, pose);
  begin("labels");
  const head = releases.head(features);
  throwIfInterrupted(signal);
  onProgress?.("labels", 1);
  const label = (X: Matrix): Int32Array => head.predict(features(X));
  return {
    central, bends, pose, label,
    sample: (options) => {
      const { X } = drawImages(central, pose, { style, bends, ...options });
      return { X, y: label(X) };
    },
  };
}

/**
 * Learns to invent labelled images of handwriting under (ε, δ)-differential privacy, from nothing but the records.
 *
 * 1. Central images of each class, and laws of ink and slant, are released with Gaussian noise.
 * 2. Each record is laid on the central image nearest to it like a bent sheet. Sums over all records give templates,
 *    how sheets are bent, and what differs even so. Images are drawn from these.
 * 3. The directions in which the scattering features of scribbles differ most, curves that no data have a part in, are
 *    features that cost nothing. A private linear model learns the real records in them, and labels what is drawn.
 *
 * The records are read in `fitCentralImages`, `fitPoseLaw`, `bendImages` and `trainPrivateLinear` only; what each
 * releases has a stated sensitivity, and `planReleases` splits the budget over them. The number of records and the size
 * of the images are taken as public, and so is a refusal.
 *
 * What is fixed here (scattering features, how they are scaled, clipping) was chosen on held-out
 * training images of MNIST, which is not counted in ε; for the plan's settings see `digitsPlan`.
 *
 * Normal noise is rounded to floating point: for experiments. For a release, take `noise: "discrete"` and `secureRng`:
 * each record is then worked out by itself and rounded to whole units, and noise is added to their sums exactly.
 *
 * @param X Square grey images in [0, 255], none of them black, shape [n, side²], side a multiple of 4 and at least 16;
 * not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If the plan's shares don't sum to 1, an image is black, or a label or setting is out of range.
 * @see Dong, Roth & Su, arXiv 1905.02383, for how the releases add up; Cao et al., NeurIPS 2021 (DP-Sinkhorn), and
 * Dockhorn et al., TMLR 2023 (DPDM), for the task. The method is neither's.
 * @example
 * const { train } = await loadMnist({ train: 500 });
 * const teacher = { ...digitsPlan.teacher, images: 200, features: 50 };
 * const digits = await fitPrivateDigits(train.X, train.y, {
 *   epsilon: 10, delta: 1e-5, numClasses: 10, plan: { ...digitsPlan, teacher }, rng: seededRng(1),
 * });
 * const { X, y } = digits.sample({ size: 100, rng: seededRng(2) });
 */
export async function fitPrivateDigits(
  X: Matrix,
  y: Int32Array,
  options: PrivateDigitsOptions,
): Promise<PrivateDigits> {
  const { epsilon, delta, numClasses, plan = digitsPlan, noise = "normal", onProgress, signal } = options;
  const fn = "fitPrivateDigits";
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireInteger(fn, "number of records", y.length, 1);
  const side = Math.sqrt(X.shape[1]);
  requireInteger(fn, "side of the images", side, MIN_SIDE);
  requireFinite(fn, "X", X.data);
  for (const value of X.data) requireInRange(fn, "X", value, 0, 255);
  requireLabels(fn, "y", y, numClasses);
  requirePlan(fn, plan);
  const planned = planReleases(releaseShares(plan), { epsilon, delta, noise });
  // A child depends on its key alone: without a new key a second fit would repeat the noise of the first.
  const rng = options.rng.spawn(options.rng.word());
  const releases = digitReleases(X, y, { epsilon, delta, numClasses, plan, planned, noise, rng: rng.spawn(0) });
  const model = learnDigits(releases, { plan, side, rng: rng.spawn(1), onProgress, signal });
  return { releases: planned, ...model };
}
