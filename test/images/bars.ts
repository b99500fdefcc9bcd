import { matrix, seededRng, type Matrix } from "../../lib";

/** 12 × 12 images of a bright bar, lying, standing or slanted, somewhere near the middle, in pixels up to 255. */
export function bars(n: number, seed: number): { X: Matrix<Uint8Array>; y: Int32Array } {
  const rng = seededRng(seed);
  const data = new Uint8Array(n * 144);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  y.forEach((kind, i) => {
    const [row, column] = [5 + rng.integer(3), 5 + rng.integer(3)];
    for (let t = -4; t <= 4; t++) {
      const [r, c] = [kind === 0 ? row : row + t, kind === 1 ? column : column + t];
      if (r >= 0 && c >= 0 && r < 12 && c < 12) data[i * 144 + r * 12 + c] = 200 + rng.integer(56);
    }
  });
  return { X: matrix(data, [n, 144]), y };
}
