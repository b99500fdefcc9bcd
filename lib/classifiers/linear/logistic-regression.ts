import { largestOf, smallestOf } from "../../math/extremes";
import { lbfgs, type Objective } from "../../math/lbfgs";
import { softmaxInPlace } from "../../math/softmax";
import { matrix, type Matrix } from "../../matrix";
import { requireInteger, requirePositive } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { constantClassifier } from "../constant";
import {
  checkQuery, checkTraining, encodeLabels, labelsOfLargest, requireSquarable, zeros,
} from "../fitting";

export interface LogisticRegressionOptions {
  /** Inverse strength of the L2 penalty on the coefficients, above 0; 1 unless told. */
  C?: number;
  /** Most steps of L-BFGS; 1000 unless told. */
  maxIterations?: number;
}

/** A fitted logistic regression, whose coefficients can be read. */
export interface LinearClassifier extends Classifier {
  /** Shape [k, numFeatures]; with two classes [1, numFeatures], towards the second. */
  readonly coefficients: Matrix<Float64Array>;
  /** Shape [k]; with two classes [1]. */
  readonly intercepts: Float64Array;
}

function fittedLogistic(classes: Int32Array, { coefficients, intercepts }: Weights): LinearClassifier {
  const [outputs, d] = coefficients.shape;
  const k = classes.length;
  const scores = (X: Matrix): Matrix<Float64Array> => {
    checkQuery("logisticRegression", X, d);
    const result = zeros(X.shape[0], k);
    const offset = k - outputs;
    for (let i = 0; i < X.shape[0]; i++)
      for (let c = 0; c < outputs; c++) {
        let sum = intercepts[c];
        for (let j = 0; j < d; j++) sum += X.data[i * d + j] * coefficients.data[c * d + j];
        result.data[i * k + c + offset] = sum;
      }
    return result;
  };
  return {
    family: "logisticRegression",
    classes,
    numFeatures: d,
    coefficients,
    intercepts,
    predict: (X) => labelsOfLargest(scores(X), classes),
    predictProba: (X) => softmaxInPlace(scores(X)),
    serialize: () => ({
      family: "logisticRegression",
      classes: [...classes],
      coefficients: [...coefficients.data],
      intercepts: [...intercepts],
    }),
  };
}

/**
 * The mean log loss plus penalty, of centred and scaled rows Z; parameters are, for each output, d coefficients and an
 * intercept. Dividing by `scale` makes the penalty that of the coefficients of the rows as given.
 */
function logisticObjective(
  Z: Matrix<Float64Array>,
  codes: Int32Array,
  outputs: number,
  scale: Float64Array,
  C: number,
): Objective {
  const [n, d] = Z.shape;
  const width = d + 1;
  const scores = new Float64Array(outputs);
  return (w, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let i = 0, row = 0; i < n; i++, row += d) {
      for (let c = 0; c < outputs; c++) {
        const at = c * width;
        let sum = w[at + d];
        for (let j = 0; j < d; j++) sum += w[at + j] * Z.data[row + j];
        scores[c] = sum;
      }
      loss += outputs === 1 ? sigmoidResidual(scores, codes[i]) : softmaxResidual(scores, codes[i]);
      for (let c = 0; c < outputs; c++) {
        const residual = scores[c];
        const at = c * width;
        for (let j = 0; j < d; j++) gradient[at + j] += residual * Z.data[row + j];
        gradient[at + d] += residual;
      }
    }
    let penalty = 0;
    for (let c = 0; c < outputs; c++)
      for (let j = 0; j < d; j++) {
        const pull = w[c * width + j] / (scale[j] * scale[j] * C);
        penalty += (w[c * width + j] * pull) / 2;
        gradient[c * width + j] += pull;
      }
    for (let p = 0; p < gradient.length; p++) gradient[p] /= n;
    return (loss + penalty) / n;
  };
}

/** Where the origin of the parameters' coordinates lies in the space of features, and each coordinate's unit. */
interface Coordinates {
  readonly center: Float64Array;
  readonly unit: Float64Array;
}

/** Curvature of a row's log loss by its score, where the fit is right about nine times in ten. */
const TYPICAL_CURVATURE = 0.1;

/**
 * Coordinates in which the objective is about equally curved along every feature, by the rows and by the penalty
 * together.
 *
 * @param curvatures Of each row's log loss by its score, shape [n].
 */
function coordinatesOf({ data, shape: [n, d] }: Matrix, curvatures: Float64Array, C: number): Coordinates {
  const center = new Float64Array(d);
  const unit = new Float64Array(d);
  const total = curvatures.reduce((sum, v) => sum + v, 0) || 1;
  for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++) center[j] += (curvatures[i] / total) * data[p++];
  for (let i = 0, p = 0; i < n; i++)
    for (let j = 0; j < d; j++) unit[j] += (curvatures[i] / n) * (data[p++] - center[j]) ** 2;
  return { center, unit: unit.map((v) => Math.sqrt(v + 1 / (C * n))) };
}

/** A linear model of the features as given: d coefficients of each output, and its intercept. */
interface Weights {
  readonly coefficients: Matrix<Float64Array>;
  readonly intercepts: Float64Array;
}

/** The parameters in some coordinates that are these weights. */
function toCoordinates({ coefficients, intercepts }: Weights, { center, unit }: Coordinates): Float64Array {
  const d = center.length;
  const x = new Float64Array(intercepts.length * (d + 1));
  intercepts.forEach((intercept, c) => {
    let sum = intercept;
    for (let j = 0; j < d; j++) {
      const coefficient = coefficients.data[c * d + j];
      x[c * (d + 1) + j] = coefficient * unit[j];
      sum += coefficient * center[j];
    }
    x[c * (d + 1) + d] = sum;
  });
  return x;
}

/** Undoes `toCoordinates`. */
function fromCoordinates(x: Float64Array, outputs: number, { center, unit }: Coordinates): Weights {
  const d = center.length;
  const coefficients = zeros(outputs, d);
  const intercepts = new Float64Array(outputs);
  for (let c = 0; c < outputs; c++) {
    intercepts[c] = x[c * (d + 1) + d];
    for (let j = 0; j < d; j++) {
      coefficients.data[c * d + j] = x[c * (d + 1) + j] / unit[j];
      intercepts[c] -= coefficients.data[c * d + j] * center[j];
    }
  }
  return { coefficients, intercepts };
}

/** Of each row's log loss by its scores: p (1 − p), the largest of a row; shape [n]. */
function curvaturesOf(P: Matrix<Float64Array>): Float64Array {
  const [n, k] = P.shape;
  const curvatures = new Float64Array(n);
  for (let i = 0, p = 0; i < n; i++)
    for (let c = 0; c < k; c++, p++) curvatures[i] = Math.max(curvatures[i], P.data[p] * (1 - P.data[p]));
  return curvatures;
}

/** How unequal the changes of units may be before the search goes on in the new ones. */
const UNEQUAL = 100;

/** Whether the features' curvatures at the end differ widely from those that the units were chosen by. */
function areSkewed(before: Coordinates, after: Coordinates): boolean {
  const ratios = after.unit.map((unit, j) => unit / before.unit[j]);
  return largestOf(ratios) > UNEQUAL * smallestOf(ratios);
}

/** Rows in some coordinates. */
function scaledRows({ data, shape: [n, d] }: Matrix, { center, unit }: Coordinates): Matrix<Float64Array> {
  const Z = zeros(n, d);
  for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++, p++) Z.data[p] = (data[p] - center[j]) / unit[j];
  return Z;
}

/** Replaces the score by probability − truth and returns the log loss. */
function sigmoidResidual(scores: Float64Array, code: number): number {
  const score = scores[0];
  const small = Math.exp(-Math.abs(score));
  scores[0] = (score >= 0 ? 1 : small) / (1 + small) - code;
  return Math.log1p(small) + Math.max(score, 0) - code * score;
}

/** Replaces the scores by probabilities − truth and returns the log loss. */
function softmaxResidual(scores: Float64Array, code: number): number {
  const k = scores.length;
  let largest = scores[0];
  for (let c = 1; c < k; c++) if (scores[c] > largest) largest = scores[c];
  const own = scores[code] - largest;
  let sum = 0;
  for (let c = 0; c < k; c++) sum += scores[c] = Math.exp(scores[c] - largest);
  for (let c = 0; c < k; c++) scores[c] /= sum;
  scores[code] -= 1;
  return Math.log(sum) - own;
}

/**
 * Multinomial logistic regression with an L2 penalty (two classes: one sigmoid), fitted until converged.
 *
 * @throws {RangeError} If `C` is not above 0.
 * @see scikit-learn's `LogisticRegression`, whose loss this is. It stops at its own tolerance after 100 steps; this one
 * works in coordinates of about equal curvature, which changes the path, not the minimum, and goes on to the minimum.
 * @example
 * const labels = logisticRegression({ C: 1 }).fit(X, y).predict(X);
 */
export function logisticRegression({ C = 1, maxIterations = 1000 }: LogisticRegressionOptions = {}): Estimator {
  requirePositive("logisticRegression", "C", C);
  requireInteger("logisticRegression", "maxIterations", maxIterations, 1);
  return {
    family: "logisticRegression",
    fit(X, y) {
      checkTraining("logisticRegression", X, y);
      requireSquarable("logisticRegression", X);
      const [n, d] = X.shape;
      const { classes, codes } = encodeLabels(y);
      if (classes.length === 1) return constantClassifier("logisticRegression", classes[0], d);
      const outputs = classes.length === 2 ? 1 : classes.length;
      let coordinates = coordinatesOf(X, new Float64Array(n).fill(TYPICAL_CURVATURE), C);
      let weights: Weights = { coefficients: zeros(outputs, d), intercepts: new Float64Array(outputs) };
      let left = maxIterations;
      for (;;) {
        const objective = logisticObjective(scaledRows(X, coordinates), codes, outputs, coordinates.unit, C);
        const start = toCoordinates(weights, coordinates);
        const { x, iterations } = lbfgs(objective, start, { tolerance: 1e-7, maxIterations: left });
        left -= iterations;
        weights = fromCoordinates(x, outputs, coordinates);
        const fitted = fittedLogistic(classes, weights);
        const next = coordinatesOf(X, curvaturesOf(fitted.predictProba!(X)), C);
        if (left < 1 || !iterations || !areSkewed(coordinates, next)) return fitted;
        coordinates = next;
      }
    },
  };
}

/** Makes a logistic regression again from its `serialize()`. */
export function restoreLogisticRegression(saved: SerializedClassifier): LinearClassifier {
  const { classes, coefficients, intercepts } = saved as unknown as Record<string, number[]>;
  const shape = [intercepts.length, coefficients.length / intercepts.length] as const;
  return fittedLogistic(Int32Array.from(classes), {
    coefficients: matrix(Float64Array.from(coefficients), shape),
    intercepts: Float64Array.from(intercepts),
  });
}
