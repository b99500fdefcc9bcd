import { largestOf, smallestOf } from "../../math/extremes";
import { type Complex, fft } from "../../math/fft";
import { goldenSection } from "../../math/golden-section";
import { isGaussian, type LossEvent } from "./events";
import { gridOfGuarantee, gridOfLaw, type GridLosses, type Segment } from "./loss-grid";
import { lossLaw, type Direction, type LossLaw } from "./loss-laws";

/** Most points of one mechanism's grid, and of a composition's window: a bound on work and memory. */
const MOST_POINTS = 2 ** 19;
const MOST_BINS = 2 ** 19;

/** Bins that a window is laid out for. */
const BINS = 2 ** 17;

/** How much coarser the grid is on which the window is measured. */
const SURVEY = 16;

/** log of the mass that may lie outside the window of a composition, on either side, after tilting. */
const LOG_TAIL = -41;

/** Tilts and the exponents of tail bounds that are looked at, per point of the grid. */
const LOG_EXPONENTS = { low: Math.log(1e-7), high: Math.log(20) };

interface Part {
  grid: GridLosses;
  count: number;
}

/** Mechanisms that ran on the same records, on one grid. */
interface GridComposition {
  interval: number;
  parts: Part[];
  /** Probability that some loss is unbounded, rounded up. */
  infinite: number;
}

/** How fine a composition is computed; every setting gives upper bounds. */
export interface Fineness {
  /** Probability in each mechanism's tails that may be rounded up to the worst. */
  tail: number;
  /** Grids are coarser by this factor: quicker, and further above the exact value. */
  coarseness: number;
}

const countOf = (event: LossEvent): number => event.count ?? 1;

/** A grid fine against the sum's spread, and coarse enough for every mechanism's own range. */
function chooseInterval(events: readonly LossEvent[], laws: readonly (LossLaw | null)[], coarseness: number):
  number {
  let variance = 0;
  let reach = 0;
  let range = 0;
  let runs = 0;
  events.forEach((event, i) => {
    const law = laws[i];
    const epsilon = event.kind === "guarantee" ? event.epsilon : 0;
    const chance = 1 / (1 + Math.exp(epsilon));
    variance += countOf(event) * (law ? law.variance : 4 * epsilon ** 2 * chance * (1 - chance));
    reach += countOf(event) * Math.max(Math.abs(law?.high ?? epsilon), Math.abs(law?.low ?? epsilon));
    range = Math.max(range, law ? law.high - law.low : 0);
    runs += countOf(event);
  });
  const spread = Math.max(Math.sqrt(variance), 1e-6 * reach);
  const fine = Math.min(spread / 2000, Math.sqrt((1e-4 * spread) / runs));
  return Math.max(coarseness * fine, (coarseness * range) / MOST_POINTS);
}

function gridsOf(events: readonly LossEvent[], laws: readonly (LossLaw | null)[], interval: number, tail: number):
  GridComposition {
  let logFinite = 0;
  const parts = events.map((event, i): Part => {
    const law = laws[i];
    const grid = event.kind === "guarantee" ? gridOfGuarantee(event, interval, tail)
      : gridOfLaw(law as LossLaw, interval);
    logFinite += countOf(event) * Math.log1p(-grid.infinite);
    return { grid, count: countOf(event) };
  });
  return { interval, parts, infinite: -Math.expm1(logFinite) * (1 + 1e-12) };
}

/** log E[e^(tilt · position)] over the finite losses of one segment, by Horner's rule in blocks that can't overflow. */
function logMomentOf({ lowest, masses }: Segment, tilt: number): number {
  const ratio = Math.exp(tilt);
  const block = Math.max(1, Math.min(256, Math.floor(300 / Math.max(Math.abs(tilt), 1e-9))));
  let log = -Infinity;
  for (let start = 0; start < masses.length; start += block) {
    let sum = 0;
    for (let j = Math.min(start + block, masses.length) - 1; j >= start; j--) sum = sum * ratio + masses[j];
    if (sum > 0) log = logAdd(log, Math.log(sum) + tilt * (lowest + start));
  }
  return log;
}

const logAdd = (a: number, b: number): number => {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
};

const partLogMoment = ({ grid }: Part, tilt: number): number =>
  grid.segments.reduce((log, segment) => logAdd(log, logMomentOf(segment, tilt)), -Infinity);

/** log E[e^(tilt · position of the sum)]. */
const logMoment = (parts: readonly Part[], tilt: number): number =>
  parts.reduce((sum, part) => sum + part.count * partLogMoment(part, tilt), 0);

/** First and last position that a mechanism's losses have. */
function ends({ grid }: Part): [low: number, high: number] {
  const lows = grid.segments.map(({ lowest }) => lowest);
  const highs = grid.segments.map(({ lowest, masses }) => lowest + masses.length - 1);
  return [smallestOf(lows), largestOf(highs)];
}

/** The law of the summed loss, tilted: near the queried ε its masses are known to about twelve digits. */
interface TiltedSum {
  /** Per point of the grid. */
  tilt: number;
  logMoment: number;
  /** Position of the window's first loss. */
  lowest: number;
  masses: Float64Array;
  /** Bound on what rounding and the mass beyond the window take from δ, over e^(log moment − tilt · position). */
  lost: number;
  /** Bound on the relative error of the masses. */
  relativeError: number;
}

/** The positions outside of which the tilted sum has no mass worth mention, by Chernoff's bound. */
function windowOf(parts: readonly Part[], tilt: number, logTotal: number): [low: number, high: number] {
  const edge = (sign: 1 | -1): number => {
    const bound = (logExponent: number): number => {
      const exponent = Math.exp(logExponent);
      return (logMoment(parts, tilt + sign * exponent) - logTotal - LOG_TAIL) / exponent;
    };
    return sign * goldenSection(bound, LOG_EXPONENTS.low, LOG_EXPONENTS.high, 1e-2).value;
  };
  let low = 0;
  let high = 0;
  for (const part of parts) {
    const [first, last] = ends(part);
    low += part.count * first;
    high += part.count * last;
  }
  return [Math.max(low, Math.floor(edge(-1))), Math.min(high, Math.ceil(edge(1)))];
}

/** The discrete Fourier transform of one mechanism's tilted masses, wrapped to n points, to the power of its count. */
function transformOf(part: Part, { tilt, n, logOne }: { tilt: number; n: number; logOne: number }):
  { spectrum: Complex; length: number } {
  const re = new Float64Array(n);
  for (const { lowest, masses } of part.grid.segments) {
    const first = ((lowest % n) + n) % n;
    masses.forEach((mass, j) => {
      if (mass > 0) re[(first + j) % n] += Math.exp(Math.log(mass) + tilt * (lowest + j) - logOne);
    });
  }
  const length = Math.sqrt(re.reduce((sum, mass) => sum + mass * mass, 0));
  const spectrum = { re, im: new Float64Array(n) };
  fft(spectrum);
  if (part.count > 1) raise(spectrum, part.count);
  return { spectrum, length };
}

function raise({ re, im }: Complex, power: number): void {
  for (let i = 0; i < re.length; i++) {
    const size = Math.exp((power / 2) * Math.log(re[i] ** 2 + im[i] ** 2));
    const angle = power * Math.atan2(im[i], re[i]);
    re[i] = size * Math.cos(angle);
    im[i] = size * Math.sin(angle);
  }
}

function multiply(product: Complex, { re, im }: Complex): void {
  for (let i = 0; i < re.length; i++) {
    const kept = product.re[i];
    product.re[i] = kept * re[i] - product.im[i] * im[i];
    product.im[i] = kept * im[i] + product.im[i] * re[i];
  }
}

/**
 * The sum's law by one Fourier transform a part, after each mass has been multiplied by e^(tilt · position): rounding
 * is then relative to the masses that decide δ at the queried ε, and not to the largest.
 *
 * @returns Null if the window has more bins than allowed, or something was too large for a double.
 */
function tiltedSum(parts: readonly Part[], tilt: number): TiltedSum | null {
  const logTotal = logMoment(parts, tilt);
  const [low, high] = windowOf(parts, tilt, logTotal);
  const width = high - low + 1;
  if (!(width >= 1 && width <= MOST_BINS && Number.isFinite(logTotal))) return null;
  const n = 2 ** Math.max(4, Math.ceil(Math.log2(width)));
  const product: Complex = { re: new Float64Array(n).fill(1), im: new Float64Array(n) };
  let rounding = 0;
  let relativeError = 4 * Number.EPSILON * (Math.abs(logTotal) + tilt * Math.max(Math.abs(low), Math.abs(high)));
  for (const part of parts) {
    const logOne = partLogMoment(part, tilt);
    const { spectrum, length } = transformOf(part, { tilt, n, logOne });
    multiply(product, spectrum);
    rounding += part.count * 8 * Number.EPSILON * Math.log2(n) * length;
    const farthest = tilt * largestOf(ends(part).map(Math.abs));
    relativeError += part.count * 4 * Number.EPSILON * (750 + farthest + Math.abs(logOne));
  }
  fft(product, true);
  const first = ((low % n) + n) % n;
  const masses = Float64Array.from({ length: n }, (_, j) => Math.max(0, product.re[(first + j) % n]));
  const lost = 2 * rounding / Math.sqrt(Math.max(-Math.expm1(-2 * tilt), 1 / n)) + 3 * Math.exp(LOG_TAIL);
  return { tilt, logMoment: logTotal, lowest: low, masses, lost, relativeError };
}

/** δ for ε from `loss` up to the next grid loss: constant − slope · e^(ε − loss). */
interface DeltaPiece {
  loss: number;
  constant: number;
  slope: number;
}

/** The pieces of δ as a function of ε, from the window's top down to one step below it. */
function* deltaPieces(sum: TiltedSum, { interval, infinite }: GridComposition): Generator<DeltaPiece> {
  const { tilt, logMoment: log, lowest, masses, lost, relativeError } = sum;
  const shrink = Math.exp(-interval);
  let above = 0;
  let discounted = 0;
  for (let j = masses.length - 1; j >= -1; j--) {
    const scale = Math.exp(log - tilt * (lowest + j)) * (1 + relativeError);
    yield { loss: (lowest + j) * interval, constant: infinite + above + scale * lost, slope: discounted };
    if (j < 0) return;
    above += scale * masses[j];
    discounted = (discounted + scale * masses[j]) * shrink;
  }
}

/**
 * log of what Chernoff's bound on δ has less than that on a probability, for 1 − e^(ε − loss) is below 1.
 * Canonne, Kamath & Steinke, arXiv 2004.00010, Proposition 12; `tilt` is per unit of loss.
 */
const logGain = (tilt: number): number => -tilt * Math.log1p(1 / tilt) - Math.log1p(tilt);

/** The tilt that makes Chernoff's bound best. */
const bestTilt = (bound: (tilt: number) => number): number =>
  Math.exp(goldenSection((log) => bound(Math.exp(log)), LOG_EXPONENTS.low, LOG_EXPONENTS.high, 1e-2).x);

/** What rounding of the losses themselves, before they are put on the grid, can add up to. */
const lossRounding = ({ parts, interval }: GridComposition): number =>
  parts.reduce((sum, part) => sum + part.count * 8 * Number.EPSILON * interval *
    (1 + largestOf(ends(part).map(Math.abs))), 0);

/** What is asked of a composition: the tilt that suits it, and the answer, null if the window is too wide. */
interface Query {
  tilt(composition: GridComposition): number;
  answer(composition: GridComposition, tilt: number): number | null;
}

const epsilonQuery = (delta: number): Query => ({
  tilt: ({ parts, infinite, interval }) => bestTilt((tilt) =>
    (logMoment(parts, tilt) + logGain(tilt / interval) - Math.log(Math.max(delta / 2, delta - infinite))) / tilt),
  answer: (composition, tilt) => epsilonOn(composition, { delta, tilt }),
});

const deltaQuery = (epsilon: number): Query => ({
  tilt: ({ parts, interval }) => bestTilt((tilt) =>
    logMoment(parts, tilt) + logGain(tilt / interval) - (tilt * epsilon) / interval),
  answer: (composition, tilt) => deltaOn(composition, { epsilon, tilt }),
});

function epsilonOn(composition: GridComposition, { delta, tilt }: { delta: number; tilt: number }): number | null {
  if (!(composition.infinite < delta)) return Infinity;
  const sum = tiltedSum(composition.parts, tilt);
  if (!sum) return null;
  let next = Infinity;
  for (const { loss, constant, slope } of deltaPieces(sum, composition)) {
    if (!(constant - slope <= delta)) {
      const inside = loss + Math.log((constant - delta) / slope);
      return Math.max(0, Math.min(next, Number.isNaN(inside) ? next : inside)) + lossRounding(composition);
    }
    if (loss <= 0) return 0;
    next = loss;
  }
  return next + lossRounding(composition);
}

function deltaOn(composition: GridComposition, { epsilon, tilt }: { epsilon: number; tilt: number }): number | null {
  const sum = tiltedSum(composition.parts, tilt);
  if (!sum) return null;
  const queried = epsilon - lossRounding(composition);
  let delta = 1;
  for (const { loss, constant, slope } of deltaPieces(sum, composition)) {
    delta = constant - slope * Math.exp(queried - loss);
    if (loss <= queried) break;
  }
  return Math.min(1, delta);
}

/** Equal events and all Gaussians become one each: fewer grids, and exact for the Gaussians. */
function merged(events: readonly LossEvent[]): LossEvent[] {
  let squares = 0;
  const others = new Map<string, LossEvent & { count: number }>();
  for (const event of events) {
    const count = countOf(event);
    if (isGaussian(event)) squares += count / (event as { noiseMultiplier: number }).noiseMultiplier ** 2;
    else {
      const key = JSON.stringify({ ...event, count: 0 });
      others.set(key, { ...event, count: count + (others.get(key)?.count ?? 0) });
    }
  }
  // The division is rounded down, to less noise.
  const gaussian = (1 - 4 * Number.EPSILON * (1 + events.length)) / Math.sqrt(squares);
  return squares > 0 ? [{ kind: "gaussian", noiseMultiplier: gaussian }, ...others.values()] : [...others.values()];
}

/** The answer for data with the record or without it: the grid is laid out for the window that a coarse one shows. */
function onOneSide(events: readonly LossEvent[], direction: Direction, { tail, coarseness }: Fineness,
  { tilt, answer }: Query): number {
  const laws = events.map((event) => lossLaw(event, { direction, tail }));
  const fine = chooseInterval(events, laws, coarseness);
  if (!(fine > 0 && fine < Infinity)) return Infinity;
  const survey = gridsOf(events, laws, SURVEY * fine, tail);
  const surveyTilt = tilt(survey);
  const [low, high] = windowOf(survey.parts, surveyTilt, logMoment(survey.parts, surveyTilt));
  let interval = Math.max(fine, ((high - low) * survey.interval * coarseness) / BINS || 0);
  for (let attempt = 0; attempt < 24 && interval < Infinity; attempt++, interval *= 2) {
    const composition = gridsOf(events, laws, interval, tail);
    const value = answer(composition, (surveyTilt * interval) / survey.interval);
    if (value !== null) return value;
  }
  return Infinity;
}

/** Grids get coarser from this many different mechanisms on, so that a long ledger stays quick to add to … */
const MANY = 16;
/** … by at most this factor, which puts ε above the exact value by less than a thousandth. */
const COARSEST = 8;

function onBothSides(events: readonly LossEvent[], { tail, coarseness }: Fineness, query: Query): number {
  const together = merged(events);
  const runs = together.reduce((sum, event) => sum + countOf(event), 0);
  const twoSided = together.some((event) => event.kind === "subsampled-gaussian");
  const directions: Direction[] = twoSided ? ["removal", "addition"] : ["removal"];
  const fineness = {
    tail: Math.max(tail / runs, 1e-290),
    coarseness: coarseness * Math.min(COARSEST, Math.max(1, together.length / MANY)),
  };
  const worst = directions.reduce((most, direction) =>
    Math.max(most, onOneSide(together, direction, fineness, query)), 0);
  return Number.isNaN(worst) ? Infinity : worst;
}

/**
 * The ε at δ of mechanisms run on the same records, kept as laws of their privacy losses rather than bounds: never
 * below the exact value. Infinity where no finite ε is proven.
 */
export function lossesEpsilon(events: readonly LossEvent[], delta: number, { coarseness = 1 } = {}): number {
  return onBothSides(events, { tail: 1e-7 * delta, coarseness }, epsilonQuery(delta));
}

/** The δ at ε, likewise; 1 where nothing is proven. */
export function lossesDelta(events: readonly LossEvent[], epsilon: number): number {
  return Math.min(1, onBothSides(events, { tail: 1e-40, coarseness: 1 }, deltaQuery(epsilon)));
}
