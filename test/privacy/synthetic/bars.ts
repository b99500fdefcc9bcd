import { type Matrix, matrix } from "../../../lib";

/** Upright bars (class 0) and level bars (class 1) at three places of a square image. */
export function bars(n: number, { side = 12 }: { side?: number } = {}): { X: Matrix<Uint8Array>; y: Int32Array } {
  const pixels = side * side;
  const data = new Uint8Array(n * pixels);
  const first = side / 2 - 1;
  for (let i = 0; i < n; i++)
    for (let p = 0; p < pixels; p++) {
      const [row, column] = i % 2 ? [p % side, Math.floor(p / side)] : [Math.floor(p / side), p % side];
      const at = first + ((i >> 1) % 3);
      if (row > 1 && row < side - 2 && (column === at || column === at - 1)) data[i * pixels + p] = 255;
    }
  return { X: matrix(data, [n, pixels]), y: Int32Array.from({ length: n }, (_, i) => i % 2) };
}
