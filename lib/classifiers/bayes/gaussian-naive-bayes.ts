import { softmaxInPlace } from "../../math/softmax";
import { matrix, type Matrix } from "../../matrix";
import { requireInRange } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { constantClassifier } from "../constant";
import {
  checkQuery, checkTraining, encodeLabels, labelsOfLargest, requireSquarable, zeros,
} from "../fitting";
import { columnMoments } from "../../data/scale";

export interface GaussianNaiveBayesOptions {
  /** Share of the largest feature variance added to every variance, in (0, 1]; 1e-9 unless told. */
  varSmoothing?: number;
}

interface GaussianParameters {
  classes: Int32Array;
  /** log of each class's share, shape [k]. */
  logPrior: Float64Array;
  /** Mean of each feature in each class, shape [k, d]. */
  mean: Matrix<Float64Array>;
  /** Smoothed variance of each feature in each class, shape [k, d]. */
  variance: Matrix<Float64Array>;
}

function fittedNaiveBayes({ classes, logPrior, mean, variance }: GaussianParameters): Classifier {
  const [k, d] = mean.shape;
  const constant = logPrior.map((prior, c) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += Math.log(2 * Math.PI * variance.data[c * d + j]);
    return prior - sum / 2;
  });
  const precision = variance.data.map((v) => 1 / v);
  const logJoint = (X: Matrix): Matrix<Float64Array> => {
    checkQuery("gaussianNaiveBayes", X, d);
    requireSquarable("gaussianNaiveBayes", X);
    const scores = zeros(X.shape[0], k);
    for (let i = 0; i < X.shape[0]; i++)
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let j = 0; j < d; j++) {
          const gap = X.data[i * d + j] - mean.data[c * d + j];
          sum += gap * gap * precision[c * d + j];
        }
        scores.data[i * k + c] = constant[c] - sum / 2;
      }
    return scores;
  };
  return {
    family: "gaussianNaiveBayes",
    classes,
    numFeatures: d,
    predict: (X) => labelsOfLargest(logJoint(X), classes),
    predictProba: (X) => softmaxInPlace(logJoint(X)),
    serialize: () => ({
      family: "gaussianNaiveBayes",
      classes: [...classes],
      logPrior: [...logPrior],
      mean: [...mean.data],
      variance: [...variance.data],
    }),
  };
}

/**
 * Gaussian naive Bayes: within a class the features are independent normals.
 *
 * @throws {RangeError} If `varSmoothing` is not in (0, 1].
 * @see scikit-learn's `GaussianNB`, which it equals. Where every feature is constant, and all variances would be 0,
 * the variances are `varSmoothing` instead.
 * @example
 * const labels = gaussianNaiveBayes().fit(X, y).predict(X);
 */
export function gaussianNaiveBayes({ varSmoothing = 1e-9 }: GaussianNaiveBayesOptions = {}): Estimator {
  requireInRange("gaussianNaiveBayes", "varSmoothing", varSmoothing, Number.MIN_VALUE, 1);
  return {
    family: "gaussianNaiveBayes",
    fit(X, y) {
      checkTraining("gaussianNaiveBayes", X, y);
      requireSquarable("gaussianNaiveBayes", X);
      const [n, d] = X.shape;
      const { classes, codes } = encodeLabels(y);
      const k = classes.length;
      if (k === 1) return constantClassifier("gaussianNaiveBayes", classes[0], d);
      const count = new Float64Array(k);
      const mean = new Float64Array(k * d);
      const variance = new Float64Array(k * d);
      for (let i = 0; i < n; i++) {
        count[codes[i]]++;
        for (let j = 0; j < d; j++) mean[codes[i] * d + j] += X.data[i * d + j];
      }
      for (let p = 0; p < k * d; p++) mean[p] /= count[Math.floor(p / d)];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < d; j++) variance[codes[i] * d + j] += (X.data[i * d + j] - mean[codes[i] * d + j]) ** 2;
      const largest = columnMoments(X).variance.reduce((a, b) => Math.max(a, b));
      const added = varSmoothing * (largest || 1);
      for (let p = 0; p < k * d; p++) variance[p] = variance[p] / count[Math.floor(p / d)] + added;
      return fittedNaiveBayes({
        classes,
        logPrior: count.map((c) => Math.log(c / n)),
        mean: matrix(mean, [k, d]),
        variance: matrix(variance, [k, d]),
      });
    },
  };
}

/** Makes a Gaussian naive Bayes classifier again from its `serialize()`. */
export function restoreGaussianNaiveBayes(saved: SerializedClassifier): Classifier {
  const { classes, logPrior, mean, variance } = saved as unknown as Record<string, number[]>;
  const shape = [classes.length, mean.length / classes.length] as const;
  return fittedNaiveBayes({
    classes: Int32Array.from(classes),
    logPrior: Float64Array.from(logPrior),
    mean: matrix(Float64Array.from(mean), shape),
    variance: matrix(Float64Array.from(variance), shape),
  });
}
