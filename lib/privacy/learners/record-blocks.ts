import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { type Matrix, rowOf } from "../../matrix";
import { loadTensorflow } from "../../tensorflow";
import { centerRow } from "./private-linear-model";

/** Rows held in one tensor. */
const BLOCK = 5000;

/** Some records as tensors. */
export interface RecordBlock {
  x: Tensor2D;
  /** √(‖x‖² + 1), the 1 for the bias, or ‖x‖ without one. */
  length: Tensor1D;
  /** One-hot. */
  y: Tensor2D;
}

/** Labelled rows, and what is done to a row before it is used. */
export interface Records {
  X: Matrix;
  y: Int32Array;
  numClasses: number;
  center: Float64Array | null;
  /** False: weights alone; true if left out. */
  bias?: boolean;
}

function recordBlock({ X, y, numClasses, center, bias = true }: Records, positions: Int32Array): RecordBlock {
  const tf = loadTensorflow();
  const d = X.shape[1];
  const size = positions.length;
  const rows = new Float32Array(size * d);
  const classes = new Float32Array(size * numClasses);
  const length = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const row = rows.subarray(i * d, (i + 1) * d);
    row.set(rowOf(X, positions[i]));
    if (center) centerRow(row, center);
    length[i] = Math.sqrt(row.reduce((sum, value) => sum + value * value, bias ? 1 : 0));
    classes[i * numClasses + y[positions[i]]] = 1;
  }
  const truth = tf.tensor2d(classes, [size, numClasses]);
  return { x: tf.tensor2d(rows, [size, d]), length: tf.tensor1d(length), y: truth };
}

/** The records at these positions, a block at a time; to be given back to `disposeBlocks`. */
export function recordBlocks(records: Records, positions: Int32Array): RecordBlock[] {
  return Array.from({ length: Math.ceil(positions.length / BLOCK) }, (_, b) =>
    recordBlock(records, positions.subarray(b * BLOCK, (b + 1) * BLOCK)));
}

/** Frees the tensors of blocks. */
export function disposeBlocks(blocks: readonly RecordBlock[]): void {
  const tf = loadTensorflow();
  for (const { x, length, y } of blocks) tf.dispose([x, length, y]);
}
