import {
  accuracy, blackBox, copy, decisionTree, dynamicalRange, loadTable, matrix, pipeline, randomForest, seededRng,
  standardScaler, svc, uniformSampler, type Matrix, type TreeClassifier,
} from "../lib";
import { serve } from "./harness";

/** The peer is scikit-learn doing the same by hand, on the same points: both draw from the same generator. */
async function main(): Promise<void> {
  const iris = await loadTable("iris");
  const original = pipeline(standardScaler(), svc()).fit(iris.X, iris.y);
  const sampler = uniformSampler(dynamicalRange(iris.X));
  const points = sampler.sample(1_000_000, seededRng(42));
  const labels = original.predict(points);
  const fresh = sampler.sample(10_000, seededRng(43));
  const truth = original.predict(fresh);
  const first = (n: number): [Matrix, Int32Array] =>
    [matrix(points.data.subarray(0, 4 * n), [n, 4]), labels.slice(0, n)];
  const nodes = (n: number): number => {
    const [X, y] = first(n);
    return (decisionTree({ rng: seededRng(42) }).fit(X, y) as TreeClassifier).tree.feature.length;
  };
  await serve([
    {
      name: "copy-million",
      run: async () => {
        const estimator = decisionTree({ rng: seededRng(42) });
        const made = await copy(blackBox(original), { sampler, estimator, budget: 1_000_000, rng: seededRng(42) });
        return (made.classifier as TreeClassifier).tree.feature.length;
      },
    },
    { name: "tree-million", run: () => nodes(1_000_000) },
    { name: "tree-100k", run: () => nodes(100_000) },
    { name: "tree-10k", run: () => nodes(10_000) },
    {
      name: "forest-100k",
      run: () => {
        const [X, y] = first(100_000);
        const forest = randomForest({ numTrees: 100, rng: seededRng(42) }).fit(X, y);
        return Math.round(100 * accuracy(truth, forest.predict(fresh))) / 100;
      },
    },
  ]);
}

void main();
