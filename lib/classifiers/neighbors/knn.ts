import { matrix, type Matrix } from "../../matrix";
import { requireInteger, requireOneOf } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { checkQuery, checkTraining, encodeLabels, labelsOfLargest, zeros } from "../fitting";
import { kdTreeSearch } from "./kd-tree";
import { matrixProductSearch } from "./matrix-product";
import { mlKnnSearch } from "./ml-knn";
import { isTold, nearestByLength, type NeighborSearch } from "./search";

export type KnnAlgorithm = "auto" | "mlKnn" | "kdTree" | "matrixProduct";

export interface KnnOptions {
  /** Neighbours that vote, at least 1; 5 unless told. */
  numNeighbors?: number;
  /**
   * How neighbours are found; the answers are the same. "auto" takes ml-knn up to 50,000 pairs of training and query
   * rows; beyond that matrix products where rows are wide (over 15 features) and the work is large, else a k-d tree.
   */
  algorithm?: KnnAlgorithm;
}

const SMALL_PAIRS = 50_000;
const WIDE_FEATURES = 15;
const LARGE_WORK = 2e8;

const searches: Record<Exclude<KnnAlgorithm, "auto">, (T: Matrix) => NeighborSearch> = {
  mlKnn: mlKnnSearch,
  kdTree: kdTreeSearch,
  matrixProduct: matrixProductSearch,
};

function fittedKnn(T: Matrix, classes: Int32Array, codes: Int32Array, k: number, algorithm: KnnAlgorithm): Classifier {
  const [n, d] = T.shape;
  const made = new Map<string, NeighborSearch>();
  const search = (numQueries: number): NeighborSearch => {
    const pairs = n * numQueries;
    const large = d > WIDE_FEATURES && pairs * d > LARGE_WORK ? "matrixProduct" : "kdTree";
    const name = algorithm !== "auto" ? algorithm : pairs <= SMALL_PAIRS ? "mlKnn" : large;
    if (!made.has(name)) made.set(name, searches[name](T));
    return made.get(name)!;
  };
  const votes = (X: Matrix): Matrix<Float64Array> => {
    checkQuery("knn", X, d);
    const P = zeros(X.shape[0], classes.length);
    const neighbors = search(X.shape[0]).nearest(X, k);
    for (let i = 0; i < X.shape[0]; i++)
      if (!isTold(X, i, T, neighbors.subarray(i * k, (i + 1) * k)))
        neighbors.set(nearestByLength(X, i, T, k), i * k);
    for (let i = 0; i < X.shape[0]; i++)
      for (let j = 0; j < k; j++) P.data[i * classes.length + codes[neighbors[i * k + j]]] += 1;
    return P;
  };
  return {
    family: "knn",
    classes,
    numFeatures: d,
    predict: (X) => labelsOfLargest(votes(X), classes),
    predictProba: (X) => {
      const P = votes(X);
      for (let p = 0; p < P.data.length; p++) P.data[p] /= k;
      return P;
    },
    serialize: () => ({
      family: "knn",
      numNeighbors: k,
      algorithm,
      classes: [...classes],
      codes: [...codes],
      rows: [...T.data],
    }),
  };
}

/**
 * The k-nearest-neighbours vote, Euclidean, every neighbour counting the same.
 *
 * Equal votes go to the lowest label, as in scikit-learn's `KNeighborsClassifier`. Of rows at equal distance the first
 * in the training set is nearer; scikit-learn leaves that to the order of its tree.
 *
 * @throws {RangeError} If `numNeighbors` is not an integer of at least 1, or above the number of rows when fitted.
 * @example
 * const labels = knn({ numNeighbors: 5 }).fit(X, y).predict(X);
 */
export function knn({ numNeighbors = 5, algorithm = "auto" }: KnnOptions = {}): Estimator {
  requireInteger("knn", "numNeighbors", numNeighbors, 1);
  requireOneOf("knn", "algorithm", algorithm, ["auto", "mlKnn", "kdTree", "matrixProduct"]);
  return {
    family: "knn",
    fit(X, y) {
      checkTraining("knn", X, y);
      const [n, d] = X.shape;
      requireInteger("knn", "numNeighbors", numNeighbors, 1, n);
      const { classes, codes } = encodeLabels(y);
      return fittedKnn(matrix(Float64Array.from(X.data), [n, d]), classes, codes, numNeighbors, algorithm);
    },
  };
}

/** Makes a nearest-neighbours classifier again from its `serialize()`. */
export function restoreKnn(saved: SerializedClassifier): Classifier {
  const { numNeighbors, algorithm, classes, codes, rows } = saved as unknown as {
    numNeighbors: number;
    algorithm: KnnAlgorithm;
    classes: number[];
    codes: number[];
    rows: number[];
  };
  const T = matrix(Float64Array.from(rows), [codes.length, rows.length / codes.length]);
  return fittedKnn(T, Int32Array.from(classes), Int32Array.from(codes), numNeighbors, algorithm);
}
