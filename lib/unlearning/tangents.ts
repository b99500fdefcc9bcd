import type { Tensor } from "@tensorflow/tfjs-node";
import type { Activation, Layer } from "../training/layers";
import type { Ops, Pooled } from "../training/ops";
import type { LayerTape } from "../training/passes";
import type { Tensorflow } from "../training/tensorflow";

/** A directional derivative; null stands for zero. */
export type Tangent = Tensor | null;

/** Derivatives of one layer's input and output along the direction. */
export interface LayerTangents {
  readonly x: Tangent;
  readonly y: Tangent;
}

/** Sum of what is not null. */
export function sumTangents(ops: Ops, ...terms: Tangent[]): Tangent {
  return terms.reduce((sum, term) => (sum && term ? ops.add(sum, term) : (sum ?? term)), null);
}

function linearTangent(
  ops: Ops,
  layer: Layer & { kind: "conv2d" | "dense" },
  weights: readonly Tensor[],
  direction: readonly Tangent[],
  x: Tensor,
  rx: Tangent,
): Tangent {
  const [kernel] = weights;
  const [rKernel, rBias] = direction;
  const map = (input: Tensor, k: Tensor, bias: Tangent): Tensor => {
    if (layer.kind === "conv2d") return ops.conv2d(input, k, bias, layer.padding);
    const product = ops.matMul(input, k, false, false);
    return bias ? ops.biasAdd(product, bias) : product;
  };
  const byKernel = rKernel && map(x, rKernel, rBias);
  return sumTangents(ops, byKernel, rx && map(rx, kernel, byKernel ? null : rBias));
}

/**
 * One layer of the forward pass of directional derivatives: how the output moves as the weights move along `direction`.
 *
 * @see Pearlmutter, Neural Computation 6(1), 1994: the R{·} operator.
 */
export function forwardTangent(
  tf: Tensorflow,
  ops: Ops,
  layer: Layer,
  weights: readonly Tensor[],
  direction: readonly Tangent[],
  tape: LayerTape,
  rx: Tangent,
): LayerTangents {
  const { x, y } = tape;
  const from = (ry: Tangent): LayerTangents => ({ x: rx, y: ry });
  switch (layer.kind) {
    case "conv2d":
    case "dense": {
      let rz = linearTangent(ops, layer, weights, direction, x, rx);
      if (!rz && direction[1]) rz = tf.add(tf.zerosLike(y), direction[1]);
      return from(rz && ops.activationGradient(layer.activation, rz, y));
    }
    case "batchNorm": {
      const [gamma, , mean, variance] = weights;
      const [rGamma, rBeta] = direction;
      const none = tf.zerosLike(gamma);
      const byWeights = (rGamma || rBeta) &&
        ops.batchNormInference(x, rGamma ?? none, rBeta ?? none, mean, variance, layer.epsilon);
      const byInput = rx && ops.batchNormInference(rx, gamma, none, none, variance, layer.epsilon);
      return from(sumTangents(ops, byInput, byWeights));
    }
    case "maxPool": {
      if (!rx) return from(null);
      const pooled = tape.pooled as Pooled;
      const winners = ops.maxPoolGradient(tf.onesLike(y), x, pooled, layer.size);
      return from(ops.sumPool(ops.multiply(rx, winners), layer.size));
    }
    case "flatten":
      return from(rx && tf.reshape(rx, y.shape));
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

/** One layer of the backward pass of directional derivatives: how the gradients move. */
export function backwardTangent(
  tf: Tensorflow,
  ops: Ops,
  layer: Layer,
  weights: readonly Tensor[],
  direction: readonly Tangent[],
  tape: LayerTape,
  tangents: LayerTangents,
  dy: Tensor,
  rdy: Tangent,
  needsInput: boolean,
  needsWeights: boolean,
): BackwardTangents {
  const { x, y } = tape;
  const rx = tangents.x;
  switch (layer.kind) {
    case "conv2d":
    case "dense": {
      const dz = ops.activationGradient(layer.activation, dy, y);
      const rdz = sumTangents(
        ops,
        rdy && ops.activationGradient(layer.activation, rdy, y),
        curvatureOf(tf, layer.activation, dy, y, tangents.y),
      );
      const [kernel] = weights;
      const inputGradient = (k: Tensor, d: Tensor): Tensor =>
        layer.kind === "conv2d" ? ops.conv2dInputGradient(x.shape, k, d, layer.padding) : ops.matMul(d, k, false, true);
      const kernelGradient = (input: Tensor, d: Tensor): Tensor =>
        layer.kind === "conv2d"
          ? ops.conv2dKernelGradient(input, kernel.shape, d, layer.padding)
          : ops.matMul(input, d, true, false);
      return {
        rdx: needsInput
          ? sumTangents(ops, rdz && inputGradient(kernel, rdz), direction[0] && inputGradient(direction[0], dz))
          : null,
        gradients: needsWeights
          ? [
              sumTangents(ops, rdz && kernelGradient(x, rdz), rx && kernelGradient(rx, dz)),
              rdz && ops.biasGradient(rdz),
            ]
          : [],
      };
    }
    case "batchNorm": {
      // The gradient is linear in dy and, apart from dbeta, in the pair (x − mean, gamma): one term for each's change.
      const [gamma, , mean, variance] = weights;
      const [rGamma] = direction;
      const byOutput = rdy && ops.batchNormInferenceGradient(rdy, x, gamma, mean, variance, layer.epsilon);
      const none = tf.zerosLike(gamma);
      const byPair = (rx || rGamma) &&
        ops.batchNormInferenceGradient(dy, rx ?? x, rGamma ?? none, none, variance, layer.epsilon);
      return {
        rdx: sumTangents(ops, byOutput && byOutput[0], rGamma && byPair && byPair[0]),
        gradients: [
          sumTangents(ops, byOutput && byOutput[1], rx && byPair && byPair[1]),
          byOutput && byOutput[2],
        ],
      };
    }
    case "maxPool":
      return { rdx: rdy && ops.maxPoolGradient(rdy, x, tape.pooled as Pooled, layer.size), gradients: [] };
    case "flatten":
      return { rdx: rdy && tf.reshape(rdy, x.shape), gradients: [] };
    case "dropout":
      return { rdx: rdy, gradients: [] };
  }
}
