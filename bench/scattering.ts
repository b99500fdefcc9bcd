import { loadMnist, scatteringFeatures } from "../lib";
import { serve } from "./harness";

async function main(): Promise<void> {
  const { train } = await loadMnist({ test: 0 });
  await serve([{
    // Edges are padded otherwise there, so that results are alike and not compared.
    name: "scattering-60k",
    run: () => void scatteringFeatures(train.X, { inputScale: 1 / 255 }),
  }]);
}

void main();
