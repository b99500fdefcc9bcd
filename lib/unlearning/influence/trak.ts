import type { Tensor2D } from "@tensorflow/tfjs-node";
import { dampedInverse } from "../../math/damped-inverse";
import { softmaxRows } from "../../math/softmax";
import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { tidyNumbers } from "../../tensorflow";
import type { Network } from "../../training/network";
import { networkOutputs } from "../../training/predict";
import { runtimeOf } from "../../training/runtime";
import { requireInteger, requirePositive } from "../../validate";
import type { LabeledExamples } from "../memorization";
import { blockGradients, blocksOf, visitRecords } from "./example-gradients";
import { finiteScores, meanOf } from "./scores";

export interface TrakOptions {
  /**
   * Numbers that a gradient is projected to.
   * @defaultValue 512
   */
  dimensions?: number;
  /**
   * Added to the projected gradients' second moments, in multiples of their mean; above 0.
   * @defaultValue 0.01
   */
  damping?: number;
  /** Draws the projections. */
  rng: Rng;
}

/** Signs at random, scaled so that lengths stay what they are on average, shape [weights, dimensions]. */
function projection(weights: number, dimensions: number, rng: Rng): Tensor2D {
  const scale = 1 / Math.sqrt(dimensions);
  const values = new Float32Array(weights * dimensions);
  let word = 0;
  for (let j = 0; j < values.length; j++) {
    if (j % 32 === 0) word = rng.word();
    values[j] = (word >>> (j % 32)) & 1 ? scale : -scale;
  }
  return runtimeOf().tf.tensor2d(values, [weights, dimensions]);
}

/** Each example's gradient of its log-odds, projected, shape [n, dimensions]. */
function projected(network: Network, examples: LabeledExamples, onto: Tensor2D): Float32Array {
  const [, k] = onto.shape;
  const all = new Float32Array(examples.y.length * k);
  visitRecords("trak", network, examples, "logOdds", (runtime, records, from) => {
    const { tf } = runtime;
    const count = records[0].inputs.shape[0];
    const gradients = tf.concat(records.map((one) => blockGradients(runtime, one).reshape([count, -1])), 1);
    all.set(tf.matMul(gradients as Tensor2D, onto).dataSync(), from * k);
  });
  return all;
}

/** What float32 adds to products by rounding, as a share of them. */
const ROUNDING = 2 ** -24;

function secondMomentsInverse(gram: Matrix, damping: number): Matrix<Float64Array> {
  const inverse = dampedInverse(gram, damping, ROUNDING);
  if (!inverse)
    throw new RangeError("trak: damping must be larger, or dimensions fewer: float32 rounds projected gradients "
      + "by more than the damping adds");
  return inverse;
}

/** Scores by one network: φ(query) (ΦᵀΦ + λ)⁻¹ Φᵀ, times what each example still lacks to certainty. */
function scoresOf(network: Network, train: LabeledExamples, queries: LabeledExamples, options: Required<TrakOptions>):
Matrix<Float64Array> {
  const { dimensions: k, damping, rng } = options;
  const { tf } = runtimeOf();
  const [m, n] = [queries.y.length, train.y.length];
  const onto = projection(blocksOf(network).reduce((sum, { rows, columns }) => sum + rows * columns, 0), k, rng);
  try {
    const [own, asked] = [projected(network, train, onto), projected(network, queries, onto)];
    const chances = softmaxRows(networkOutputs(network, train.X));
    const lacking = Float32Array.from(train.y, (label, i) => 1 - chances.data[i * chances.shape[1] + label]);
    const data = tidyNumbers(tf, () => {
      const Phi = tf.tensor2d(own, [n, k]);
      const gram = tf.matMul(Phi, Phi, true, false).dataSync() as Float32Array;
      const mean = gram.reduce((sum, value, j) => (j % (k + 1) === 0 ? sum + value / k : sum), 0);
      const inverse = secondMomentsInverse(matrix(gram, [k, k]), Math.max(damping * mean, Number.MIN_VALUE));
      const kernel = tf.tensor2d(Float32Array.from(inverse.data), [k, k]);
      const scores = tf.matMul(tf.matMul(tf.tensor2d(asked, [m, k]), kernel), Phi, false, true);
      return Float64Array.from(tf.mul(scores, tf.tensor2d(lacking, [1, n])).dataSync());
    });
    return finiteScores("trak", matrix(data, [m, n]));
  } finally {
    onto.dispose();
  }
}

/**
 * Which training examples made networks answer as they do, by TRAK: gradients of log-odds are projected at random to a
 * few hundred numbers, in which the network is taken for a linear model; a linear model's answer to having an example
 * taken away is known. Scores of several networks, trained alike from other starts, are averaged.
 *
 * @param networks Trained on the examples or on parts of them, at least one.
 * @param queries LabeledExamples to explain, with their true classes.
 * @returns Shape [queries, training examples]: above 0 if the example makes the query's class more likely.
 * @throws {RangeError} If a setting is out of range, there is no network, no example, or no dense or convolutional
 * layer, or damping is too small for so many dimensions.
 * @see Park, Georgiev, Ilyas, Leclerc & Mądry, ICML 2023, §3, equation 15; without its last step, which zeroes small
 * scores.
 * @example
 * const scores = trak([network], { X, y }, { X, y }, { dimensions: 32, rng: seededRng(1) });
 */
export function trak(
  networks: readonly Network[],
  train: LabeledExamples,
  queries: LabeledExamples,
  { dimensions = 512, damping = 0.01, rng }: TrakOptions,
): Matrix<Float64Array> {
  requireInteger("trak", "number of networks", networks.length, 1);
  requireInteger("trak", "dimensions", dimensions, 1);
  requirePositive("trak", "damping", damping);
  return meanOf(networks.map((network, each) =>
    scoresOf(network, train, queries, { dimensions, damping, rng: rng.spawn(each) })));
}
