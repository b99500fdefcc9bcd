import type * as tfjs from "@tensorflow/tfjs-node";
import { availableParallelism } from "node:os";
import * as util from "node:util";
import { requireInteger, requireOneOf } from "./validate";

/**
 * All of TensorFlow. Internal, as is whatever else names its types: they take a cell a second to read.
 *
 * @internal
 */
export type Tensorflow = typeof tfjs;

let loaded: Tensorflow | null = null;

/** Node 23 removed two functions that tfjs-node 4.22 still calls. */
function restoreUtil(): void {
  const module = util as unknown as Record<string, unknown>;
  const target = require("node:util") as Record<string, unknown>;
  if (!module.isNullOrUndefined) target.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  if (!module.isArray) target.isArray = Array.isArray;
}

/**
 * Threads that share the work of one operation, whatever the machine has, unless the environment says another number:
 * sums are cut into as many parts, and their rounding follows the parts. On fewer cores they take turns.
 */
const THREADS = 2;

/** Whether somebody has loaded it already, danfojs for one; where it is not installed, nobody has. */
function isLoaded(): boolean {
  try {
    return require.resolve("@tensorflow/tfjs-node") in require.cache;
  } catch {
    return false;
  }
}

// TensorFlow reads it once, when it is first loaded, be it by danfojs: so it is set when the library is.
process.env.TF_NUM_INTRAOP_THREADS ||= String(isLoaded() ? availableParallelism() : THREADS);

/**
 * How many threads share the work of one operation: part of what a trained network depends on.
 *
 * @throws {RangeError} If the environment's `TF_NUM_INTRAOP_THREADS` is not a number of threads.
 */
export function tensorflowThreads(): number {
  const threads = Number(process.env.TF_NUM_INTRAOP_THREADS);
  requireInteger("tensorflowThreads", "TF_NUM_INTRAOP_THREADS", threads, 1);
  return threads;
}

/**
 * TensorFlow, loaded on first use: it takes a second, and most of the library does without.
 *
 * @throws {Error} If it is not installed, or its native library is missing; it says how both are had.
 * @internal
 */
export function loadTensorflow(): Tensorflow {
  if (loaded) return loaded;
  restoreUtil();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  try {
    tensorflowThreads();
    loaded = require("@tensorflow/tfjs-node") as Tensorflow;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const [why] = (error as Error).message.split("\n");
    throw new Error("networks and matrix products need TensorFlow, which could not be loaded: in a clone of the "
      + "project `npm run setup` brings it, elsewhere "
      + `\`npm install @tensorflow/tfjs-node@4.22.0 --ignore-scripts=false\` (${why})`, { cause: error });
  }
  return loaded;
}

export type MatrixPrecision = "float32" | "bfloat16";

/**
 * Chooses how exact float32 matrix products and convolutions are, for the whole process, before its first tensor.
 * `bfloat16` rounds the factors to 8 bits of mantissa on CPUs that can: faster, and not for exactness checks.
 *
 * @throws {Error} If TensorFlow already runs.
 */
export function setMatrixPrecision(precision: MatrixPrecision): void {
  requireOneOf("setMatrixPrecision", "precision", precision, ["float32", "bfloat16"]);
  if (loaded) throw new Error("setMatrixPrecision: must be called before the first network runs in this process");
  if (precision === "bfloat16") process.env.ONEDNN_DEFAULT_FPMATH_MODE = "BF16";
  else delete process.env.ONEDNN_DEFAULT_FPMATH_MODE;
}

/** The precision that matrix products run in. */
export function matrixPrecision(): MatrixPrecision {
  return process.env.ONEDNN_DEFAULT_FPMATH_MODE === "BF16" ? "bfloat16" : "float32";
}

/** `tf.tidy` for a result whose type is an interface: frees what `work` made, except the tensors in its result. */
export function tidy<T extends object>(tf: Tensorflow, work: () => T): T {
  return tf.tidy(work as () => never);
}

/**
 * `tf.tidy` for a result without tensors: frees all that `work` made. `tf.tidy` itself would look through every number
 * of the result for tensors.
 *
 * @internal
 */
export function tidyNumbers<T>(tf: Tensorflow, work: () => T): T {
  let result: T | undefined;
  tf.tidy(() => {
    result = work();
  });
  return result as T;
}
