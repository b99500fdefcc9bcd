import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import { softmaxRows } from "../../math/softmax";
import { symmetricEigen } from "../../math/symmetric-eigen";
import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { tidyNumbers } from "../../tensorflow";
import type { Network } from "../../training/network";
import { networkOutputs } from "../../training/predict";
import { runtimeOf, type Runtime } from "../../training/runtime";
import { requirePositive } from "../../validate";
import { drawLabels } from "../draw-labels";
import type { LabeledExamples } from "../memorization";
import {
  blockGradients, blocksOf, gradientRows, requireExplainable, visitRecords, type Block,
} from "./example-gradients";
import { alongGradients } from "./scores";

export interface EkfacOptions {
  /**
   * Added to each layer's curvature, in multiples of its mean; above 0.
   * @defaultValue 0.1
   */
  damping?: number;
  /** Draws labels from the network's own probabilities. */
  rng: Rng;
}

/** Directions in which one block's curvature is nearly diagonal, and the curvature along each pair of them. */
interface BlockCurvature extends Block {
  /** Directions of inputs, one a row, shape [rows, rows]; of slopes, shape [columns, columns]. */
  readonly inputs: Float32Array;
  readonly slopes: Float32Array;
  /** Mean squared gradient, shape [rows, columns]. */
  readonly curvature: Float64Array;
}

function addTo(sum: Float64Array, values: ArrayLike<number>, share: number): void {
  for (let j = 0; j < values.length; j++) sum[j] += share * values[j];
}

/** Products of all positions' vectors with themselves, summed: [n, positions, k] to [k, k]. */
function products({ tf }: Runtime, vectors: Tensor3D): Tensor {
  const flat = vectors.reshape([-1, vectors.shape[2]]) as Tensor2D;
  return tf.matMul(flat, flat, true, false);
}

const directionsOf = (sum: Float64Array, k: number): Float32Array =>
  Float32Array.from(symmetricEigen(matrix(sum, [k, k])).vectors.data);

/** Kronecker factors of each block from one pass over the examples, and the curvature along them from another. */
function curvatures(fn: string, network: Network, drawn: LabeledExamples): BlockCurvature[] {
  const n = drawn.y.length;
  const blocks = blocksOf(network);
  const sums = blocks.map(({ rows, columns }) => [new Float64Array(rows ** 2), new Float64Array(columns ** 2)]);
  visitRecords(fn, network, drawn, "loss", (runtime, records) => records.forEach(({ inputs, slopes }, b) => {
    addTo(sums[b][0], products(runtime, inputs).dataSync(), 1 / n);
    addTo(sums[b][1], products(runtime, slopes).dataSync(), 1 / n);
  }));
  if (!sums.flat().every((sum) => sum.every(Number.isFinite)))
    throw new RangeError(`${fn}: inputs of layers are too large for their products in float32: scale them`);
  const found = blocks.map((block, b) => ({ ...block, inputs: directionsOf(sums[b][0], block.rows),
    slopes: directionsOf(sums[b][1], block.columns), curvature: new Float64Array(block.rows * block.columns) }));
  visitRecords(fn, network, drawn, "loss", (runtime, records) => records.forEach((one, b) => {
    const { tf } = runtime;
    const squares = tf.sum(tf.square(turned(runtime, found[b], blockGradients(runtime, one))), 0);
    addTo(found[b].curvature, squares.dataSync(), 1 / n);
  }));
  if (!found.some(({ curvature }) => curvature.some((value) => value > 0)))
    throw new RangeError(`${fn}: network is so sure of every label that its loss has no curvature`);
  return found;
}

/** Gradients [n, rows, columns] in a block's directions. */
function turned({ tf }: Runtime, { rows, columns, inputs, slopes }: BlockCurvature, gradients: Tensor3D): Tensor3D {
  const [Q, P] = [tf.tensor(inputs, [1, rows, rows]), tf.tensor(slopes, [1, columns, columns])];
  const n = gradients.shape[0];
  const left = tf.matMul(tf.tile(Q, [n, 1, 1]) as Tensor3D, gradients);
  return tf.matMul(left, tf.tile(P, [n, 1, 1]) as Tensor3D, false, true);
}

/** (G + λ)⁻¹ v of one block, for its part of a direction. */
function solved(runtime: Runtime, block: BlockCurvature, part: Float32Array, damping: number): Float32Array {
  const { tf } = runtime;
  const { rows, columns, inputs, slopes, curvature } = block;
  const mean = curvature.reduce((sum, value) => sum + value / curvature.length, 0);
  if (!(mean > 0)) return new Float32Array(part.length);
  const lambda = Math.max(damping * mean, Number.MIN_VALUE);
  const inverse = Float32Array.from(curvature, (value) => 1 / (value + lambda));
  return tidyNumbers(tf, () => {
    const [Q, P] = [tf.tensor2d(inputs, [rows, rows]), tf.tensor2d(slopes, [columns, columns])];
    const inside = tf.mul(tf.matMul(tf.matMul(Q, tf.tensor2d(part, [rows, columns])), P, false, true),
      tf.tensor2d(inverse, [rows, columns]));
    return tf.matMul(tf.matMul(Q, inside as Tensor2D, true, false), P).dataSync() as Float32Array;
  });
}

/**
 * Which training examples made a network answer as it does, by influence functions: were an example weighed a little
 * more in training, how would the answer move? The inverse of the Gauss–Newton matrix that this needs is approximated
 * layer by layer, in directions of inputs times directions of slopes, with the true curvature along each pair. For
 * layers of up to a few hundred inputs.
 *
 * @param queries LabeledExamples to explain, with their true classes.
 * @returns Shape [queries, training examples]: above 0 if the example makes the query's class more likely.
 * @throws {RangeError} If damping is not above 0, there is no example, or no dense or convolutional layer, or the
 * network is so sure of all labels that the loss is flat, or data don't fit it or are too large for float32.
 * @see Grosse et al., "Studying large language model generalization with influence functions", 2023, §2.2 and §3.1;
 * George et al., NeurIPS 2018, for EK-FAC.
 * @example
 * const scores = ekfacInfluence(network, { X, y }, { X, y }, { rng: seededRng(1) });
 */
export function ekfacInfluence(
  network: Network,
  train: LabeledExamples,
  queries: LabeledExamples,
  { damping = 0.1, rng }: EkfacOptions,
): Matrix<Float64Array> {
  requirePositive("ekfacInfluence", "damping", damping);
  requireExplainable("ekfacInfluence", network, train);
  const wanted = gradientRows("ekfacInfluence", network, queries, "logOdds");
  const labels = drawLabels(softmaxRows(networkOutputs(network, train.X)), rng);
  const blocks = curvatures("ekfacInfluence", network, { X: train.X, y: labels });
  const runtime = runtimeOf();
  const directions = wanted.map((row) => {
    const direction = new Float32Array(row.length);
    let at = 0;
    for (const block of blocks) {
      const size = block.rows * block.columns;
      direction.set(solved(runtime, block, row.slice(at, at + size), damping), at);
      at += size;
    }
    return direction;
  });
  return alongGradients("ekfacInfluence", network, train, directions);
}
