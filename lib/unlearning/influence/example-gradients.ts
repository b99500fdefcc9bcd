import type { Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-node";
import { throwIfInterrupted } from "../../interrupt";
import { tidyNumbers } from "../../tensorflow";
import { DivergenceError } from "../../training/divergence";
import { layerShapes, parameterSpecs } from "../../training/layers";
import { gatherBatch, numClassesOf, requireExamples, requireNetwork, type Network } from "../../training/network";
import { windows } from "../../training/ops/windows";
import { backwardLayer, forward, liveLayers, type LayerTape, type LiveLayer } from "../../training/passes";
import { runtimeOf, type Runtime } from "../../training/runtime";
import { requireInteger } from "../../validate";
import type { LabeledExamples } from "../memorization";

/**
 * What is differentiated: the cross-entropy, or the log-odds of the example's own class, log p / (1 − p). Those keep a
 * slope where a network is sure of itself, and the loss does not.
 */
export type Output = "loss" | "logOdds";

/** The weights of one dense or convolutional layer as a matrix: a row an input, the last one the bias. */
export interface Block {
  readonly layer: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The layers whose weights count: dense and convolutional ones. Batch norms are held as they are.
 *
 * @throws {RangeError} If there is none.
 */
export function blocksOf({ architecture }: Pick<Network, "architecture">): Block[] {
  const shapes = layerShapes(architecture);
  return architecture.layers.flatMap((layer, l) => {
    const channels = shapes[l][shapes[l].length - 1];
    if (layer.kind === "dense") return [{ layer: l, rows: channels + 1, columns: layer.units }];
    return layer.kind === "conv2d"
      ? [{ layer: l, rows: layer.kernelSize ** 2 * channels + 1, columns: layer.filters }] : [];
  });
}

/** Names of those layers' tensors, in the order in which blocks lay them end to end. */
export function blockParameters({ architecture }: Pick<Network, "architecture">): string[] {
  return parameterSpecs(architecture).flatMap(({ name }) => (/^(conv|dense)\d+_/.test(name) ? [name] : []));
}

/** A batch at one block: what its weights are multiplied with, and the slopes by what comes out, by position. */
export interface BlockRecords {
  /** Shape [n, positions, rows]; the last column is 1, for the bias. */
  readonly inputs: Tensor3D;
  /** Shape [n, positions, columns]. */
  readonly slopes: Tensor3D;
}

/** Slope of each example's output by its logits, shape [n, classes]. */
function logitSlopes({ tf, ops }: Runtime, logits: Tensor, labels: Int32Array, of: Output): Tensor {
  const classes = logits.shape[1] as number;
  const y = tf.tensor1d(labels, "int32");
  if (of === "loss") return ops.softmaxCrossEntropy(logits, y)[1];
  const own = tf.oneHot(y, classes);
  return tf.sub(own, tf.softmax(tf.sub(logits, tf.mul(own, 1e9)) as never));
}

function recordsOf(runtime: Runtime, { layer }: LiveLayer, tape: LayerTape, dy: Tensor): BlockRecords {
  const { tf, ops } = runtime;
  if (layer.kind !== "dense" && layer.kind !== "conv2d") throw new Error(`no weights in ${layer.kind}`);
  const dz = ops.activationGradient(layer.activation, dy, tape.y);
  const [n] = dz.shape;
  const columns = dz.shape[dz.shape.length - 1] as number;
  const inputs = layer.kind === "dense" ? tape.x.reshape([n, 1, -1]) : windows(runtime, tape.x as Tensor4D, layer);
  const ones = tf.ones([n, inputs.shape[1] as number, 1]);
  return { inputs: tf.concat([inputs, ones], 2) as Tensor3D, slopes: dz.reshape([n, -1, columns]) };
}

/** Runs one batch forward and back; records in the order of the blocks. */
function batchRecords(runtime: Runtime, layers: readonly LiveLayer[], x: Tensor, labels: Int32Array,
  of: Output): BlockRecords[] {
  const tapes = forward(runtime, layers, x, { training: false });
  const logits = tapes[tapes.length - 1].y;
  if (!runtime.tf.all(runtime.tf.isFinite(logits)).dataSync()[0])
    throw new DivergenceError("influence: the network's logits are not finite: its weights have diverged");
  let dy = logitSlopes(runtime, logits, labels.slice(), of);
  const first = layers.findIndex(({ weights }) => weights.length > 0);
  const records: BlockRecords[] = [];
  for (let l = layers.length - 1; l >= first; l--) {
    const { kind } = layers[l].layer;
    if (kind === "dense" || kind === "conv2d") records.unshift(recordsOf(runtime, layers[l], tapes[l], dy));
    const { dx } = backwardLayer(runtime, layers[l], tapes[l], dy, { input: l > first, weights: false });
    if (dx) dy = dx;
  }
  return records;
}

/** LabeledExamples at a time. */
const BATCH = 64;

/**
 * Requires a network of at least two classes whose answers to at least one example can be explained.
 *
 * @throws {RangeError} If it is none, or the examples don't fit it.
 */
export function requireExplainable(fn: string, network: Network, { X, y }: LabeledExamples): void {
  const { architecture } = network;
  requireNetwork(fn, network);
  requireInteger(fn, "number of classes", numClassesOf(architecture), 2);
  requireExamples(fn, architecture, X, y);
  if (!y.length) throw new RangeError(`${fn}: needs at least one example, got none`);
  if (!blocksOf(network).length) throw new RangeError(`${fn}: network must have a dense or a convolutional layer`);
}

/**
 * Visits examples batch by batch, in inference mode, with what each one's gradient is made of. Tensors that the visitor
 * makes are freed after it.
 *
 * @param fn Whose arguments these are, for errors.
 * @param visit Gets the records of each block, and the position of the batch's first example.
 */
export function visitRecords(fn: string, network: Network, { X, y }: LabeledExamples, of: Output,
  visit: (runtime: Runtime, records: readonly BlockRecords[], from: number) => void): void {
  const { architecture } = network;
  requireExplainable(fn, network, { X, y });
  const runtime = runtimeOf();
  const { tf } = runtime;
  const tensors = runtime.tensors(parameterSpecs(architecture), network.weights);
  try {
    for (let from = 0; from < y.length; from += BATCH) {
      throwIfInterrupted();
      const own = y.subarray(from, from + BATCH);
      const positions = Int32Array.from(own, (_, k) => from + k);
      tidyNumbers(tf, () => {
        const values = gatherBatch(X, positions, architecture.inputScale);
        const x = tf.tensor(values, [own.length, ...architecture.inputShape], "float32");
        const records = batchRecords(runtime, liveLayers(architecture, tensors), x, own, of);
        visit(runtime, records, from);
      });
    }
  } finally {
    tf.dispose(tensors);
  }
}

/** Each example's gradient by one block's weights, shape [n, rows, columns]. */
export const blockGradients = ({ tf }: Runtime, { inputs, slopes }: BlockRecords): Tensor3D =>
  tf.matMul(inputs, slopes, true, false);

/** Each example's gradient as one row, all blocks end to end, shape [n, weights]. */
export function gradientRows(fn: string, network: Network, examples: LabeledExamples, of: Output): Float32Array[] {
  const rows: Float32Array[] = [];
  visitRecords(fn, network, examples, of, (runtime, records, from) => {
    const flat = records.map((one) => blockGradients(runtime, one).reshape([one.inputs.shape[0], -1]));
    const joined = runtime.tf.concat(flat, 1);
    const [count, width] = joined.shape as [number, number];
    const values = joined.dataSync() as Float32Array;
    for (let k = 0; k < count; k++) rows[from + k] = values.slice(k * width, (k + 1) * width);
  });
  return rows;
}
