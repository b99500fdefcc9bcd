// Groups digits without seeing a label. Each group is then read as most of its training labels say, and the referee
// proves how many flipped labels that outlasts. Change this file: it is run for 0, 10, 25 and 50 flips.
import { rowOf, type Matrix, type Rng } from "../lib";

/** `train` and `test` are images, `flips` what is to be outlasted. Give back each image's group, from 0. */
export function entry({ train, test, numClasses, rng }: {
  train: Matrix; test: Matrix; numClasses: number; flips: number; rng: Rng;
}) {
  const start = rng.permutation(train.shape[0]).slice(0, numClasses);
  let centers = Array.from(start, (i) => Array.from(rowOf(train, i)));
  for (let round = 0; round < 20; round++) centers = moved(train, nearest(train, centers), centers);
  return { train: nearest(train, centers), test: nearest(test, centers) };
}

const distance = (row: ArrayLike<number>, center: number[]) =>
  center.reduce((sum, value, j) => sum + (row[j] - value) ** 2, 0);

/** The nearest center of each row. */
const nearest = (X: Matrix, centers: number[][]) => Array.from({ length: X.shape[0] }, (_, i) => {
  const distances = centers.map((center) => distance(rowOf(X, i), center));
  return distances.indexOf(Math.min(...distances));
});

/** Each center in the middle of its rows; one that has none stays. */
const moved = (X: Matrix, groups: number[], centers: number[][]) => centers.map((center, group) => {
  const rows = [...groups.keys()].filter((i) => groups[i] === group);
  return rows.length ? center.map((_, j) => rows.reduce((sum, i) => sum + rowOf(X, i)[j], 0) / rows.length) : center;
});
