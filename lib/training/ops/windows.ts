import type { Tensor3D, Tensor4D } from "@tensorflow/tfjs-node";
import type { ConvolutionLayer } from "../layers";
import type { Engine } from "./ops";

/** Each output pixel's window of a convolution's inputs: [n, pixels, kernelSize² · channels]. */
export function windows({ tf }: Engine, x: Tensor4D, layer: ConvolutionLayer): Tensor3D {
  const size = layer.kernelSize;
  const before = layer.padding === "same" ? Math.floor((size - 1) / 2) : 0;
  const after = layer.padding === "same" ? size - 1 - before : 0;
  const padded = tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]]);
  const [n, rows, columns, channels] = padded.shape;
  const [height, width] = [rows - size + 1, columns - size + 1];
  const shifts = Array.from({ length: size * size }, (_, s) =>
    tf.slice(padded, [0, Math.floor(s / size), s % size, 0], [n, height, width, channels]));
  return tf.concat(shifts, 3).reshape([n, height * width, size * size * channels]);
}
