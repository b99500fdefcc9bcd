import { toRows, type Matrix } from "../../matrix";
import type { NeighborSearch } from "./search";

interface KdTreeOfMlKnn {
  nearest(point: ArrayLike<number>, count: number): [row: number[], distance: number][];
}
type MlKnn = new (
  rows: number[][],
  labels: number[],
  options: { distance: (a: ArrayLike<number>, b: ArrayLike<number>) => number },
) => { kdTree: KdTreeOfMlKnn };

/**
 * Neighbour search by the package `ml-knn`.
 *
 * Its own vote lets the heap's order decide ties, so only its tree is used: rows carry their position as label, and
 * more neighbours are asked for until the k-th distance is passed, so that ties are seen whole. Its default distance
 * never prunes (it is handed an object without a length); the one given here reads the d features only, and does.
 */
export function mlKnnSearch(T: Matrix): NeighborSearch {
  const [n, d] = T.shape;
  const KNN = require("ml-knn") as MlKnn;
  const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
  };
  const { kdTree } = new KNN(toRows(T), Array.from({ length: n }, (_, i) => i), { distance });
  type Found = [row: number[], distance: number];
  const byDistanceThenPosition = (a: Found, b: Found): number => a[1] - b[1] || a[0][d] - b[0][d];
  return {
    nearest(X, k) {
      const found = new Int32Array(X.shape[0] * k);
      toRows(X).forEach((row, i) => {
        let asked = Math.min(n, k + 4);
        let list = kdTree.nearest(row, asked).sort(byDistanceThenPosition);
        while (asked < n && list[asked - 1][1] === list[k - 1][1]) {
          asked = Math.min(n, asked * 2);
          list = kdTree.nearest(row, asked).sort(byDistanceThenPosition);
        }
        for (let j = 0; j < k; j++) found[i * k + j] = list[j][0][d];
      });
      return found;
    },
  };
}
