import { holdInterrupts, throwIfInterrupted } from "../../interrupt";
import { type Matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import {
  LARGEST_FLOAT32, requireFloat32, requireInRange, requireInteger, requirePositive, requireSameLength,
} from "../../validate";
import { requireLabels } from "../local/randomized-response";
import { type NoiseKind, requireNoiseKind, shorten } from "../mechanisms/whole-vectors";
import { normalGradientSums, splitBias, wholeGradientSums } from "./gradient-sums";
import { runNoiseMultiplier, type PrivateRun } from "./private-batches";
import { type PrivateLinear, privateLinearOf } from "./private-linear-model";

export interface TrainPrivateLinearOptions extends Omit<PrivateRun, "samplingRate"> {
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  /** Each record's chance to be in a step's batch, in (0, 1]; 1, the default, takes all records at every step. */
  samplingRate?: number;
  /**
   * Spend one more release, as large as a step, on the mean of the rows (longer ones shortened to 1), subtract it and
   * bring rows back to length 1: features that all rows share then no longer slow the training. Needs full
   * batches. Default false.
   */
  center?: boolean;
  /**
   * Learn a bias a class; true. Without one, all of a record's gradient goes to the weights, half of whose square the
   * bias takes from a row of length 1: for classes about equally frequent, with `center`.
   */
  bias?: boolean;
  /** Greatest length of one record's gradient. */
  clipNorm: number;
  /** Of steps along mean clipped gradients divided by clipNorm, so that both settings can be chosen apart. */
  learningRate: number;
  /** In [0, 1); 0.9. */
  momentum?: number;
  /** `discrete` for releases: full batches without `center`, a few times slower; `normal` unless said. */
  noise?: NoiseKind;
  /** Batches and noise. */
  rng: Rng;
  /** Called after each step with the number of steps done. */
  onProgress?: (step: number) => void;
}

/** The mean of rows shortened to length 1, with noise; the number of rows is public. */
function privateMean(X: Matrix, noiseMultiplier: number, rng: Rng): Float64Array {
  const [n, d] = X.shape;
  const sum = new Float64Array(d);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    row.set(rowOf(X, i));
    shorten(row);
    for (let j = 0; j < d; j++) sum[j] += row[j];
  }
  return sum.map((value) => (value + noiseMultiplier * rng.normal()) / n);
}

function requireSettings(fn: string, X: Matrix, y: Int32Array, options: TrainPrivateLinearOptions): void {
  const { numClasses, steps, samplingRate = 1, center, noise = "normal" } = options;
  const { clipNorm, learningRate, momentum = 0 } = options;
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireInteger(fn, "number of records", y.length, 1);
  requireFloat32(fn, "X", X.data);
  requireLabels(fn, "y", y, numClasses);
  requirePositive(fn, "clipNorm", clipNorm);
  requirePositive(fn, "learningRate", learningRate);
  requireInRange(fn, "momentum", momentum, 0, 1 - Number.EPSILON);
  requireInteger(fn, "steps", steps, 1);
  if (center && samplingRate < 1)
    throw new RangeError(`${fn}: center must be false with a samplingRate below 1, got ${samplingRate}`);
  requireNoiseKind(fn, noise);
  if (noise === "discrete" && (center || samplingRate < 1))
    throw new RangeError(`${fn}: noise must be normal with center or a samplingRate below 1, got discrete`);
}

/**
 * Trains a linear softmax classifier by DP-SGD: at every step each record's gradient is shortened to clipNorm, noise is
 * added to their sum, and the weights take one step with momentum. One record's gradient is (p − y)(x, 1)ᵀ, so its
 * length is ‖p − y‖ √(‖x‖² + 1), or ‖p − y‖ ‖x‖ without a bias, and no gradient is ever made for one record alone.
 * Accounted exactly: full batches as Gaussian releases, sampled ones by privacy-loss distributions. The number of
 * records is taken as public.
 *
 * Normal noise is rounded to doubles: for experiments. With discrete noise gradients are rounded to whole units no
 * longer than clipNorm, record by record, and nothing is rounded between their sum and what is released; accounted by
 * zero-concentrated privacy. Then make the features of each record by itself: in a batch, the last digit of one may
 * hang on which others there are.
 *
 * @param X Features that were made without looking at other records, shape [n, d], finite; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If a number is not finite in float32, the lengths differ, or a setting is out of range.
 * @see Abadi et al., CCS 2016, algorithm 1; Tramèr & Boneh, ICLR 2021 (arXiv 2011.11660) for the linear model on
 * scattering features. There batches are sampled; here all records at every step is the default.
 * @returns A classifier of 0 … numClasses − 1.
 * @example
 * const features = (X: Matrix) => normalizeGroups(scatteringFeatures(X, { inputScale: 1 / 255 }), { groups: 27 });
 * const model = trainPrivateLinear(features(train.X), train.y, {
 *   numClasses: 10, epsilon: 3, delta: 1e-5, steps: 20, center: true, clipNorm: 0.01, learningRate: 60,
 *   rng: seededRng(1),
 * });
 * const predicted = model.predict(features(test.X));
 */
export function trainPrivateLinear(X: Matrix, y: Int32Array, options: TrainPrivateLinearOptions): PrivateLinear {
  requireSettings("trainPrivateLinear", X, y, options);
  const { numClasses, epsilon, delta, steps, samplingRate = 1, clipNorm, learningRate, momentum = 0.9 } = options;
  const { center: centered = false, bias: withBias = true, noise = "normal", rng, onProgress } = options;
  const [n, d] = X.shape;
  const releases = steps + (centered ? 1 : 0);
  const noiseMultiplier =
    runNoiseMultiplier("trainPrivateLinear", { epsilon, delta, steps: releases, samplingRate, noise });
  const center = centered ? privateMean(X, noiseMultiplier, rng) : null;
  const records = { X, y, numClasses, center, bias: withBias };
  const gradients = noise === "normal" ? normalGradientSums(records, { clipNorm, noiseMultiplier, samplingRate, rng })
    : wholeGradientSums(records, { clipNorm, noiseMultiplier, rng });
  const weights = new Float64Array(numClasses * (d + 1));
  const velocity = new Float64Array(weights.length);
  const release = holdInterrupts();
  try {
    for (let step = 0; step < steps; step++) {
      throwIfInterrupted();
      const sum = gradients.noisy(weights);
      for (let w = 0; w < sum.length; w++) {
        if (!withBias && w % (d + 1) === d) continue;
        velocity[w] = momentum * velocity[w] + sum[w] / (samplingRate * n);
        weights[w] -= learningRate * velocity[w];
      }
      onProgress?.(step + 1);
    }
  } finally {
    release();
    gradients.dispose();
  }
  if (!weights.every((weight) => Math.abs(weight) <= LARGEST_FLOAT32))
    throw new RangeError(`trainPrivateLinear: learningRate must be smaller for weights that float32 holds, got `
      + `${learningRate}`);
  const { kernel, bias } = splitBias(weights, numClasses);
  return privateLinearOf({ weights: kernel, bias, center, epsilon, delta, noiseMultiplier });
}
