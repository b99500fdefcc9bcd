import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { type Architecture, layer } from "../../training/layers";
import type { Network } from "../../training/network";
import { adam } from "../../training/optimizers";
import { trainNetwork } from "../../training/train";
import { requireInteger, requireSameLength } from "../../validate";
import { gdpEpsilon } from "../accounting/gdp";
import { trainPrivateLinear } from "../learners/private-linear";
import type { PrivateLinear } from "../learners/private-linear-model";
import { requireLabels } from "../local/randomized-response";
import { type CentralImages, fitCentralImages } from "./central-images";
import { drawImages, type DrawImagesStyle } from "./draw-images";
import { fitInkLaw, type InkLaw } from "./ink";
import { networkFeatures } from "./learned-features";
import { type PlannedRelease, planReleases } from "./release-plan";

/** One round of learning: images are drawn and labelled, a network learns them, a private model learns its features. */
export interface TeacherRound {
  /** Images drawn for the network. */
  readonly images: number;
  readonly epochs: number;
  /** Of the budget, for the private model. */
  readonly share: number;
  /** Full-batch gradient steps of the private model. */
  readonly steps: number;
  readonly learningRate: number;
}

/** All settings of `fitPrivateDigits`. Shares are parts of μ² and sum to 1. */
export interface PrivateDigitsPlan {
  readonly centersPerClass: number;
  /** Rounds of k-means. */
  readonly kMeansRounds: number;
  readonly imagesShare: number;
  readonly inkShare: number;
  readonly rounds: readonly TeacherRound[];
  readonly style: DrawImagesStyle;
}

export interface PrivateDigitsOptions {
  /** What everything that is released costs each record, above 0; neighbours differ by one record there or not. */
  readonly epsilon: number;
  /** In (0, 1). */
  readonly delta: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  readonly numClasses: number;
  readonly plan: PrivateDigitsPlan;
  readonly rng: Rng;
  /** Called with what is being done and the share of all work that is done. */
  readonly onProgress?: (stage: string, done: number) => void;
}

/** A teacher: a network that saw only invented images, and a private linear model on what it computes. */
interface Teacher {
  readonly network: Network;
  readonly head: PrivateLinear;
}

/** A private generator of labelled images. Drawing from it costs nothing more. */
export interface PrivateDigits {
  /** Everything that was read from the records, with its part of the budget. */
  readonly releases: readonly PlannedRelease[];
  readonly central: CentralImages;
  readonly ink: InkLaw;
  /** Classes by the last round's private model, shape [n]. */
  label(X: Matrix): Int32Array;
  /** Labelled images that may be published. */
  sample(options: { size: number; rng: Rng }): { X: Matrix<Uint8Array>; y: Int32Array };
}

/** Layers whose inputs are features: the pooled maps, flat, and the dense layer's output. */
const FEATURE_LAYERS = [5, 8];
const CLIP_NORM = 0.01;

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

const labelsOf = ({ network, head }: Teacher, X: Matrix): Int32Array =>
  head.predict(networkFeatures(network, X, { layers: FEATURE_LAYERS }));

/**
 * Learns to invent labelled images of handwriting under (ε, δ)-differential privacy, from nothing but the records.
 *
 * 1. Central images of each class and the amount of ink are released with Gaussian noise; images are drawn from them.
 * 2. A network learns these, each labelled by the class of its centre. A private linear model then learns the real
 *    records, as the network's inner layers show them: a network that saw only releases costs nothing to look through.
 * 3. That model labels newly drawn images, and step 2 is done again.
 *
 * The last model labels what is published. The records are read in `fitCentralImages`, `fitInkLaw` and
 * `trainPrivateLinear` only; each states its sensitivity, and `planReleases` splits the budget over them. The number of
 * records is taken as public.
 *
 * Warning: for experiments. Noise is rounded to floating point.
 *
 * @param X Square grey images in [0, 255], shape [n, side²], side a multiple of 4, none of them black; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If the plan's shares don't sum to 1, an image is black, or a label or setting is out of range.
 */
export async function fitPrivateDigits(
  X: Matrix,
  y: Int32Array,
  options: PrivateDigitsOptions,
): Promise<PrivateDigits> {
  const { epsilon, delta, numClasses, plan, onProgress } = options;
  const { centersPerClass, kMeansRounds, imagesShare, inkShare, rounds, style } = plan;
  requireSameLength("fitPrivateDigits", "X", X.shape[0], "y", y.length);
  requireLabels("fitPrivateDigits", "y", y, numClasses);
  requireInteger("fitPrivateDigits", "number of rounds", rounds.length, 1);
  const releases = planReleases([
    { name: "central images", share: imagesShare, count: 1 + kMeansRounds },
    { name: "amount of ink", share: inkShare, count: 1 },
    ...rounds.map(({ share, steps }, r) => ({ name: `labels, round ${r + 1}`, share, count: steps + 1 })),
  ], { epsilon, delta });
  const [images, inkPlan, ...heads] = releases;
  // A child depends on its key alone: without a new key a second fit would repeat the noise of the first.
  const rng = options.rng.spawn(options.rng.word());
  const total = 1 + rounds.reduce((sum, round) => sum + round.images * round.epochs, 0);
  let done = 0;
  onProgress?.("central images", 0);
  const central = fitCentralImages(X, y, {
    numClasses, centersPerClass, rounds: kMeansRounds, noiseMultiplier: images.noiseMultiplier, rng: rng.spawn(0),
  });
  const ink = fitInkLaw(X, y, { numClasses, noiseMultiplier: inkPlan.noiseMultiplier, rng: rng.spawn(1) });

  let teacher: Teacher | null = null;
  for (const [r, { images: size, epochs, steps, learningRate }] of rounds.entries()) {
    const roundRng = rng.spawn(2 + r);
    const drawn = drawImages(central, ink, { size, style, rng: roundRng.spawn(0) });
    const labels: Int32Array = teacher ? labelsOf(teacher, drawn.X) : drawn.y;
    const architecture = featureNetwork(central.side, numClasses);
    const { network }: { network: Network } = await trainNetwork(architecture, drawn.X, labels, {
      epochs, optimizer: adam(), keep: "last", rng: roundRng.spawn(1),
      onProgress: ({ epoch, step, steps: all }) =>
        onProgress?.(`network, round ${r + 1}`, (done + size * (epoch - 1 + step / all)) / total),
    });
    done += size * epochs;
    const features = networkFeatures(network, X, { layers: FEATURE_LAYERS });
    const mu = Math.sqrt(heads[r].count) / heads[r].noiseMultiplier;
    const head = trainPrivateLinear(features, y, {
      numClasses, epsilon: gdpEpsilon({ mu, delta }), delta, steps, center: true, clipNorm: CLIP_NORM, learningRate,
      rng: roundRng.spawn(2), onProgress: () => onProgress?.(`labels, round ${r + 1}`, done / total),
    });
    teacher = { network, head };
  }
  const last = teacher as Teacher;
  const label = (images: Matrix): Int32Array => labelsOf(last, images);
  return {
    releases, central, ink, label,
    sample({ size, rng: sampleRng }) {
      const drawn = drawImages(central, ink, { size, style, rng: sampleRng });
      return { X: drawn.X, y: label(drawn.X) };
    },
  };
}
