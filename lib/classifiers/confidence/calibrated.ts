import { goldenSection } from "../../math/golden-section";
import type { Matrix } from "../../matrix";
import { requireInRange, requireInteger, requirePositive, requireSameLength } from "../../validate";
import type { Classifier, SerializedClassifier } from "../classifier";
import { checkTraining } from "../fitting";

/** A classifier whose probabilities were made honest by one number. */
export interface CalibratedClassifier extends Classifier {
  /** Above 1 where the classifier was too sure. */
  readonly temperature: number;
  predictProba(X: Matrix): Matrix<Float64Array>;
}

/** Probabilities are kept this far from 0, so that a model that said "never" can be doubted. */
const LEAST = 1e-6;

/** Replaces each row of probabilities by p^(1/T), divided by its sum. */
function temper({ data, shape }: Matrix<Float64Array>, temperature: number): Matrix<Float64Array> {
  const [n, k] = shape;
  const result = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let p = i * k; p < (i + 1) * k; p++)
      sum += result[p] = Math.exp(Math.log(Math.max(LEAST, data[p])) / temperature);
    for (let p = i * k; p < (i + 1) * k; p++) result[p] /= sum;
  }
  return { data: result, shape };
}

function calibratedBy(classifier: Classifier, temperature: number): CalibratedClassifier {
  return {
    family: `calibrated(${classifier.family})`,
    classes: classifier.classes,
    numFeatures: classifier.numFeatures,
    temperature,
    predict: (X) => classifier.predict(X),
    predictProba: (X) => temper(classifier.predictProba!(X), temperature),
    serialize: () => ({ family: "calibrated", temperature, classifier: classifier.serialize() }),
  };
}

/** Mean of −log of the probability of each row's own class; a class without a column counts as `LEAST`. */
function meanLoss({ data, shape: [n, k] }: Matrix<Float64Array>, columns: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum -= Math.log(columns[i] < 0 ? LEAST : Math.max(LEAST, data[i * k + columns[i]]));
  return sum / n;
}

/**
 * Makes probabilities honest on rows that the classifier has not learned from: each is raised to the power of 1 / T
 * and each row divided by its sum, with the T of the least log loss, searched from 0.05 to 20. Labels stay as they are.
 *
 * @param X Rows held back, shape [n, d]. @param y Their labels: the truth, or an original's answers; shape [n].
 * @throws {RangeError} If there is no row, the lengths differ, or the classifier has no probabilities.
 * @see Guo, Pleiss, Sun & Weinberger, ICML 2017, §4.2, who divide logits: the same, as log p is a logit.
 * @example
 * const honest = calibrated(decisionTree().fit(train.X, train.y), test.X, test.y);
 * honest.temperature > 1; // true
 */
export function calibrated(classifier: Classifier, X: Matrix, y: Int32Array): CalibratedClassifier {
  checkTraining("calibrated", X, y);
  if (!classifier.predictProba)
    throw new RangeError(`calibrated: classifier must give probabilities, ${classifier.family} does not`);
  const P = classifier.predictProba(X);
  const columns = y.map((label) => classifier.classes.indexOf(label));
  const lossAt = (logT: number): number => meanLoss(temper(P, Math.exp(logT)), columns);
  return calibratedBy(classifier, Math.exp(goldenSection(lossAt, Math.log(0.05), Math.log(20), 1e-9).x));
}

/** Makes a calibrated classifier again from its `serialize()`; `restore` makes the one inside. */
export function restoreCalibrated(
  saved: SerializedClassifier, restore: (saved: SerializedClassifier) => Classifier,
): CalibratedClassifier {
  const { temperature, classifier } = saved as unknown as { temperature: number; classifier: SerializedClassifier };
  requirePositive("restoreCalibrated", "temperature", temperature);
  return calibratedBy(restore(classifier), temperature);
}

/** Probability of each row's most likely class, shape [n]. */
export function confidences({ data, shape: [n, k] }: Matrix<Float64Array>): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let largest = 0;
    for (let p = i * k; p < (i + 1) * k; p++) if (data[p] > largest) largest = data[p];
    return largest;
  });
}

/** Rows of about equal confidence. */
export interface ConfidenceBin {
  readonly count: number;
  /** Mean confidence. */
  readonly confidence: number;
  /** Share of right labels. */
  readonly accuracy: number;
}

export interface CalibrationOptions {
  /** Bins of equal width from 0 to 1, at least 1; 10 unless told. */
  bins?: number;
}

/**
 * How far confidence and accuracy are apart: rows are put into bins by confidence, empty bins left out.
 *
 * @param isRight 1 where the label is right, 0 where not, shape [n]. @param confidence In [0, 1], shape [n].
 * @throws {RangeError} If the lengths differ, or a number is out of range.
 * @see Guo, Pleiss, Sun & Weinberger, ICML 2017, §2: the mean gap, weighted by rows, is the expected calibration error.
 * @example
 * calibrationBins(Int32Array.of(1, 0), Float64Array.of(0.9, 0.92)); // [{ count: 2, confidence: 0.91, accuracy: 0.5 }]
 */
export function calibrationBins(
  isRight: Int32Array, confidence: ArrayLike<number>, { bins = 10 }: CalibrationOptions = {},
): ConfidenceBin[] {
  const fn = "calibrationBins";
  requireSameLength(fn, "isRight", isRight.length, "confidence", confidence.length);
  requireInteger(fn, "bins", bins, 1);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  isRight.forEach((right, i) => {
    requireInRange(fn, "confidence", confidence[i], 0, 1 + 1e-9);
    requireInteger(fn, "isRight", right, 0, 1);
    const bin = sums[Math.min(bins - 1, Math.floor(confidence[i] * bins))];
    bin.count++;
    bin.confidence += confidence[i];
    bin.right += right;
  });
  return sums.filter(({ count }) => count > 0).map(({ count, confidence: sum, right }) => (
    { count, confidence: sum / count, accuracy: right / count }));
}

/**
 * The expected calibration error: by how much confidence and accuracy differ on average, over bins of confidence.
 *
 * @throws {RangeError} As `calibrationBins`, or if there is no row.
 * @example
 * calibrationError(Int32Array.of(1, 1), Float64Array.of(1, 1)); // 0
 */
export function calibrationError(
  isRight: Int32Array, confidence: ArrayLike<number>, options: CalibrationOptions = {},
): number {
  requireInteger("calibrationError", "rows", isRight.length, 1);
  return calibrationBins(isRight, confidence, options).reduce((sum, { count, confidence: mean, accuracy }) =>
    sum + (count / isRight.length) * Math.abs(mean - accuracy), 0);
}
