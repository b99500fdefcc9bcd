import type { Tensor } from "@tensorflow/tfjs-node";
import type { Layer } from "./layers";
import type { BatchNormTape, Ops, Pooled } from "./ops";
import type { Tensorflow } from "./tensorflow";

/** What one layer's forward pass leaves for its backward pass. */
export interface LayerTape {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly pooled?: Pooled;
  readonly mask?: Tensor;
  readonly batchNorm?: BatchNormTape;
  /** Inference batch norm: (x − mean) / √(variance + ε), and that divisor's inverse. */
  readonly normalised?: Tensor;
  readonly inverse?: Tensor;
  /** New moving mean and variance, after a training-mode batch norm. */
  readonly moving?: readonly [Tensor, Tensor];
}

/** Inference, or training with a seed for the dropout masks of this step. */
export type Mode = { readonly training: false } | { readonly training: true; readonly seed: number };

function forwardBatchNorm(
  tf: Tensorflow,
  ops: Ops,
  layer: Layer & { kind: "batchNorm" },
  weights: readonly Tensor[],
  x: Tensor,
  mode: Mode,
): LayerTape {
  const [gamma, beta, mean, variance] = weights;
  if (mode.training) {
    const result = ops.batchNormTraining(x, gamma, beta, mean, variance, layer.momentum, layer.epsilon);
    return { x, y: result.y, batchNorm: result.tape, moving: [result.movingMean, result.movingVariance] };
  }
  const inverse = tf.rsqrt(tf.add(variance, layer.epsilon));
  const normalised = tf.mul(tf.sub(x, mean), inverse);
  return { x, y: tf.add(tf.mul(normalised, gamma), beta), normalised, inverse };
}

/** One layer forward. */
export function forwardLayer(
  tf: Tensorflow,
  ops: Ops,
  layer: Layer,
  weights: readonly Tensor[],
  x: Tensor,
  mode: Mode,
  position: number,
): LayerTape {
  switch (layer.kind) {
    case "conv2d":
      return { x, y: ops.activate(layer.activation, ops.conv2d(x, weights[0], weights[1], layer.padding)) };
    case "dense":
      return { x, y: ops.activate(layer.activation, ops.biasAdd(ops.matMul(x, weights[0], false, false), weights[1])) };
    case "maxPool": {
      const pooled = ops.maxPool(x, layer.size);
      return { x, y: pooled.y, pooled };
    }
    case "batchNorm":
      return forwardBatchNorm(tf, ops, layer, weights, x, mode);
    case "dropout": {
      if (!mode.training || layer.rate === 0) return { x, y: x };
      const mask = ops.dropoutMask(x.shape, layer.rate, [mode.seed, position]);
      return { x, y: ops.multiply(x, mask), mask };
    }
    case "flatten":
      return { x, y: tf.reshape(x, [x.shape[0], -1]) };
  }
}

/** All layers forward; the last tape's y is the logits. */
export function forward(
  tf: Tensorflow,
  ops: Ops,
  layers: readonly Layer[],
  weights: readonly (readonly Tensor[])[],
  x: Tensor,
  mode: Mode,
): LayerTape[] {
  const tapes: LayerTape[] = [];
  let input = x;
  layers.forEach((layer, i) => {
    const tape = forwardLayer(tf, ops, layer, weights[i], input, mode, i);
    tapes.push(tape);
    input = tape.y;
  });
  return tapes;
}

export interface LayerGradients {
  /** By the layer's input; null if it was not asked for. */
  readonly dx: Tensor | null;
  /** By the layer's trainable weights, in order. */
  readonly gradients: readonly Tensor[];
}

/** One layer backward. */
export function backwardLayer(
  tf: Tensorflow,
  ops: Ops,
  layer: Layer,
  weights: readonly Tensor[],
  tape: LayerTape,
  dy: Tensor,
  needsInput: boolean,
  needsWeights = true,
): LayerGradients {
  const { x, y } = tape;
  switch (layer.kind) {
    case "conv2d": {
      const dz = ops.activationGradient(layer.activation, dy, y);
      return {
        dx: needsInput ? ops.conv2dInputGradient(x.shape, weights[0], dz, layer.padding) : null,
        gradients: needsWeights
          ? [ops.conv2dKernelGradient(x, weights[0].shape, dz, layer.padding), ops.biasGradient(dz)]
          : [],
      };
    }
    case "dense": {
      const dz = ops.activationGradient(layer.activation, dy, y);
      return {
        dx: needsInput ? ops.matMul(dz, weights[0], false, true) : null,
        gradients: needsWeights ? [ops.matMul(x, dz, true, false), ops.biasGradient(dz)] : [],
      };
    }
    case "maxPool":
      return { dx: ops.maxPoolGradient(dy, x, tape.pooled as Pooled, layer.size), gradients: [] };
    case "batchNorm": {
      if (tape.batchNorm) {
        const [dx, dgamma, dbeta] = ops.batchNormGradient(dy, tape.batchNorm, layer.epsilon);
        return { dx, gradients: [dgamma, dbeta] };
      }
      const normalised = tape.normalised as Tensor;
      return {
        dx: needsInput ? tf.mul(dy, tf.mul(weights[0], tape.inverse as Tensor)) : null,
        gradients: needsWeights ? [ops.biasGradient(ops.multiply(dy, normalised)), ops.biasGradient(dy)] : [],
      };
    }
    case "dropout":
      return { dx: tape.mask ? ops.multiply(dy, tape.mask) : dy, gradients: [] };
    case "flatten":
      return { dx: tf.reshape(dy, x.shape), gradients: [] };
  }
}

/** All layers backward from the logits' gradient: gradients of the trainable weights, layer by layer. */
export function backward(
  tf: Tensorflow,
  ops: Ops,
  layers: readonly Layer[],
  weights: readonly (readonly Tensor[])[],
  tapes: readonly LayerTape[],
  dlogits: Tensor,
): Tensor[][] {
  const gradients: Tensor[][] = layers.map(() => []);
  const first = layers.findIndex((_, i) => weights[i].length > 0);
  let dy = dlogits;
  for (let i = layers.length - 1; i >= first && first >= 0; i--) {
    const result = backwardLayer(tf, ops, layers[i], weights[i], tapes[i], dy, i > first);
    gradients[i] = [...result.gradients];
    if (result.dx) dy = result.dx;
  }
  return gradients;
}
