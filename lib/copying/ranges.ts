import { MOST_SQUARABLE } from "../classifiers/fitting";
import type { Matrix } from "../matrix";
import { requireFinite, requireInRange, requireInteger, requirePositive } from "../validate";

/** What an attacker knows of a feature that is a number. */
export interface NumericRange {
  readonly kind: "numeric";
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation, ≥ 0 (divided by n, as a standard scaler's). */
  readonly deviation: number;
  /** Values are multiples of this step: 1 for counts; absent where any number goes. */
  readonly step?: number;
}

/** What an attacker knows of a feature that is one of a few values. */
export interface CategoricalRange {
  readonly kind: "categorical";
  /** Ascending. */
  readonly values: readonly number[];
  /** Share of each value; they sum to 1. */
  readonly shares: readonly number[];
}

export type FeatureRange = NumericRange | CategoricalRange;

/** Requires at least one feature, each with ordered, finite numbers. */
export function requireRanges(fn: string, ranges: readonly FeatureRange[]): void {
  if (ranges.length === 0) throw new RangeError(`${fn}: ranges must name at least one feature, got none`);
  ranges.forEach((range, j) => {
    if (range.kind === "categorical") {
      if (range.values.length === 0 || range.values.length !== range.shares.length)
        throw new RangeError(
          `${fn}: ranges[${j}] must have a share for each of its values, ` +
            `got ${range.values.length} values and ${range.shares.length} shares`,
        );
      requireFinite(fn, `ranges[${j}].values`, range.values);
      const sum = range.shares.reduce((total, share) => total + share, 0);
      if (!(Math.abs(sum - 1) < 1e-9) || range.shares.some((share) => share < 0))
        throw new RangeError(`${fn}: ranges[${j}].shares must be at least 0 and sum to 1, got the sum ${sum}`);
      return;
    }
    requireFinite(fn, `ranges[${j}]`, [range.min, range.max, range.mean, range.deviation]);
    if (range.max < range.min)
      throw new RangeError(`${fn}: ranges[${j}].max must be at least min ${range.min}, got ${range.max}`);
    if (range.deviation < 0)
      throw new RangeError(`${fn}: ranges[${j}].deviation must be at least 0, got ${range.deviation}`);
    if (range.step !== undefined) requirePositive(fn, `ranges[${j}].step`, range.step);
  });
}

/** Requires as many ranges as rows have features. */
export function requireWidth(fn: string, ranges: readonly FeatureRange[], name: string, width: number): void {
  if (ranges.length !== width)
    throw new RangeError(`${fn}: ranges must name the ${width} features of ${name}, got ${ranges.length}`);
}

/** Requires that every feature is a number. */
export function requireNumericRanges(fn: string, ranges: readonly FeatureRange[]): asserts ranges is NumericRange[] {
  requireRanges(fn, ranges);
  const j = ranges.findIndex((range) => range.kind !== "numeric");
  if (j >= 0) throw new RangeError(`${fn}: ranges[${j}] must be numeric, got categorical: use mixedSampler`);
}

function column(X: Matrix, j: number): Float64Array {
  const [n, d] = X.shape;
  return Float64Array.from({ length: n }, (_, i) => X.data[i * d + j]);
}

function numericRange(fn: string, values: Float64Array): NumericRange {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  for (const end of [min, max]) requireInRange(fn, "X", end, -MOST_SQUARABLE, MOST_SQUARABLE);
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { kind: "numeric", min, max, mean, deviation: Math.sqrt(squares / values.length) };
}

function categoricalRange(values: Float64Array): CategoricalRange {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts.keys()].sort((a, b) => a - b);
  return { kind: "categorical", values: sorted, shares: sorted.map((value) => counts.get(value)! / values.length) };
}

function requireRows(fn: string, X: Matrix): void {
  requireInteger(fn, "rows", X.shape[0], 1);
  requireFinite(fn, "X", X.data);
}

/**
 * The minimum, maximum, mean and standard deviation of each feature.
 *
 * @param X Shape [n, d], n ≥ 1, finite.
 * @throws {RangeError} If X has no row or a number that is not finite or beyond ±1e150.
 * @example
 * dynamicalRange(fromRows([[0, 10], [2, 30]])); // [{ min: 0, max: 2, mean: 1, deviation: 1 }, { min: 10, max: 30, … }]
 */
export function dynamicalRange(X: Matrix): NumericRange[] {
  requireRows("dynamicalRange", X);
  return Array.from({ length: X.shape[1] }, (_, j) => numericRange("dynamicalRange", column(X, j)));
}

/**
 * The values each feature takes, with their shares.
 *
 * @param X Shape [n, d], n ≥ 1, finite.
 * @throws {RangeError} If X has no row or a number that is not finite.
 */
export function findCategories(X: Matrix): CategoricalRange[] {
  requireRows("findCategories", X);
  return Array.from({ length: X.shape[1] }, (_, j) => categoricalRange(column(X, j)));
}

/**
 * Ranges of a table where some features are categories.
 *
 * @param X Shape [n, d], n ≥ 1, finite.
 * @param options.categorical Columns to take as categories; the others are numbers.
 * @throws {RangeError} If a column is not in [0, d − 1], or X has no row, a number that is not finite, or one beyond
 * ±1e150 that is no category.
 */
export function mixedRange(X: Matrix, options: { categorical: readonly number[] }): FeatureRange[] {
  requireRows("mixedRange", X);
  for (const j of options.categorical) requireInteger("mixedRange", "categorical", j, 0, X.shape[1] - 1);
  const chosen = new Set(options.categorical);
  return Array.from({ length: X.shape[1] }, (_, j) =>
    chosen.has(j) ? categoricalRange(column(X, j)) : numericRange("mixedRange", column(X, j)),
  );
}

/** Gives every value of each categorical feature the same share; numeric features stay. */
export function equalCategories(ranges: readonly FeatureRange[]): FeatureRange[] {
  requireRanges("equalCategories", ranges);
  return ranges.map((range) =>
    range.kind === "numeric" ? range : { ...range, shares: range.values.map(() => 1 / range.values.length) },
  );
}

/**
 * Shrinks (or widens) each numeric range to mean ± sigmas · deviation, which leaves outliers' empty space out.
 *
 * @param sigmas Finite, above 0.
 * @throws {RangeError} If sigmas is not such a number.
 */
export function reducedSpace(ranges: readonly NumericRange[], sigmas: number): NumericRange[];
export function reducedSpace(ranges: readonly FeatureRange[], sigmas: number): FeatureRange[];
export function reducedSpace(ranges: readonly FeatureRange[], sigmas: number): FeatureRange[] {
  requireRanges("reducedSpace", ranges);
  requirePositive("reducedSpace", "sigmas", sigmas);
  return ranges.map((range) =>
    range.kind === "categorical"
      ? range
      : { ...range, min: range.mean - sigmas * range.deviation, max: range.mean + sigmas * range.deviation },
  );
}

/**
 * Forgets mean and deviation: those of a uniform spread over [min, max] stand in their place. For an attacker who knows
 * the ranges only.
 */
export function rangesOnly(ranges: readonly NumericRange[]): NumericRange[] {
  requireNumericRanges("rangesOnly", ranges);
  return ranges.map(({ kind, min, max, step }) => ({
    kind,
    min,
    max,
    mean: (min + max) / 2,
    deviation: (max - min) / Math.sqrt(12),
    ...(step === undefined ? {} : { step }),
  }));
}
