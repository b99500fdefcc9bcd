import type { Classifier, Estimator } from "../../classifiers/classifier";
import { decisionTree } from "../../classifiers/trees/decision-tree";
import { gradientBoosting } from "../../classifiers/boosting/gradient-boosting";
import { pipeline } from "../../classifiers/pipeline";
import { randomForest } from "../../classifiers/trees/random-forest";
import { svc } from "../../classifiers/svm/svc";
import { matrix, selectLabels, selectRows } from "../../matrix";
import type { Rng } from "../../random";
import { requireInRange, requireInteger, requireOneOf, requirePositive } from "../../validate";
import { concatQueries, type LabeledQueries } from "../queries";
import { requireNumericRanges, requireWidth, type FeatureRange } from "../ranges";
import { betaSampler } from "../samplers/beta";
import { normalSampler } from "../samplers/normal";
import type { Sampler } from "../samplers/sampler";
import { rangeScaler } from "../scaling";
import { TUNED_AUTO, type AutoSettings } from "../tuned-settings";
import { askWhereUnsure } from "./active";
import { samplerStrategy, type QueryStrategy } from "./strategy";

/** A family that `auto` weighs, under the name it reports. */
export interface AutoCandidate {
  readonly name: string;
  /** Fitted in deviations from the means. */
  readonly estimator: Estimator;
}

export interface AutoOptions {
  ranges: readonly FeatureRange[];
  /** Families to choose among, at least one; `autoCandidates` unless said. */
  candidates?: readonly AutoCandidate[];
  /** Where the first points and the pools come from; `knownMomentsSampler` unless said. */
  sampler?: Sampler;
  /** Shares and thresholds other than the tuned ones. */
  settings?: Partial<AutoSettings>;
}

/** The share of a normal of mean 0 and deviation 1 below z, to 1e-7. @see Abramowitz & Stegun, 26.2.17. */
function normalShareBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

/** Least share of a normal that must lie in the range for it to be drawn, cut off at the ends. */
const LEAST_SHARE = 0.9;

/**
 * Independent features with the known range, mean and deviation: normal where nine tenths of the normal fit into the
 * range, and cut off at its ends; beta where they do not, as for sparse or skewed features, whose mean and deviation a
 * normal that is cut off would miss.
 *
 * @throws {RangeError} If a range is categorical or not finite, or a mean lies outside [min, max].
 */
export function knownMomentsSampler(ranges: readonly FeatureRange[]): Sampler {
  requireNumericRanges("knownMomentsSampler", ranges);
  const fits = ranges.map(({ min, max, mean, deviation }) =>
    normalShareBelow((max - mean) / deviation) - normalShareBelow((min - mean) / deviation) >= LEAST_SHARE);
  const parts = [true, false].map((isNormal) => Array.from(ranges.keys()).filter((j) => fits[j] === isNormal));
  const chosen = parts.map((columns) => columns.map((j) => ranges[j]));
  betaSampler(ranges);
  return {
    name: "knownMomentsSampler",
    numFeatures: ranges.length,
    sample(n, rng) {
      requireInteger("knownMomentsSampler", "n", n, 0);
      const X = matrix(new Float64Array(n * ranges.length), [n, ranges.length]);
      parts.forEach((columns, part) => {
        if (!columns.length) return;
        const own = chosen[part];
        const drawn = (part === 0 ? normalSampler(own, { clip: true }) : betaSampler(own)).sample(n, rng).data;
        for (let i = 0, p = 0; i < n; i++) for (const j of columns) X.data[i * ranges.length + j] = drawn[p++];
      });
      return X;
    },
  };
}

/** Smooth families first, then families of boxes. */
export function autoCandidates(numFeatures: number, rng: Rng): AutoCandidate[] {
  const boosted = (numRounds: number, maxDepth: number): AutoCandidate => ({
    name: `gradientBoosting of depth ${maxDepth}`,
    estimator: gradientBoosting({ numRounds, maxDepth, learningRate: 0.2 }),
  });
  return [
    ...[0.25, 0.5, 0.1, 1].map((gamma) => ({
      name: `svc of gamma ${gamma}/d`,
      estimator: svc({ C: 1000, gamma: gamma / numFeatures }),
    })),
    boosted(300, 1),
    boosted(100, 2),
    { name: "decisionTree", estimator: decisionTree() },
    { name: "randomForest", estimator: randomForest({ numTrees: 100, rng: rng.spawn(1) }) },
  ];
}

const FOLDS = 3;
/** Budget below which a comparison of families on a part of the answers says nothing. */
const LEAST_BUDGET = 30;

/**
 * Held-out disagreement of each candidate with the first `plain` answers, which were not chosen by any model and so
 * stand for the whole cloud. All later answers only help to fit.
 */
function heldOutErrors(
  candidates: readonly AutoCandidate[], { X, y }: LabeledQueries, plain: number, ranges: readonly FeatureRange[],
): number[] {
  const wrong = new Array<number>(candidates.length).fill(0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isHeld = (i: number): boolean => i < plain && i % FOLDS === fold;
    const rows = Array.from(y.keys());
    const held = rows.filter(isHeld);
    const kept = rows.filter((i) => !isHeld(i));
    candidates.forEach(({ estimator }, c) => {
      const scaled = pipeline(rangeScaler(ranges), estimator);
      const model = scaled.fit(selectRows(X, kept), selectLabels(y, kept));
      const answers = model.predict(selectRows(X, held));
      held.forEach((i, at) => (wrong[c] += answers[at] === y[i] ? 0 : 1));
    });
  }
  return wrong.map((count) => count / plain);
}

const isConstant = ({ y }: LabeledQueries): boolean => y.every((label) => label === y[0]);

function requireAutoSettings(given: Partial<AutoSettings> = {}): AutoSettings {
  const fn = "autoStrategy";
  for (const name of Object.keys(given)) requireOneOf(fn, "settings", name, Object.keys(TUNED_AUTO));
  const { plainShare = TUNED_AUTO.plainShare, hopelessError = TUNED_AUTO.hopelessError } = given;
  const { halfWayShare = Math.max(plainShare, TUNED_AUTO.halfWayShare), spread = TUNED_AUTO.spread } = given;
  requirePositive(fn, "settings.plainShare", plainShare);
  requireInRange(fn, "settings.plainShare", plainShare, 0, 1);
  requireInRange(fn, "settings.halfWayShare", halfWayShare, plainShare, 1);
  requireInRange(fn, "settings.hopelessError", hopelessError, 0, 1);
  requireInteger(fn, "settings.spread", spread, 1);
  return { plainShare, halfWayShare, hopelessError, spread };
}

/**
 * Picks family and queries by what it sees within the budget. The first two fifths are drawn plainly and weigh the
 * candidates on held-out answers. Where the best errs on less than two fifths, the better half goes on, and the best
 * one's doubts choose the other points; families are weighed again half-way through these and at the end. Else all
 * points of the cloud are in doubt, as with many features, and families look alike there however they differ on real
 * rows: the first candidate is taken, its doubts choose half of the other points, and the rest is drawn plainly. No
 * answer beyond the budget and no real row has a part in it.
 *
 * @throws {RangeError} If a range is categorical, there is no candidate, or a setting is out of range.
 * @example
 * const { classifier, strategy } = await copy(box, { strategy: autoStrategy({ ranges }), budget: 1000, rng });
 * strategy; // "auto: svc of gamma 0.25/d, active"
 */
export function autoStrategy(options: AutoOptions): QueryStrategy {
  const { ranges, candidates, sampler = knownMomentsSampler(ranges) } = options;
  requireNumericRanges("autoStrategy", ranges);
  requireWidth("autoStrategy", ranges, sampler.name, sampler.numFeatures);
  const { plainShare, halfWayShare, hopelessError, spread } = requireAutoSettings(options.settings);
  if (candidates?.length === 0) throw new RangeError("autoStrategy: candidates must have at least one, got none");
  return {
    name: "auto",
    async collect(blackBox, { budget, rng }) {
      requireInteger("autoStrategy", "budget", budget, 1);
      let field = candidates ?? autoCandidates(ranges.length, rng);
      const first = Math.ceil(plainShare * budget);
      const batch = Math.max(1, Math.ceil(budget / 50));
      const pool = Math.max(2000, batch);
      const askPlain = async (n: number): Promise<LabeledQueries> =>
        (await samplerStrategy(sampler).collect(blackBox, { budget: n, rng })).queries;
      let queries = await askPlain(first);
      const isWeighable = budget >= LEAST_BUDGET && !isConstant(queries);
      const weigh = (): number => {
        const errors = heldOutErrors(field, queries, first, ranges);
        const order = Array.from(errors.keys()).sort((a, b) => errors[a] - errors[b] || a - b);
        if (errors[order[0]] < hopelessError) field = order.slice(0, Math.ceil(field.length / 2)).map((c) => field[c]);
        return errors[order[0]];
      };
      const isTold = isWeighable && weigh() < hopelessError;
      const doubtsUpTo = [...(isWeighable ? [Math.ceil(halfWayShare * budget)] : []), ...(isTold ? [budget] : [])];
      for (const total of doubtsUpTo) {
        const loop = { ranges, sampler, committee: [field[0].estimator], batch, pool, spread };
        queries = await askWhereUnsure(blackBox, queries, total, loop, rng);
        if (isTold) weigh();
      }
      const missing = budget - queries.y.length;
      if (missing > 0) queries = concatQueries(queries, await askPlain(missing));
      const [{ name, estimator }] = field;
      const classifier: Classifier = pipeline(rangeScaler(ranges), estimator).fit(queries.X, queries.y);
      const way = isTold ? "active" : isWeighable ? "half active" : "plain";
      return { queries, classifier, chosen: `auto: ${name}, ${way}` };
    },
  };
}
