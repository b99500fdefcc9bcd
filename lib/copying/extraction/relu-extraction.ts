import type { ReluNetwork } from "../../classifiers/neural/relu-network";
import { throwIfInterrupted } from "../../interrupt";
import { norm } from "../../math/linear-algebra";
import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requirePositive } from "../../validate";
import type { BlackBox } from "../black-box";
import { requireNumericRanges, type NumericRange } from "../ranges";
import { Cube } from "./cube";
import { kinksAlong } from "./kinks";
import { dot, networkOf, sided, type Affine, type Sided, type Unit } from "./relu-units";

export interface ExtractReluOptions {
  /** What the inputs range over: lines and steps are measured in it. A feature that does not vary gets no weight. */
  ranges: readonly NumericRange[];
  /**
   * How far lines go, in half diagonals of the ranges, above 0; 10 unless told. Where what is left after the last unit
   * says that one is missing, they go further by themselves.
   */
  reach?: number;
  /** Error of an answer, as a share of the largest answer on a line, above 0; 1e-12 unless told: float64. */
  noise?: number;
  /** Lines in a row without a new unit before it ends, at least 1; 3 unless told. */
  idleLines?: number;
  /** Lines at most, at least 1; 100 unless told. */
  mostLines?: number;
  rng: Rng;
  /** Told the rows asked and the units found, after each line. */
  onProgress?: (progress: { spent: number; units: number }) => void;
}

export interface ExtractedRelu {
  readonly network: ReluNetwork;
  /** Rows asked. */
  readonly spent: number;
  /** Hidden units found. */
  readonly units: number;
  /** Lines searched. */
  readonly lines: number;
  /** Units beyond those found that the copy needs, for what is linear throughout: 0 or 2. */
  readonly extraUnits: number;
  /** Whether the last lines showed no more units and nothing linear is left over. */
  readonly complete: boolean;
}

/** Points from − 1 to 1 in every feature, and what the black box answers there, less the units that are found. */
class Deflated {
  spent = 0;
  /** The largest number that rounding can have been a share of; set it to 0 to begin anew. */
  largest = 0;
  readonly units: Unit[] = [];
  readonly cube: Cube;
  readonly #ask: (X: Matrix) => Promise<Matrix<Float64Array>>;

  constructor(ask: (X: Matrix) => Promise<Matrix<Float64Array>>, ranges: readonly NumericRange[]) {
    this.#ask = ask;
    this.cube = new Cube(ranges);
  }

  /** What is left at each row of U after the found units; shape [n]. */
  async at(U: Matrix<Float64Array>): Promise<Float64Array> {
    throwIfInterrupted();
    const [n, d] = U.shape;
    const { data, shape } = await this.#ask(this.cube.rowsOf(U));
    requireInteger("extractRelu", "number of scores", shape[1], 1, 1);
    this.spent += n;
    this.#grow(data);
    if (!this.units.length) return data.slice();
    const found = networkOf(this.units, { slope: new Float64Array(d), constant: 0 }).decisionFunction(U);
    this.#grow(found.data);
    return data.map((value, i) => value - found.data[i]);
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
async function slopeAt(
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

/** A line through the ranges. */
interface Line {
  readonly start: Float64Array;
  readonly direction: Float64Array;
}

const on = ({ start, direction }: Line, t: number): Float64Array => start.map((value, j) => value + t * direction[j]);

/** The unit whose kink lies at t, from the slopes on both its sides. */
function unitAt(line: Line, t: number, before: Float64Array, after: Float64Array): Unit {
  const change = after.map((value, j) => value - before[j]);
  const sign = dot(change, line.direction) > 0 ? 1 : -1;
  const weights = change.map((value) => sign * value);
  return { sign, weights, bias: -dot(weights, on(line, t)) };
}

/** A kink fainter than this share of the largest unit is a found unit's own rounding. */
const LEAST_UNIT = 1e-6;

/** Finds the units whose kinks a line crosses well apart from each other, and adds them. */
async function searchLine(box: Deflated, line: Line, reach: number, noise: number): Promise<number> {
  const d = line.start.length;
  const valuesAt = (ts: Float64Array): Promise<Float64Array> => {
    const U = matrix(new Float64Array(ts.length * d), [ts.length, d]);
    ts.forEach((t, i) => U.data.set(on(line, t), i * d));
    return box.at(U);
  };
  box.largest = 0;
  const kinks = await kinksAlong(valuesAt, { from: -reach, to: reach, tolerance: () => noise * box.largest });
  const tolerance = noise * box.largest;
  const ends = [-reach, ...kinks, reach];
  const least = 1e-4 * reach;
  const found: Unit[] = [];
  let faint = 0;
  const state = { slope: null as Float64Array | null, region: -1 };
  const leastSize = LEAST_UNIT * box.units.reduce((size, { weights }) => Math.max(size, norm(weights)), 0);
  for (let k = 0; k < kinks.length; k++) {
    if (ends[k + 1] - ends[k] < least || ends[k + 2] - ends[k + 1] < least) continue;
    const slopeIn = (region: number): Promise<Float64Array | null> => {
      const gap = ends[region + 1] - ends[region];
      return slopeAt(box, on(line, ends[region] + gap / 2), { step: 0.05 * gap, tolerance });
    };
    const left: Float64Array | null = state.region === k ? state.slope : await slopeIn(k);
    const right: Float64Array | null = left && (await slopeIn(k + 1));
    state.slope = right;
    state.region = k + 1;
    if (!left || !right) continue;
    const unit = unitAt(line, kinks[k], left, right);
    if (norm(unit.weights) > leastSize) found.push(unit);
    else faint++;
  }
  for (const unit of found) box.units.push(unit);
  return kinks.length - faint;
}

/**
 * Rebuilds a network of one hidden layer of ReLU units from its scores: along a line the score is straight but for one
 * kink a unit; the change of slope there is the unit's weights, and where the kinks lie its bias. Units that are found
 * are taken off the answers, so that the next line shows only the others. What is left is linear, and says on which
 * side each unit is active.
 *
 * A unit whose kink no line meets stays unseen. Where it is always active, something linear is left over, which two
 * more units of the copy carry.
 *
 * @param blackBox Gives one score a row.
 * @throws {RangeError} If the black box gives no scores or several, an option is out of range, or noise is below the
 * answers' own error.
 * @throws {QueryBudgetError} If the budget does not reach.
 * @see Jagielski et al., USENIX Security 2020, §5; Carlini et al., CRYPTO 2020, §4. Ours: one slope serves two kinks, a
 *   found unit is taken off, and sides follow from one linear rest.
 * @example
 * const weights = fromRows([[1, 2], [-1, 3]]);
 * const network = reluNetwork([
 *   { weights, biases: Float64Array.of(0.5, -1) },
 *   { weights: fromRows([[1, -2]]), biases: Float64Array.of(0) },
 * ]);
 * const open = blackBox(network, { scores: true });
 * const { units } = await extractRelu(open, { ranges: ranges.slice(0, 2), rng: seededRng(1) });
 * units; // 2
 */
export async function extractRelu(
  blackBox: Pick<BlackBox, "queryScores">, options: ExtractReluOptions,
): Promise<ExtractedRelu> {
  const { ranges, reach = 10, noise = 1e-12, idleLines = 3, mostLines = 100, rng, onProgress } = options;
  const fn = "extractRelu";
  requireNumericRanges(fn, ranges);
  requirePositive(fn, "reach", reach);
  requirePositive(fn, "noise", noise);
  requireInteger(fn, "idleLines", idleLines, 1);
  requireInteger(fn, "mostLines", mostLines, 1);
  if (!blackBox.queryScores) throw new RangeError(`${fn}: the black box must give scores`);
  const d = ranges.length;
  const box = new Deflated((X) => blackBox.queryScores!(X), ranges);
  let lines = 0;
  let best: Sided | null = null;
  for (let widening = 0; widening < WIDENINGS && !best?.isClear; widening++) {
    for (let idle = 0; idle < idleLines && lines < mostLines; lines++) {
      const line = drawLine(box.cube.half, rng);
      if (!line) break;
      const kinks = await searchLine(box, line, reach * 4 ** widening * Math.sqrt(d), noise);
      idle = kinks ? 0 : idle + 1;
      onProgress?.({ spent: box.spent, units: box.units.length });
    }
    best = sided(box.units, await linearRest(box));
  }
  const { units, rest, isClear } = best!;
  const affine = box.cube.affineOf(rest);
  return {
    network: networkOf(units.map((unit) => box.cube.unitOf(unit)), affine),
    spent: box.spent,
    units: units.length,
    lines,
    extraUnits: affine.slope.some((value) => value !== 0) ? 2 : 0,
    complete: isClear && lines < mostLines,
  };
}

/** How often lines are made four times as long. */
const WIDENINGS = 3;

/** A line through the ranges in a random direction; null where no feature varies. */
function drawLine(half: Float64Array, rng: Rng): Line | null {
  const start = half.map(() => 2 * rng.uniform() - 1);
  const drawn = half.map((one) => (one > 0 ? rng.normal() : 0));
  const length = norm(drawn);
  return length > 0 ? { start, direction: drawn.map((value) => value / length) } : null;
}

/** What is left in the middle of the ranges, as if it were linear. */
async function linearRest(box: Deflated): Promise<Affine> {
  const origin = new Float64Array(box.cube.half.length);
  const slope = await slopeAt(box, origin, { step: 1, tolerance: Infinity });
  const [constant] = await box.at(matrix(origin, [1, origin.length]));
  return { slope: slope!, constant };
}
