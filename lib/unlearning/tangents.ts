import type { Tensor } from "@tensorflow/tfjs-node";
import type { Tensorflow } from "../tensorflow";
import type { Activation, Layer } from "../training/layers";
import type { Engine, Ops, Pooled } from "../training/ops/ops";
import { batchNormWeights, type LayerTape, type LiveLayer, type Needs } from "../training/passes";

/** A directional derivative; null stands for zero. */
export type Tangent = Tensor | null;

/** A layer whose weights move: one tangent for each of its weights. */
export interface MovingLayer extends LiveLayer {
  readonly direction: readonly Tangent[];
}

/** A layer with trainable kernel and bias. */
interface LinearLayer extends MovingLayer {
  readonly layer: Layer & { kind: "conv2d" | "dense" };
}

interface BatchNorm extends MovingLayer {
  readonly layer: Layer & { kind: "batchNorm" };
}

/** Derivatives of one layer's input and output along the direction. */
export interface LayerTangents {
  readonly x: Tangent;
  readonly y: Tangent;
}

/** Sum of what is not null. */
export function sumTangents(ops: Ops, ...terms: Tangent[]): Tangent {
  return terms.reduce((sum, term) => (sum && term ? ops.add(sum, term) : (sum ?? term)), null);
}

/** The tangent of a linear layer's output, after its activation. */
function linearTangent({ tf, ops }: Engine, moving: LinearLayer, { x, y }: LayerTape, rx: Tangent): Tangent {
  const { layer, weights: [kernel], direction: [rKernel, rBias] } = moving;
  const map = (input: Tensor, k: Tensor, bias: Tangent): Tensor => {
    if (layer.kind === "conv2d") return ops.conv2d(input, k, bias, layer.padding);
    const product = ops.matMul(input, k, false, false);
    return bias ? ops.biasAdd(product, bias) : product;
  };
  const byKernel = rKernel && map(x, rKernel, rBias);
  let rz = sumTangents(ops, byKernel, rx && map(rx, kernel, byKernel ? null : rBias));
  if (!rz && rBias) rz = tf.add(tf.zerosLike(y), rBias);
  return rz && ops.activationGradient(layer.activation, rz, y);
}

function batchNormTangent({ tf, ops }: Engine, moving: BatchNorm, x: Tensor, rx: Tangent): Tangent {
  const { layer: { epsilon }, weights, direction: [rGamma, rBeta] } = moving;
  const { gamma, mean, variance } = batchNormWeights(weights);
  const none = tf.zerosLike(gamma);
  const moved = { gamma: rGamma ?? none, beta: rBeta ?? none, mean, variance };
  const byWeights = (rGamma || rBeta) && ops.batchNormInference(x, moved, epsilon);
  const byInput = rx && ops.batchNormInference(rx, { gamma, beta: none, mean: none, variance }, epsilon);
  return sumTangents(ops, byInput, byWeights);
}

/** Pooling takes the tangent of each window's winner. */
function maxPoolTangent({ tf, ops }: Engine, size: number, { x, y, pooled }: LayerTape, rx: Tensor): Tensor {
  const winners = ops.maxPoolGradient(tf.onesLike(y), x, pooled as Pooled, size);
  return ops.sumPool(ops.multiply(rx, winners), size);
}

/**
 * One layer of the forward pass of directional derivatives: how the output moves as the weights move along their
 * direction.
 *
 * @see Pearlmutter, Neural Computation 6(1), 1994: the R{·} operator.
 */
export function forwardTangent(engine: Engine, moving: MovingLayer, tape: LayerTape, rx: Tangent): LayerTangents {
  const { layer } = moving;
  const from = (ry: Tangent): LayerTangents => ({ x: rx, y: ry });
  switch (layer.kind) {
    case "conv2d":
    case "dense":
      return from(linearTangent(engine, { ...moving, layer }, tape, rx));
    case "activation":
      return from(rx && engine.ops.activationGradient(layer.activation, rx, tape.y));
    case "batchNorm":
      return from(batchNormTangent(engine, { ...moving, layer }, tape.x, rx));
    case "maxPool":
      return from(rx && maxPoolTangent(engine, layer.size, tape, rx));
    case "flatten":
      return from(rx && engine.tf.reshape(rx, tape.y.shape));
    case "dropout":
      return from(rx);
  }
}

/** dy · R{f′(z)}, from y and its tangent; null where f is piecewise linear. */
function curvatureOf(tf: Tensorflow, activation: Activation, dy: Tensor, y: Tensor, ry: Tangent): Tangent {
  if (!ry || activation === "relu" || activation === "linear") return null;
  const change = activation === "tanh" ? tf.mul(-2, tf.mul(y, ry)) : tf.mul(tf.exp(tf.neg(y)), ry);
  return tf.mul(dy, change);
}

export interface BackwardTangents {
  readonly rdx: Tangent;
  /** Tangents of the gradients by the layer's trainable weights. */
  readonly gradients: readonly Tangent[];
}

/** What a layer's passes have left for the backward pass of tangents. */
export interface LayerPasses {
  readonly tape: LayerTape;
  readonly tangents: LayerTangents;
  /** Gradient of the loss by the layer's output. */
  readonly dy: Tensor;
}

/** The tangent of a gradient by what an activation was given. */
function activationBackward(
  { tf, ops }: Engine, activation: Activation, { tape: { y }, tangents: { y: ry }, dy }: LayerPasses, rdy: Tangent,
): Tangent {
  const byGradient = rdy && ops.activationGradient(activation, rdy, y);
  return sumTangents(ops, byGradient, curvatureOf(tf, activation, dy, y, ry));
}

function linearBackward(
  { tf, ops }: Engine,
  { layer, weights: [kernel], direction: [rKernel] }: LinearLayer,
  passes: LayerPasses,
  rdy: Tangent,
  needs: Needs,
): BackwardTangents {
  const { tape: { x, y }, tangents: { x: rx }, dy } = passes;
  const dz = ops.activationGradient(layer.activation, dy, y);
  const rdz = activationBackward({ tf, ops }, layer.activation, passes, rdy);
  const inputGradient = (k: Tensor, d: Tensor): Tensor =>
    layer.kind === "conv2d" ? ops.conv2dInputGradient(x.shape, k, d, layer.padding) : ops.matMul(d, k, false, true);
  const kernelGradient = (input: Tensor, d: Tensor): Tensor =>
    layer.kind === "conv2d"
      ? ops.conv2dKernelGradient(input, kernel.shape, d, layer.padding)
      : ops.matMul(input, d, true, false);
  const rdx = needs.input
    ? sumTangents(ops, rdz && inputGradient(kernel, rdz), rKernel && inputGradient(rKernel, dz))
    : null;
  if (!needs.weights) return { rdx, gradients: [] };
  const byKernel = sumTangents(ops, rdz && kernelGradient(x, rdz), rx && kernelGradient(rx, dz));
  return { rdx, gradients: [byKernel, rdz && ops.biasGradient(rdz)] };
}

/** The gradient is linear in dy and, apart from dbeta, in the pair (x − mean, gamma): one term for each's change. */
function batchNormBackward(
  { tf, ops }: Engine,
  { layer: { epsilon }, weights, direction: [rGamma] }: BatchNorm,
  { tape: { x }, tangents: { x: rx }, dy }: LayerPasses,
  rdy: Tangent,
): BackwardTangents {
  const { gamma, mean, variance } = batchNormWeights(weights);
  const byOutput = rdy && ops.batchNormInferenceGradient(rdy, x, { gamma, mean, variance }, epsilon);
  const none = tf.zerosLike(gamma);
  const pair = { gamma: rGamma ?? none, mean: none, variance };
  const byPair = (rx || rGamma) && ops.batchNormInferenceGradient(dy, rx ?? x, pair, epsilon);
  return {
    rdx: sumTangents(ops, byOutput && byOutput[0], rGamma && byPair && byPair[0]),
    gradients: [sumTangents(ops, byOutput && byOutput[1], rx && byPair && byPair[1]), byOutput && byOutput[2]],
  };
}

/** One layer of the backward pass of directional derivatives: how the gradients move. */
export function backwardTangent(
  engine: Engine,
  moving: MovingLayer,
  passes: LayerPasses,
  rdy: Tangent,
  needs: Needs,
): BackwardTangents {
  const { layer } = moving;
  const { x, pooled } = passes.tape;
  switch (layer.kind) {
    case "conv2d":
    case "dense":
      return linearBackward(engine, { ...moving, layer }, passes, rdy, needs);
    case "activation":
      return { rdx: activationBackward(engine, layer.activation, passes, rdy), gradients: [] };
    case "batchNorm":
      return batchNormBackward(engine, { ...moving, layer }, passes, rdy);
    case "maxPool":
      return { rdx: rdy && engine.ops.maxPoolGradient(rdy, x, pooled as Pooled, layer.size), gradients: [] };
    case "flatten":
      return { rdx: rdy && engine.tf.reshape(rdy, x.shape), gradients: [] };
    case "dropout":
      return { rdx: rdy, gradients: [] };
  }
}
