import { columnMoments, columnScales } from "../../data/scale";
import { largestMagnitude } from "../../math/power-of-two";
import type { Matrix } from "../../matrix";
import { requireInteger, requirePositive } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { constantClassifier } from "../constant";
import { checkQuery, checkTraining, encodeLabels, zeros } from "../fitting";
import { logisticRegression, type LinearClassifier } from "./logistic-regression";

export interface ScorecardOptions {
  /** Points that the strongest feature gives for one unit of it, at least 1; 5 unless told. Fewer read easier. */
  maxPoints?: number;
  /** Inverse strength of the L2 penalty on the coefficients of scaled features, above 0; 1 unless told. */
  C?: number;
}

/** A sum of whole points that a person can add up without a computer. */
export interface ScorecardClassifier extends Classifier {
  /** Points for one unit of each feature, whole numbers, shape [numFeatures]. */
  readonly points: Int32Array;
  /** Rows with more points than this get the second label. */
  readonly threshold: number;
  /** Points of each row, shape [n]. */
  score(X: Matrix): Float64Array;
}

interface Card {
  readonly classes: Int32Array;
  readonly points: Int32Array;
  readonly threshold: number;
  /** By how much one point moves the log odds. */
  readonly unit: number;
}

function fittedScorecard({ classes, points, threshold, unit }: Card): ScorecardClassifier {
  const d = points.length;
  const score = (X: Matrix): Float64Array => {
    checkQuery("scorecard", X, d);
    return Float64Array.from({ length: X.shape[0] }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += points[j] * X.data[i * d + j];
      return sum;
    });
  };
  return {
    family: "scorecard", classes, numFeatures: d, points, threshold, score,
    predict: (X) => Int32Array.from(score(X), (sum) => classes[Number(sum > threshold)]),
    predictProba(X) {
      const P = zeros(X.shape[0], 2);
      score(X).forEach((sum, i) => {
        const second = 1 / (1 + Math.exp(-unit * (sum - threshold)));
        P.data.set([1 - second, second], 2 * i);
      });
      return P;
    },
    serialize: () => ({ family: "scorecard", classes: [...classes], points: [...points], threshold, unit }),
  };
}

/**
 * Two classes by a sum of points: a logistic regression whose coefficients, of the features as given, are rounded to
 * whole numbers of a common unit, and the best threshold for them.
 *
 * @throws {RangeError} If an option is out of range, or there are more than two classes.
 * @see Ustun & Rudin, Machine Learning 102, 2016, who search for the best whole numbers; here they are rounded.
 * @example
 * const card = scorecard({ maxPoints: 3 }).fit(fromRows([[0, 1], [1, 1], [0, 0], [1, 0]]), Int32Array.of(0, 1, 0, 1));
 * card.predict(fromRows([[1, 1]])); // Int32Array [1]
 */
export function scorecard({ maxPoints = 5, C = 1 }: ScorecardOptions = {}): Estimator {
  requireInteger("scorecard", "maxPoints", maxPoints, 1, 1000);
  requirePositive("scorecard", "C", C);
  return {
    family: "scorecard",
    fit(X, y) {
      checkTraining("scorecard", X, y);
      const [n, d] = X.shape;
      const { classes, codes } = encodeLabels(y);
      if (classes.length === 1) return constantClassifier("scorecard", classes[0], d);
      if (classes.length > 2) throw new RangeError(`scorecard: y must have two classes, got ${classes.length}`);
      const { mean, variance } = columnMoments(X);
      const scales = columnScales(n, mean, variance);
      const Z = { data: Float64Array.from(X.data, (value, p) => value / scales[p % d]), shape: X.shape };
      const { coefficients } = logisticRegression({ C }).fit(Z, y) as LinearClassifier;
      const raw = coefficients.data.map((value, j) => value / scales[j]);
      const unit = (largestMagnitude(raw) || 1) / maxPoints;
      const points = Int32Array.from(raw, (value) => Math.round(value / unit));
      const card = { classes, points, unit, threshold: 0 };
      return fittedScorecard({ ...card, threshold: bestThreshold(fittedScorecard(card).score(X), codes) });
    },
  };
}

/** Between which two sums to cut so that most rows are right; the lowest of equally good cuts. */
function bestThreshold(scores: Float64Array, codes: Int32Array): number {
  const order = Int32Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let right = codes.reduce((sum, code) => sum + code, 0);
  let best = { right, threshold: scores[order[0]] - 0.5 };
  order.forEach((i, place) => {
    right += codes[i] === 0 ? 1 : -1;
    const next = place + 1 < order.length ? scores[order[place + 1]] : scores[i] + 1;
    if (right > best.right && next > scores[i]) best = { right, threshold: (scores[i] + next) / 2 };
  });
  return best.threshold;
}

/** Makes a scorecard again from its `serialize()`. */
export function restoreScorecard(saved: SerializedClassifier): ScorecardClassifier {
  const { classes, points, threshold, unit } = saved as unknown as {
    classes: number[]; points: number[]; threshold: number; unit: number;
  };
  return fittedScorecard({ classes: Int32Array.from(classes), points: Int32Array.from(points), threshold, unit });
}
