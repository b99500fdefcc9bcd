import type * as Onnx from "onnxruntime-common";
import { exportOnnx, type Classifier, type Matrix } from "../../../lib";

// The package has no types of its own; those are in the one that it builds on.
 
const { InferenceSession, Tensor } = require("onnxruntime-node") as typeof Onnx;

export interface Answers {
  labels: number[];
  probabilities: ArrayLike<number> | undefined;
}

const BATCH = 1000;

/** What ONNX Runtime makes of the file, a batch of rows at a time. */
export async function answersOf(classifier: Classifier, X: Matrix): Promise<Answers> {
  const session = await InferenceSession.create(exportOnnx(classifier), { logSeverityLevel: 3 });
  const [n, d] = X.shape;
  const labels: number[] = [];
  const probabilities: number[] = [];
  for (let from = 0; from < n; from += BATCH) {
    const rows = Math.min(BATCH, n - from);
    const values = Float64Array.from(X.data.subarray(from * d, (from + rows) * d));
    const answer = await session.run({ X: new Tensor("float64", values, [rows, d]) });
    for (const label of answer.label.data as BigInt64Array) labels.push(Number(label));
    for (const p of (answer.probabilities?.data ?? []) as Float64Array) probabilities.push(p);
  }
  return { labels, probabilities: session.outputNames.includes("probabilities") ? probabilities : undefined };
}
