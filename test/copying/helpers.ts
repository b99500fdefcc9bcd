import { blackBox, type BlackBox, type Classifier, type Estimator, type Matrix, type NumericRange } from "../../lib";

/** Labels rows by a rule; counts nothing itself. */
export const ruled =
  (rule: (row: number[]) => number) =>
  (X: Matrix): Int32Array =>
    Int32Array.from({ length: X.shape[0] }, (_, i) =>
      rule(Array.from(X.data.subarray(i * X.shape[1], (i + 1) * X.shape[1]))),
    );

export const ruledBox = (rule: (row: number[]) => number, numFeatures: number, budget = Infinity): BlackBox =>
  blackBox(ruled(rule), { numFeatures, budget });

export const box01 = (d: number): NumericRange[] =>
  Array.from({ length: d }, () => ({ kind: "numeric", min: 0, max: 1, mean: 0.5, deviation: 0.2 }));

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

/** The nearest point's label: the smallest family there is, so that these tests hang on no other folder. */
export const nearest: Estimator = {
  family: "nearest",
  fit(X, y): Classifier {
    const rows = Array.from({ length: X.shape[0] }, (_, i) => X.data.slice(i * X.shape[1], (i + 1) * X.shape[1]));
    return {
      family: "nearest",
      classes: Int32Array.from(new Set(y)).sort(),
      numFeatures: X.shape[1],
      predict: ruled((row) => {
        let best = 0;
        rows.forEach((other, i) => {
          if (squaredDistance(row, other) < squaredDistance(row, rows[best])) best = i;
        });
        return y[best];
      }),
      serialize: () => ({ family: "nearest" }),
    };
  },
};
