import type { Tensor } from "@tensorflow/tfjs-node";
import type { Layer } from "./layers";
import type { BatchNormTape, Ops, Pooled } from "./ops";
import { tidy, type Tensorflow } from "./tensorflow";

/** What one layer's forward pass leaves for its backward pass. */
export interface LayerTape {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly pooled?: Pooled;
  readonly mask?: Tensor;
  readonly batchNorm?: BatchNormTape;
  /** New moving mean and variance, after a training-mode batch norm. */
  readonly moving?: readonly [Tensor, Tensor];
}

/** Inference, or training with a seed for the dropout masks of this step. */
export type Mode = { readonly training: false } | { readonly training: true; readonly seed: number };

function forwardBatchNorm(
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
  return { x, y: ops.batchNormInference(x, gamma, beta, mean, variance, layer.epsilon) };
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
      return forwardBatchNorm(ops, layer, weights, x, mode);
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
    const tape = tidy(tf, () => forwardLayer(tf, ops, layer, weights[i], input, mode, i));
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
      const [gamma, , mean, variance] = weights;
      const [dx, ...gradients] = tape.batchNorm
        ? ops.batchNormGradient(dy, tape.batchNorm, layer.epsilon)
        : ops.batchNormInferenceGradient(dy, x, gamma, mean, variance, layer.epsilon);
      return { dx, gradients };
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
    const result = tidy(tf, () => backwardLayer(tf, ops, layers[i], weights[i], tapes[i], dy, i > first));
    gradients[i] = [...result.gradients];
    if (dy !== result.dx && dy !== dlogits) dy.dispose();
    if (result.dx) dy = result.dx;
  }
  return gradients;
}
