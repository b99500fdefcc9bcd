import { softmaxRows } from "../math/softmax";
import { throwIfInterrupted } from "../interrupt";
import { matrix, type Matrix } from "../matrix";
import { layerShapes, parameterSpecs } from "./layers";
import { gatherBatch, requireExamples, requireNetwork, type NetworkPart } from "./network";
import { backwardLayer, forward, liveLayers } from "./passes";
import { runtimeOf } from "./runtime";

const BATCH = 256;

/** Gradients of log p(y | x) by x, by the backward pass that trains, to the input instead of the weights. */
export function labelSlopes(network: NetworkPart, X: Matrix, y: Int32Array): Matrix<Float32Array> {
  const { architecture } = network;
  requireNetwork("labelSlopes", network);
  requireExamples("labelSlopes", architecture, X, y);
  const runtime = runtimeOf();
  const { tf } = runtime;
  const [n, d] = X.shape;
  const k = layerShapes(architecture)[architecture.layers.length][0];
  const slopes = new Float32Array(n * d);
  const weights = runtime.tensors(parameterSpecs(architecture), network.weights);
  const layers = liveLayers(architecture, weights);
  try {
    for (let start = 0; start < n; start += BATCH) {
      throwIfInterrupted();
      const positions = Int32Array.from({ length: Math.min(BATCH, n - start) }, (_, i) => start + i);
      tf.tidy(() => {
        const values = gatherBatch(X, positions, architecture.inputScale);
        const x = tf.tensor(values, [positions.length, ...architecture.inputShape], "float32");
        const tapes = forward(runtime, layers, x, { training: false });
        const logits = matrix(tapes[tapes.length - 1].y.dataSync() as Float32Array, [positions.length, k]);
        const errors = Float32Array.from(softmaxRows(logits).data, (p) => -p);
        positions.forEach((i, row) => (errors[row * k + y[i]] += 1));
        let gradient = tf.tensor(errors, [positions.length, k]);
        for (let i = layers.length - 1; i >= 0; i--)
          gradient = backwardLayer(runtime, layers[i], tapes[i], gradient, { input: true, weights: false }).dx!;
        slopes.set(tf.mul(gradient, architecture.inputScale).dataSync(), start * d);
      });
    }
  } finally {
    tf.dispose(weights);
  }
  return matrix(slopes, [n, d]);
}
