import { reluNetwork, type ReluLayer, type ReluNetwork } from "../../classifiers/neural/relu-network";
import { indexOfLargest, largestOf } from "../../math/extremes";
import { dot, leastSquares, norm, solveLinear } from "../../math/linear-algebra";
import { fromRows, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requirePositive } from "../../validate";
import type { BlackBox } from "../black-box";
import { requireNumericRanges, type NumericRange } from "../ranges";
import {
  activeSides, expandKinks, heightOf, hiddenAt, merged, onOnePlane, partialUnit, unitsOfKinks, type Kink,
  type PartialUnit, type Plane,
} from "./deep-units";
import { on, unitBeside, type Line } from "./line";
import { networkOf, sided, type Unit } from "./relu-units";
import { bendsAlong, Deflated, drawLine, type Bend } from "./score-lines";

export interface ExtractDeepReluOptions {
  /** What the inputs range over: lines and steps are measured in it. A feature that does not vary gets no weight. */
  ranges: readonly NumericRange[];
  /** How far lines go, in half diagonals of the ranges, above 0; 3 unless told. */
  reach?: number;
  /** Error of an answer, as a share of the largest answer on a line, above 0; 1e-12 unless told: float64. */
  noise?: number;
  /** Lines at most, at least 1; 200 unless told. */
  mostLines?: number;
  rng: Rng;
  /** Told the rows asked and the units found in each layer, after each round of lines. */
  onProgress?: (progress: { spent: number; units: readonly [number, number] }) => void;
}

export interface ExtractedDeepRelu {
  /** Two hidden layers. */
  readonly network: ReluNetwork;
  /** Rows asked. */
  readonly spent: number;
  /** Units found in the first and in the second hidden layer. */
  readonly units: readonly [number, number];
  /** Units of the second layer beyond those found that the copy needs: 0 or 2. */
  readonly extraUnits: number;
  /** Lines searched. */
  readonly lines: number;
  /** Largest difference of scores on the rows that the copy was tried on, none of which it was made from. */
  readonly largestGap: number;
  /** Whether that is no more than rounding: what was seen, not a proof. */
  readonly complete: boolean;
}

const LINES_A_ROUND = 4;
/** Points at which a plane must bend the score, of PLANE_TESTS, to be a unit of the first layer. */
const LEAST_SEEN = 5;
const PLANE_TESTS = 40;
/** A bend fainter than this share of the slopes is rounding. */
const FAINT = 1e-7;
/** A normal is a sum of others when no more than this is left of it. */
const INDEPENDENT = 1e-4;
/** Units of which one kink was seen, of which the other weights are looked for, a round. */
const MOST_SINGLES = 2;
const CHECKS = 200;
/** A copy is complete when its scores differ by no more than this share of the largest. */
const CLOSE = 1e-7;

function kinkOf(line: Line, { t, before, after }: Bend): Kink | null {
  const change = after.map((value, j) => value - before[j]);
  const size = norm(change);
  if (size <= FAINT * Math.max(norm(before), norm(after))) return null;
  const point = on(line, t);
  const normal = change.map((value) => value / size);
  return { point, normal, offset: -dot(normal, point), size };
}

/** Lines, kinks and planes of one search. */
class DeepSearch {
  readonly kinks: Kink[] = [];
  first: Plane[] = [];
  lines = 0;
  readonly #planes: { plane: Kink; count: number; seen: number }[] = [];
  #sorted = 0;

  constructor(readonly box: Deflated, readonly rng: Rng, readonly reach: number, readonly noise: number) {}

  async searchLine(line: Line, reach: number): Promise<Kink[]> {
    const { bends } = await bendsAlong(this.box, line, reach, this.noise);
    return bends.flatMap((bend) => kinkOf(line, bend) ?? []);
  }

  /** Searches random lines, every other one through a point that is of interest, if there is one. */
  async searchRound(through: Float64Array | null): Promise<void> {
    for (let k = 0; k < LINES_A_ROUND; k++, this.lines++) {
      const { start, direction } = drawLine(this.box.cube.half, this.rng)!;
      const line = { start: through && k % 2 ? through : start, direction };
      for (const kink of await this.searchLine(line, this.reach)) this.kinks.push(kink);
    }
  }

  /**
   * The first layer, anew: planes that bend the score at many random points, or that many lines met, those with the
   * most first. A plane whose normal is a sum of theirs is a piece of the second layer. Neither order is always right.
   */
  async findFirst(by: "seen" | "count"): Promise<void> {
    for (const kink of this.kinks.slice(this.#sorted)) {
      const known = this.#planes.find(({ plane }) => onOnePlane(plane, kink));
      if (known) known.count++;
      else this.#planes.push({ plane: kink, count: 1, seen: 0 });
      if (known?.count === 2) known.seen = await this.#bends(known.plane);
    }
    this.#sorted = this.kinks.length;
    this.first = [];
    const basis: Float64Array[] = [];
    for (const { plane, seen } of [...this.#planes].sort((a, b) => b[by] - a[by])) {
      const own = seen < LEAST_SEEN ? null : unitBeside(plane.normal, basis, INDEPENDENT);
      if (!own) continue;
      this.first.push(plane);
      basis.push(own);
    }
  }

  /** At how many of PLANE_TESTS random points of a plane the score bends. */
  async #bends(kink: Kink): Promise<number> {
    const step = 1e-3;
    const rows: Float64Array[] = [];
    for (let k = 0; k < PLANE_TESTS; k++) {
      const drawn = this.randomPoint();
      const foot = on({ start: drawn, direction: kink.normal }, -heightOf(kink, drawn));
      for (const side of [-step, 0, step]) rows.push(on({ start: foot, direction: kink.normal }, side));
    }
    const values = await this.at(rows);
    let seen = 0;
    for (let k = 0; k < rows.length; k += 3)
      if (Math.abs(values[k] - 2 * values[k + 1] + values[k + 2]) > 1e-4 * kink.size * step) seen++;
    return seen;
  }

  randomPoint(): Float64Array {
    const line = drawLine(this.box.cube.half, this.rng);
    return on(line!, (2 * this.rng.uniform() - 1) * this.reach);
  }

  at(points: readonly Float64Array[]): Promise<Float64Array> {
    return this.box.at(fromRows(points));
  }

  /** Looks for a kink of a unit where a unit of the first layer is active that was not at any of its kinks. */
  async complete(unit: PartialUnit, turned: readonly Plane[], j: number): Promise<PartialUnit> {
    const { kink } = unit;
    const [way, across] = [raising(turned, j), unitBeside(kink.normal, [turned[j].normal])];
    if (!across) return unit;
    for (const height of [0.1, 0.01, 0.001]) {
      const start = on({ start: kink.point, direction: way }, height - heightOf(turned[j], kink.point));
      const found = await this.searchLine({ start, direction: across }, 100 * height);
      this.lines++;
      for (const view of expandKinks(found, turned).map((one) => partialUnit(one, turned))) {
        const one = view.known[j] ? merged(unit, view) : null;
        if (!one) continue;
        this.kinks.push(view.kink);
        return one;
      }
    }
    return unit;
  }
}

/** The step that raises one plane's function by 1 and leaves all others as they are. */
function raising(planes: readonly Plane[], j: number): Float64Array {
  const h = planes.length;
  const products = Float64Array.from({ length: h * h }, (_, p) =>
    dot(planes[Math.floor(p / h)].normal, planes[p % h].normal));
  const shares = solveLinear(products, new Float64Array(h).fill(1, j, j + 1));
  return planes[0].normal.map((_, i) => planes.reduce((sum, { normal }, k) => sum + shares[k] * normal[i], 0));
}

/** The second layer's units, each with all weights where a kink can be found that shows them. */
async function findSecond(
  search: DeepSearch, turned: readonly Plane[], kinks: readonly Kink[],
): Promise<PartialUnit[]> {
  const views = expandKinks(kinks, turned).map((one) => partialUnit(one, turned));
  const units: PartialUnit[] = [];
  let singles = 0;
  for (let open = unitsOfKinks(views); open.length;) {
    let [own] = open;
    if (own.count === 1 && ++singles > MOST_SINGLES) break;
    for (const j of turned.keys()) if (!own.known[j]) own = await search.complete(own, turned, j);
    if (own.known.every(Boolean)) units.push(own);
    open = open.slice(1).filter((other) => !merged(own, other));
  }
  return units;
}

/** Both layers as a network of the cube's points; the output's weights follow from scores by linear equations. */
async function fitNetwork(
  search: DeepSearch, turned: readonly Plane[], units: readonly PartialUnit[],
): Promise<{ network: ReluNetwork; extraUnits: number }> {
  const m = 1 + units.length + turned.length;
  const points = Array.from({ length: 6 * m }, () => search.randomPoint());
  const rows = points.map((point) => {
    const hidden = hiddenAt(turned, point);
    const above = units.map(({ weights, bias }) => Math.max(0, dot(weights, hidden) + bias));
    return Float64Array.from([1, ...above, ...hidden]);
  });
  const found = leastSquares(rows, await search.at(points), m);
  const own = units.map(({ weights, bias }, k): Unit => {
    const size = Math.abs(found[1 + k]);
    return { sign: Math.sign(found[1 + k]), weights: weights.map((w) => size * w), bias: size * bias };
  });
  const { units: above, rest } = sided(own, { slope: found.slice(1 + units.length), constant: found[0] });
  const hidden = { weights: fromRows(turned.map(({ normal }) => normal)),
    biases: Float64Array.from(turned, ({ offset }) => offset) };
  return {
    network: reluNetwork([hidden, ...networkOf(above, rest).layers]),
    extraUnits: rest.slope.some((value) => value !== 0) ? 2 : 0,
  };
}

/**
 * Rebuilds a network of two hidden layers of ReLU units from its scores. Along lines the score bends where a unit turns
 * on; the change of slope there is normal to where that happens. A unit of the first layer bends the score on one
 * plane, wherever a unit above it is active; on other kinks, the normal is a sum of the first layer's active units'
 * weights. Its shares are the second layer's weights, and a share of 0 says on which side a unit is active. What is
 * known of a unit from several kinks is put together; a weight that none of them shows is looked for on purpose. The
 * output's weights follow from scores by linear equations.
 *
 * The first layer must have at most as many units as there are features, with independent weights; else the copy is
 * not complete. With two or three units in the second layer it often is not: too little of the first is seen.
 *
 * @param blackBox Gives one score a row.
 * @throws {RangeError} If the black box gives no scores or several, an option is out of range, or noise is below the
 *   answers' own error.
 * @throws {QueryBudgetError} If the budget does not reach.
 * @see Carlini et al., CRYPTO 2020, §4.3 and §5, for any depth. Ours: the shares of 0 give the first layer's signs, and
 *   one system of equations the second layer's and the output.
 * @example
 * const layer = (rows: number[][], biases: number[]) =>
 *   ({ weights: fromRows(rows), biases: Float64Array.from(biases) });
 * const network = reluNetwork([
 *   layer([[1, 2, 0], [-1, 1, 1]], [0.1, 0.2]), layer([[1, -1], [-1, 2]], [-0.3, 0.1]), layer([[1, -2]], [0]),
 * ]);
 * const open = blackBox(network, { scores: true });
 * const { units } = await extractDeepRelu(open, { ranges: ranges.slice(0, 3), rng: seededRng(1) });
 * units; // [2, 2]
 */
export async function extractDeepRelu(
  blackBox: Pick<BlackBox, "queryScores">, options: ExtractDeepReluOptions,
): Promise<ExtractedDeepRelu> {
  const { ranges, reach = 3, noise = 1e-12, mostLines = 200, rng, onProgress } = options;
  const fn = "extractDeepRelu";
  requireNumericRanges(fn, ranges);
  requirePositive(fn, "reach", reach);
  requirePositive(fn, "noise", noise);
  requireInteger(fn, "mostLines", mostLines, 1);
  if (!blackBox.queryScores) throw new RangeError(`${fn}: the black box must give scores`);
  if (ranges.every(({ min, max }) => min === max))
    throw new RangeError(`${fn}: ranges must have a feature that varies, got none`);
  const box = new Deflated(fn, (X) => blackBox.queryScores!(X), ranges);
  const search = new DeepSearch(box, rng, reach * Math.sqrt(ranges.length), noise);
  let worst: Float64Array | null = null;
  for (let round = 0; ; round++) {
    await search.searchRound(worst);
    await search.findFirst(round % 2 ? "count" : "seen");
    const { first, lines } = search;
    const ofSecond = search.kinks.filter((kink) => !first.some((plane) => onOnePlane(plane, kink)));
    const turned = activeSides(first, expandKinks(ofSecond, first));
    const units = first.length ? await findSecond(search, turned, ofSecond) : [];
    onProgress?.({ spent: box.spent, units: [first.length, units.length] });
    const isLast = lines >= mostLines;
    if (!first.length && isLast)
      throw new RangeError(`${fn}: units of the first layer must bend the score, none did on ${lines} lines`);
    if (!first.length) continue;
    const { network, extraUnits } = await fitNetwork(search, turned, units);
    const { gap, largest, point } = await gapOf(search, network);
    const complete = gap <= CLOSE * largest;
    worst = point;
    if (!complete && !isLast) continue;
    const [hidden, ...above] = network.layers;
    return { network: reluNetwork([unscaled(box, hidden), ...above]), spent: box.spent,
      units: [first.length, units.length], extraUnits, lines: search.lines, largestGap: gap, complete };
  }
}

/** The largest difference of scores on random points, where that is, and the largest score. */
async function gapOf(
  search: DeepSearch, network: ReluNetwork,
): Promise<{ gap: number; largest: number; point: Float64Array }> {
  const points = Array.from({ length: CHECKS }, () => search.randomPoint());
  const values = await search.at(points);
  const own = network.decisionFunction(fromRows(points)).data;
  const gaps = values.map((value, i) => Math.abs(value - own[i]));
  const worst = indexOfLargest(gaps);
  return { gap: gaps[worst], largest: largestOf(values.map(Math.abs)), point: points[worst] };
}

/** A layer of the cube's points as one of the features. */
function unscaled({ cube }: Deflated, { weights, biases }: ReluLayer): ReluLayer {
  const units = Array.from(biases, (bias, k) =>
    cube.unitOf({ sign: 1, weights: rowOf(weights, k), bias }));
  return { weights: fromRows(units.map((unit) => unit.weights)), biases: Float64Array.from(units, ({ bias }) => bias) };
}
