import type { Tensor2D } from "@tensorflow/tfjs-node";
import { matrix, type Matrix } from "../../matrix";
import type { Network } from "../../training/network";
import { runtimeOf } from "../../training/runtime";
import type { LabeledExamples } from "../memorization";
import { blockGradients, visitRecords } from "./example-gradients";

/** Rows as one tensor, which its maker frees. */
export function tensorOfRows(rows: readonly Float32Array[]): Tensor2D {
  const width = rows[0].length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, k) => data.set(row, k * width));
  return runtimeOf().tf.tensor2d(data, [rows.length, width]);
}

/**
 * How much a step on each training example's loss moves each query's output, were the step against the direction given
 * for that query: minus the products of directions and gradients.
 *
 * @param directions One a query, shape [queries][weights]. @returns Shape [queries, n].
 */
export function alongGradients(
  fn: string,
  network: Network,
  train: LabeledExamples,
  directions: readonly Float32Array[],
): Matrix<Float64Array> {
  const [m, n] = [directions.length, train.y.length];
  const scores = new Float64Array(m * n);
  const towards = tensorOfRows(directions);
  try {
    visitRecords(fn, network, train, "loss", (runtime, records, from) => {
      const { tf } = runtime;
      const count = records[0].inputs.shape[0];
      const gradients = tf.concat(records.map((one) => blockGradients(runtime, one).reshape([count, -1])), 1);
      const products = tf.matMul(towards, gradients as Tensor2D, false, true).dataSync();
      for (let q = 0; q < m; q++)
        for (let k = 0; k < count; k++) scores[q * n + from + k] = -products[q * count + k];
    });
  } finally {
    towards.dispose();
  }
  return finiteScores(fn, matrix(scores, [m, n]));
}

/** The same scores. @throws {RangeError} If float32 could not hold one of them. */
export function finiteScores(fn: string, scores: Matrix<Float64Array>): Matrix<Float64Array> {
  if (!scores.data.every(Number.isFinite))
    throw new RangeError(`${fn}: scores are too large for float32: take more damping, or scale the inputs`);
  return scores;
}

/** Mean of matrices of one shape. */
export function meanOf(matrices: readonly Matrix<Float64Array>[]): Matrix<Float64Array> {
  const sum = new Float64Array(matrices[0].data.length);
  for (const { data } of matrices) for (let j = 0; j < sum.length; j++) sum[j] += data[j] / matrices.length;
  return matrix(sum, matrices[0].shape);
}
