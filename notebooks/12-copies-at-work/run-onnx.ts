import type * as Onnx from "onnxruntime-common";
import type { Matrix } from "../../lib";
import type { ModuleRun } from "./run-module";

export interface OnnxRun extends ModuleRun {
  /** Microseconds a row where a thousand are asked at once. */
  readonly microsecondsTogether: number;
  /** Of all rows, in their order; absent where the file gives none. */
  readonly probabilities?: Float64Array;
}

const BATCH = 1000;

const median = (values: readonly number[]): number => values.slice().sort((a, b) => a - b)[values.length >> 1];

/**
 * Runs an ONNX file in ONNX Runtime, on one thread.
 *
 * @param rounds Rows that are timed, at most all.
 */
export async function runOnnx(file: Uint8Array, { data, shape: [n, d] }: Matrix, rounds = 2000): Promise<OnnxRun> {
  // The package has no types of its own; those are in the one that it builds on.
  const { InferenceSession, Tensor } = require("onnxruntime-node") as typeof Onnx;
  const session = await InferenceSession.create(file,
    { logSeverityLevel: 3, intraOpNumThreads: 1, interOpNumThreads: 1 });
  const ask = (from: number, to: number): ReturnType<typeof session.run> =>
    session.run({ X: new Tensor("float64", Float64Array.from(data.subarray(from * d, to * d)), [to - from, d]) });
  const labels = new Int32Array(n);
  const probabilities: number[] = [];
  const timed = async (width: number, upTo: number): Promise<number> => {
    const began = performance.now();
    for (let from = 0; from < upTo; from += width) await ask(from, Math.min(upTo, from + width));
    return (1000 * (performance.now() - began)) / upTo;
  };
  for (let from = 0; from < n; from += BATCH) {
    const answer = await ask(from, Math.min(n, from + BATCH));
    (answer.label.data as BigInt64Array).forEach((label, i) => (labels[from + i] = Number(label)));
    for (const p of (answer.probabilities?.data ?? []) as Float64Array) probabilities.push(p);
  }
  const [singly, together]: [number[], number[]] = [[], []];
  for (let k = 0; k < 5; k++) {
    singly.push(await timed(1, Math.min(n, rounds)));
    together.push(await timed(BATCH, Math.min(n, rounds)));
  }
  return { labels, microseconds: median(singly), microsecondsTogether: median(together),
    ...(probabilities.length ? { probabilities: Float64Array.from(probabilities) } : {}) };
}
