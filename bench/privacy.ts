import {
  iicTrunk, kMeans, leNet, loadMnist, noiseImages, normalizeImages, seededRng, selectRows, sgd, subset, trainIic,
  trainPrivateNetwork,
} from "../lib";
import { serve } from "./harness";
import { sineWeighted } from "./sine-network";

const RECORDS = 256;
const STEPS = 10;
const IIC_IMAGES = 5000;

async function main(): Promise<void> {
  const { train } = await loadMnist({ test: 0 });
  const initialCenters = selectRows(train.X, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const records = subset(train, Array.from({ length: RECORDS }, (_, i) => i));
  const digits = subset(train, Array.from({ length: IIC_IMAGES }, (_, i) => i));
  await serve([
    {
      name: "noise-60k",
      run: () => {
        const unit = normalizeImages(train.X);
        return noiseImages(unit, { epsilon: 150, delta: 784 ** -2, clip: true, rng: seededRng(42) }).sigma;
      },
    },
    {
      name: "kmeans-60k",
      run: () => kMeans(train.X, { numClusters: 10, initialCenters, rng: seededRng(42) }).inertia,
    },
    {
      // Ten steps on all records. The noise is drawn and added, but so small that both sides must move alike.
      name: "dpsgd-step",
      run: () => {
        const from = sineWeighted(leNet());
        const network = trainPrivateNetwork(from, records.X, records.y, { epsilon: 1e8, delta: 1e-5, steps: STEPS,
          samplingRate: 1, clipNorm: 1, optimizer: sgd({ learningRate: 0.1 }), rng: seededRng(42) });
        const squares = network.weights.flatMap((values, i) =>
          Array.from(values, (value, w) => (value - from.weights[i][w]) ** 2));
        return Number(Math.sqrt(squares.reduce((sum, square) => sum + square)).toPrecision(3));
      },
    },
    {
      name: "iic-epoch",
      run: () => void trainIic(iicTrunk(), digits.X, { numClusters: 10, epochs: 1, rng: seededRng(42) }),
    },
  ]);
}

void main();
