import type { ClassProbabilities, Estimator } from "../classifiers/classifier";
import { matrix, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInteger, requirePositive, requireProbabilities, requireSameLength } from "../validate";
import { layerShapes, type Architecture } from "./layers";
import { numClassesOf, requireClasses, requireExamples, requireFloat32Columns, type Network } from "./network";
import { initializeNetwork } from "./network-classifier";
import { trainTowards } from "./towards";

export interface NetworkEstimatorOptions {
  /** Times through the rows, at least 1. */
  epochs: number;
  /** Steps at least, for which a small table is gone through more often; 0 unless told. */
  minSteps?: number;
  /** @defaultValue 64 */
  batchSize?: number;
  /** Adam's step, above 0; 0.001 unless told. */
  learningRate?: number;
  rng: Rng;
}

/** How to make a network of one architecture. */
export interface NetworkEstimator extends Estimator {
  fit(X: Matrix, y: Int32Array): Network;
  fitProbabilities(X: Matrix, answers: ClassProbabilities): Network;
}

/**
 * A network of an architecture as a kind of model: what copies, committees and strategies fit. It learns labels or,
 * where it is told them, probabilities. Each fit begins with the same fresh weights.
 *
 * @param architecture Its last layer gives a number for each class; labels are 0 … k − 1.
 * @throws {RangeError} If an option is out of range, or the last layer does not give one number a class; in `fit`, if
 *   data don't fit the network, or a number is no probability.
 * @example
 * const estimator = networkEstimator(mlp({ numFeatures: X.shape[1], hidden: [8], numClasses: 10 }),
 *   { epochs: 2, rng: seededRng(1) });
 * estimator.fit(X, y).predict(X).length === y.length; // true
 */
export function networkEstimator(
  architecture: Architecture,
  { epochs, minSteps = 0, batchSize = 64, learningRate = 1e-3, rng }: NetworkEstimatorOptions,
): NetworkEstimator {
  const fn = "networkEstimator";
  requireInteger(fn, "epochs", epochs, 1);
  requireInteger(fn, "minSteps", minSteps, 0);
  requireInteger(fn, "batchSize", batchSize, 1);
  requirePositive(fn, "learningRate", learningRate);
  layerShapes(architecture);
  const k = numClassesOf(architecture);
  const towards = (X: Matrix, targets: Matrix): Network => {
    const [n] = X.shape;
    requireInteger(fn, "rows", n, 1);
    const positions = Array.from({ length: n }, (_, i) => i);
    const passes = Math.max(epochs, Math.ceil(minSteps / Math.ceil(n / batchSize)));
    const stages = Array.from({ length: passes }, () => ({ positions }));
    const fresh = initializeNetwork(architecture, { rng: rng.spawn(0) });
    return trainTowards(fresh, X, targets, { stages, batchSize, learningRate, rng: rng.spawn(1) }).network;
  };
  return {
    family: "network",
    fit(X, y) {
      requireExamples(fn, architecture, X, y);
      requireFloat32Columns(fn, X);
      const targets = new Float32Array(y.length * k);
      y.forEach((label, i) => (targets[i * k + label] = 1));
      return towards(X, matrix(targets, [y.length, k]));
    },
    fitProbabilities(X, { classes, probabilities }) {
      requireExamples(fn, architecture, X, null);
      requireFloat32Columns(fn, X);
      requireClasses(fn, classes, k);
      const [n, columns] = probabilities.shape;
      requireSameLength(fn, "X", X.shape[0], "probabilities", n);
      requireSameLength(fn, "classes", classes.length, "columns of probabilities", columns);
      if (new Set(classes).size < columns)
        throw new RangeError(`${fn}: classes must differ, got ${classes.join(", ")}`);
      requireProbabilities(fn, probabilities);
      const targets = new Float32Array(n * k);
      for (let i = 0; i < n; i++)
        for (let c = 0; c < columns; c++) targets[i * k + classes[c]] = probabilities.data[i * columns + c];
      return towards(X, matrix(targets, [n, k]));
    },
  };
}
