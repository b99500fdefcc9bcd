import { throwIfInterrupted } from "../interrupt";
import type { Matrix } from "../matrix";
import { requireInRange, requireInteger, requireSameLength } from "../validate";

export interface InferredLabels {
  /** Most probable true class of each example, never the wrong one, shape [n]. */
  readonly y: Int32Array;
  /** Its probability, shape [n]. */
  readonly confidence: Float64Array;
  /** Estimated share of each true class (column) among the examples that were given a wrong label (row). */
  readonly pattern: readonly Float64Array[];
}

/** Rounds of expectation–maximisation; the shares have settled long before. */
const ROUNDS = 50;

/**
 * Guesses true labels of examples whose given label is known to be wrong. Of a model's probabilities the wrong class is
 * struck out; then each group of examples with the same wrong label tells, by expectation–maximisation, how often each
 * class hides behind that label, and this sharpens the guess for each of them. If wrong labels follow a pattern, whole
 * groups are recovered by a model that is often wrong on single examples; if they were drawn at random, the model's own
 * accuracy is the limit.
 *
 * @param probabilities Of a model that has not memorised the wrong labels, or has been made to forget them;
 * shape [n, classes]. @param wrong The labels known to be wrong, shape [n].
 * @throws {RangeError} If a class or a probability is out of range.
 * @see Saerens, Latinne & Decaestecker, Neural Computation 14(1), 2002, §2: a classifier's new class priors; here one
 * set for each wrong label.
 */
export function inferLabels(probabilities: Matrix, wrong: Int32Array): InferredLabels {
  const [n, k] = probabilities.shape;
  requireSameLength("inferLabels", "probabilities", n, "wrong", wrong.length);
  requireInteger("inferLabels", "number of classes", k, 3);
  for (const chance of probabilities.data) requireInRange("inferLabels", "probability", chance, 0, 1);
  wrong.forEach((label) => requireInteger("inferLabels", "wrong label", label, 0, k - 1));
  const pattern = Array.from({ length: k }, (_, given) =>
    new Float64Array(k).map((__, c) => (c === given ? 0 : 1 / (k - 1))),
  );
  const posterior = new Float64Array(n * k);
  for (let round = 0; round < ROUNDS; round++) {
    throwIfInterrupted();
    const counts = Array.from({ length: k }, () => new Float64Array(k));
    for (let i = 0; i < n; i++) {
      const prior = pattern[wrong[i]];
      let sum = 0;
      for (let c = 0; c < k; c++) {
        const weight = prior[c] * Math.max(probabilities.data[i * k + c], 1e-12);
        posterior[i * k + c] = weight;
        sum += weight;
      }
      for (let c = 0; c < k; c++) counts[wrong[i]][c] += posterior[i * k + c] /= sum;
    }
    counts.forEach((row, given) => {
      const total = row.reduce((a, b) => a + b, 0);
      if (total > 0) pattern[given] = row.map((count) => count / total);
    });
  }
  const y = new Int32Array(n);
  const confidence = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let c = 0; c < k; c++)
      if (posterior[i * k + c] > confidence[i]) {
        y[i] = c;
        confidence[i] = posterior[i * k + c];
      }
  return { y, confidence, pattern };
}
