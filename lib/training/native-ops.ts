import type { Tensor } from "@tensorflow/tfjs-node";
import type { Activation, Padding } from "./layers";
import type { Ops, Pooled } from "./ops";
import { plainOps } from "./plain-ops";
import type { Tensorflow } from "./tensorflow";

interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** The part of tfjs-node's backend that runs any TensorFlow operation by name. */
export interface NativeBackend {
  binding: Record<string, number>;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

/** The native backend, or null where another one is chosen. */
export function nativeBackend(tf: Tensorflow): NativeBackend | null {
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  return typeof backend.executeSingleOutput === "function" ? (backend as NativeBackend) : null;
}

/** Writers of operation attributes. */
export function attributes(backend: NativeBackend) {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_STRING, TF_ATTR_SHAPE } = backend.binding;
  const of =
    (type: number) =>
    (name: string, value: unknown): Attribute => ({ name, type, value });
  return {
    type: of(TF_ATTR_TYPE),
    int: of(TF_ATTR_INT),
    float: of(TF_ATTR_FLOAT),
    bool: of(TF_ATTR_BOOL),
    string: of(TF_ATTR_STRING),
    shape: of(TF_ATTR_SHAPE),
    floats: (...names: string[]): Attribute[] =>
      names.map((name) => ({ name, type: TF_ATTR_TYPE, value: backend.binding.TF_FLOAT })),
  };
}

const PADDING = { same: "SAME", valid: "VALID" } as const;

/** True if the operation runs here: oneDNN's own kernels exist on x86 only. */
function runs(tf: Tensorflow, operation: () => void): boolean {
  try {
    tf.tidy(operation);
    return true;
  } catch {
    return false;
  }
}

interface Kernel {
  readonly name: string;
  readonly attrs: Attribute[];
}

/**
 * Operations on TensorFlow's fused kernels. Where oneDNN's kernels are there, they are called by their own names: eager
 * execution does not choose them by itself, and without them the gradients of convolutions and batch norms take 3 times
 * as long, that of pooling 20 times.
 */
export function nativeOps(tf: Tensorflow, backend: NativeBackend): Ops {
  const plain = plainOps(tf);
  const attr = attributes(backend);
  const { TF_FLOAT, TF_INT32 } = backend.binding;
  const one = (name: string, attrs: Attribute[], inputs: Tensor[]): Tensor =>
    backend.executeSingleOutput(name, attrs, inputs);
  const oneDnn = attr.string("_kernel", "MklNameChangeOp");
  const T = attr.floats("T");
  const layout = attr.string("data_format", "NHWC");

  /** oneDNN's kernel of an operation if it runs on such inputs, else its own. */
  const fastest = (name: string, attrs: Attribute[], inputs: () => Tensor[]): Kernel => {
    const mkl = { name: `_MklNative${name}`, attrs: [...attrs, oneDnn] };
    return runs(tf, () => void one(mkl.name, mkl.attrs, inputs())) ? mkl : { name, attrs };
  };
  const convolution = (padding: Padding): Attribute[] => [
    ...T,
    layout,
    attr.int("strides", [1, 1, 1, 1]),
    attr.int("dilations", [1, 1, 1, 1]),
    attr.string("padding", PADDING[padding]),
    attr.bool("use_cudnn_on_gpu", true),
  ];
  const shapeOf = (shape: readonly number[]): Tensor => tf.tensor1d([...shape], "int32");
  const image = (): Tensor => tf.ones([1, 4, 4, 2]);
  const filter = (): Tensor => tf.ones([3, 3, 2, 2]);
  const perPadding = (name: string, inputs: (dy: Tensor) => Tensor[]): Record<Padding, Kernel> => {
    const of = (padding: Padding, side: number): Kernel =>
      fastest(name, [...convolution(padding), attr.int("explicit_paddings", [])], () =>
        inputs(tf.ones([1, side, side, 2])),
      );
    return { same: of("same", 4), valid: of("valid", 2) };
  };
  const forwards = perPadding("Conv2D", () => [image(), filter()]);
  const inputGradients = perPadding("Conv2DBackpropInput", (dy) => [shapeOf([1, 4, 4, 2]), filter(), dy]);
  const kernelGradients = perPadding("Conv2DBackpropFilter", (dy) => [image(), shapeOf([3, 3, 2, 2]), dy]);
  const convolutionsWithBias = {
    same: [...convolution("same"), attr.bool("is_filter_const", false), oneDnn],
    valid: [...convolution("valid"), attr.bool("is_filter_const", false), oneDnn],
  };
  const run = ({ name, attrs }: Kernel, inputs: Tensor[]): Tensor => one(name, attrs, inputs);
  const biased = [...T, layout];
  const pooling = (size: number): Attribute[] => [
    ...T,
    layout,
    attr.int("ksize", [1, size, size, 1]),
    attr.int("strides", [1, size, size, 1]),
    attr.string("padding", "VALID"),
  ];
  const maxPooling = (size: number): Attribute[] => [...pooling(size), attr.int("explicit_paddings", [])];
  const oneDnnPooling = (size: number): Attribute[] => [
    ...maxPooling(size),
    attr.bool("workspace_enabled", true),
    oneDnn,
  ];
  const oneDnnMaxPool = (x: Tensor, size: number): Pooled => {
    const [y, workspace] = backend.executeMultipleOutputs("_MklNativeMaxPool", oneDnnPooling(size), [x], 2);
    return { y, workspace };
  };
  const oneDnnMaxPoolGradient = (dy: Tensor, x: Tensor, { y, workspace }: Pooled, size: number): Tensor =>
    one("_MklNativeMaxPoolGrad", oneDnnPooling(size), [x, y, dy, workspace as Tensor]);
  const convWithBias = (x: Tensor, kernel: Tensor, bias: Tensor, padding: Padding): Tensor =>
    one("_MklNativeConv2DWithBias", convolutionsWithBias[padding], [x, kernel, bias]);

  const hasOneDnnPooling = runs(tf, () => {
    const x = image();
    const pooled = oneDnnMaxPool(x, 2);
    oneDnnMaxPoolGradient(pooled.y, x, pooled, 2);
  });
  const hasConvWithBias = runs(tf, () => {
    convWithBias(image(), filter(), tf.ones([2]), "same");
  });

  const normalising = (epsilon: number, training = true): Attribute[] => [
    ...attr.floats("T", "U"),
    layout,
    attr.float("epsilon", epsilon),
    attr.bool("is_training", training),
  ];
  const averaging = (momentum: number): Attribute => attr.float("exponential_avg_factor", 1 - momentum);
  /** Both of one family: each reads what the other saved. */
  const hasOneDnnBatchNorm = runs(tf, () => {
    const x = image();
    const [gamma, beta, mean, variance] = [1, 0, 0, 1].map((value) => tf.fill([2], value));
    const attrs = [...normalising(1e-3), oneDnn];
    const saved = backend
      .executeMultipleOutputs(
        "_MklNativeFusedBatchNormV3",
        [...attrs, averaging(0.9)],
        [x, gamma, beta, mean, variance],
        6,
      )
      .slice(3);
    backend.executeMultipleOutputs("_MklNativeFusedBatchNormGradV3", attrs, [x, x, gamma, ...saved], 5);
  });
  const family = hasOneDnnBatchNorm ? "_MklNative" : "";
  const batchNorms = {
    forward: `${family}FusedBatchNormV3`,
    backward: `${family}FusedBatchNormGradV3`,
    extra: hasOneDnnBatchNorm ? [oneDnn] : [],
  };

  /** Fused batch norm wants images: features become pixels of a 1 × 1 image. */
  const asImage = (x: Tensor): Tensor => (x.rank === 4 ? x : x.reshape([x.shape[0], 1, 1, x.shape[1] ?? 1]));
  const shapedLike = (y: Tensor, x: Tensor): Tensor => (x.rank === 4 ? y : y.reshape(x.shape));

  return {
    name: "native",
    conv2d(x, kernel, bias, padding) {
      if (bias && hasConvWithBias) return convWithBias(x, kernel, bias, padding);
      const y = run(forwards[padding], [x, kernel]);
      return bias ? this.biasAdd(y, bias) : y;
    },
    conv2dInputGradient: (inputShape, kernel, dy, padding) =>
      run(inputGradients[padding], [shapeOf(inputShape), kernel, dy]),
    conv2dKernelGradient: (x, kernelShape, dy, padding) =>
      run(kernelGradients[padding], [x, shapeOf(kernelShape), dy]),
    matMul: (a, b, transposeA, transposeB) =>
      one("MatMul", [...T, attr.bool("transpose_a", transposeA), attr.bool("transpose_b", transposeB)], [a, b]),
    biasAdd: (x, bias) => one("BiasAdd", biased, [x, bias]),
    biasGradient: (dy) => one("BiasAddGrad", biased, [dy]),
    activate(activation, z) {
      if (activation === "relu") return one("Relu", T, [z]);
      if (activation === "tanh") return one("Tanh", T, [z]);
      return plain.activate(activation, z);
    },
    activationGradient(activation: Activation, dy, y) {
      if (activation === "relu") return one("ReluGrad", T, [dy, y]);
      if (activation === "tanh") return one("TanhGrad", T, [y, dy]);
      return plain.activationGradient(activation, dy, y);
    },
    maxPool: (x, size) =>
      hasOneDnnPooling ? oneDnnMaxPool(x, size) : { y: one("MaxPool", maxPooling(size), [x]), workspace: null },
    maxPoolGradient: (dy, x, pooled, size) =>
      pooled.workspace
        ? oneDnnMaxPoolGradient(dy, x, pooled, size)
        : one("MaxPoolGrad", maxPooling(size), [x, pooled.y, dy]),
    sumPool: (x, size) => tf.mul(one("AvgPool", pooling(size), [x]), size * size),
    batchNormTraining(x, gamma, beta, movingMean, movingVariance, momentum, epsilon) {
      const pixels = asImage(x);
      const [y, mean, variance, ...saved] = backend.executeMultipleOutputs(
        batchNorms.forward,
        [...normalising(epsilon), averaging(momentum), ...batchNorms.extra],
        [pixels, gamma, beta, movingMean, movingVariance],
        6,
      );
      return {
        y: shapedLike(y, x),
        movingMean: mean,
        movingVariance: variance,
        tape: { x: pixels, gamma, saved },
      };
    },
    batchNormGradient(dy, { x, gamma, saved }, epsilon) {
      const [dx, dgamma, dbeta] = backend.executeMultipleOutputs(
        batchNorms.backward,
        [...normalising(epsilon), ...batchNorms.extra],
        [asImage(dy), x, gamma, ...saved],
        5,
      );
      return [shapedLike(dx, dy), dgamma, dbeta];
    },
    batchNormInference(x, gamma, beta, mean, variance, epsilon) {
      const [y] = backend.executeMultipleOutputs(
        batchNorms.forward,
        [...normalising(epsilon, false), averaging(0), ...batchNorms.extra],
        [asImage(x), gamma, beta, mean, variance],
        6,
      );
      return shapedLike(y, x);
    },
    batchNormInferenceGradient(dy, x, gamma, mean, variance, epsilon) {
      const [dx, dgamma, dbeta] = backend.executeMultipleOutputs(
        batchNorms.backward,
        [...normalising(epsilon, false), ...batchNorms.extra],
        [asImage(dy), asImage(x), gamma, mean, variance, variance],
        5,
      );
      return [shapedLike(dx, dy), dgamma, dbeta];
    },
    dropoutMask(shape, rate, seed) {
      const attrs = [attr.type("dtype", TF_FLOAT), attr.type("T", TF_INT32), attr.type("Tseed", TF_INT32)];
      const uniform = one("StatelessRandomUniform", attrs, [
        tf.tensor1d([...shape], "int32"),
        tf.tensor1d([...seed], "int32"),
      ]);
      return tf.mul(tf.cast(tf.greaterEqual(uniform, rate), "float32"), 1 / (1 - rate));
    },
    softmaxCrossEntropy(logits, labels) {
      const attrs = [...T, attr.type("Tlabels", TF_INT32)];
      const [losses, gradient] = backend.executeMultipleOutputs(
        "SparseSoftmaxCrossEntropyWithLogits",
        attrs,
        [logits, labels],
        2,
      );
      return [losses, gradient];
    },
    multiply: (a, b) => one("Mul", T, [a, b]),
    add: (a, b) => one("AddV2", T, [a, b]),
  };
}
