import { matrix, type Matrix } from "../../matrix";
import { requireInteger, requirePositive } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { constantClassifier } from "../constant";
import { checkQuery, checkTraining, encodeLabels, labelsOfLargest, softmaxRows, zeros } from "../fitting";
import { minimize, type Objective } from "../../math/minimize";
import { columnMoments, columnScales } from "../../data/scale";

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

function fittedLogistic(
  classes: Int32Array,
  coefficients: Matrix<Float64Array>,
  intercepts: Float64Array,
): LinearClassifier {
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
    predictProba: (X) => softmaxRows(scores(X)),
    serialize: () => ({
      family: "logisticRegression",
      classes: [...classes],
      coefficients: [...coefficients.data],
      intercepts: [...intercepts],
    }),
  };
}

/**
 * The mean log loss plus penalty, of standardised rows Z; parameters are, for each output, d coefficients and an
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
 * works in standardised coordinates, which changes the path, not the minimum, and goes on to the minimum.
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
      const [n, d] = X.shape;
      const { classes, codes } = encodeLabels(y);
      if (classes.length === 1) return constantClassifier("logisticRegression", classes[0], d);
      const outputs = classes.length === 2 ? 1 : classes.length;
      const { mean, variance } = columnMoments(X);
      const scale = columnScales(n, mean, variance);
      const Z = zeros(n, d);
      for (let i = 0, p = 0; i < n; i++)
        for (let j = 0; j < d; j++, p++) Z.data[p] = (X.data[p] - mean[j]) / scale[j];
      const { x } = minimize(
        logisticObjective(Z, codes, outputs, scale, C),
        new Float64Array(outputs * (d + 1)),
        { tolerance: 1e-7, maxIterations },
      );
      const coefficients = zeros(outputs, d);
      const intercepts = new Float64Array(outputs);
      for (let c = 0; c < outputs; c++) {
        intercepts[c] = x[c * (d + 1) + d];
        for (let j = 0; j < d; j++) {
          coefficients.data[c * d + j] = x[c * (d + 1) + j] / scale[j];
          intercepts[c] -= coefficients.data[c * d + j] * mean[j];
        }
      }
      return fittedLogistic(classes, coefficients, intercepts);
    },
  };
}

/** Makes a logistic regression again from its `serialize()`. */
export function restoreLogisticRegression(saved: SerializedClassifier): LinearClassifier {
  const { classes, coefficients, intercepts } = saved as unknown as Record<string, number[]>;
  const shape = [intercepts.length, coefficients.length / intercepts.length] as const;
  return fittedLogistic(
    Int32Array.from(classes),
    matrix(Float64Array.from(coefficients), shape),
    Float64Array.from(intercepts),
  );
}
