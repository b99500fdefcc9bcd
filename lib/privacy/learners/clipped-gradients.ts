import type { Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-node";
import type { ConvolutionLayer, Layer } from "../../training/layers";
import { windows } from "../../training/ops/windows";
import { backwardLayer, forward, type LiveLayer } from "../../training/passes";
import type { Runtime } from "../../training/runtime";

/** Squared length of each record's gradient by a layer's weights, [n]; dz is the gradient by the activation's input. */
function squaredNorms(runtime: Runtime, layer: Layer, x: Tensor, dz: Tensor): Tensor {
  const { tf } = runtime;
  if (layer.kind === "dense")
    return tf.mul(tf.add(tf.sum(tf.square(x), 1), 1), tf.sum(tf.square(dz), 1));
  const [n, height, width, filters] = (dz as Tensor4D).shape;
  const flat = dz.reshape([n, height * width, filters]) as Tensor3D;
  const inputs = windows(runtime, x as Tensor4D, layer as ConvolutionLayer);
  const kernels = tf.matMul(inputs, flat, true, false);
  return tf.add(tf.sum(tf.square(kernels), [1, 2]), tf.sum(tf.square(tf.sum(flat, 1)), 1));
}

/** Labelled rows, and how long a record's gradient may be. */
export interface ClippedBatch {
  /** Inputs of the first layer, one record after the other. */
  rows: Float32Array;
  labels: Int32Array;
  inputShape: readonly number[];
  clipNorm: number;
}

/** The records of a batch that are marked. */
function kept({ rows, labels, ...rest }: ClippedBatch, marked: ArrayLike<number>): ClippedBatch {
  const width = rows.length / labels.length;
  return {
    ...rest,
    rows: rows.filter((_, p) => marked[Math.floor(p / width)] !== 0),
    labels: labels.filter((_, i) => marked[i] !== 0),
  };
}

/**
 * The sum of the records' clipped gradients, one tensor a weight. A record whose gradient float32 can't hold is left
 * out, as if its gradient were 0: shortened, it would be no number, and so would the sum with all others.
 */
export function clippedGradients(runtime: Runtime, layers: readonly LiveLayer[], records: ClippedBatch): Tensor[] {
  const { tf, ops } = runtime;
  const { rows, labels, inputShape, clipNorm } = records;
  if (!labels.length) return layers.flatMap(({ weights }) => weights.map((weight) => tf.zerosLike(weight)));
  return tf.tidy(() => {
    const x = tf.tensor(rows, [labels.length, ...inputShape], "float32");
    const tapes = forward(runtime, layers, x, { training: false });
    let [, dy] = ops.softmaxCrossEntropy(tapes[tapes.length - 1].y, tf.tensor1d(labels, "int32"));
    const first = layers.findIndex(({ weights }) => weights.length > 0);
    const outputGradients: Tensor[] = [];
    const squares: Tensor[] = [];
    for (let i = layers.length - 1; i >= first; i--) {
      const { layer } = layers[i];
      outputGradients[i] = dy;
      if (layer.kind === "dense" || layer.kind === "conv2d") {
        const dz = ops.activationGradient(layer.activation, dy, tapes[i].y);
        squares.push(squaredNorms(runtime, layer, tapes[i].x, dz));
      }
      const { dx } = backwardLayer(runtime, layers[i], tapes[i], dy, { input: i > first, weights: false });
      if (dx) dy = dx;
    }
    const square = tf.addN(squares);
    const isFinite = tf.isFinite(square).dataSync();
    if (isFinite.includes(0)) return clippedGradients(runtime, layers, kept(records, isFinite));
    const factors = tf.div(clipNorm, tf.maximum(tf.sqrt(square), clipNorm));
    // Backward passes are linear in each record's own gradient: scaled ones give the sum of clipped gradients.
    return layers.flatMap((live, i) => {
      if (!live.weights.length) return [];
      const column = [-1, ...outputGradients[i].shape.slice(1).map(() => 1)];
      const scaled = tf.mul(outputGradients[i], factors.reshape(column));
      return [...backwardLayer(runtime, live, tapes[i], scaled, { input: false, weights: true }).gradients];
    });
  });
}
