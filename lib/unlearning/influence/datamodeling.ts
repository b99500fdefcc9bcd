import { throwIfInterrupted } from "../../interrupt";
import { logSumExp } from "../../math/log-sum-exp";
import { rankCorrelation } from "../../math/rank-correlation";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { numClassesOf, requireExamples, requireNetwork, type Network } from "../../training/network";
import { networkOutputs } from "../../training/predict";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../../validate";
import type { LabeledExamples } from "../memorization";

/**
 * How sure a network is of each example's own class: log p / (1 − p), below 0 where it would rather bet against it.
 *
 * @returns Shape [n].
 * @throws {RangeError} If data don't fit the network, or it has fewer than two classes.
 * @example
 * const sure = logOdds(network, { X, y });
 */
export function logOdds(network: Network, { X, y }: LabeledExamples): Float64Array {
  requireNetwork("logOdds", network);
  requireInteger("logOdds", "number of classes", numClassesOf(network.architecture), 2);
  requireExamples("logOdds", network.architecture, X, y);
  const { data, shape: [n, k] } = networkOutputs(network, X);
  return Float64Array.from({ length: n }, (_, i) => {
    const row = data.subarray(i * k, (i + 1) * k);
    return row[y[i]] - logSumExp(row.filter((_, c) => c !== y[i]));
  });
}

/** What real retrainings said. */
export interface Retrained {
  /** Training examples that each one had, as positions. */
  subsets: readonly ArrayLike<number>[];
  /** Output for each query, such as its log-odds, shape [subsets, queries]. */
  outputs: Matrix;
}

export interface DatamodelingOptions {
  /**
   * How often queries and subsets are drawn again, to see how far chance reaches.
   * @defaultValue 200
   */
  resamples?: number;
  /**
   * Share of the resamples inside the interval, in (0, 1).
   * @defaultValue 0.95
   */
  level?: number;
  rng: Rng;
}

export interface DatamodelingScore {
  /** Mean rank correlation over the queries, in [−1, 1]. */
  readonly score: number;
  readonly interval: readonly [number, number];
  /** Rank correlation of each query, shape [queries]. */
  readonly perQuery: Float64Array;
  /** The score of each resample; two methods with equal generators have them in pairs. */
  readonly resampled: Float64Array;
}

/** What the scores foretell for each query and subset: the sum over its examples, [queries][subsets]. */
function foretold({ data, shape: [m, n] }: Matrix, subsets: readonly ArrayLike<number>[]): Float64Array[] {
  return Array.from({ length: m }, (_, q) => Float64Array.from(subsets, (subset) => {
    let sum = 0;
    for (let k = 0; k < subset.length; k++) sum += data[q * n + subset[k]];
    return sum;
  }));
}

function requireRetrained({ shape: [m, n], ...scores }: Matrix, { subsets, outputs }: Retrained): void {
  requireFinite("linearDatamodelingScore", "scores", scores.data);
  requireFinite("linearDatamodelingScore", "outputs", outputs.data);
  requireInteger("linearDatamodelingScore", "number of queries", m, 1);
  requireInteger("linearDatamodelingScore", "number of subsets", subsets.length, 3);
  requireSameLength("linearDatamodelingScore", "rows of outputs", outputs.shape[0], "subsets", subsets.length);
  requireSameLength("linearDatamodelingScore", "columns of outputs", outputs.shape[1], "queries", m);
  for (const subset of subsets) {
    for (let k = 0; k < subset.length; k++)
      requireInteger("linearDatamodelingScore", "position", subset[k], 0, n - 1);
    if (new Set(Array.from(subset)).size < subset.length)
      throw new RangeError("linearDatamodelingScore: positions of a subset must differ: name its examples, no mask");
  }
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value / values.length, 0);

/**
 * Judges scores of influence by real retraining: networks are trained on parts of the data, and the scores of a part's
 * examples, added up, should order the parts as the networks' outputs do.
 *
 * @param scores Shape [queries, training examples].
 * @throws {RangeError} If sizes differ, a position is none or stands twice in a subset, there are fewer than three
 * subsets, or a setting is out of range.
 * @see Ilyas et al., ICML 2022; Park et al., ICML 2023, §2, definition 2.3.
 * @example
 * const scores = matrix(Float64Array.of(3, 2, 1), [1, 3]);
 * const outputs = matrix(Float64Array.of(5, 4, 3), [3, 1]);
 * const subsets = [[0, 1], [0, 2], [1, 2]];
 * linearDatamodelingScore(scores, { subsets, outputs }, { rng: seededRng(1) }).score; // 1
 */
export function linearDatamodelingScore(
  scores: Matrix,
  retrained: Retrained,
  { resamples = 200, level = 0.95, rng }: DatamodelingOptions,
): DatamodelingScore {
  requireRetrained(scores, retrained);
  requireInteger("linearDatamodelingScore", "resamples", resamples, 1);
  requireInRange("linearDatamodelingScore", "level", level, Number.MIN_VALUE, 1 - Number.EPSILON);
  const { subsets, outputs: { data, shape: [count, m] } } = retrained;
  const said = foretold(scores, subsets);
  for (const sums of said) requireFinite("linearDatamodelingScore", "sums of scores", sums);
  const came = Array.from({ length: m }, (_, q) => Float64Array.from({ length: count }, (_, s) => data[s * m + q]));
  const perQuery = Float64Array.from(said, (values, q) => rankCorrelation(values, came[q]));
  const resampled = Float64Array.from({ length: resamples }, () => {
    throwIfInterrupted();
    const drawn = Array.from({ length: count }, () => rng.integer(count));
    return mean(Array.from({ length: m }, () => {
      const q = rng.integer(m);
      return rankCorrelation(drawn.map((s) => said[q][s]), drawn.map((s) => came[q][s]));
    }));
  });
  const sorted = resampled.slice().sort();
  const at = (share: number): number => sorted[Math.min(resamples - 1, Math.floor(share * resamples))];
  return { score: mean(perQuery), interval: [at((1 - level) / 2), at((1 + level) / 2)], perQuery, resampled };
}
