import type { Matrix } from "../../matrix";
import { scaleToOne } from "../../math/power-of-two";
import { loadTensorflow, tidyNumbers } from "../../tensorflow";
import { NearestList, squaredDistance, type NeighborSearch } from "./search";

const BLOCK_CELLS = 2 ** 22;
const SPARE = 8;

/**
 * Neighbour search by matrix products in float32 (TensorFlow), made exact: the k + 8 best candidates are measured again
 * in float64, and where rounding could hide a nearer row, the whole row of distances is. Rows are scaled by a power of
 * two, so that no product of training rows leaves float32's range.
 *
 * @see `plainSearch`, its plain twin.
 */
export function matrixProductSearch(T: Matrix): NeighborSearch {
  const [n, d] = T.shape;
  const center = new Float64Array(d);
  for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++) center[j] += T.data[p++] / n;
  let farthest = 0;
  for (let p = 0; p < T.data.length; p++) farthest = Math.max(farthest, Math.abs(T.data[p] - center[p % d]));
  const factor = scaleToOne(farthest);
  const { values, norms } = centered(T, 0, n, { center, factor });
  const largestNorm = norms.reduce((a, b) => Math.max(a, b), 0);

  return {
    nearest(X, k) {
      const tf = loadTensorflow();
      const m = X.shape[0];
      const found = new Int32Array(m * k);
      const list = new NearestList(k);
      const candidates = Math.min(n, k + SPARE);
      const block = Math.max(1, Math.floor(BLOCK_CELLS / n));
      for (let from = 0; from < m; from += block) {
        const rows = Math.min(block, m - from);
        const Q = centered(X, from, rows, { center, factor });
        const { near, positions } = tidyNumbers(tf, () => {
          const products = tf.tensor2d(Q.values, [rows, d]).matMul(tf.tensor2d(values, [n, d]), false, true);
          const best = tf.topk(products.mul(2).sub(tf.tensor1d(norms)), candidates);
          return { near: best.values.dataSync() as Float32Array, positions: best.indices.dataSync() as Int32Array };
        });
        for (let i = 0; i < rows; i++) {
          list.clear();
          for (let c = 0; c < candidates; c++) {
            const position = positions[i * candidates + c];
            list.offer(squaredDistance(X, from + i, T, position), position);
          }
          const others = Q.norms[i] - near[(i + 1) * candidates - 1];
          const rounding = (d + 8) * 2 ** -23 * (Math.sqrt(Q.norms[i]) + Math.sqrt(largestNorm)) ** 2;
          if (candidates < n && !(list.worst * factor * factor < others - rounding)) {
            list.clear();
            for (let j = 0; j < n; j++) list.offer(squaredDistance(X, from + i, T, j), j);
          }
          found.set(list.positions, (from + i) * k);
        }
      }
      return found;
    },
  };
}

/** How rows are brought near 0 and 1: less `center`, times `factor`. */
interface Frame {
  readonly center: Float64Array;
  readonly factor: number;
}

/** Framed rows and their squared lengths, as float32. */
function centered(
  X: Matrix, from: number, rows: number, { center, factor }: Frame,
): { values: Float32Array; norms: Float32Array } {
  const d = center.length;
  const values = new Float32Array(rows * d);
  const norms = new Float32Array(rows);
  for (let i = 0, p = 0, q = from * d; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) {
      const value = (X.data[q++] - center[j]) * factor;
      values[p++] = value;
      sum += value * value;
    }
    norms[i] = sum;
  }
  return { values, norms };
}
