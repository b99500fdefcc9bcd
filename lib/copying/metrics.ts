import { accuracy } from "../classifiers/metrics";
import { quantile } from "../math/quantile";
import type { Rng } from "../random";
import { requireInRange, requireInteger, requireSameLength } from "../validate";

function requireLabels(fn: string, nameA: string, a: Int32Array, nameB: string, b: Int32Array): void {
  requireSameLength(fn, nameA, a.length, nameB, b.length);
  requireInteger(fn, "labels", a.length, 1);
}

function shareDifferent(a: Int32Array, b: Int32Array): number {
  let different = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) different++;
  return different / a.length;
}

/**
 * The share of rows on which copy and original disagree: 0 for a perfect copy, mistakes included.
 *
 * @param original The original's labels, shape [n], n ≥ 1.
 * @param copied The copy's labels of the same rows, shape [n].
 * @throws {RangeError} If the lengths differ or are 0.
 * @see Unceta, Nin, Pujol, 2019: the empirical fidelity error R^F.
 */
export function fidelityError(original: Int32Array, copied: Int32Array): number {
  requireLabels("fidelityError", "original", original, "copied", copied);
  return shareDifferent(original, copied);
}

/**
 * The copy's accuracy over the original's: 1 where the copy can replace it, above 1 where it is better.
 *
 * @throws {RangeError} If the lengths differ or are 0, or the original is never right.
 */
export function replacementCapability(truth: Int32Array, original: Int32Array, copied: Int32Array): number {
  const accuracyOriginal = accuracy(truth, original);
  if (accuracyOriginal === 0)
    throw new RangeError("replacementCapability: original's accuracy must be above 0, got 0");
  return accuracy(truth, copied) / accuracyOriginal;
}

export interface ClassShare {
  readonly label: number;
  readonly count: number;
  /** In [0, 1]; they sum to 1. */
  readonly share: number;
}

/** How many rows each label got, by label. @throws {RangeError} If there is none. */
export function classShares(y: Int32Array): ClassShare[] {
  requireInteger("classShares", "labels", y.length, 1);
  const counts = new Map<number, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([label, count]) => ({ label, count, share: count / y.length }));
}

export interface ClassAgreement {
  /** A label of the original. */
  readonly label: number;
  readonly count: number;
  /** Share of those rows to which the copy gives the same label. */
  readonly agreement: number;
}

/**
 * Agreement of original and copy, for each label the original gives.
 *
 * @throws {RangeError} If the lengths differ or are 0.
 */
export function agreementByClass(original: Int32Array, copied: Int32Array): ClassAgreement[] {
  requireLabels("agreementByClass", "original", original, "copied", copied);
  return classShares(original).map(({ label, count }) => {
    let same = 0;
    for (let i = 0; i < original.length; i++) if (original[i] === label && copied[i] === label) same++;
    return { label, count, agreement: same / count };
  });
}

export interface BootstrapOptions {
  /** Resamples, at least 1; 1000 unless said. */
  resamples?: number;
  /** In (0, 1); .95 unless said. */
  confidence?: number;
  rng: Rng;
}

export interface Interval {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

/**
 * A percentile bootstrap interval for any measure of n rows.
 *
 * @param n Rows, at least 1.
 * @param measure Takes the drawn positions, shape [n], with repeats.
 * @throws {RangeError} If n, resamples or confidence is out of range.
 * @see Efron & Tibshirani, "An introduction to the bootstrap", 1993, §13.3.
 * @example
 * bootstrapInterval(y.length, (rows) => fidelityError(selectLabels(y, rows), selectLabels(z, rows)), { rng });
 */
export function bootstrapInterval(
  n: number,
  measure: (rows: Int32Array) => number,
  { resamples = 1000, confidence = 0.95, rng }: BootstrapOptions,
): Interval {
  requireInteger("bootstrapInterval", "n", n, 1);
  requireInteger("bootstrapInterval", "resamples", resamples, 1);
  requireInRange("bootstrapInterval", "confidence", confidence, Number.EPSILON, 1 - Number.EPSILON);
  const values = new Float64Array(resamples);
  const rows = new Int32Array(n);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < n; i++) rows[i] = rng.integer(n);
    values[b] = measure(rows);
  }
  values.sort();
  const estimate = measure(Int32Array.from({ length: n }, (_, i) => i));
  return { low: quantile(values, (1 - confidence) / 2), estimate, high: quantile(values, (1 + confidence) / 2) };
}

/** The fidelity error with its bootstrap interval over rows. @throws {RangeError} If the lengths differ or are 0. */
export function fidelityErrorInterval(original: Int32Array, copied: Int32Array, options: BootstrapOptions): Interval {
  requireLabels("fidelityErrorInterval", "original", original, "copied", copied);
  return bootstrapInterval(
    original.length,
    (rows) => {
      let different = 0;
      for (const i of rows) if (original[i] !== copied[i]) different++;
      return different / rows.length;
    },
    options,
  );
}
