import { matrix, type Matrix } from "../../lib";

/** Matrices of as many rows, their columns side by side. */
export function sideBySide(parts: readonly Matrix[]): Matrix<Float32Array> {
  const [n] = parts[0].shape;
  const width = parts.reduce((sum, { shape: [, d] }) => sum + d, 0);
  const joined = new Float32Array(n * width);
  let from = 0;
  for (const { data, shape: [, d] } of parts) {
    for (let i = 0; i < n; i++) joined.set(data.subarray(i * d, (i + 1) * d), i * width + from);
    from += d;
  }
  return matrix(joined, [n, width]);
}
