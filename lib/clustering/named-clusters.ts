import type { Classifier, SerializedClassifier } from "../classifiers/classifier";
import { deserialize, registerFamily } from "../classifiers/deserialize";
import { checkQuery, encodeLabels } from "../classifiers/fitting";
import { matrix, type Matrix } from "../matrix";
import type { Network } from "../training/network";
import { requireSameLength } from "../validate";
import { assignClusters, type Clustering } from "./assign";
import { clusterClassCounts, matchClusters } from "./matching";

/** Clusters that carry the names of classes, and so predict. */
export interface NamedClusters extends Classifier {
  readonly clustering: Clustering;
  /** How many rows of each cluster had each label, in the order of `classes`; shape [clusters, classes.length]. */
  readonly counts: Matrix<Float64Array>;
  /** The label of each cluster, shape [clusters]. */
  readonly names: Int32Array;
}

export interface NameClustersOptions {
  /** As `matchClusters` has it; "majority" unless told. */
  method?: "majority" | "hungarian";
}

/** What a clustering needs to be written down. */
type SavedClustering = { centers: number[]; shape: [number, number] } | SavedIic;
interface SavedIic {
  network: SerializedClassifier;
  numClusters: number;
  numFeatures: number;
  head: number;
  information: number[];
}

/**
 * Makes a classifier of a clustering: each cluster answers the label that most of its rows carry. It remembers how many
 * rows of each label fell into each cluster.
 *
 * @param clustering From `kMeans` or `trainIic`.
 * @param X Rows with labels, shape [n, d], n ≥ 1.
 * @param y Labels, shape [n].
 * @returns A cluster without rows answers the lowest label.
 * @throws {RangeError} If the lengths or widths differ, or `hungarian` meets more clusters than classes.
 * @example
 * const model = nameClusters(kMeans(train.X, { numClusters: 20, rng }), train.X, train.y);
 * accuracy(test.y, model.predict(test.X));
 */
export function nameClusters(
  clustering: Clustering, X: Matrix, y: Int32Array, { method = "majority" }: NameClustersOptions = {},
): NamedClusters {
  requireSameLength("nameClusters", "X", X.shape[0], "y", y.length);
  if (!y.length) throw new RangeError("nameClusters: X must have at least one row, got 0");
  const { classes, codes } = encodeLabels(y);
  const clusters = assignClusters(clustering, X);
  const sizes = { numClusters: numClustersOf(clustering), numClasses: classes.length };
  const codeOfCluster = matchClusters(clusters, codes, { ...sizes, method });
  return named(clustering, classes, clusterClassCounts(clusters, codes, sizes), codeOfCluster);
}

const numClustersOf = (clustering: Clustering): number =>
  "centers" in clustering ? clustering.centers.shape[0] : clustering.numClusters;

const widthOf = (clustering: Clustering): number =>
  "centers" in clustering ? clustering.centers.shape[1] : clustering.numFeatures;

function named(
  clustering: Clustering, classes: Int32Array, counts: Matrix<Float64Array>, codeOfCluster: Int32Array,
): NamedClusters {
  const names = codeOfCluster.map((code) => classes[code]);
  const numFeatures = widthOf(clustering);
  return {
    family: "namedClusters", classes, numFeatures, clustering, counts, names,
    predict(X) {
      checkQuery("predict", X, numFeatures);
      return assignClusters(clustering, X).map((cluster) => names[cluster]);
    },
    serialize: () => ({
      family: "namedClusters", classes: [...classes], counts: [...counts.data], codeOfCluster: [...codeOfCluster],
      clustering: save(clustering),
    }),
  };
}

function save(clustering: Clustering): SavedClustering {
  if ("centers" in clustering) {
    const { data, shape } = clustering.centers;
    return { centers: [...data], shape: [shape[0], shape[1]] };
  }
  const { network, information, ...rest } = clustering;
  return { ...rest, network: network.serialize(), information: [...information] };
}

function restore(saved: SavedClustering): Clustering {
  if ("centers" in saved) return { centers: matrix(Float64Array.from(saved.centers), saved.shape) };
  const { network, information, ...rest } = saved;
  return { ...rest, network: deserialize(network) as Network, information: Float64Array.from(information) };
}

registerFamily("namedClusters", (saved) => {
  const { clustering, classes, counts, codeOfCluster } = saved as unknown as {
    clustering: SavedClustering;
    classes: number[];
    counts: number[];
    codeOfCluster: number[];
  };
  return named(
    restore(clustering), Int32Array.from(classes),
    matrix(Float64Array.from(counts), [codeOfCluster.length, classes.length]), Int32Array.from(codeOfCluster),
  );
});
