import { throwIfInterrupted } from "../../interrupt";
import { matrix, selectLabels, selectRows, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { layer, type Architecture } from "../../training/layers";
import { requireExamples } from "../../training/network";
import { adam } from "../../training/optimizers";
import { trainNetworkSync } from "../../training/train";
import { requireInteger, requirePositive } from "../../validate";

export interface CrossFitOptions {
  numClasses: number;
  /** Rows whose labels may be learned from; all if left out. */
  learn?: ArrayLike<number>;
  /** @defaultValue 3 */
  folds?: number;
  /** @defaultValue 4 */
  epochs?: number;
  /** @defaultValue 6e-3 */
  learningRate?: number;
  rng: Rng;
}

/** A linear layer on features brought to one scale. */
export const linearHead = (numFeatures: number, numClasses: number): Architecture => ({
  inputShape: [numFeatures],
  inputScale: 1,
  layers: [layer.batchNorm({ momentum: 0.9 }), layer.dense(numClasses)],
});

/**
 * What linear models on features say to rows they were not shown: each fold is answered by a model of the others. So
 * no answer can come from remembering a row's own label.
 *
 * @param features Shape [n, d]. @param y Labels, wrong ones included, shape [n].
 * @returns Probabilities, shape [n, numClasses].
 * @throws {RangeError} If sizes differ, a feature is not finite, a label is no class, or there are more folds than rows
 * to learn from.
 * @see Northcutt, Jiang & Chuang, JAIR 70, 2021, §3: out-of-sample probabilities.
 * @example
 * const said = crossFittedProbabilities(X, y, { numClasses: 10, rng: seededRng(1) });
 */
export function crossFittedProbabilities(
  features: Matrix,
  y: Int32Array,
  options: CrossFitOptions,
): Matrix<Float64Array> {
  const { numClasses, learn, folds = 3, epochs = 4, learningRate = 6e-3, rng } = options;
  const [n, d] = features.shape;
  requireExamples("crossFittedProbabilities", linearHead(d, numClasses), features, y);
  const rows = learn ? Int32Array.from(learn) : Int32Array.from({ length: n }, (_, i) => i);
  requireInteger("crossFittedProbabilities", "folds", folds, 2, Math.max(2, rows.length));
  requirePositive("crossFittedProbabilities", "learningRate", learningRate);
  const fold = new Int32Array(n);
  rng.spawn(0).permutation(n).forEach((i, k) => (fold[i] = k % folds));
  const said = new Float64Array(n * numClasses);
  for (let f = 0; f < folds; f++) {
    throwIfInterrupted();
    const shown = rows.filter((i) => fold[i] !== f);
    const asked = Int32Array.from(fold.keys()).filter((i) => fold[i] === f);
    const { network } = trainNetworkSync(linearHead(d, numClasses), selectRows(features, shown), selectLabels(y, shown),
      { epochs, optimizer: adam({ learningRate }), keep: "last", rng: rng.spawn(f + 1) });
    const { data } = network.predictProba(selectRows(features, asked));
    asked.forEach((i, k) => said.set(data.subarray(k * numClasses, (k + 1) * numClasses), i * numClasses));
  }
  return matrix(said, [n, numClasses]);
}
