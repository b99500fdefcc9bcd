import {
  type Classifier, type Dataset, type Finding, type Matrix, accuracy, kMeans, labelsOfClusters, matchClusters,
  normalizeImages, rowOf, seededRng, selectRows,
} from "../../lib";

/** The mean norm of the first images when so many share one. */
function meanNorm({ X }: Dataset, images: number): number {
  const shared = normalizeImages(selectRows(X, Array.from({ length: images }, (_, i) => i)), { imagesPerNorm: images });
  let sum = 0;
  for (let i = 0; i < images; i++) sum += Math.hypot(...rowOf(shared, i));
  return sum / images;
}

/** The share of images that k-means names rightly, each cluster by its majority. */
function namedRightly({ X, y }: { X: Matrix; y: Int32Array }, numClusters: number, seed: number): number {
  const rng = seededRng(seed).spawn(numClusters);
  const { clusters } = kMeans(X, { numClusters, starts: 1, maxIterations: 50, rng });
  const names = matchClusters(clusters, y, { numClusters, numClasses: 10, method: "majority" });
  return accuracy(y, labelsOfClusters(clusters, names));
}

const NUMBERS = [10, 20, 30, 40, 50];

export const exercises = {
  /** The ε that an image's own norm would have claimed when 100 images share one norm and 5000 is claimed; to 5 %. */
  "09-1": (answer: number, train: Dataset): Finding => {
    if (Number.isNaN(answer)) return "that is not a number";
    if (!(answer > 0)) return "it must be above 0";
    const right = 5000 * meanNorm(train, 100);
    if (Math.abs(answer / right - 1) < 0.05) return null;
    if (Math.abs(answer / (5000 * meanNorm(train, 700)) - 1) < 0.05) return "that is for 700 images a norm";
    if (Math.abs(answer - 50) < 1) return "100 squared numbers are summed before the root is taken: √100, not 100";
    return `it is too ${answer > right ? "large" : "small"}`;
  },

  /** A network that reads at least 85 % of images that were divided by 255 too often. */
  "09-2": (answer: Classifier, { X, y }: { X: Matrix; y: Int32Array }): Finding => {
    const right = accuracy(y, answer.predict(X));
    if (right >= 0.85) return null;
    return `it reads ${(100 * right).toFixed(0)} % of the divided test images; by how much are they too dark for it?`;
  },

  /** The fewest of 10, 20, … 50 clusters that are named rightly for 75 % of the images; a point either way is right. */
  "09-3": (answer: number, images: { X: Matrix; y: Int32Array }, seed: number): Finding => {
    if (!NUMBERS.includes(answer)) return `it is one of ${NUMBERS.join(", ")}`;
    if (namedRightly(images, answer, seed) < 0.74) return "that is not enough";
    const fewer = answer - 10;
    return fewer >= 10 && namedRightly(images, fewer, seed) > 0.76 ? "fewer are enough" : null;
  },
};
