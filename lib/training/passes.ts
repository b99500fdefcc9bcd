import type { Tensor } from "@tensorflow/tfjs-node";
import { tidy } from "../tensorflow";
import { parameterSpecs, type Architecture, type Layer } from "./layers";
import type { BatchNormTape, BatchNormWeights, Engine, Pooled } from "./ops/ops";

/** A layer with its weights where it is computed. */
export interface LiveLayer {
  readonly layer: Layer;
  readonly weights: readonly Tensor[];
}

/** Layers with their weights, from tensors in the order of `parameterSpecs`. @internal */
export function liveLayers(architecture: Architecture, tensors: readonly Tensor[]): LiveLayer[] {
  const live = architecture.layers.map((layer) => ({ layer, weights: [] as Tensor[] }));
  parameterSpecs(architecture).forEach((spec, i) => live[spec.layer].weights.push(tensors[i]));
  return live;
}

/** A batch norm's weights by name. */
export const batchNormWeights = ([gamma, beta, mean, variance]: readonly Tensor[]): BatchNormWeights =>
  ({ gamma, beta, mean, variance });

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
  { ops }: Engine,
  layer: Layer & { kind: "batchNorm" },
  weights: readonly Tensor[],
  x: Tensor,
  mode: Mode,
): LayerTape {
  const named = batchNormWeights(weights);
  if (!mode.training) return { x, y: ops.batchNormInference(x, named, layer.epsilon) };
  const { y, tape, movingMean, movingVariance } = ops.batchNormTraining(x, named, layer);
  return { x, y, batchNorm: tape, moving: [movingMean, movingVariance] };
}

/** One layer forward. @param position The layer's, which its dropout mask depends on. */
export function forwardLayer(
  engine: Engine,
  { layer, weights }: LiveLayer,
  x: Tensor,
  mode: Mode,
  position: number,
): LayerTape {
  const { tf, ops } = engine;
  switch (layer.kind) {
    case "conv2d":
      return { x, y: ops.activate(layer.activation, ops.conv2d(x, weights[0], weights[1], layer.padding)) };
    case "dense":
      return { x, y: ops.activate(layer.activation, ops.biasAdd(ops.matMul(x, weights[0], false, false), weights[1])) };
    case "activation":
      return { x, y: ops.activate(layer.activation, x) };
    case "maxPool": {
      const pooled = ops.maxPool(x, layer.size);
      return { x, y: pooled.y, pooled };
    }
    case "batchNorm":
      return forwardBatchNorm(engine, layer, weights, x, mode);
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
export function forward(engine: Engine, layers: readonly LiveLayer[], x: Tensor, mode: Mode): LayerTape[] {
  const tapes: LayerTape[] = [];
  let input = x;
  layers.forEach((live, i) => {
    const tape = tidy(engine.tf, () => forwardLayer(engine, live, input, mode, i));
    tapes.push(tape);
    input = tape.y;
  });
  return tapes;
}

/** Which gradients of a layer are asked for. */
export interface Needs {
  readonly input: boolean;
  readonly weights: boolean;
}

export interface LayerGradients {
  /** By the layer's input; null if it was not asked for. */
  readonly dx: Tensor | null;
  /** By the layer's trainable weights, in order. */
  readonly gradients: readonly Tensor[];
}

/** One layer backward. */
export function backwardLayer(
  { tf, ops }: Engine,
  { layer, weights }: LiveLayer,
  tape: LayerTape,
  dy: Tensor,
  needs: Needs,
): LayerGradients {
  const { x, y } = tape;
  switch (layer.kind) {
    case "conv2d": {
      const dz = ops.activationGradient(layer.activation, dy, y);
      return {
        dx: needs.input ? ops.conv2dInputGradient(x.shape, weights[0], dz, layer.padding) : null,
        gradients: needs.weights
          ? [ops.conv2dKernelGradient(x, weights[0].shape, dz, layer.padding), ops.biasGradient(dz)]
          : [],
      };
    }
    case "dense": {
      const dz = ops.activationGradient(layer.activation, dy, y);
      return {
        dx: needs.input ? ops.matMul(dz, weights[0], false, true) : null,
        gradients: needs.weights ? [ops.matMul(x, dz, true, false), ops.biasGradient(dz)] : [],
      };
    }
    case "activation":
      return { dx: ops.activationGradient(layer.activation, dy, y), gradients: [] };
    case "maxPool":
      return { dx: ops.maxPoolGradient(dy, x, tape.pooled as Pooled, layer.size), gradients: [] };
    case "batchNorm": {
      const [dx, ...gradients] = tape.batchNorm
        ? ops.batchNormGradient(dy, tape.batchNorm, layer.epsilon)
        : ops.batchNormInferenceGradient(dy, x, batchNormWeights(weights), layer.epsilon);
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
  engine: Engine,
  layers: readonly LiveLayer[],
  tapes: readonly LayerTape[],
  dlogits: Tensor,
): Tensor[][] {
  const gradients: Tensor[][] = layers.map(() => []);
  const first = layers.findIndex(({ weights }) => weights.length > 0);
  let dy = dlogits;
  for (let i = layers.length - 1; i >= first && first >= 0; i--) {
    const needs = { input: i > first, weights: true };
    const result = tidy(engine.tf, () => backwardLayer(engine, layers[i], tapes[i], dy, needs));
    gradients[i] = [...result.gradients];
    if (dy !== result.dx && dy !== dlogits) dy.dispose();
    if (result.dx) dy = result.dx;
  }
  return gradients;
}
