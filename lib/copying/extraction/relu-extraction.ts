import type { ReluNetwork } from "../../classifiers/neural/relu-network";
import { dot, norm } from "../../math/linear-algebra";
import { matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requirePositive } from "../../validate";
import type { BlackBox } from "../black-box";
import { requireNumericRanges, type NumericRange } from "../ranges";
import { on, type Line } from "./line";
import { networkOf, sided, type Affine, type Sided, type Unit } from "./relu-units";
import { bendsAlong, Deflated, drawLine, slopeAt } from "./score-lines";

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
  const leastSize = LEAST_UNIT * box.units.reduce((size, { weights }) => Math.max(size, norm(weights)), 0);
  const { kinks, bends } = await bendsAlong(box, line, reach, noise);
  const units = bends.map(({ t, before, after }) => unitAt(line, t, before, after));
  const found = units.filter(({ weights }) => norm(weights) > leastSize);
  for (const unit of found) box.units.push(unit);
  return kinks - (units.length - found.length);
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
  const box = new Deflated(fn, (X) => blackBox.queryScores!(X), ranges);
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

/** What is left in the middle of the ranges, as if it were linear. */
async function linearRest(box: Deflated): Promise<Affine> {
  const origin = new Float64Array(box.cube.half.length);
  const slope = await slopeAt(box, origin, { step: 1, tolerance: Infinity });
  const [constant] = await box.at(matrix(origin, [1, origin.length]));
  return { slope: slope!, constant };
}
