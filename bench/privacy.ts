import { kMeans, loadMnist, noiseImages, normaliseImages, seededRng, selectRows } from "../lib";
import { serve } from "./harness";

async function main(): Promise<void> {
  const { train } = await loadMnist({ test: 0 });
  const initialCenters = selectRows(train.X, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await serve([
    {
      name: "noise-60k",
      run: () => {
        const unit = normaliseImages(train.X);
        return noiseImages(unit, { epsilon: 150, delta: 784 ** -2, clip: true, rng: seededRng(42) }).sigma;
      },
    },
    {
      name: "kmeans-60k",
      run: () => kMeans(train.X, { numClusters: 10, initialCenters, rng: seededRng(42) }).inertia,
    },
  ]);
}

void main();
