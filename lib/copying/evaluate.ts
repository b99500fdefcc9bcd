import { accuracy } from "../classifiers/metrics";
import type { Classifier } from "../classifiers/classifier";
import type { Matrix } from "../matrix";
import type { Copy } from "./copy";
import { fidelityError, replacementCapability } from "./metrics";

export interface EvaluationData {
  /** The original's own test rows. */
  readonly test: { readonly X: Matrix; readonly y: Int32Array };
  /** Synthetic points the copy has not been fitted on, shape [m, d]. */
  readonly fresh?: Matrix;
}

/**
 * How good a copy is, on the points that matter and on those it can see: PRESC's values. Its sixth, the replacement
 * capability on synthetic points, is 1 − `fidelityErrorSynthetic`, as the original is right there by definition.
 */
export interface CopyEvaluation {
  readonly accuracyOriginal: number;
  readonly accuracyCopy: number;
  readonly replacementCapability: number;
  /** On the original's test rows: what a copy is worth. */
  readonly fidelityErrorTest: number;
  /** On the synthetic points it was fitted on. */
  readonly fidelityErrorSynthetic: number;
  /** On fresh synthetic points, where given: what an attacker can measure. */
  readonly fidelityErrorFresh?: number;
}

/**
 * Compares a copy with its original on test rows, on the queries it was fitted on, and on fresh points.
 *
 * @throws {RangeError} If a set is empty, or the original is never right.
 * @example
 * const { fidelityErrorTest } = evaluateCopy(original, stolen, { test, fresh: sampler.sample(1000, rng) });
 */
export function evaluateCopy(
  original: Classifier,
  { classifier, queries }: Pick<Copy, "classifier" | "queries">,
  { test, fresh }: EvaluationData,
): CopyEvaluation {
  const answered = original.predict(test.X);
  const copied = classifier.predict(test.X);
  return {
    accuracyOriginal: accuracy(test.y, answered),
    accuracyCopy: accuracy(test.y, copied),
    replacementCapability: replacementCapability(test.y, answered, copied),
    fidelityErrorTest: fidelityError(answered, copied),
    fidelityErrorSynthetic: fidelityError(queries.y, classifier.predict(queries.X)),
    ...(fresh ? { fidelityErrorFresh: fidelityError(original.predict(fresh), classifier.predict(fresh)) } : {}),
  };
}
