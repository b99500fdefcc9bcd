import { largestOf, smallestOf } from "../../math/extremes";
import { concatRows, fromRows, rowOf, selectRows, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger } from "../../validate";
import type { BlackBox } from "../black-box";
import { dynamicalRange, type NumericRange } from "../ranges";
import { rowsByLabel } from "../rows-by-label";
import { TUNED_DISCOVERY } from "../tuned-settings";
import { adaptCloud, type AdaptedCloud, type Generation } from "./adapt-cloud";
import type { Cloud } from "./cloud";
import { findContrast } from "./contrast";
import { findStep, type Step } from "./step";
import { halveChanges, sweepFeatures, type LabelChange } from "./sweep";

export interface DiscoverRangesOptions {
  /** Width of the rows the black box takes, as `discoverNumFeatures` finds it. */
  numFeatures: number;
  /** Rows the black box was made for, shape [m, numFeatures]; without them the search is blind. */
  examples?: Matrix;
  /** Queries for two points of different label, of each start, at least 2; 2000 unless said. */
  searchBudget?: number;
  /** Places a blind search starts from, at least 1, of which it follows the best; 4 unless said. */
  starts?: number;
  /** Rounds of adapting a cloud and sweeping each feature through it, at least 1; 3 unless said. */
  rounds?: number;
  /** Points each round sweeps from, at least 2; 6 unless said. */
  bases?: number;
  rng: Rng;
}

/** What was found of one feature. */
export interface FeatureReport {
  readonly feature: number;
  /**
   * `stepped` has a step (1 for integers); `categorical` has one too, and a label that comes, goes and comes back over
   * few values.
   */
  readonly kind: "continuous" | "stepped" | "categorical" | "irrelevant";
  /**
   * Where it matters. Of an irrelevant feature: where it was moved without effect; with examples, only about as far as
   * they go, so that a feature wrongly thought irrelevant still gets likely values.
   */
  readonly range: NumericRange;
  /** Of an irrelevant feature: how far from the middle it was moved without effect. */
  readonly reach?: number;
  /** Values between the outermost changes, of a categorical feature. */
  readonly values?: readonly number[];
  /** Lines along the feature that were tried, and how many met a change of label. */
  readonly lines: number;
  readonly changes: number;
  /** Of an irrelevant feature: at most this share of such lines has a change, with 95 % confidence (3 / lines). */
  readonly missedAtMost?: number;
  /** Of a stepped or categorical feature: the probability that the changes lie on the step by chance. */
  readonly chance?: number;
  /** Queries that moved this feature alone. */
  readonly spent: number;
}

export interface DiscoveredFeatures {
  readonly ranges: NumericRange[];
  readonly features: FeatureReport[];
  /** Labels met, ascending. */
  readonly classes: Int32Array;
  /** All queries, and by stage. */
  readonly spent: {
    readonly total: number;
    readonly contrast: number;
    readonly cloud: number;
    readonly sweeps: number;
  };
}

const MEDIAN_OF_NORMAL = 0.6745;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)] : NaN;
};

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(q * (sorted.length - 1))];
};

/** The last generation about as even as the most even one. */
function lastEven({ generations }: AdaptedCloud): Generation {
  const enough = TUNED_DISCOVERY.evenEnough * largestOf(generations.map(({ entropy }) => entropy));
  return [...generations].reverse().find(({ entropy }) => entropy >= enough)!;
}

/** Some points of a batch, all labels alike often as far as they go. */
function balancedBases(X: Matrix<Float64Array>, y: Int32Array, n: number): Matrix<Float64Array> {
  const queues = [...rowsByLabel(y).values()];
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < Math.min(n, y.length); turn++) {
    const next = queues[turn % queues.length].pop();
    if (next !== undefined) chosen.push(next);
  }
  return selectRows(X, chosen);
}

/**
 * Each feature's scale by how far it must move to change the label, relative to the other features on the same base.
 */
function scaleByChanges(changes: readonly LabelChange[], bases: Matrix, scale: Float64Array): Float64Array {
  const [n, d] = bases.shape;
  const logs: number[][] = Array.from({ length: d }, () => []);
  for (let base = 0; base < n; base++) {
    const nearest = new Float64Array(d).fill(Infinity);
    for (const { base: b, feature, inner, outer } of changes)
      if (b === base) {
        const distance = Math.abs((inner + outer) / 2 - bases.data[base * d + feature]) / scale[feature];
        nearest[feature] = Math.min(nearest[feature], distance);
      }
    const met = Array.from(nearest).filter((value) => value < Infinity);
    if (met.length === 0) continue;
    const typical = median(met.map(Math.log));
    nearest.forEach((value, j) => value < Infinity && logs[j].push(Math.log(value) - typical));
  }
  return scale.map((value, j) => (logs[j].length ? value * Math.exp(median(logs[j])) : value));
}

/**
 * Moves and sizes a cloud so that the examples look like its own points: its centre most of the way to their mean; its
 * size by the median distance of their features; each feature's own width half-way, in logarithms, between what the
 * labels say and the examples' deviation. Labels alone leave centre and width open where a boundary runs on for ever,
 * and in many features their errors add up; a few examples alone are too few.
 */
function anchor({ center, scale }: Cloud, examples: Matrix): Cloud {
  const [m, d] = examples.shape;
  if (m < 2) return { center, scale };
  const known = dynamicalRange(examples);
  const moved = center.map((value, j) => value + TUNED_DISCOVERY.trustInExamplesMean * (known[j].mean - value));
  const distances = Array.from(examples.data, (value, at) => Math.abs(value - moved[at % d]) / scale[at % d]);
  const factor = median(distances) / MEDIAN_OF_NORMAL / Math.sqrt(1 - 1 / m) || 1;
  const farthest = new Float64Array(d);
  examples.data.forEach((value: number, at: number) => {
    farthest[at % d] = Math.max(farthest[at % d], Math.abs(value - moved[at % d]));
  });
  const own = known.map(({ deviation }) => deviation * Math.sqrt(m / (m - 1)));
  return {
    center: moved,
    scale: scale.map((value, j) => {
      const blended = own[j] > 0 ? Math.sqrt(factor * value * own[j]) : factor * value;
      return Math.max(blended, TUNED_DISCOVERY.covered * farthest[j]);
    }),
  };
}

/** The best of several clouds that started apart: the most labels, then the most even. */
async function bestStart(blackBox: BlackBox, starts: readonly Cloud[], rng: Rng): Promise<AdaptedCloud> {
  const adapted: AdaptedCloud[] = [];
  for (const [k, cloud] of starts.entries())
    adapted.push(await adaptCloud(blackBox, { cloud, generations: 8, rng: rng.spawn(k) }));
  const entropy = ({ generations }: AdaptedCloud): number => generations[generations.length - 1].entropy;
  const { clearlyMoreEven } = TUNED_DISCOVERY;
  return adapted.reduce((best, other) => (entropy(other) > entropy(best) + clearlyMoreEven ? other : best));
}

/** A feature that changed nothing is moved 4^FARTHER times as far in the next round. */
const FARTHER = 8;
const SWEEP = { down: 4, up: 6, halvings: 3 };
const PRECISE_CHANGES = 8;
const PRECISE_HALVINGS = 14;

/**
 * Finds each feature's useful range and scale from labels alone. First two points of different label
 * (`findContrast`); then, in rounds, a cloud that adapts until all labels come alike often (`adaptCloud`), and sweeps
 * of each feature through points of the cloud in growing steps, with bisection where the label changes. The distance
 * to a change gives the feature's scale, the changes its range and step; a feature that never changes a label is
 * irrelevant.
 *
 * @throws {NoContrastError} If no second label is met: blind search can't find a small region of many features.
 * @throws {RangeError} If an option is out of range.
 * @example
 * const { ranges, features } = await discoverRanges(box, { numFeatures: 4, rng: seededRng(1) });
 * await copy(box, { sampler: normalSampler(ranges), estimator: svc(), budget: 1000, rng });
 */
export async function discoverRanges(
  blackBox: BlackBox,
  options: DiscoverRangesOptions,
): Promise<DiscoveredFeatures> {
  const { numFeatures: d, examples, searchBudget = 2000, starts = 4, rounds = 3, bases: baseCount = 6, rng } = options;
  requireInteger("discoverRanges", "numFeatures", d, 1);
  requireInteger("discoverRanges", "searchBudget", searchBudget, 2);
  requireInteger("discoverRanges", "starts", starts, 1);
  requireInteger("discoverRanges", "rounds", rounds, 1);
  requireInteger("discoverRanges", "bases", baseCount, 2);
  const start = blackBox.used;
  const search: Search = { blackBox, numFeatures: d, examples, rng, classes: new Set() };
  const clouds = await firstClouds(search, examples ? 1 : starts, searchBudget);
  const contrast = blackBox.used - start;
  const { cloud, found, spent: cloudQueries } = await adaptAndSweep(search, clouds, { starts, rounds, baseCount });
  const features: FeatureReport[] = [];
  for (let j = 0; j < d; j++) {
    const own = found.map(({ changes, bases }) => ({ bases, changes: changes.filter(({ feature }) => feature === j) }));
    const reach = 4 ** (SWEEP.up + FARTHER * (rounds - 1)) * cloud.scale[j];
    features.push(await describe(blackBox, own, j, cloud, { reach, known: columnOf(examples, j) }));
  }
  const total = blackBox.used - start;
  return {
    ranges: features.map(({ range }) => range),
    features,
    classes: Int32Array.from(search.classes).sort(),
    spent: { total, contrast, cloud: cloudQueries, sweeps: total - contrast - cloudQueries },
  };
}

/** Who is asked, what is known beforehand, and the labels met so far. */
interface Search {
  readonly blackBox: BlackBox;
  readonly numFeatures: number;
  readonly examples?: Matrix;
  readonly rng: Rng;
  readonly classes: Set<number>;
}

/** A small cloud where each search met a second label; around the first example, where there are any. */
async function firstClouds(search: Search, starts: number, budget: number): Promise<Cloud[]> {
  const { blackBox, numFeatures, examples, rng, classes } = search;
  const clouds: Cloud[] = [];
  for (let k = 0; k < starts; k++) {
    const contrast = await findContrast(blackBox, { numFeatures, examples, budget, rng: rng.spawn(k) });
    for (const label of Object.values(contrast.labels)) classes.add(label);
    const center = examples ? Float64Array.from(rowOf(examples, 0)) : contrast.rare;
    const first = { center, scale: center.map((value) => 0.3 * Math.abs(value) || 0.1) };
    clouds.push(examples ? anchor(first, examples) : first);
  }
  return clouds;
}

interface Sweeps {
  readonly cloud: Cloud;
  /** What each round met, and from where. */
  readonly found: readonly FeatureChanges[];
  /** Rows asked to adapt clouds. */
  readonly spent: number;
}

/** Rounds of adapting the cloud and sweeping every feature from points of it; what never changes is moved farther. */
async function adaptAndSweep(
  { blackBox, numFeatures, examples, rng, classes }: Search, clouds: readonly Cloud[],
  { starts, rounds, baseCount }: { starts: number; rounds: number; baseCount: number },
): Promise<Sweeps> {
  const placed = (cloud: Cloud): Cloud => (examples ? anchor(cloud, examples) : cloud);
  const found: FeatureChanges[] = [];
  const silent = new Int32Array(numFeatures);
  const farther = (value: number, j: number): number => value * 4 ** (FARTHER * silent[j]);
  let cloud = clouds[0];
  let spent = 0;
  for (let round = 0; round < rounds; round++) {
    const child = rng.spawn(starts + round);
    const before = blackBox.used;
    const adapted = round
      ? await adaptCloud(blackBox, { cloud, generations: 4, rng: child })
      : await bestStart(blackBox, clouds, child);
    spent += blackBox.used - before;
    cloud = placed(adapted.cloud);
    const last = lastEven(adapted);
    for (const label of last.y) classes.add(label);
    const bases = balancedBases(last.X, last.y, baseCount);
    const { changes } = await sweepFeatures(blackBox, { bases, scale: cloud.scale.map(farther), ...SWEEP });
    found.push({ changes, bases });
    cloud = { center: cloud.center, scale: scaleByChanges(changes, bases, cloud.scale) };
    const met = new Set(changes.map(({ feature }) => feature));
    silent.forEach((quiet, j) => (silent[j] = met.has(j) ? 0 : quiet + 1));
  }
  const final = await adaptCloud(blackBox, { cloud, generations: 6, rng: rng.spawn(starts + rounds) });
  return { cloud: placed(final.cloud), found, spent: spent + final.spent };
}

/** Says what the sweeps of one feature have shown, which went as far as `reach`. */
async function describe(
  blackBox: BlackBox,
  own: readonly FeatureChanges[],
  feature: number,
  { center, scale }: Cloud,
  { reach, known }: { reach: number; known: readonly number[] },
): Promise<FeatureReport> {
  const before = blackBox.used;
  const [mean, deviation] = [center[feature], scale[feature]];
  const lines = own.reduce((sum, { bases }) => sum + 2 * bases.shape[0], 0);
  const values = own.flatMap(({ changes }) => changes.map(({ inner, outer }) => (inner + outer) / 2));
  const moved = lines * (SWEEP.down + SWEEP.up + 1) + SWEEP.halvings * values.length;
  const common = { feature, lines, changes: values.length };
  if (values.length === 0) {
    const half = known.length ? 3 * deviation : reach;
    const [min, max] = [mean - half, mean + half];
    const spread = known.length ? deviation : reach / Math.sqrt(3);
    const range: NumericRange = { kind: "numeric", min, max, mean, deviation: spread };
    return { ...common, kind: "irrelevant", range, reach, missedAtMost: Math.min(1, 3 / lines), spent: moved };
  }
  const step = await preciseStep(blackBox, own, mean);
  const range = rangeOf(values, known, { mean, deviation }, step);
  const categories = step ? await categoriesOf(blackBox, own, feature, range, step) : undefined;
  return {
    ...common,
    kind: categories ? "categorical" : step ? "stepped" : "continuous",
    range,
    ...(categories ? { values: categories } : {}),
    ...(step ? { chance: step.chance } : {}),
    spent: moved + blackBox.used - before,
  };
}

const columnOf = (X: Matrix | undefined, j: number): number[] =>
  X ? Array.from({ length: X.shape[0] }, (_, i) => rowOf(X, i)[j]) : [];

/** From the lowest to the highest change, with a margin, and in any case as far as the known values go. */
function rangeOf(
  changes: readonly number[],
  known: readonly number[],
  { mean, deviation }: { mean: number; deviation: number },
  step?: Step,
): NumericRange {
  const low = quantile(changes, 0.05);
  const high = quantile(changes, 0.95);
  const margin = 0.1 * (high - low);
  return {
    kind: "numeric",
    min: Math.min(mean - deviation, smallestOf(known), Math.max(mean - 3 * deviation, low - margin)),
    max: Math.max(mean + deviation, largestOf(known), Math.min(mean + 3 * deviation, high + margin)),
    mean,
    deviation,
    ...(step ? { step: step.step } : {}),
  };
}

interface FeatureChanges {
  readonly bases: Matrix<Float64Array>;
  readonly changes: readonly LabelChange[];
}

/** Bisects the changes nearest to the centre until they are exact, and looks for a step. */
async function preciseStep(blackBox: BlackBox, own: readonly FeatureChanges[], center: number) {
  const all = own.flatMap(({ bases, changes }) => changes.map((change) => ({ bases, change })));
  const near = all
    .sort((a, b) => Math.abs(a.change.inner - center) - Math.abs(b.change.inner - center))
    .slice(0, PRECISE_CHANGES);
  let changes = near.map(({ change }, base) => ({ ...change, base }));
  // eslint-disable-next-line no-restricted-syntax -- at most PRECISE_CHANGES rows
  const bases = concatRows(...near.map(({ bases: from, change }) => selectRows(from, [change.base])));
  for (let h = 0; h < PRECISE_HALVINGS; h++) changes = await halveChanges(blackBox, bases, changes);
  const tolerance = largestOf(changes.map(({ inner, outer }) => Math.abs(outer - inner))) || Number.MIN_VALUE;
  return findStep(changes.map(({ inner, outer }) => (inner + outer) / 2), tolerance);
}

const MAX_CATEGORIES = 20;
const CATEGORY_BASES = 3;

/** The values between the outermost changes, where a label comes, goes and comes back over few of them. */
async function categoriesOf(
  blackBox: BlackBox,
  own: readonly FeatureChanges[],
  feature: number,
  { min, max }: NumericRange,
  { step, edges }: Step,
): Promise<number[] | undefined> {
  const first = Math.floor(min / step);
  const last = Math.ceil(max / step);
  if (last - first + 1 > MAX_CATEGORIES) return undefined;
  const values = Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
  const within = edges === "on" ? step / 2 : 0;
  const all = own.flatMap(({ bases, changes }) => changes.map(({ base }) => rowOf(bases, base)));
  let returns = false;
  const used = new Set<number>();
  for (const row of all.slice(0, CATEGORY_BASES)) {
    const y = await blackBox.query(
      fromRows(values.map((value) => row.map((other, k) => (k === feature ? value + within : other)))),
    );
    const starts = y.filter((label, i) => i === 0 || label !== y[i - 1]);
    if (new Set(starts).size < starts.length) returns = true;
    y.forEach((label, i) => {
      if (i > 0 && label !== y[i - 1]) used.add(i - 1).add(i);
    });
  }
  if (!returns) return undefined;
  const low = smallestOf(used);
  const high = largestOf(used);
  return values.slice(low, high + 1);
}
