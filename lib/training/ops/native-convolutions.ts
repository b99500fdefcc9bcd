import type { Tensor } from "@tensorflow/tfjs-node";
import type { Padding } from "../layers";
import { trialFilter, trialImage, type Attribute, type Kernel, type NativeEngine } from "./native-backend";
import type { ConvolutionOps, DenseOps } from "./ops";

const PADDING = { same: "SAME", valid: "VALID" } as const;

const byPadding = <T>(of: (padding: Padding) => T): Record<Padding, T> => ({ same: of("same"), valid: of("valid") });

/** Attributes of a convolution that moves by one pixel. */
const convolution = ({ attr, T, layout }: NativeEngine, padding: Padding): Attribute[] => [
  ...T,
  layout,
  attr.int("strides", [1, 1, 1, 1]),
  attr.int("dilations", [1, 1, 1, 1]),
  attr.string("padding", PADDING[padding]),
  attr.bool("use_cudnn_on_gpu", true),
];

/** For each padding, oneDNN's kernel of an operation if it runs on such inputs, else TensorFlow's own. */
function fastest(engine: NativeEngine, name: string, inputs: (dy: Tensor) => Tensor[]): Record<Padding, Kernel> {
  const { tf, attr, oneDnn, one, runs } = engine;
  return byPadding((padding) => {
    const side = padding === "same" ? 4 : 2;
    const attrs = [...convolution(engine, padding), attr.int("explicit_paddings", [])];
    const mkl = { name: `_MklNative${name}`, attrs: [...attrs, oneDnn] };
    return runs(() => void one(mkl.name, mkl.attrs, inputs(tf.ones([1, side, side, 2])))) ? mkl : { name, attrs };
  });
}

/** oneDNN's convolution that adds a bias on the way, or null where it does not run. */
function convolutionWithBias(engine: NativeEngine): ConvolutionOps["conv2d"] | null {
  const { tf, attr, oneDnn, one, runs } = engine;
  const attrs = byPadding((padding) =>
    [...convolution(engine, padding), attr.bool("is_filter_const", false), oneDnn]);
  const run: ConvolutionOps["conv2d"] = (x, kernel, bias, padding) =>
    one("_MklNativeConv2DWithBias", attrs[padding], [x, kernel, bias as Tensor]);
  return runs(() => void run(trialImage(tf), trialFilter(tf), tf.ones([2]), "same")) ? run : null;
}

/** Convolutions and their gradients on the fastest kernels that run here. */
export function nativeConvolutions(engine: NativeEngine, { biasAdd }: Pick<DenseOps, "biasAdd">): ConvolutionOps {
  const { tf, one } = engine;
  const shapeOf = (shape: readonly number[]): Tensor => tf.tensor1d([...shape], "int32");
  const run = ({ name, attrs }: Kernel, inputs: Tensor[]): Tensor => one(name, attrs, inputs);
  const forwards = fastest(engine, "Conv2D", () => [trialImage(tf), trialFilter(tf)]);
  const inputGradients = fastest(engine, "Conv2DBackpropInput", (dy) =>
    [shapeOf([1, 4, 4, 2]), trialFilter(tf), dy]);
  const kernelGradients = fastest(engine, "Conv2DBackpropFilter", (dy) =>
    [trialImage(tf), shapeOf([3, 3, 2, 2]), dy]);
  const withBias = convolutionWithBias(engine);
  return {
    conv2d(x, kernel, bias, padding) {
      if (bias && withBias) return withBias(x, kernel, bias, padding);
      const y = run(forwards[padding], [x, kernel]);
      return bias ? biasAdd(y, bias) : y;
    },
    conv2dInputGradient: (inputShape, kernel, dy, padding) =>
      run(inputGradients[padding], [shapeOf(inputShape), kernel, dy]),
    conv2dKernelGradient: (x, kernelShape, dy, padding) =>
      run(kernelGradients[padding], [x, shapeOf(kernelShape), dy]),
  };
}
