import type { Matrix } from "../../matrix";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../../validate";
import type { Classifier, SerializedClassifier } from "../classifier";
import { confidences } from "./calibrated";

export interface RejectingOptions {
  /** Rows of less confidence get no label, in [0, 1]. */
  atLeast: number;
  /** What `predict` says instead, an integer that is no class; −1 unless told. */
  rejected?: number;
}

/**
 * A classifier that says nothing where it is not sure: rows whose most likely class is below `atLeast` get the label
 * `rejected`, for a person or a larger model to decide.
 *
 * @throws {RangeError} If `atLeast` is not in [0, 1], `rejected` is a class, or the classifier has no probabilities.
 * @see Chow, IEEE Transactions on Information Theory 16, 1970.
 * @example
 * const careful = rejecting(decisionTree().fit(train.X, train.y), { atLeast: 0.9 });
 */
export function rejecting(classifier: Classifier, { atLeast, rejected = -1 }: RejectingOptions): Classifier {
  requireInRange("rejecting", "atLeast", atLeast, 0, 1);
  requireInteger("rejecting", "rejected", rejected, -(2 ** 31), 2 ** 31 - 1);
  if (classifier.classes.includes(rejected))
    throw new RangeError(`rejecting: rejected must be no class, got ${rejected}`);
  if (!classifier.predictProba)
    throw new RangeError(`rejecting: classifier must give probabilities, ${classifier.family} does not`);
  const probabilities = classifier.predictProba.bind(classifier);
  return {
    family: `rejecting(${classifier.family})`,
    classes: classifier.classes,
    numFeatures: classifier.numFeatures,
    predict(X: Matrix) {
      const sure = confidences(probabilities(X));
      return classifier.predict(X).map((label, i) => (sure[i] < atLeast ? rejected : label));
    },
    predictProba: probabilities,
    serialize: () => ({ family: "rejecting", atLeast, rejected, classifier: classifier.serialize() }),
  };
}

/** Makes a rejecting classifier again from its `serialize()`; `restore` makes the one inside. */
export function restoreRejecting(
  saved: SerializedClassifier, restore: (saved: SerializedClassifier) => Classifier,
): Classifier {
  const { classifier, ...options } = saved as unknown as RejectingOptions & { classifier: SerializedClassifier };
  return rejecting(restore(classifier), options);
}

/** What remains where the least sure rows are rejected. */
export interface RejectionPoint {
  /** Rows of at least this confidence are answered. */
  readonly atLeast: number;
  /** Share of the rows that are answered, in (0, 1]. */
  readonly coverage: number;
  /** Share of right labels among them. */
  readonly accuracy: number;
}

/**
 * Accuracy among the surest rows, for each share of them; rows of equal confidence are answered together.
 *
 * @param isRight 1 where the label is right, 0 where not, shape [n]. @param confidence Shape [n].
 * @returns From few rows to all, one point for each confidence that occurs.
 * @throws {RangeError} If the lengths differ or are 0, `isRight` is neither 0 nor 1, or a confidence is not finite.
 * @example
 * rejectionCurve(Int32Array.of(1, 0), Float64Array.of(0.9, 0.6)).map(({ accuracy }) => accuracy); // [1, 0.5]
 */
export function rejectionCurve(isRight: Int32Array, confidence: ArrayLike<number>): RejectionPoint[] {
  requireSameLength("rejectionCurve", "isRight", isRight.length, "confidence", confidence.length);
  requireInteger("rejectionCurve", "rows", isRight.length, 1);
  requireFinite("rejectionCurve", "confidence", confidence);
  const order = Int32Array.from(isRight.keys()).sort((a, b) => confidence[b] - confidence[a]);
  const points: RejectionPoint[] = [];
  let right = 0;
  order.forEach((i, place) => {
    requireInteger("rejectionCurve", "isRight", isRight[i], 0, 1);
    right += isRight[i];
    const isLast = place + 1 === order.length || confidence[order[place + 1]] < confidence[i];
    if (!isLast) return;
    points.push({ atLeast: confidence[i], coverage: (place + 1) / order.length, accuracy: right / (place + 1) });
  });
  return points;
}
