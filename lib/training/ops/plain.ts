import type { NamedTensorMap, Tensor, Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs-node";
import { seededRng } from "../../random";
import type { Tensorflow } from "../../tensorflow";
import type {
  ActivationOps, BatchNormOps, ConvolutionOps, DenseOps, DropoutOps, ElementwiseOps, LossOps, Ops, PoolingOps,
} from "./ops";

type RunKernel = (name: string, inputs: NamedTensorMap, attrs: Record<string, unknown>) => Tensor;

/** Runs one of tfjs' own kernels, gradients included, for which it has no function. */
const kernelsOf = (tf: Tensorflow): RunKernel => (name, inputs, attrs) =>
  tf.engine().runKernel(name, inputs, attrs as Parameters<ReturnType<typeof tf.engine>["runKernel"]>[2]) as Tensor;

const batchAxes = (x: Tensor): number[] => x.shape.slice(0, -1).map((_, axis) => axis);

function plainConvolutions(tf: Tensorflow): ConvolutionOps {
  const kernel = kernelsOf(tf);
  const convolution = { strides: 1, dataFormat: "NHWC", dimRoundingMode: undefined };
  return {
    conv2d(x, filter, bias, padding) {
      const y = tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, padding);
      return bias ? tf.add(y, bias) : y;
    },
    conv2dInputGradient: (inputShape, filter, dy, padding) =>
      kernel("Conv2DBackpropInput", { dy, filter }, { ...convolution, pad: padding, inputShape: [...inputShape] }),
    conv2dKernelGradient: (x, filterShape, dy, padding) =>
      kernel("Conv2DBackpropFilter", { x, dy }, { ...convolution, pad: padding, filterShape: [...filterShape] }),
  };
}

const plainDense = (tf: Tensorflow): DenseOps => ({
  matMul: (a, b, transposeA, transposeB) => tf.matMul(a, b, transposeA, transposeB),
  biasAdd: (x, bias) => tf.add(x, bias),
  biasGradient: (dy) => tf.sum(dy, batchAxes(dy)),
});

/** Activations in plain tfjs; native operations take from here what TensorFlow has no kernel for. */
export const plainActivations = (tf: Tensorflow): ActivationOps => ({
  activate(activation, z) {
    if (activation === "relu") return tf.relu(z);
    if (activation === "tanh") return tf.tanh(z);
    return activation === "softplus" ? tf.softplus(z) : z;
  },
  activationGradient(activation, dy, y) {
    if (activation === "relu") return tf.mul(dy, tf.step(y));
    if (activation === "tanh") return tf.mul(dy, tf.sub(1, tf.square(y)));
    return activation === "softplus" ? tf.mul(dy, tf.neg(tf.expm1(tf.neg(y)))) : dy;
  },
});

function plainPooling(tf: Tensorflow): PoolingOps {
  const kernel = kernelsOf(tf);
  return {
    maxPool: (x, size) => ({ y: tf.maxPool(x as Tensor4D, size, size, "valid"), workspace: null }),
    maxPoolGradient: (dy, input, { y }, size) =>
      kernel("MaxPoolGrad", { dy, input, output: y }, { filterSize: size, strides: size, pad: "valid" }),
    sumPool: (x, size) => tf.mul(tf.avgPool(x as Tensor4D, size, size, "valid"), size * size),
  };
}

const plainBatchNorms = (tf: Tensorflow): BatchNormOps => ({
  batchNormTraining(x, { gamma, beta, mean: movingMean, variance: movingVariance }, { momentum, epsilon }) {
    const count = x.size / gamma.size;
    const { mean, variance } = tf.moments(x, batchAxes(x));
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const normalized = tf.mul(tf.sub(x, mean), inverse);
    const unbiased = tf.mul(variance, count / Math.max(count - 1, 1));
    const blend = (old: Tensor, fresh: Tensor): Tensor => tf.add(tf.mul(old, momentum), tf.mul(fresh, 1 - momentum));
    return {
      y: tf.add(tf.mul(normalized, gamma), beta),
      movingMean: blend(movingMean, mean),
      movingVariance: blend(movingVariance, unbiased),
      tape: { x, gamma, saved: [normalized, inverse] },
    };
  },
  batchNormGradient(dy, { gamma, saved: [normalized, inverse] }) {
    const axes = batchAxes(dy);
    const count = dy.size / gamma.size;
    const dbeta = tf.sum(dy, axes);
    const dgamma = tf.sum(tf.mul(dy, normalized), axes);
    const centered = tf.sub(dy, tf.div(tf.add(dbeta, tf.mul(normalized, dgamma)), count));
    return [tf.mul(centered, tf.mul(gamma, inverse)), dgamma, dbeta];
  },
  batchNormInference: (x, { gamma, beta, mean, variance }, epsilon) =>
    tf.add(tf.mul(tf.sub(x, mean), tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)))), beta),
  batchNormInferenceGradient(dy, x, { gamma, mean, variance }, epsilon) {
    const axes = batchAxes(dy);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const dgamma = tf.mul(tf.sum(tf.mul(dy, tf.sub(x, mean)), axes), inverse);
    return [tf.mul(dy, tf.mul(gamma, inverse)), dgamma, tf.sum(dy, axes)];
  },
});

const plainDropout = (tf: Tensorflow): DropoutOps => ({
  dropoutMask(shape, rate, [seed, stream]) {
    const rng = seededRng(seed >>> 0).spawn(stream >>> 0);
    const size = shape.reduce((product, side) => product * side, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => (rng.uniform() >= rate ? 1 / (1 - rate) : 0)),
      [...shape],
    );
  },
});

const plainLoss = (tf: Tensorflow): LossOps => ({
  softmaxCrossEntropy(logits, labels) {
    const classes = logits.shape[1] as number;
    const target = tf.oneHot(labels as Tensor1D, classes).cast("float32");
    const logProbabilities = tf.logSoftmax(logits as Tensor2D);
    return [tf.neg(tf.sum(tf.mul(target, logProbabilities), 1)), tf.sub(tf.exp(logProbabilities), target)];
  },
});

const plainElementwise = (tf: Tensorflow): ElementwiseOps => ({
  multiply: (a, b) => tf.mul(a, b),
  add: (a, b) => tf.add(a, b),
});

/** The same operations in plain tfjs, for backends without TensorFlow's kernels; slower, equal up to rounding. */
export function plainOps(tf: Tensorflow): Ops {
  return {
    name: "plain",
    ...plainConvolutions(tf),
    ...plainDense(tf),
    ...plainActivations(tf),
    ...plainPooling(tf),
    ...plainBatchNorms(tf),
    ...plainDropout(tf),
    ...plainLoss(tf),
    ...plainElementwise(tf),
  };
}
