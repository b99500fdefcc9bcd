import { matrix, type Matrix } from "../../matrix";
import { loadTensorflow, tidyNumbers } from "../../tensorflow";
import { largestForProducts, requireFloat32, requirePositive, requireSameLength } from "../../validate";

/** The lower triangle L of L Lᵀ = A. */
function choleskyOf(A: Float64Array, d: number): Float64Array {
  const L = new Float64Array(d * d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b <= a; b++) {
      let rest = A[a * d + b];
      for (let c = 0, p = a * d, q = b * d; c < b; c++) rest -= L[p++] * L[q++];
      if (a === b && !(rest > 0)) throw new RangeError("ridgeWeights: ridge must be larger for these features");
      L[a * d + b] = a === b ? Math.sqrt(rest) : rest / L[b * d + b];
    }
  return L;
}

/** Puts the solution of L Lᵀ x = b in place of b. */
function solveInPlace(L: Float64Array, b: Float64Array): void {
  const d = b.length;
  for (let a = 0; a < d; a++) {
    for (let c = 0, p = a * d; c < a; c++) b[a] -= L[p++] * b[c];
    b[a] /= L[a * d + a];
  }
  for (let a = d - 1; a >= 0; a--) {
    b[a] /= L[a * d + a];
    for (let c = 0, p = a * d; c < a; c++) b[c] -= L[p++] * b[a];
  }
}

/**
 * The weight that ridge regression gives the label of each training row when it reads a query: its prediction is the
 * weighted sum of the labels. No label is needed for the weights.
 *
 * @param train Features of the training rows, shape [n, d]; add a column of ones for a constant.
 * @param queries Features, shape [m, d].
 * @param options.ridge Penalty, above 0, as a share of the mean squared length of the features' columns.
 * @returns Shape [m, n].
 * @throws {RangeError} If widths differ, a number is not finite or so large that float32 can't hold its square, or the
 * ridge is not above 0.
 * @example
 * const weights = ridgeWeights(train.X, test.X, { ridge: 0.01 });
 * const { radii } = certifyWeightedVotes(weights, train.y, { numClasses: 10 });
 */
export function ridgeWeights(train: Matrix, queries: Matrix, { ridge }: { ridge: number }): Matrix<Float64Array> {
  const [n, d] = train.shape;
  const [m] = queries.shape;
  requireSameLength("ridgeWeights", "columns of train", d, "columns of queries", queries.shape[1]);
  requirePositive("ridgeWeights", "ridge", ridge);
  requireFloat32("ridgeWeights", "train", train.data, largestForProducts(n));
  requireFloat32("ridgeWeights", "queries", queries.data);
  const tf = loadTensorflow();
  const rows = tf.tensor2d(Float32Array.from(train.data), [n, d]);
  try {
    const gram = Float64Array.from(tidyNumbers(tf, () => tf.matMul(rows, rows, true, false).dataSync<"float32">()));
    let trace = 0;
    for (let j = 0; j < d; j++) trace += gram[j * d + j];
    for (let j = 0; j < d; j++) gram[j * d + j] += (ridge * trace) / d;
    const L = choleskyOf(gram, d);
    const solved = new Float32Array(m * d);
    for (let i = 0; i < m; i++) {
      const query = Float64Array.from(queries.data.subarray(i * d, (i + 1) * d));
      solveInPlace(L, query);
      solved.set(query, i * d);
    }
    const weights = tidyNumbers(tf, () => 
      tf.matMul(tf.tensor2d(solved, [m, d]), rows, false, true).dataSync<"float32">());
    return matrix(Float64Array.from(weights), [m, n]);
  } finally {
    rows.dispose();
  }
}
