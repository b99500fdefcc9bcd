import type { Tensorflow } from "../../tensorflow";
import { nativeEngine, type NativeBackend, type NativeEngine } from "./native-backend";
import { nativeBatchNorms } from "./native-batch-norm";
import { nativeConvolutions } from "./native-convolutions";
import { nativePooling } from "./native-pooling";
import type { ActivationOps, DenseOps, DropoutOps, ElementwiseOps, LossOps, Ops } from "./ops";
import { plainActivations } from "./plain";

function nativeDense({ attr, T, layout, one }: NativeEngine): DenseOps {
  const biased = [...T, layout];
  return {
    matMul: (a, b, transposeA, transposeB) =>
      one("MatMul", [...T, attr.bool("transpose_a", transposeA), attr.bool("transpose_b", transposeB)], [a, b]),
    biasAdd: (x, bias) => one("BiasAdd", biased, [x, bias]),
    biasGradient: (dy) => one("BiasAddGrad", biased, [dy]),
  };
}

function nativeActivations({ tf, T, one }: NativeEngine): ActivationOps {
  const plain = plainActivations(tf);
  return {
    activate(activation, z) {
      if (activation === "relu") return one("Relu", T, [z]);
      if (activation === "tanh") return one("Tanh", T, [z]);
      return plain.activate(activation, z);
    },
    activationGradient(activation, dy, y) {
      if (activation === "relu") return one("ReluGrad", T, [dy, y]);
      if (activation === "tanh") return one("TanhGrad", T, [y, dy]);
      return plain.activationGradient(activation, dy, y);
    },
  };
}

function nativeDropout({ tf, attr, one }: NativeEngine, { TF_FLOAT, TF_INT32 }: Record<string, number>): DropoutOps {
  const attrs = [attr.type("dtype", TF_FLOAT), attr.type("T", TF_INT32), attr.type("Tseed", TF_INT32)];
  return {
    dropoutMask(shape, rate, seed) {
      const uniform = one("StatelessRandomUniform", attrs, [
        tf.tensor1d([...shape], "int32"),
        tf.tensor1d([...seed], "int32"),
      ]);
      return tf.mul(tf.cast(tf.greaterEqual(uniform, rate), "float32"), 1 / (1 - rate));
    },
  };
}

function nativeLoss({ attr, T, several }: NativeEngine, { TF_INT32 }: Record<string, number>): LossOps {
  const attrs = [...T, attr.type("Tlabels", TF_INT32)];
  return {
    softmaxCrossEntropy(logits, labels) {
      const [losses, gradient] = several("SparseSoftmaxCrossEntropyWithLogits", attrs, [logits, labels], 2);
      return [losses, gradient];
    },
  };
}

const nativeElementwise = ({ T, one }: NativeEngine): ElementwiseOps => ({
  multiply: (a, b) => one("Mul", T, [a, b]),
  add: (a, b) => one("AddV2", T, [a, b]),
});

/**
 * Operations on TensorFlow's fused kernels. Where oneDNN's kernels are there, they are called by their own names: eager
 * execution does not choose them by itself, and without them the gradients of convolutions and batch norms take 3 times
 * as long, that of pooling 20 times.
 */
export function nativeOps(tf: Tensorflow, backend: NativeBackend): Ops {
  const engine = nativeEngine(tf, backend);
  const dense = nativeDense(engine);
  return {
    name: "native",
    ...nativeConvolutions(engine, dense),
    ...dense,
    ...nativeActivations(engine),
    ...nativePooling(engine),
    ...nativeBatchNorms(engine),
    ...nativeDropout(engine, backend.binding),
    ...nativeLoss(engine, backend.binding),
    ...nativeElementwise(engine),
  };
}
