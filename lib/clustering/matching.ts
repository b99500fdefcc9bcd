import { matrix, type Matrix } from "../matrix";
import { requireInteger, requireOneOf, requireSameLength } from "../validate";
import { hungarian } from "./hungarian";

/**
 * How many points of each cluster belong to each class.
 *
 * @param clusters Integers in [0, numClusters), shape [n].
 * @param y Integers in [0, numClasses), shape [n].
 * @returns Counts, shape [numClusters, numClasses].
 * @throws {RangeError} If lengths differ or a number is out of range.
 */
export function clusterClassCounts(
  clusters: Int32Array,
  y: Int32Array,
  { numClusters, numClasses }: { numClusters: number; numClasses: number },
): Matrix<Float64Array> {
  requireSameLength("clusterClassCounts", "clusters", clusters.length, "y", y.length);
  requireInteger("clusterClassCounts", "numClusters", numClusters, 1);
  requireInteger("clusterClassCounts", "numClasses", numClasses, 1);
  const counts = new Float64Array(numClusters * numClasses);
  for (let i = 0; i < y.length; i++) {
    requireInteger("clusterClassCounts", "cluster", clusters[i], 0, numClusters - 1);
    requireInteger("clusterClassCounts", "class", y[i], 0, numClasses - 1);
    counts[clusters[i] * numClasses + y[i]]++;
  }
  return matrix(counts, [numClusters, numClasses]);
}

export interface MatchOptions {
  numClusters: number;
  numClasses: number;
  /**
   * `hungarian`: each cluster gets a class of its own (as many clusters as classes, or fewer); the strict measure.
   * `majority`: each cluster gets its most frequent class, so that classes may be shared or left out.
   */
  method: "hungarian" | "majority";
}

/**
 * Names each cluster after a class.
 *
 * @param clusters Integers in [0, numClusters), shape [n].
 * @param y Classes, shape [n].
 * @returns The class of each cluster, shape [numClusters].
 * @throws {RangeError} If lengths differ, a number is out of range, or `hungarian` meets more clusters than classes.
 */
export function matchClusters(clusters: Int32Array, y: Int32Array, options: MatchOptions): Int32Array {
  requireOneOf("matchClusters", "method", options.method, ["hungarian", "majority"]);
  const { numClasses, numClusters, method } = options;
  const counts = clusterClassCounts(clusters, y, options);
  if (method === "hungarian") {
    requireInteger("matchClusters", "numClusters (for hungarian)", numClusters, 1, numClasses);
    return hungarian(matrix(counts.data.map((count) => -count), counts.shape));
  }
  return Int32Array.from({ length: numClusters }, (_, c) => {
    const row = counts.data.subarray(c * numClasses, (c + 1) * numClasses);
    return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
  });
}

/** Clusters renamed to their classes, shape [n]. */
export function labelsOfClusters(clusters: Int32Array, classOfCluster: Int32Array): Int32Array {
  return clusters.map((cluster) => {
    requireInteger("labelsOfClusters", "cluster", cluster, 0, classOfCluster.length - 1);
    return classOfCluster[cluster];
  });
}
