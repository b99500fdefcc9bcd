// Selective synaptic dampening of a CIFAR-10 network with 16 filters: squared gradients of 256 images in batches of 32,
// and of 32 images to be forgotten one by one; then the weights are dampened.
import { dampenSelected, selectLabels, selectRows, weightImportance } from "../lib";
import { serve } from "./harness";
import { sineNetwork } from "./sine-network";

const [N, FORGOTTEN, BATCH] = [256, 32, 32];

const { network, X, y } = sineNetwork(16, N);
const rows = Int32Array.from({ length: FORGOTTEN }, (_, i) => i);

void serve([{
  name: "ssd",
  run: () => {
    const all = weightImportance(network, X, y, { batchSize: BATCH });
    const forgotten = weightImportance(network, selectRows(X, rows), selectLabels(y, rows), { batchSize: 1 });
    const dampened = dampenSelected(network, { all, forgotten }, { alpha: 10 });
    const squares = dampened.weights.flatMap((values, i) =>
      Array.from(values, (value, w) => (value - network.weights[i][w]) ** 2));
    return Number(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)).toPrecision(2));
  },
}]);
