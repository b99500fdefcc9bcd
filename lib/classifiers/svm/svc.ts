import { matrix, selectRows, type Matrix, type NumericArray } from "../../matrix";
import { requireInteger, requireOneOf, requirePositive, requireSameLength } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { checkQuery, checkTraining, encodeLabels, requireSquarable } from "../fitting";
import { gramMatrix, type GramMatrix } from "./gram";
import { allowsDotProducts, aroundCenter, checkKernelOptions, resolveKernel, type Kernel } from "./kernel";
import { trainOnGram, trainOnRows, type SupportMachine } from "./libsvm";
import { TILE, type RowKernel } from "./kernel-tile";
import { rowKernel } from "./row-kernel";

export interface SvcOptions {
  /** Penalty of an error, above 0; default 1. */
  C?: number;
  /** Width of the RBF kernel, above 0; default "scale", 1 / (d · variance of X). */
  gamma?: "scale" | number;
  /** Default "rbf". */
  kernel?: "rbf" | "linear";
}

export interface SvcEstimator extends Estimator {
  fit(X: Matrix, y: Int32Array): SvcClassifier;
  /**
   * Fits on a Gram matrix, or on some of its rows, without working the kernel out again.
   *
   * @param y Labels of all rows of the Gram matrix, shape [n].
   * @param rows Positions of the rows to train on; default all.
   * @throws {RangeError} If the lengths differ, a position is out of range, or the Gram matrix has another kernel.
   */
  fitGram(gram: GramMatrix, y: Int32Array, rows?: Int32Array): SvcClassifier;
}

export interface SerializedSvc extends SerializedClassifier {
  readonly family: "svc";
  readonly kernel: Kernel;
  readonly classes: number[];
  readonly numFeatures: number;
  readonly support: number[];
  readonly supportVectors: number[];
  readonly counts: number[];
  readonly coefficients: number[];
  readonly rho: number[];
}

/**
 * Whether to work the whole kernel out first (it takes 16 n² bytes inside libsvm), or to leave it to libsvm row by row,
 * which is faster where rows are short and most kernel values are never asked for.
 */
const useGram = ([n, d]: Matrix["shape"]): boolean => n <= Math.min(4000, 100 * d);

interface Parts {
  readonly kernel: Kernel;
  readonly classes: Int32Array;
  readonly numFeatures: number;
  readonly machine: SupportMachine;
  readonly supportVectors: Matrix;
}

/** A support vector classifier: one machine for each pair of classes, which vote. */
export class SvcClassifier implements Classifier {
  readonly family = "svc";
  readonly classes: Int32Array;
  readonly numFeatures: number;
  readonly kernel: Kernel;
  /** Positions of the support vectors in the training rows, grouped by class, shape [s]. */
  readonly support: Int32Array;
  /** The support vectors, shape [s, d]. */
  readonly supportVectors: Matrix;
  private readonly machine: SupportMachine;
  private rowKernel: RowKernel | undefined;

  /** Made by `svc().fit` and `deserialize`. */
  constructor({ kernel, classes, numFeatures, machine, supportVectors }: Parts) {
    this.kernel = kernel;
    this.classes = classes;
    this.numFeatures = numFeatures;
    this.machine = machine;
    this.support = machine.support;
    this.supportVectors = supportVectors;
  }

  /** Support vectors of each class, shape [classes.length]. */
  get supportCounts(): Int32Array {
    return this.machine.counts;
  }

  /** @throws {RangeError} If a number is not finite or beyond ±1e150, or the width differs from the training rows'. */
  predict(X: Matrix): Int32Array {
    const votes = new Float64Array(this.classes.length);
    const y = new Int32Array(X.shape[0]);
    this.eachRow("predict", X, (i, pairs) => { y[i] = this.winner(pairs, votes); });
    return y;
  }

  /**
   * How strongly each class is voted for: with two classes one column, above 0 for the second; with more one a class,
   * votes plus a share below ½ from the margins, scikit-learn's `decision_function_shape="ovr"`.
   *
   * @returns Shape [n, 1] for two classes, [n, classes.length] for more.
   * @throws {RangeError} If a number is not finite or beyond ±1e150, or the width differs from the training rows'.
   */
  decisionFunction(X: Matrix): Matrix<Float64Array> {
    return this.decisions("decisionFunction", X.shape[0], (consume) => this.eachRow("decisionFunction", X, consume));
  }

  /**
   * The same as `predict`, from kernel values already worked out.
   *
   * @param cross From `crossGram`, shape [m, rows of the Gram matrix the classifier was fitted on].
   * @throws {RangeError} If the classifier was fitted on rows beyond the width of `cross`.
   */
  predictGram(cross: Matrix<Float64Array>): Int32Array {
    const votes = new Float64Array(this.classes.length);
    const y = new Int32Array(cross.shape[0]);
    this.eachGramRow("predictGram", cross, (i, pairs) => { y[i] = this.winner(pairs, votes); });
    return y;
  }

  /** The same as `decisionFunction`, from kernel values already worked out (see `predictGram`). */
  decisionFunctionGram(cross: Matrix<Float64Array>): Matrix<Float64Array> {
    const name = "decisionFunctionGram";
    return this.decisions(name, cross.shape[0], (consume) => this.eachGramRow(name, cross, consume));
  }

  serialize(): SerializedSvc {
    const { counts, coefficients, rho } = this.machine;
    return {
      family: this.family, kernel: this.kernel, classes: [...this.classes], numFeatures: this.numFeatures,
      support: [...this.support], supportVectors: Array.from(this.supportVectors.data), counts: [...counts],
      coefficients: [...coefficients], rho: [...rho],
    };
  }

  private eachRow(name: string, X: Matrix, consume: (i: number, pairs: Float64Array) => void): void {
    checkQuery(name, X, this.numFeatures);
    const rows = (this.rowKernel ??= rowKernel(aroundCenter(this.supportVectors, this.kernel), this.kernel));
    const centered = aroundCenter(X, this.kernel);
    requireSquarable(name, centered);
    const tile = new Float64Array(TILE * rows.width);
    const pairs = new Float64Array(this.machine.rho.length);
    for (let start = 0; start < X.shape[0]; start += TILE) {
      const end = Math.min(start + TILE, X.shape[0]);
      rows.fill(centered, start, end, tile);
      for (let i = start; i < end; i++) {
        this.pairwise(tile, (i - start) * rows.width, pairs);
        consume(i, pairs);
      }
    }
  }

  private eachGramRow(
    name: string, { data, shape: [m, n] }: Matrix<Float64Array>, consume: (i: number, pairs: Float64Array) => void,
  ): void {
    const { support } = this;
    const last = support.reduce((a, b) => Math.max(a, b), -1);
    if (last >= n) throw new RangeError(`${name}: cross needs at least ${last + 1} columns, got ${n}`);
    const kernel = new Float64Array(support.length);
    const pairs = new Float64Array(this.machine.rho.length);
    for (let i = 0; i < m; i++) {
      for (let s = 0; s < support.length; s++) kernel[s] = data[i * n + support[s]];
      this.pairwise(kernel, 0, pairs);
      for (let p = 0; p < pairs.length; p++)
        if (!Number.isFinite(pairs[p])) throw new RangeError(`${name}: cross must be finite, row ${i} is not`);
      consume(i, pairs);
    }
  }

  /**
   * Works out the decision values of the pairs (0, 1), (0, 2) …, each above 0 for its first class.
   *
   * @param kernel One row's kernel with the support vectors, from position `at` on.
   */
  private pairwise(kernel: Float64Array, at: number, pairs: Float64Array): void {
    const { counts, coefficients, rho, support: { length: total } } = this.machine;
    const k = counts.length;
    for (let p = 0; p < pairs.length; p++) pairs[p] = -rho[p];
    for (let c = 0, start = 0; c < k; start += counts[c++]) {
      const end = start + counts[c];
      for (let r = 0; r < k - 1; r++) {
        const other = r < c ? r : r + 1;
        const low = Math.min(c, other);
        const offset = r * total;
        let sum = 0;
        for (let s = start; s < end; s++) sum += coefficients[offset + s] * kernel[at + s];
        pairs[low * k - (low * (low + 1)) / 2 + Math.abs(other - c) - 1] += sum;
      }
    }
  }

  private winner(pairs: Float64Array, votes: Float64Array): number {
    const k = votes.length;
    votes.fill(0);
    for (let i = 0, p = 0; i < k; i++) for (let j = i + 1; j < k; j++) votes[pairs[p++] > 0 ? i : j]++;
    let best = 0;
    for (let c = 1; c < k; c++) if (votes[c] > votes[best]) best = c;
    return this.classes[best];
  }

  private decisions(
    name: string, n: number, each: (consume: (i: number, pairs: Float64Array) => void) => void,
  ): Matrix<Float64Array> {
    const k = this.classes.length;
    if (k === 1) throw new RangeError(`${name}: a classifier of one class has no decision function`);
    const width = k === 2 ? 1 : k;
    const data = new Float64Array(n * width);
    const confidence = new Float64Array(k);
    each((row, pairs) => {
      if (k === 2) { data[row] = -pairs[0]; return; }
      const at = row * k;
      confidence.fill(0);
      for (let i = 0, p = 0; i < k; i++)
        for (let j = i + 1; j < k; j++, p++) {
          confidence[i] += pairs[p];
          confidence[j] -= pairs[p];
          data[at + (pairs[p] < 0 ? j : i)]++;
        }
      for (let c = 0; c < k; c++) data[at + c] += confidence[c] / (3 * (Math.abs(confidence[c]) + 1));
    });
    return matrix(data, [n, width]);
  }
}

const NO_MACHINE = { coefficients: new Float64Array(0), rho: new Float64Array(0), support: new Int32Array(0) };

/** A set to train on: rows of X, given as such or by their kernel. */
interface TrainingSet {
  readonly X: Matrix;
  readonly y: Int32Array;
  /** Positions of the rows to train on. */
  readonly rows: Int32Array;
  readonly kernel: Kernel;
  readonly gram?: GramMatrix;
}

function train({ X, y, rows, kernel, gram }: TrainingSet, C: number): SvcClassifier {
  const sorted = rows.slice().sort((a, b) => y[a] - y[b] || a - b);
  const { classes, codes } = encodeLabels(sorted.map((i) => y[i]));
  const found = classes.length === 1
    ? { ...NO_MACHINE, counts: new Int32Array(1) }
    : gram
      ? trainOnGram(gram.K, { rows: sorted, codes }, C)
      : trainOnRows(aroundCenter(X, kernel), { rows: sorted, codes }, kernel, C);
  const machine = { ...found, support: found.support.map((i) => sorted[i]) };
  const supportVectors = selectRows(X as Matrix<NumericArray>, machine.support);
  return new SvcClassifier({ kernel, classes, numFeatures: X.shape[1], machine, supportVectors });
}

/**
 * Support vector classification by libsvm, equal to scikit-learn's `SVC`: training rows are put in the order of their
 * class, and for up to 4,000 long rows the kernel is worked out beforehand in float64. Labels of one class only give a
 * classifier that always answers it (scikit-learn refuses them).
 *
 * @throws {RangeError} If `C` or `gamma` is not above 0, or the kernel is unknown.
 * @see Chang & Lin, LIBSVM: A Library for Support Vector Machines, ACM TIST 2(3), 2011.
 * @example
 * const X = fromRows([[0, 0], [0, 1], [4, 4], [4, 5]]);
 * svc({ C: 10 }).fit(X, Int32Array.of(0, 0, 1, 1)).predict(fromRows([[1, 1], [3, 4]])); // Int32Array [0, 1]
 */
export function svc({ C = 1, gamma = "scale", kernel = "rbf" }: SvcOptions = {}): SvcEstimator {
  requirePositive("svc", "C", C);
  checkKernelOptions("svc", { kernel, gamma });
  return {
    family: "svc",
    fit(X, y) {
      checkTraining("svc.fit", X, y);
      const rows = Int32Array.from({ length: y.length }, (_, i) => i);
      if (useGram(X.shape)) {
        const gram = gramMatrix(X, { kernel, gamma });
        return train({ X, y, rows, kernel: gram.kernel, gram }, C);
      }
      const resolved = resolveKernel("svc", X, { kernel, gamma });
      const allowsLibsvm = allowsDotProducts(aroundCenter(X, resolved), resolved);
      const gram = allowsLibsvm ? undefined : gramMatrix(X, { kernel, gamma });
      return train({ X, y, rows, kernel: resolved, gram }, C);
    },
    fitGram(gram, y, rows = Int32Array.from({ length: y.length }, (_, i) => i)) {
      requireSameLength("svc.fitGram", "gram", gram.K.shape[0], "y", y.length);
      requireInteger("svc.fitGram", "number of rows", rows.length, 1);
      for (const i of rows) requireInteger("svc.fitGram", "position in rows", i, 0, y.length - 1);
      requireOneOf("svc.fitGram", "kernel of gram", gram.kernel.type, [kernel]);
      if (gamma !== "scale" && gram.kernel.type === "rbf" && gram.kernel.gamma !== gamma)
        throw new RangeError(`svc.fitGram: gamma of gram must be ${gamma}, got ${gram.kernel.gamma}`);
      return train({ X: gram.X, y, rows, kernel: gram.kernel, gram }, C);
    },
  };
}

/** Makes the classifier again that `SvcClassifier.serialize` wrote down. */
export function restoreSvc(saved: SerializedClassifier): SvcClassifier {
  const { kernel, classes, numFeatures, support, supportVectors, counts, coefficients, rho } = saved as SerializedSvc;
  return new SvcClassifier({
    kernel, numFeatures, classes: Int32Array.from(classes),
    machine: {
      support: Int32Array.from(support), counts: Int32Array.from(counts),
      coefficients: Float64Array.from(coefficients), rho: Float64Array.from(rho),
    },
    supportVectors: matrix(Float64Array.from(supportVectors), [support.length, numFeatures]),
  });
}
