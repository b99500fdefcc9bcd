import { matrix, type Matrix } from "../../lib";

/** Square roots of strengths, each row scaled to length 1: shares of an image's whole, row by row. */
export function unitLength({ data, shape: [n, d] }: Matrix): Matrix<Float32Array> {
  const scaled = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = 0; j < d; j++) total += data[i * d + j];
    for (let j = 0; j < d; j++) scaled[i * d + j] = total > 0 ? Math.sqrt(data[i * d + j] / total) : 0;
  }
  return matrix(scaled, [n, d]);
}
