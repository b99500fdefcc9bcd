import { type Matrix, matrix } from "../../matrix";
import { requireFinite, requireInteger } from "../../validate";

/**
 * Gives each group of neighbouring columns mean 0 and variance 1 within each row, then divides the row by its length.
 * Each row is looked at alone, so no privacy is spent.
 *
 * @param X Shape [n, d]; not modified.
 * @param options.groups How many groups of equal width; divides d. 27 on scattering features puts three maps together.
 * @returns Shape [n, d]; every row has length 1, or is all 0 where no group varies.
 * @throws {RangeError} If groups doesn't divide the width or a number is not finite.
 * @see Wu & He, ECCV 2018; for private linear models, Tramèr & Boneh, ICLR 2021, §3.
 * @example
 * normalizeGroups(fromRows([[1, 3, 10, 30]]), { groups: 2 }).data; // [-0.5, 0.5, -0.5, 0.5]
 */
export function normalizeGroups(X: Matrix, { groups }: { groups: number }): Matrix<Float32Array> {
  const [n, d] = X.shape;
  requireInteger("normalizeGroups", "groups", groups, 1, d);
  const width = d / groups;
  requireInteger("normalizeGroups", "columns over groups", width, 1);
  requireFinite("normalizeGroups", "X", X.data);
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let from = i * d; from < (i + 1) * d; from += width) {
      let sum = 0;
      let squares = 0;
      for (let p = from; p < from + width; p++) sum += X.data[p];
      const mean = sum / width;
      for (let p = from; p < from + width; p++) squares += (X.data[p] - mean) ** 2;
      const deviation = Math.sqrt(squares / width);
      if (!(deviation > 1e-12 * Math.abs(mean))) continue;
      for (let p = from; p < from + width; p++) data[p] = (X.data[p] - mean) / deviation;
      square += width;
    }
    const length = Math.sqrt(square);
    if (length > 0) for (let p = i * d; p < (i + 1) * d; p++) data[p] /= length;
  }
  return matrix(data, [n, d]);
}
