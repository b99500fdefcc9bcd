import { type Matrix, matrix } from "../matrix";
import { requireFinite, requireInRange, requirePositive } from "../validate";

/** Chances below this count as this much inside a logarithm: a cell that nothing falls into must not be infinite. */
const LEAST = Number.EPSILON;

export interface MutualInformation {
  /** Σ P ln P − w Σ r ln r − w Σ c ln c in nats: at w = 1 the mutual information of row and column. */
  value: number;
  /** Its gradient by P, shape [k, m]. */
  gradient: Matrix<Float64Array>;
}

/**
 * The mutual information of two discrete variables from their joint chances, with its gradient.
 *
 * Computed in double precision; 0 ln 0 is 0, and the logarithm in the gradient stops at the machine's ε.
 *
 * @param joint Chances, at least 0, that sum to 1, shape [k, m]; not modified.
 * @param options.marginalWeight Weight w of the two entropies, at least 1; above 1 pushes towards clusters of equal
 * size. Default 1.
 * @throws {RangeError} If a chance is negative or not finite, or they do not sum to 1 within 1e-6.
 * @see Ji, Henriques & Vedaldi, ICCV 2019, equation 3.
 * @example
 * mutualInformation(fromRows([[0.5, 0], [0, 0.5]])).value; // ln 2
 */
export function mutualInformation(
  joint: Matrix,
  { marginalWeight = 1 }: { marginalWeight?: number } = {},
): MutualInformation {
  const fn = "mutualInformation";
  const [k, m] = joint.shape;
  requirePositive(fn, "marginalWeight", marginalWeight);
  requireFinite(fn, "joint", joint.data);
  const rows = new Float64Array(k);
  const columns = new Float64Array(m);
  let total = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < m; j++) {
      const chance = joint.data[i * m + j];
      if (chance < 0) throw new RangeError(`${fn}: joint must be at least 0, got ${chance} in row ${i}, column ${j}`);
      rows[i] += chance;
      columns[j] += chance;
      total += chance;
    }
  requireInRange(fn, "the sum of joint", total, 1 - 1e-6, 1 + 1e-6);
  const log = (chance: number): number => Math.log(Math.max(chance, LEAST));
  const [rowLogs, columnLogs] = [rows.map(log), columns.map(log)];
  const gradient = new Float64Array(k * m);
  let value = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < m; j++) {
      const p = i * m + j;
      const score = log(joint.data[p]) - marginalWeight * (rowLogs[i] + columnLogs[j]);
      value += joint.data[p] * score;
      gradient[p] = score + 1 - 2 * marginalWeight;
    }
  return { value, gradient: matrix(gradient, [k, m]) };
}
