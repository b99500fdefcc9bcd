import { fromRows, rowOf, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInteger } from "../../validate";
import type { BlackBox } from "../black-box";
import { commonLabel } from "./cloud";

export interface ContrastOptions {
  /** Width of the rows the black box takes, at least 1. */
  numFeatures: number;
  /** Rows of the kind the black box was made for, shape [m, numFeatures]; without them the search is blind. */
  examples?: Matrix;
  /** Queries it may spend, at least 2; 2000 unless said. */
  budget?: number;
  rng: Rng;
}

/** Two points a black box answers differently. */
export interface Contrast {
  /** A point of the label met most often; of a blind search, the origin. */
  readonly common: Float64Array;
  /** A point of another label. */
  readonly rare: Float64Array;
  readonly labels: { readonly common: number; readonly rare: number };
  /** Rows asked. */
  readonly spent: number;
}

/** The error of a search that met one label only. */
export class NoContrastError extends Error {
  constructor(
    readonly label: number,
    readonly spent: number,
  ) {
    super(`findContrast: all ${spent} queries were answered ${label}: no answer tells where another label is`);
    this.name = "NoContrastError";
  }
}

const BATCH = 50;

function blindRow(d: number, rng: Rng): Float64Array {
  const positive = rng.uniform() < 0.5;
  const middle = 6 * rng.uniform() - 3;
  const spread = 3 * rng.uniform();
  return Float64Array.from({ length: d }, () => {
    const size = 10 ** (middle + spread * (2 * rng.uniform() - 1));
    return positive || rng.uniform() < 0.5 ? size : -size;
  });
}

function rowNear(example: ArrayLike<number>, rng: Rng): Float64Array {
  const width = 2 ** (6 * rng.uniform() - 4);
  return Float64Array.from(example, (value) => value + (Math.abs(value) || 1) * width * rng.normal());
}

/** Takes from `point` all it does not need to keep a label other than `avoid`: each feature as near to 0 as it goes. */
async function shrink(
  blackBox: BlackBox,
  point: Float64Array,
  avoid: number,
  budget: number,
  rng: Rng,
): Promise<Float64Array> {
  const factors = [0, 1e-4, 1e-3, 1e-2, 0.1, 0.3];
  const end = blackBox.used + budget;
  const row = point.slice();
  for (const j of rng.permutation(row.length)) {
    if (blackBox.used + factors.length > end) break;
    const y = await blackBox.query(
      fromRows(factors.map((factor) => row.map((value, k) => (k === j ? value * factor : value)))),
    );
    const best = y.findIndex((label) => label !== avoid);
    if (best >= 0) row[j] *= factors[best];
  }
  return row;
}

/**
 * Finds two points of different label. With examples it tries points around them, near and far; without any it tries
 * all orders of magnitude from 1e-6 to 1e6 and both signs for a label other than the origin's, and then takes from what
 * it found all that is not needed.
 * A model that answers one label everywhere but in a small region, as an RBF support vector machine does, can only be
 * met by luck that way: until the first different answer, no answer tells anything.
 *
 * @throws {NoContrastError} If all answers within the budget are the same.
 * @throws {RangeError} If an option is out of range.
 */
export async function findContrast(
  blackBox: BlackBox,
  { numFeatures: d, examples, budget = 2000, rng }: ContrastOptions,
): Promise<Contrast> {
  const fn = "findContrast";
  requireInteger(fn, "numFeatures", d, 1);
  requireInteger(fn, "budget", budget, 2);
  if (examples) {
    requireFinite(fn, "examples", examples.data);
    requireInteger(fn, "examples' rows", examples.shape[0], 1);
    if (examples.shape[1] !== d)
      throw new RangeError(`${fn}: examples must have ${d} features, got ${examples.shape[1]}`);
  }
  const before = blackBox.used;
  const known = examples
    ? Array.from({ length: examples.shape[0] }, (_, i) => Float64Array.from(rowOf(examples, i)))
    : [];
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  while (rows.length < budget) {
    const drawn = Array.from({ length: Math.min(BATCH, budget - rows.length) }, (_, k) => {
      const i = rows.length + k;
      if (i < known.length) return known[i];
      if (known.length) return rowNear(known[i % known.length], rng);
      return i === 0 ? new Float64Array(d) : blindRow(d, rng);
    });
    for (const label of await blackBox.query(fromRows(drawn))) labels.push(label);
    for (const row of drawn) rows.push(row);
    if (labels.some((label) => label !== labels[0])) break;
  }
  const common = known.length ? commonLabel(labels) : labels[0];
  const other = labels.findIndex((label) => label !== common);
  if (other < 0) throw new NoContrastError(common, blackBox.used - before);
  const left = budget - rows.length;
  const rare = known.length ? rows[other] : await shrink(blackBox, rows[other], common, left, rng);
  return {
    common: rows[labels.indexOf(common)],
    rare,
    labels: { common, rare: labels[other] },
    spent: blackBox.used - before,
  };
}
