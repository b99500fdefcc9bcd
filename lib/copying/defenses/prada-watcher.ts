import { throwIfInterrupted } from "../../interrupt";
import { requireLabels, requireSquarable } from "../../classifiers/fitting";
import { shapiroWilk } from "../../math/shapiro-wilk";
import type { Matrix } from "../../matrix";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../../validate";

export interface PradaOptions {
  /** An alarm is raised where W falls below it, in (0, 1); .95 unless told. */
  threshold?: number;
  /** Distances before the first test, at least 3; 100 unless told. */
  least?: number;
}

/** What a watcher knows after the queries so far. */
export interface WatchReport {
  /** Queries seen. */
  readonly seen: number;
  /** W of the distances so far, in [0, 1]; NaN before the first test, 0 where all distances are equal. */
  readonly statistic: number;
  /** Whether W is below the threshold now. */
  readonly alarm: boolean;
  /** The query, counted from 1, at which W first fell below it; null where it never did. */
  readonly firstAlarm: number | null;
}

/** Sees the queries of one client in their order, and the labels that the model gave. */
export interface QueryWatcher {
  readonly report: WatchReport;
  /** Of the queries so far, each to the nearest of those before that count, in order; the first of a class has none. */
  readonly distances: Float64Array;
  /**
   * @param X Queries, shape [n, d], finite, within ±1e150. @param y The model's labels, shape [n].
   * @returns What is known after the last of them.
   * @throws {RangeError} If the lengths differ, the width is not that of the queries before, or a number is not finite
   * or too large.
   */
  observe(X: Matrix, y: Int32Array): WatchReport;
}

/** Mean and standard deviation (divided by n) of values that come one by one. */
class Moments {
  #n = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#n++;
    const delta = value - this.#mean;
    this.#mean += delta / this.#n;
    this.#squares += delta * (value - this.#mean);
  }

  get mean(): number {
    return this.#mean;
  }

  get deviation(): number {
    return Math.sqrt(this.#squares / this.#n);
  }
}

/** Queries of one class that lie far from each other. */
class GrowingSet {
  readonly #rows: Float64Array[] = [];
  readonly #distances = new Moments();
  #threshold = 0;

  /** The distance to the nearest of the set, which the query joins if it is far; undefined for the first. */
  add(row: Float64Array): number | undefined {
    const nearest = this.#rows.length ? this.#nearest(row) : undefined;
    if (nearest !== undefined && nearest <= this.#threshold) return nearest;
    this.#rows.push(row);
    this.#distances.add(nearest ?? 0);
    this.#threshold = Math.max(this.#threshold, this.#distances.mean - this.#distances.deviation);
    return nearest;
  }

  #nearest(row: Float64Array): number {
    let least = Infinity;
    for (const other of this.#rows) {
      let squares = 0;
      for (let j = 0; j < row.length && squares < least; j++) squares += (row[j] - other[j]) ** 2;
      least = Math.min(least, squares);
    }
    return Math.sqrt(least);
  }
}

class PradaWatcher implements QueryWatcher {
  readonly #sets = new Map<number, GrowingSet>();
  readonly #distances: number[] = [];
  readonly #moments = new Moments();
  #width: number | undefined;
  report: WatchReport = { seen: 0, statistic: NaN, alarm: false, firstAlarm: null };

  constructor(readonly threshold: number, readonly least: number) {}

  get distances(): Float64Array {
    return Float64Array.from(this.#distances);
  }

  observe(X: Matrix, y: Int32Array): WatchReport {
    const [n, d] = X.shape;
    requireSameLength("observe", "X", n, "y", y.length);
    requireInteger("observe", "columns of X", d, 1);
    requireFinite("observe", "X", X.data);
    requireSquarable("observe", X);
    requireLabels("observe", "y", y);
    if (this.#width !== undefined) requireInteger("observe", "width of X", d, this.#width, this.#width);
    this.#width = d;
    for (let i = 0; i < n; i++) {
      throwIfInterrupted();
      this.#see(Float64Array.from(X.data.subarray(i * d, (i + 1) * d)), y[i]);
    }
    return this.report;
  }

  #see(row: Float64Array, label: number): void {
    let set = this.#sets.get(label);
    if (!set) this.#sets.set(label, (set = new GrowingSet()));
    const distance = set.add(row);
    if (distance !== undefined) {
      this.#distances.push(distance);
      this.#moments.add(distance);
    }
    const seen = this.report.seen + 1;
    const statistic = this.#distances.length > this.least ? this.#statistic() : NaN;
    const alarm = statistic < this.threshold;
    this.report = { seen, statistic, alarm, firstAlarm: this.report.firstAlarm ?? (alarm ? seen : null) };
  }

  /** W of the distances within three deviations of their mean. */
  #statistic(): number {
    const { mean, deviation } = this.#moments;
    const usual = this.#distances.filter((distance) => Math.abs(distance - mean) <= 3 * deviation);
    return usual.some((distance) => distance !== usual[0]) ? shapiroWilk(usual).statistic : 0;
  }
}

/**
 * PRADA: watches one client's queries. Distances of natural queries to the nearest earlier one of the same class look
 * normal; those of queries that were made by small steps do not, and the test of Shapiro and Wilk tells.
 *
 * @throws {RangeError} If an option is out of range.
 * @see Juuti, Szyller, Marchal & Asokan, "PRADA", IEEE EuroS&P 2019, §5 and Algorithm 3. There equal distances are not
 *   provided for; here they raise the alarm, as nobody asks the same thing a hundred times.
 * @example
 * const watcher = pradaWatcher();
 * watcher.observe(X, classifier.predict(X)).alarm; // false
 */
export function pradaWatcher({ threshold = 0.95, least = 100 }: PradaOptions = {}): QueryWatcher {
  requireInRange("pradaWatcher", "threshold", threshold, Number.MIN_VALUE, 1 - Number.EPSILON);
  requireInteger("pradaWatcher", "least", least, 3);
  return new PradaWatcher(threshold, least);
}
