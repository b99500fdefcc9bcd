import { mean } from "../../math/spread";
import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { countMultiplications } from "../../training/layers";
import { numClassesOf, requireExamples, type Network } from "../../training/network";
import { requireInRange, requireInteger } from "../../validate";
import { blockFeatures } from "./block-features";
import { crossFittedProbabilities, linearHead } from "./cross-fitted";
import { flipPosterior, type FlipPosterior } from "./flip-posterior";
import { partsOf } from "./parts";

export interface FindFlipsOptions {
  /**
   * How often models are fitted to the labels as corrected so far.
   * @defaultValue 3
   */
  rounds?: number;
  /** @defaultValue 3 */
  folds?: number;
  /** @defaultValue 4 */
  epochs?: number;
  /**
   * A label is suspected if it is wrong with at least this probability, in [0, 1].
   * @defaultValue 0.5
   */
  threshold?: number;
  rng: Rng;
}

export interface FoundFlips extends FlipPosterior {
  /** Positions suspected, the known ones left out, ascending. */
  readonly suspects: Int32Array;
  /** Labels with the suspects' and the known ones' most probable true class, shape [n]. */
  readonly y: Int32Array;
  /** Work, as gradients of the whole network, in examples; a pass without a gradient counts a third. */
  readonly gradients: number;
  readonly seconds: number;
}

/** Geometric means of several models' probabilities, brought to sum to 1. */
function pooled(said: readonly Matrix<Float64Array>[]): Matrix<Float64Array> {
  const [n, k] = said[0].shape;
  const data = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let c = i * k; c < (i + 1) * k; c++)
      sum += data[c] = Math.exp(mean(said.map((one) => Math.log(Math.max(one.data[c], 1e-9)))));
    for (let c = i * k; c < (i + 1) * k; c++) data[c] /= sum;
  }
  return matrix(data, [n, k]);
}

/**
 * Finds the wrong labels that nobody knows of, from a share that is known and the network trained on all of them.
 * Linear models on what the network's convolutions see, none asked about a row it was shown, say what each image looks
 * like; `flipPosterior` compares that with its label and with the pattern of the known flips; labels are corrected, and
 * the models fitted again.
 *
 * @param given Labels the network was trained with, shape [n]. @param known Positions known to be wrong.
 * @throws {RangeError} If no or every row is known, or the network has no pooling layer.
 * @see Northcutt, Jiang & Chuang, JAIR 70, 2021: finding label errors by models not shown the row.
 * @example
 * const convolutional = initializeNetwork(leNet(), { rng: seededRng(1) });
 * const { suspects } = findFlips(convolutional, X, y, flipped.slice(0, 20), { rounds: 1, rng: seededRng(1) });
 */
export function findFlips(
  network: Network,
  X: Matrix,
  given: Int32Array,
  known: ArrayLike<number>,
  { rounds = 3, folds = 3, epochs = 4, threshold = 0.5, rng }: FindFlipsOptions,
): FoundFlips {
  const began = performance.now();
  requireExamples("findFlips", network.architecture, X, given);
  requireInteger("findFlips", "rounds", rounds, 1);
  requireInRange("findFlips", "threshold", threshold, 0, 1);
  const { outside } = partsOf("findFlips", given.length, known);
  const numClasses = numClassesOf(network.architecture);
  const features = blockFeatures(network, X);
  const whole = countMultiplications(network.architecture);
  const light = features.reduce((sum, { shape }) =>
    sum + countMultiplications(linearHead(shape[1], numClasses)) / whole, 0);
  let [y, learn, gradients] = [given, outside, given.length / 3];
  let posterior: FlipPosterior | undefined;
  for (let round = 0; round < rounds; round++) {
    const draws = rng.spawn(round);
    const said = features.map((F, f) =>
      crossFittedProbabilities(F, y, { numClasses, learn, folds, epochs, rng: draws.spawn(f) }));
    gradients += learn.length * (folds - 1) * epochs * light;
    posterior = flipPosterior(pooled(said), given, known);
    const { wrong, likely } = posterior;
    y = given.map((label, i) => (wrong[i] >= threshold ? likely[i] : label));
    learn = Int32Array.from(y.keys());
  }
  const found = posterior as FlipPosterior;
  const suspects = outside.filter((i) => found.wrong[i] >= threshold);
  return { ...found, suspects, y, gradients, seconds: (performance.now() - began) / 1000 };
}
