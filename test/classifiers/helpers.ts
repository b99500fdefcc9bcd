import { fromRows, type Classifier, type Estimator, type Matrix } from "../../lib";

/** Labels written as digits. */
export const labels = (digits: string): Int32Array => Int32Array.from(digits, Number);

/** Share of positions where two label arrays agree. */
export const agreement = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).filter((label, i) => label === b[i]).length / a.length;

/** Three well separated clouds in the plane, 4 rows each, labelled −1, 2 and 7. */
export const clouds = {
  X: fromRows([
    [0, 0], [0, 1], [1, 0], [1, 1],
    [10, 0], [10, 1], [11, 0], [11, 1],
    [0, 10], [0, 11], [1, 10], [1, 11],
  ]),
  y: Int32Array.of(-1, -1, -1, -1, 2, 2, 2, 2, 7, 7, 7, 7),
  queries: fromRows([[0.4, 0.4], [10.6, 0.2], [0.3, 10.9]]),
  answers: Int32Array.of(-1, 2, 7),
};

/** Fits and answers in one go. */
export const fitPredict = (estimator: Estimator, X: Matrix, y: Int32Array, queries: Matrix): Int32Array =>
  estimator.fit(X, y).predict(queries);

/** A classifier after a trip through a JSON text. */
export const throughJson = (classifier: Classifier): ReturnType<Classifier["serialize"]> =>
  JSON.parse(JSON.stringify(classifier.serialize()));
