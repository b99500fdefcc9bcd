import { svc, type GramMatrix, type SvcClassifier, type SvcOptions } from "../classifiers";
import { selectRows } from "../matrix";
import { sampleWithoutReplacement, type Rng } from "../random";
import { requireInteger, requireSameLength } from "../validate";

export interface ImpactOptions extends SvcOptions {
  /** Rows of the small training set that each row is added to, at least 1. */
  baseSize: number;
  /** Rows on which the change is counted, at least 1; with `baseSize` fewer than n. */
  validationSize: number;
  /** How often both sets are drawn anew, at least 1. */
  repetitions: number;
  rng: Rng;
  /** Called after each repetition with the number done. */
  onProgress?: (done: number) => void;
}

/**
 * How much each training row helps, for reject-on-negative-impact (RONI): the mean change in correctly labelled
 * validation rows when the row is added to a small training set. Both sets are drawn from the training rows themselves,
 * poisoned as they may be; there is no trusted set.
 *
 * @param gram Of the training rows, shape [n, n].
 * @param y Labels, poisoned or not, shape [n].
 * @returns Rows gained (below 0: lost), shape [n]; 0 for a row that was drawn into a set each time.
 * @throws {RangeError} If an option is out of range, or the lengths differ.
 * @see Nelson et al., "Exploiting machine learning to subvert your spam filter", LEET 2008, §5.1.
 */
export function trainingImpact(gram: GramMatrix, y: Int32Array, options: ImpactOptions): Float64Array {
  const { baseSize, validationSize, repetitions, rng, onProgress, ...svcOptions } = options;
  const n = y.length;
  requireSameLength("trainingImpact", "gram", gram.K.shape[0], "y", n);
  requireInteger("trainingImpact", "baseSize", baseSize, 1, n - 2);
  requireInteger("trainingImpact", "validationSize", validationSize, 1, n - baseSize - 1);
  requireInteger("trainingImpact", "repetitions", repetitions, 1);
  const estimator = svc({ kernel: gram.kernel.type, ...svcOptions });
  const sums = new Float64Array(n);
  const times = new Int32Array(n);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const drawn = sampleWithoutReplacement(n, baseSize + validationSize, rng);
    const base = drawn.slice(0, baseSize);
    const validation = drawn.slice(baseSize);
    const cross = selectRows(gram.K, validation);
    const correct = (model: SvcClassifier): number =>
      model.predictGram(cross).reduce((sum, label, v) => sum + Number(label === y[validation[v]]), 0);
    const before = correct(estimator.fitGram(gram, y, base));
    const taken = new Set(drawn);
    const rows = new Int32Array(baseSize + 1);
    rows.set(base);
    for (let i = 0; i < n; i++) {
      if (taken.has(i)) continue;
      rows[baseSize] = i;
      sums[i] += correct(estimator.fitGram(gram, y, rows)) - before;
      times[i]++;
    }
    onProgress?.(repetition + 1);
  }
  return sums.map((sum, i) => (times[i] ? sum / times[i] : 0));
}
