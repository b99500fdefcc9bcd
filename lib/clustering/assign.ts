import type { Matrix } from "../matrix";
import { seededRng } from "../random";
import { argMax, networkOutputs } from "../training/predict";
import { requireFinite, requireSameLength } from "../validate";
import type { Iic } from "./iic";
import type { KMeans } from "./k-means";
import { imageViews } from "../images/views";

/** What puts new rows into clusters: centers, or a network trained by `trainIic`. */
export type Clustering = Pick<KMeans, "centers"> | Iic;

/**
 * The cluster of each row: the nearest center's, or that of the network's head of most information on the plain view.
 *
 * @param X Shape [n, d]; for a network square grey images.
 * @returns Clusters in [0, k), shape [n].
 * @throws {RangeError} If widths differ, a number is not finite, or distances overflow.
 * @example
 * const clusters = assignClusters(kMeans(train.X, { numClusters: 10, rng }), test.X);
 */
export function assignClusters(clustering: Clustering, X: Matrix): Int32Array {
  return "centers" in clustering ? nearestCenters(clustering.centers, X) : clustersByNetwork(clustering, X);
}

function nearestCenters(centers: Matrix, X: Matrix): Int32Array {
  const [n, d] = X.shape;
  requireSameLength("assignClusters", "columns of X", d, "columns of centers", centers.shape[1]);
  requireFinite("assignClusters", "X", X.data);
  requireFinite("assignClusters", "centers", centers.data);
  const k = centers.shape[0];
  return Int32Array.from({ length: n }, (_, i) => {
    let best = Infinity;
    let cluster = 0;
    for (let c = 0; c < k; c++) {
      let square = 0;
      for (let j = 0; j < d && square < best; j++) square += (X.data[i * d + j] - centers.data[c * d + j]) ** 2;
      if (square < best) [best, cluster] = [square, c];
    }
    if (!(best < Infinity))
      throw new RangeError(`assignClusters: X must be near enough to a center for its distance, row ${i} is not`);
    return cluster;
  });
}

function clustersByNetwork({ network, numClusters, numFeatures, head }: Iic, X: Matrix): Int32Array {
  requireSameLength("assignClusters", "columns of X", X.shape[1], "pixels of the images trained on", numFeatures);
  const { inputShape } = network.architecture;
  const positions = Int32Array.from({ length: X.shape[0] }, (_, i) => i);
  const plain = imageViews(X, positions, { side: inputShape[0], views: null, rng: seededRng(0) });
  const outputs = networkOutputs(network, plain);
  const [n, width] = outputs.shape;
  return Int32Array.from({ length: n }, (_, i) => argMax(outputs.data, i * width + head * numClusters, numClusters));
}
