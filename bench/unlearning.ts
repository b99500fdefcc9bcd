// Selective synaptic dampening of a CIFAR-10 network with 16 filters: squared gradients of 256 images in batches of 32,
// and of 32 images to be forgotten one by one; then the weights are dampened.
import {
  dampenSelected, matrix, networkOf, parameterSpecs, selectLabels, selectRows, vggLike, weightImportance,
} from "../lib";
import { serve } from "./harness";

const [N, FORGOTTEN, BATCH] = [256, 32, 32];

const architecture = vggLike({ filters: 16, inputScale: 1 });
const weights = parameterSpecs(architecture).map(({ name, size, shape }) => {
  if (name.endsWith("gamma") || name.endsWith("movingVariance")) return new Float32Array(size).fill(1);
  if (!name.endsWith("kernel")) return new Float32Array(size);
  const limit = Math.sqrt(6 / (size / shape[shape.length - 1]));
  return Float32Array.from({ length: size }, (_, i) => limit * Math.sin(i * i));
});
const network = networkOf(architecture, weights);
const X = matrix(Float32Array.from({ length: N * 3072 }, (_, i) => 0.5 + 0.5 * Math.sin(0.7 * i)), [N, 3072]);
const y = Int32Array.from({ length: N }, (_, i) => i % 10);
const rows = Int32Array.from({ length: FORGOTTEN }, (_, i) => i);

void serve([{
  name: "ssd",
  run: () => {
    const all = weightImportance(network, X, y, { batchSize: BATCH });
    const forgotten = weightImportance(network, selectRows(X, rows), selectLabels(y, rows), { batchSize: 1 });
    const dampened = dampenSelected(network, { all, forgotten }, { alpha: 10 });
    const squares = dampened.weights.flatMap((values, i) =>
      Array.from(values, (value, w) => (value - weights[i][w]) ** 2));
    return Number(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)).toPrecision(2));
  },
}]);
