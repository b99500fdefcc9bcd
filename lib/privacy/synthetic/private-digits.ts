import { throwIfInterrupted } from "../../interrupt";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { type Architecture, layer } from "../../training/layers";
import type { Network } from "../../training/network";
import { adam } from "../../training/optimizers";
import { trainNetwork } from "../../training/train";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";
import { requireLabels } from "../local/randomized-response";
import type { CentralImages } from "./central-images";
import { type DigitReleases, digitReleases } from "./digit-releases";
import { digitsPlan, type PrivateDigitsPlan, releaseShares, requirePlan } from "./digits-plan";
import { drawImages, type DrawImagesStyle } from "./draw-images";
import { networkFeatures } from "./learned-features";
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
  /** Noise, images and networks. */
  readonly rng: Rng;
  /** Called with what is being done and the share of all work that is done, in [0, 1]. */
  readonly onProgress?: (stage: string, done: number) => void;
  /** Ends the work between two steps with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Learned from releases alone: a generator of images and a model that labels them. */
export interface DigitsModel {
  readonly central: CentralImages;
  readonly pose: PoseLaw;
  /** Classes by the last round's private model, shape [n]. */
  label(X: Matrix): Int32Array;
  /** Labelled images that may be published, `X` of shape [size, side²] with grey values. */
  sample(options: { size: number; rng: Rng }): { X: Matrix<Uint8Array>; y: Int32Array };
}

/** A private generator of labelled images. Drawing from it costs nothing more, however much is drawn. */
export interface PrivateDigits extends DigitsModel {
  /** Everything that was read from the records, with its part of the budget. */
  readonly releases: readonly PlannedRelease[];
}

/** Layers whose inputs are features: the pooled maps, flat, and the dense layer's output. */
const FEATURE_LAYERS = [5, 8];

/** The smallest images of which 16 × 16 cosine coefficients can be taken. */
const MIN_SIDE = 16;

/** The network that learns invented images. */
function featureNetwork(side: number, numClasses: number): Architecture {
  return {
    inputShape: [side, side, 1],
    inputScale: 1 / 255,
    layers: [
      layer.conv2d(16, { kernelSize: 5 }),
      layer.maxPool(2),
      layer.conv2d(32, { kernelSize: 5, padding: "valid" }),
      layer.maxPool(2),
      layer.flatten(),
      layer.dropout(0.25),
      layer.dense(128, { activation: "relu" }),
      layer.dropout(0.5),
      layer.dense(numClasses),
    ],
  };
}

/** Drawn images and what the model says of them; without a model, the digits they were drawn for. */
function labeledImages(
  { central, pose, label }: { central: CentralImages; pose: PoseLaw; label: DigitsModel["label"] | undefined },
  style: DrawImagesStyle,
  options: { size: number; rng: Rng; signal?: AbortSignal },
): { X: Matrix<Uint8Array>; y: Int32Array } {
  const { X, y } = drawImages(central, pose, { style, ...options });
  return { X, y: label?.(X) ?? y };
}

/**
 * All of `fitPrivateDigits` that comes after the releases: it has no other access to the records.
 *
 * @param releases Asked in a fixed order: central images, pose, then one head a round.
 */
export async function learnDigits(
  releases: DigitReleases,
  { numClasses, plan, rng, onProgress, signal }: Omit<PrivateDigitsOptions, "epsilon" | "delta" | "plan"> &
    { readonly plan: PrivateDigitsPlan },
): Promise<DigitsModel> {
  const { rounds, style } = plan;
  const total = rounds.reduce((sum, { images, epochs }) => sum + images * epochs, 0);
  let done = 0;
  onProgress?.("central images", 0);
  const central = releases.central();
  throwIfInterrupted(signal);
  const pose = releases.pose();
  let label: DigitsModel["label"] | undefined;
  for (const [r, { images: size, epochs }] of rounds.entries()) {
    const roundRng = rng.spawn(r);
    const drawn = labeledImages({ central, pose, label }, style, { size, rng: roundRng.spawn(0), signal });
    const { network }: { network: Network } = await trainNetwork(featureNetwork(central.side, numClasses), drawn.X,
      drawn.y, {
        epochs, optimizer: adam(), keep: "last", rng: roundRng.spawn(1), signal,
        onProgress: ({ epoch, step, steps }) =>
          onProgress?.(`network, round ${r + 1}`, (done + size * (epoch - 1 + step / steps)) / total),
      });
    done += size * epochs;
    onProgress?.(`labels, round ${r + 1}`, done / total);
    const features = (X: Matrix): Matrix => networkFeatures(network, X, { layers: FEATURE_LAYERS });
    const head = releases.head(r, features);
    throwIfInterrupted(signal);
    label = (X) => head.predict(features(X));
  }
  const answer = label as DigitsModel["label"];
  return {
    central, pose, label: answer,
    sample: (options) => labeledImages({ central, pose, label }, style, options),
  };
}

/**
 * Learns to invent labelled images of handwriting under (ε, δ)-differential privacy, from nothing but the records.
 *
 * 1. Central images of each class, the modes in which images differ from them, and laws of ink and slant are released
 *    with Gaussian noise; images are drawn from them.
 * 2. A network learns these, each labelled by the class of its centre. A private linear model then learns the real
 *    records, as the network's inner layers show them: a network that saw only releases costs nothing to look through.
 * 3. That model labels newly drawn images, and step 2 is done again.
 *
 * The last model labels what is published. The records are read in `fitCentralImages`, `fitPoseLaw` and
 * `trainPrivateLinear` only; each states its sensitivity, and `planReleases` splits the budget over them. The number of
 * records and the size of the images are taken as public, and so is a refusal.
 *
 * What is fixed here (the layers that give features, clipping, no private centring of features) was chosen on held-out
 * training images of MNIST, which is not counted in ε; for the plan's settings see `digitsPlan`.
 *
 * Warning: for experiments. Noise is rounded to floating point; see `discreteGaussianMechanism` for exact noise.
 *
 * @param X Square grey images in [0, 255], shape [n, side²], side at least 16, none of them black; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If the plan's shares don't sum to 1, an image is black, or a label or setting is out of range.
 * @see Dong, Roth & Su, arXiv 1905.02383, for how the releases add up; Cao et al., NeurIPS 2021 (DP-Sinkhorn), and
 * Dockhorn et al., TMLR 2023 (DPDM), for the task. The method is neither's.
 * @example
 * const { train } = await loadMnist({ train: 500 });
 * const round = { images: 200, epochs: 1, share: 0.69, steps: 20, learningRate: 40 };
 * const digits = await fitPrivateDigits(train.X, train.y, {
 *   epsilon: 10, delta: 1e-5, numClasses: 10, plan: { ...digitsPlan, rounds: [round] }, rng: seededRng(1),
 * });
 * const { X, y } = digits.sample({ size: 100, rng: seededRng(2) });
 */
export async function fitPrivateDigits(
  X: Matrix,
  y: Int32Array,
  options: PrivateDigitsOptions,
): Promise<PrivateDigits> {
  const { epsilon, delta, numClasses, plan = digitsPlan, onProgress, signal } = options;
  const fn = "fitPrivateDigits";
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireInteger(fn, "number of records", y.length, 1);
  requireInteger(fn, "side of the images", Math.sqrt(X.shape[1]), MIN_SIDE);
  requireFinite(fn, "X", X.data);
  requireLabels(fn, "y", y, numClasses);
  requirePlan(fn, plan);
  const planned = planReleases(releaseShares(plan), { epsilon, delta });
  // A child depends on its key alone: without a new key a second fit would repeat the noise of the first.
  const rng = options.rng.spawn(options.rng.word());
  const releases = digitReleases(X, y, { epsilon, delta, numClasses, plan, planned, rng: rng.spawn(0) });
  const model = await learnDigits(releases, { numClasses, plan, rng: rng.spawn(1), onProgress, signal });
  return { releases: planned, ...model };
}
