import type { Tensor } from "@tensorflow/tfjs-node";
import type { Activation, Layer } from "../training/layers";
import type { Ops, Pooled } from "../training/ops";
import type { LayerTape } from "../training/passes";
import type { Tensorflow } from "../training/tensorflow";

/** A directional derivative; null stands for zero. */
export type Tangent = Tensor | null;

/** Derivatives of one layer's input, output and normalised input along the direction. */
export interface LayerTangents {
  readonly x: Tangent;
  readonly y: Tangent;
  readonly normalised: Tangent;
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
  const map = (input: Tensor, k: Tensor): Tensor =>
    layer.kind === "conv2d" ? ops.conv2d(input, k, null, layer.padding) : ops.matMul(input, k, false, false);
  const moved = sumTangents(ops, rx && map(rx, kernel), rKernel && map(x, rKernel));
  return rBias && moved ? ops.biasAdd(moved, rBias) : moved;
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
  const from = (ry: Tangent, normalised: Tangent = null): LayerTangents => ({ x: rx, y: ry, normalised });
  switch (layer.kind) {
    case "conv2d":
    case "dense": {
      let rz = linearTangent(ops, layer, weights, direction, x, rx);
      if (!rz && direction[1]) rz = tf.add(tf.zerosLike(y), direction[1]);
      return from(rz && ops.activationGradient(layer.activation, rz, y));
    }
    case "batchNorm": {
      const normalised = tape.normalised as Tensor;
      const rNormalised = rx && tf.mul(rx, tape.inverse as Tensor);
      const [rGamma, rBeta] = direction;
      const scaled = sumTangents(
        ops,
        rNormalised && tf.mul(rNormalised, weights[0]),
        rGamma && tf.mul(normalised, rGamma),
      );
      if (!rBeta) return from(scaled, rNormalised);
      return from(tf.add(scaled ?? tf.zerosLike(y), rBeta), rNormalised);
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
  readonly dx: Tangent;
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
        dx: needsInput ? inputGradient(kernel, dz) : null,
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
      const inverse = tape.inverse as Tensor;
      const scale = tf.mul(weights[0], inverse);
      const [rGamma] = direction;
      const moved = sumTangents(
        ops,
        rdy && ops.multiply(rdy, tape.normalised as Tensor),
        tangents.normalised && ops.multiply(dy, tangents.normalised),
      );
      return {
        dx: needsInput ? tf.mul(dy, scale) : null,
        rdx: needsInput
          ? sumTangents(ops, rdy && tf.mul(rdy, scale), rGamma && tf.mul(dy, tf.mul(rGamma, inverse)))
          : null,
        gradients: needsWeights ? [moved && ops.biasGradient(moved), rdy && ops.biasGradient(rdy)] : [],
      };
    }
    case "maxPool": {
      const back = (d: Tensor): Tensor => ops.maxPoolGradient(d, x, tape.pooled as Pooled, layer.size);
      return { dx: back(dy), rdx: rdy && back(rdy), gradients: [] };
    }
    case "flatten":
      return { dx: tf.reshape(dy, x.shape), rdx: rdy && tf.reshape(rdy, x.shape), gradients: [] };
    case "dropout":
      return { dx: dy, rdx: rdy, gradients: [] };
  }
}
