import { throwIfInterrupted } from "../../interrupt";
import { norm } from "../../math/linear-algebra";
import { fromRows, matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger } from "../../validate";
import type { NumericRange } from "../ranges";
import { Cube } from "./cube";
import { kinksAlong } from "./kinks";
import { on, type Line } from "./line";
import { networkOf, type Unit } from "./relu-units";

/** Points from − 1 to 1 in every feature, and what the black box answers there, less the units that are found. */
export class Deflated {
  spent = 0;
  /** The largest number that rounding can have been a share of; set it to 0 to begin anew. */
  largest = 0;
  readonly units: Unit[] = [];
  readonly cube: Cube;
  readonly fn: string;
  readonly #ask: (X: Matrix) => Promise<Matrix<Float64Array>>;

  /** @param fn Who asks, for what errors say. */
  constructor(fn: string, ask: (X: Matrix) => Promise<Matrix<Float64Array>>, ranges: readonly NumericRange[]) {
    this.fn = fn;
    this.#ask = ask;
    this.cube = new Cube(ranges);
  }

  /** What is left at each row of U after the found units; shape [n]. */
  async at(U: Matrix<Float64Array>): Promise<Float64Array> {
    throwIfInterrupted();
    const [n, d] = U.shape;
    const { data, shape } = await this.#ask(this.cube.rowsOf(U));
    requireInteger(this.fn, "number of scores", shape[1], 1, 1);
    this.spent += n;
    this.#grow(data);
    if (!this.units.length) return data.slice();
    const found = networkOf(this.units, { slope: new Float64Array(d), constant: 0 }).decisionFunction(U);
    this.#grow(found.data);
    return data.map((value, i) => value - found.data[i]);
  }

  /** The same at places along a line. */
  along(line: Line, ts: ArrayLike<number>): Promise<Float64Array> {
    return this.at(fromRows(Array.from(ts, (t) => on(line, t))));
  }

  #grow(values: Float64Array): void {
    for (const value of values) this.largest = Math.max(this.largest, Math.abs(value));
  }
}

/** A row moved by + h and by − h in each of some features, one after the other; shape [2 features.length, d]. */
function around(u: Float64Array, h: Float64Array, features: readonly number[]): Matrix<Float64Array> {
  const d = u.length;
  const rows = matrix(new Float64Array(2 * features.length * d), [2 * features.length, d]);
  features.forEach((j, k) => [h[j], -h[j]].forEach((step, side) => {
    rows.data.set(u, (2 * k + side) * d);
    rows.data[(2 * k + side) * d + j] += step;
  }));
  return rows;
}

/**
 * The slope at a point by differences over ± step, which are exact where the function is linear; a feature in which it
 * is not gets a shorter step. Null where no step is short enough.
 */
export async function slopeAt(
  box: Deflated, u: Float64Array, { step, tolerance }: { step: number; tolerance: number },
): Promise<Float64Array | null> {
  const d = u.length;
  const h = Float64Array.from(box.cube.half, (half) => (half > 0 ? step : 0));
  const slope = new Float64Array(d);
  const [center] = await box.at(matrix(u, [1, d]));
  let open = Array.from({ length: d }, (_, j) => j).filter((j) => h[j] > 0);
  for (let attempt = 0; attempt < 4 && open.length; attempt++) {
    const values = await box.at(around(u, h, open));
    const bent: number[] = [];
    open.forEach((j, k) => {
      const [up, down] = [values[2 * k], values[2 * k + 1]];
      slope[j] = (up - down) / (2 * h[j]);
      if (Math.abs(up - 2 * center + down) > 4 * tolerance) bent.push(j);
    });
    for (const j of bent) h[j] /= 8;
    open = bent;
  }
  return open.length ? null : slope;
}

/** A line through the ranges in a random direction; null where no feature varies. */
export function drawLine(half: Float64Array, rng: Rng): Line | null {
  const start = half.map(() => 2 * rng.uniform() - 1);
  const drawn = half.map((one) => (one > 0 ? rng.normal() : 0));
  const length = norm(drawn);
  return length > 0 ? { start, direction: drawn.map((value) => value / length) } : null;
}

/** A kink of a line, with the slopes before and after it. */
export interface Bend {
  readonly t: number;
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** All kinks of a line in number, and the slopes beside those that lie well apart from each other. */
export async function bendsAlong(
  box: Deflated, line: Line, reach: number, noise: number,
): Promise<{ kinks: number; bends: Bend[] }> {
  box.largest = 0;
  const kinks = await kinksAlong((ts) => box.along(line, ts),
    { fn: box.fn, from: -reach, to: reach, tolerance: () => noise * box.largest });
  const tolerance = noise * box.largest;
  const ends = [-reach, ...kinks, reach];
  const least = 1e-4 * reach;
  const bends: Bend[] = [];
  const last = { slope: null as Float64Array | null, region: -1 };
  for (let k = 0; k < kinks.length; k++) {
    if (ends[k + 1] - ends[k] < least || ends[k + 2] - ends[k + 1] < least) continue;
    const slopeIn = (region: number): Promise<Float64Array | null> => {
      const gap = ends[region + 1] - ends[region];
      return slopeAt(box, on(line, ends[region] + gap / 2), { step: 0.05 * gap, tolerance });
    };
    const before: Float64Array | null = last.region === k ? last.slope : await slopeIn(k);
    const after: Float64Array | null = before && (await slopeIn(k + 1));
    [last.slope, last.region] = [after, k + 1];
    if (before && after) bends.push({ t: kinks[k], before, after });
  }
  return { kinks: kinks.length, bends };
}
