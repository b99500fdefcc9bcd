import type { Tensor2D } from "@tensorflow/tfjs-node";
import { columnMoments, columnScales } from "../../data/scale";
import { throwIfInterrupted } from "../../interrupt";
import { softmaxInPlace } from "../../math/softmax";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { loadTensorflow, tidyNumbers } from "../../tensorflow";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import type { Classifier, Estimator, SerializedClassifier } from "../classifier";
import { constantClassifier } from "../constant";
import { checkQuery, checkTraining, encodeLabels, labelsOfLargest, zeros } from "../fitting";

type TensorFlow = typeof import("@tensorflow/tfjs-node");

export interface MlpClassifierOptions {
  /** Units of each hidden layer, each at least 1; [100] unless told. */
  hiddenLayers?: readonly number[];
  /** Adam's step, above 0; 0.001 unless told. */
  learningRate?: number;
  /** Rows a step, at least 1; 200 unless told. */
  batchSize?: number;
  /** Times through the rows at most, at least 1; 200 unless told. */
  maxEpochs?: number;
  /** L2 penalty of the weights, at least 0; 0.0001 unless told. */
  l2?: number;
  /** Gain of the training loss that counts as progress, at least 0; 0.0001 unless told. */
  tolerance?: number;
  /** Epochs without progress before it stops, at least 1; 10 unless told. */
  patience?: number;
  rng: Rng;
}

/** One layer's parameters. */
interface Layer {
  /** Units below and above. */
  readonly shape: readonly [number, number];
  /** Shape [below, above]. */
  readonly weights: Float32Array;
  /** Shape [above]. */
  readonly biases: Float32Array;
}

const PREDICT_ROWS = 16384;

/** A fitted multilayer perceptron, whose weights can be read. */
export interface MlpClassifier extends Classifier {
  readonly layers: readonly Layer[];
}

function fittedMlp(layers: readonly Layer[], classes: Int32Array): MlpClassifier {
  const d = layers[0].shape[0];
  const k = classes.length;
  const scores = (X: Matrix): Matrix<Float64Array> => {
    checkQuery("mlpClassifier", X, d);
    const tf = loadTensorflow();
    const n = X.shape[0];
    const result = zeros(n, k);
    const outputs = layers[layers.length - 1].shape[1];
    for (let from = 0; from < n; from += PREDICT_ROWS) {
      const rows = Math.min(PREDICT_ROWS, n - from);
      const batch = Float32Array.from(X.data.subarray(from * d, (from + rows) * d));
      const answers = tidyNumbers(tf, () => {
        const activations = forward(tf, tf.tensor2d(batch, [rows, d]), layersOnDevice(tf, layers));
        return activations[activations.length - 1].dataSync() as Float32Array;
      });
      for (let i = 0; i < rows; i++)
        for (let c = 0; c < outputs; c++) result.data[(from + i) * k + c + k - outputs] = answers[i * outputs + c];
      if (!answers.every(Number.isFinite))
        throw new RangeError("mlpClassifier: X must be small enough for scores in float32: scale the features first");
    }
    return result;
  };
  return {
    family: "mlpClassifier",
    classes,
    numFeatures: d,
    layers,
    predict: (X) => labelsOfLargest(scores(X), classes),
    predictProba: (X) => softmaxInPlace(scores(X)),
    serialize: () => ({
      family: "mlpClassifier",
      classes: [...classes],
      layers: layers.map(({ shape, weights, biases }) => ({ shape, weights: [...weights], biases: [...biases] })),
    }),
  };
}

interface DeviceLayer {
  weights: Tensor2D;
  biases: import("@tensorflow/tfjs-node").Tensor1D;
}

const layersOnDevice = (tf: TensorFlow, layers: readonly Layer[]): DeviceLayer[] =>
  layers.map(({ shape, weights, biases }) => ({
    weights: tf.tensor2d(weights, [shape[0], shape[1]]),
    biases: tf.tensor1d(biases),
  }));

/** The input and what every layer makes of it: ReLU units, the last layer's scores as they are. */
function forward(tf: TensorFlow, input: Tensor2D, layers: readonly DeviceLayer[]): Tensor2D[] {
  const activations = [input];
  layers.forEach(({ weights, biases }, l) => {
    const activation = l < layers.length - 1 ? "relu" : "linear";
    activations.push(tf.fused.matMul({ a: activations[l], b: weights, bias: biases, activation }) as Tensor2D);
  });
  return activations;
}

/** Replaces scores by probability − truth and returns the summed log loss. */
function outputErrors(scores: Float32Array, outputs: number, codes: Int32Array): number {
  let loss = 0;
  for (let i = 0; i < codes.length; i++) {
    if (outputs === 1) {
      const score = scores[i];
      const small = Math.exp(-Math.abs(score));
      scores[i] = (score >= 0 ? 1 : small) / (1 + small) - codes[i];
      loss += Math.log1p(small) + Math.max(score, 0) - codes[i] * score;
      continue;
    }
    const row = scores.subarray(i * outputs, (i + 1) * outputs);
    let largest = row[0];
    for (let c = 1; c < outputs; c++) if (row[c] > largest) largest = row[c];
    const own = row[codes[i]] - largest;
    let sum = 0;
    for (let c = 0; c < outputs; c++) sum += row[c] = Math.exp(row[c] - largest);
    for (let c = 0; c < outputs; c++) row[c] /= sum;
    row[codes[i]] -= 1;
    loss += Math.log(sum) - own;
  }
  return loss;
}

/** Gradients of one batch, summed over its rows, last layer first; and its summed log loss. */
function backward(tf: TensorFlow, batch: Float32Array, codes: Int32Array, layers: readonly Layer[]) {
  return tidyNumbers(tf, () => {
    const device = layersOnDevice(tf, layers);
    const [d] = layers[0].shape;
    const outputs = layers[layers.length - 1].shape[1];
    const activations = forward(tf, tf.tensor2d(batch, [codes.length, d]), device);
    const scores = activations[layers.length].dataSync() as Float32Array;
    const loss = outputErrors(scores, outputs, codes);
    let errors = tf.tensor2d(scores, [codes.length, outputs]);
    const gradients: { weights: Float32Array; biases: Float32Array }[] = [];
    for (let l = layers.length - 1; l >= 0; l--) {
      const weights = tf.matMul(activations[l], errors, true, false);
      gradients[l] = {
        weights: weights.dataSync() as Float32Array,
        biases: tf.sum(errors, 0).dataSync() as Float32Array,
      };
      if (l > 0) errors = tf.mul(tf.matMul(errors, device[l].weights, false, true), tf.step(activations[l]));
    }
    return { loss, gradients };
  });
}

/** Adam on one array of parameters: its next step. */
function adam(parameters: Float32Array, learningRate: number): (gradient: Float32Array) => void {
  const mean = new Float64Array(parameters.length);
  const square = new Float64Array(parameters.length);
  let step = 0;
  return (gradient) => {
    step++;
    const rate = (learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    for (let p = 0; p < parameters.length; p++) {
      const g = gradient[p];
      mean[p] = 0.9 * mean[p] + 0.1 * g;
      square[p] = 0.999 * square[p] + 0.001 * g * g;
      parameters[p] -= (rate * mean[p]) / (Math.sqrt(square[p]) + 1e-8);
    }
  };
}

function initialLayers(units: readonly number[], rng: Rng): Layer[] {
  return units.slice(1).map((above, l) => {
    const below = units[l];
    const bound = Math.sqrt(6 / (below + above));
    const draw = (): number => bound * (2 * rng.uniform() - 1);
    const weights = Float32Array.from({ length: below * above }, draw);
    return { shape: [below, above], weights, biases: Float32Array.from({ length: above }, draw) };
  });
}

/**
 * A multilayer perceptron of ReLU units, trained by Adam until the training loss stops falling.
 *
 * @throws {RangeError} If an option is out of range.
 * @see scikit-learn's `MLPClassifier`: the same start, order of rows, steps and stopping rule under the same seed; here
 * products are float32 (TensorFlow), so weights drift apart by rounding. Scale features first.
 * @example
 * const copy = pipeline(standardScaler(), mlpClassifier({ rng: seededRng(42) })).fit(X, y);
 */
export function mlpClassifier({
  hiddenLayers = [100],
  learningRate = 1e-3,
  batchSize = 200,
  maxEpochs = 200,
  l2 = 1e-4,
  tolerance = 1e-4,
  patience = 10,
  rng,
}: MlpClassifierOptions): Estimator {
  hiddenLayers.forEach((units) => requireInteger("mlpClassifier", "units of a hidden layer", units, 1));
  requirePositive("mlpClassifier", "learningRate", learningRate);
  requireInteger("mlpClassifier", "batchSize", batchSize, 1);
  requireInteger("mlpClassifier", "maxEpochs", maxEpochs, 1);
  requireInRange("mlpClassifier", "l2", l2, 0, Number.MAX_VALUE);
  requireInRange("mlpClassifier", "tolerance", tolerance, 0, Number.MAX_VALUE);
  requireInteger("mlpClassifier", "patience", patience, 1);
  return {
    family: "mlpClassifier",
    fit(X, y) {
      checkTraining("mlpClassifier", X, y);
      requireSingle(X);
      const { classes, codes } = encodeLabels(y);
      const k = classes.length;
      if (k === 1) return constantClassifier("mlpClassifier", classes[0], X.shape[1]);
      const layers = initialLayers([X.shape[1], ...hiddenLayers, k === 2 ? 1 : k], rng);
      trainLayers(layers, X, codes, { learningRate, batchSize, maxEpochs, l2, tolerance, patience, rng });
      return fittedMlp(layers, classes);
    },
  };
}

type TrainingOptions = Required<Omit<MlpClassifierOptions, "hiddenLayers">>;

/** Trains layers in place until the training loss stops falling. @throws {RangeError} If it diverges. */
function trainLayers(layers: readonly Layer[], X: Matrix, codes: Int32Array, options: TrainingOptions): void {
  const { learningRate, maxEpochs, tolerance, patience, rng } = options;
  const steps = layers.map(({ weights, biases }) => ({
    weights: adam(weights, learningRate), biases: adam(biases, learningRate),
  }));
  let lowest = Infinity;
  let idle = 0;
  let order = Int32Array.from(codes.keys());
  for (let epoch = 0; epoch < maxEpochs && idle <= patience; epoch++) {
    order = shuffled(order, rng);
    const loss = trainEpoch(layers, steps, { X, codes, order }, options);
    if (!(loss < Infinity))
      throw new RangeError(
        `mlpClassifier: diverged in epoch ${epoch + 1}, learningRate must be lower than ${learningRate}, or X scaled`,
      );
    idle = loss > lowest - tolerance ? idle + 1 : 0;
    lowest = Math.min(lowest, loss);
  }
}

/** Adam's next step on a layer's weights and on its biases. */
interface LayerStep {
  readonly weights: (gradient: Float32Array) => void;
  readonly biases: (gradient: Float32Array) => void;
}

interface OrderedRows {
  readonly X: Matrix;
  readonly codes: Int32Array;
  readonly order: Int32Array;
}

/** One pass over the rows, batch by batch; gives the mean loss with the penalty. */
function trainEpoch(
  layers: readonly Layer[], steps: readonly LayerStep[], { X, codes, order }: OrderedRows,
  { batchSize, l2 }: TrainingOptions,
): number {
  const tf = loadTensorflow();
  const n = order.length;
  let total = 0;
  for (let from = 0; from < n; from += batchSize) {
    throwIfInterrupted();
    const rows = order.subarray(from, Math.min(n, from + batchSize));
    const { batch, batchCodes } = gather(X, codes, rows);
    const penalty = layers.reduce((sum, { weights }) => sum + weights.reduce((s, w) => s + w * w, 0), 0);
    const { loss, gradients } = backward(tf, batch, batchCodes, layers);
    total += loss + (l2 / 2) * penalty;
    layers.forEach(({ weights }, l) => {
      const gradient = gradients[l];
      for (let p = 0; p < weights.length; p++)
        gradient.weights[p] = (gradient.weights[p] + l2 * weights[p]) / rows.length;
      for (let p = 0; p < gradient.biases.length; p++) gradient.biases[p] /= rows.length;
      steps[l].weights(gradient.weights);
      steps[l].biases(gradient.biases);
    });
  }
  return total / n;
}

/** A column whose deviation is below this many of float32's steps around its values has lost what it says. */
const LEAST_STEPS = 16;

const MOST_SINGLE = 3.4e38;
const LEAST_SINGLE = 1e-37;

/** Requires that rounding to float32 keeps what the columns say. */
function requireSingle(X: Matrix): void {
  const { mean, variance } = columnMoments(X);
  const scales = columnScales(X.shape[0], mean, variance);
  mean.forEach((center, j) => {
    const isConstant = !(variance[j] > 0) || scales[j] !== Math.sqrt(variance[j]);
    if (!(Math.abs(center) < MOST_SINGLE && scales[j] < MOST_SINGLE))
      throw new RangeError(`mlpClassifier: X must be in float32's range, column ${j} is not: scale them first`);
    if (!isConstant && !(scales[j] > Math.max(LEAST_SINGLE, Math.abs(center) * 2 ** -23 * LEAST_STEPS)))
      throw new RangeError(`mlpClassifier: X must vary by what float32 can hold, column ${j} does not: scale them`);
  });
}

function shuffled(order: Int32Array, rng: Rng): Int32Array {
  return rng.permutation(order.length).map((i) => order[i]);
}

function gather(X: Matrix, codes: Int32Array, rows: Int32Array): { batch: Float32Array; batchCodes: Int32Array } {
  const d = X.shape[1];
  const batch = new Float32Array(rows.length * d);
  const batchCodes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    batchCodes[i] = codes[rows[i]];
    for (let j = 0, p = i * d, q = rows[i] * d; j < d; j++) batch[p++] = X.data[q++];
  }
  return { batch, batchCodes };
}

/** Makes a multilayer perceptron again from its `serialize()`. */
export function restoreMlp(saved: SerializedClassifier): MlpClassifier {
  const { classes, layers } = saved as unknown as {
    classes: number[];
    layers: { shape: [number, number]; weights: number[]; biases: number[] }[];
  };
  return fittedMlp(
    layers.map(({ shape, weights, biases }) => ({
      shape,
      weights: Float32Array.from(weights),
      biases: Float32Array.from(biases),
    })),
    Int32Array.from(classes),
  );
}
