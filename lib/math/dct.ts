import { type Matrix, matrix } from "../matrix";
import { requireInteger } from "../validate";

/** Rows of the orthonormal cosine basis (DCT-II): row u, column x is the u-th cosine at x; shape [kept, side]. */
function cosines(side: number, kept: number): Float64Array {
  return Float64Array.from({ length: kept * side }, (_, p) => {
    const u = Math.floor(p / side);
    const x = p % side;
    return Math.sqrt((u ? 2 : 1) / side) * Math.cos((Math.PI * (x + 0.5) * u) / side);
  });
}

function requireBlock(fn: string, columns: number, name: string): number {
  const side = Math.sqrt(columns);
  requireInteger(fn, name, side, 1);
  return side;
}

/**
 * The lowest `kept` × `kept` coefficients of the two-dimensional cosine transform of square images. The basis is
 * orthonormal, so the coefficients are never longer than the image.
 *
 * @param X Shape [n, side²].
 * @param options.kept In [1, side].
 * @returns Shape [n, kept²], row by row.
 * @throws {RangeError} If the images are not square or kept is out of range.
 * @see Ahmed, Natarajan & Rao, IEEE Transactions on Computers C-23(1), 1974.
 */
export function lowFrequencies(X: Matrix, { kept }: { kept: number }): Matrix<Float64Array> {
  const [n, d] = X.shape;
  const side = requireBlock("lowFrequencies", d, "side of the images");
  requireInteger("lowFrequencies", "kept", kept, 1, side);
  const basis = cosines(side, kept);
  const width = kept * kept;
  const data = new Float64Array(n * width);
  const half = new Float64Array(kept * side);
  for (let i = 0; i < n; i++) {
    half.fill(0);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const value = X.data[i * d + y * side + x];
        if (value !== 0) for (let u = 0; u < kept; u++) half[u * side + x] += basis[u * side + y] * value;
      }
    for (let u = 0; u < kept; u++)
      for (let v = 0; v < kept; v++) {
        let sum = 0;
        for (let x = 0; x < side; x++) sum += half[u * side + x] * basis[v * side + x];
        data[i * width + u * kept + v] = sum;
      }
  }
  return matrix(data, [n, width]);
}

/**
 * The smooth images that have the given lowest cosine coefficients and no others: the inverse of `lowFrequencies`.
 *
 * @param coefficients Shape [n, kept²].
 * @param options.side Of the images, at least kept.
 * @returns Shape [n, side²].
 * @throws {RangeError} If the number of coefficients is not a square, or side is too small.
 */
export function fromLowFrequencies(coefficients: Matrix, { side }: { side: number }): Matrix<Float64Array> {
  const [n, width] = coefficients.shape;
  const kept = requireBlock("fromLowFrequencies", width, "coefficients along one side");
  requireInteger("fromLowFrequencies", "side", side, kept);
  const basis = cosines(side, kept);
  const data = new Float64Array(n * side * side);
  const half = new Float64Array(kept * side);
  for (let i = 0; i < n; i++) {
    for (let u = 0; u < kept; u++)
      for (let x = 0; x < side; x++) {
        let sum = 0;
        for (let v = 0; v < kept; v++) sum += coefficients.data[i * width + u * kept + v] * basis[v * side + x];
        half[u * side + x] = sum;
      }
    for (let y = 0; y < side; y++)
      for (let u = 0; u < kept; u++) {
        const weight = basis[u * side + y];
        for (let x = 0; x < side; x++) data[(i * side + y) * side + x] += weight * half[u * side + x];
      }
  }
  return matrix(data, [n, side * side]);
}
