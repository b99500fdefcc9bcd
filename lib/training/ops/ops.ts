import type { Tensor } from "@tensorflow/tfjs-node";
import type { Tensorflow } from "../../tensorflow";
import type { Activation, Padding } from "../layers";

export interface ConvolutionOps {
  conv2d(x: Tensor, kernel: Tensor, bias: Tensor | null, padding: Padding): Tensor;
  conv2dInputGradient(inputShape: readonly number[], kernel: Tensor, dy: Tensor, padding: Padding): Tensor;
  conv2dKernelGradient(x: Tensor, kernelShape: readonly number[], dy: Tensor, padding: Padding): Tensor;
}

export interface DenseOps {
  /** a · b; either transposed. */
  matMul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor;
  biasAdd(x: Tensor, bias: Tensor): Tensor;
  /** Sum over all but the last axis. */
  biasGradient(dy: Tensor): Tensor;
}

export interface ActivationOps {
  activate(activation: Activation, z: Tensor): Tensor;
  /** dy · f′(z), from y = f(z). */
  activationGradient(activation: Activation, dy: Tensor, y: Tensor): Tensor;
}

/** A pooled image and what finds the winners again. */
export interface Pooled {
  readonly y: Tensor;
  readonly workspace: Tensor | null;
}

export interface PoolingOps {
  maxPool(x: Tensor, size: number): Pooled;
  /** Gives each dy to the first largest pixel of its window. */
  maxPoolGradient(dy: Tensor, x: Tensor, pooled: Pooled, size: number): Tensor;
  /** Sum over the windows. */
  sumPool(x: Tensor, size: number): Tensor;
}

/** What a batch norm subtracts, divides by, multiplies with and adds, one number a channel. */
export interface BatchNormWeights {
  readonly gamma: Tensor;
  readonly beta: Tensor;
  /** Moving mean and variance. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** What a training-mode batch norm hands to its gradient. */
export interface BatchNormTape {
  readonly x: Tensor;
  readonly gamma: Tensor;
  readonly saved: readonly Tensor[];
}

export interface BatchNormTraining {
  readonly y: Tensor;
  readonly movingMean: Tensor;
  readonly movingVariance: Tensor;
  readonly tape: BatchNormTape;
}

export interface BatchNormOps {
  batchNormTraining(
    x: Tensor,
    weights: BatchNormWeights,
    settings: { readonly momentum: number; readonly epsilon: number },
  ): BatchNormTraining;
  /** [dx, dgamma, dbeta]. */
  batchNormGradient(dy: Tensor, tape: BatchNormTape, epsilon: number): [Tensor, Tensor, Tensor];
  /** (x − mean) / √(variance + epsilon) · gamma + beta. */
  batchNormInference(x: Tensor, weights: BatchNormWeights, epsilon: number): Tensor;
  /** [dx, dgamma, dbeta] of `batchNormInference`, whose beta does not matter. */
  batchNormInferenceGradient(
    dy: Tensor,
    x: Tensor,
    weights: Omit<BatchNormWeights, "beta">,
    epsilon: number,
  ): [Tensor, Tensor, Tensor];
}

export interface DropoutOps {
  /** 1 / (1 − rate) where a unit stays, 0 where it is left out; the same seed gives the same mask. */
  dropoutMask(shape: readonly number[], rate: number, seed: readonly [number, number]): Tensor;
}

export interface LossOps {
  /** Losses [batch] and their gradients by the logits [batch, classes]. */
  softmaxCrossEntropy(logits: Tensor, labels: Tensor): [Tensor, Tensor];
}

export interface ElementwiseOps {
  multiply(a: Tensor, b: Tensor): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
}

/**
 * The operations that training and second derivatives are made of, on tensors [batch, height, width, channels] or
 * [batch, features]. Two implementations: TensorFlow's own fused kernels, and plain tfjs for any backend.
 */
export interface Ops
  extends ConvolutionOps, DenseOps, ActivationOps, PoolingOps, BatchNormOps, DropoutOps, LossOps, ElementwiseOps {
  readonly name: "native" | "plain";
}

/** Where passes run: a backend, and the operations on it. */
export interface Engine {
  readonly tf: Tensorflow;
  readonly ops: Ops;
}
