import { type Classifier, type Matrix, exportModule, exportOnnx } from "../../lib";
import { runModule } from "./run-module";
import { runOnnx } from "./run-onnx";

/** One model as two files. */
export type ComparedFiles = {
  readonly "JS kB": number;
  readonly "ONNX kB": number;
  readonly "JS µs": number;
  readonly "ONNX µs": number;
  /** Microseconds a row where a thousand are asked at once. */
  readonly "ONNX µs of 1,000": number;
  readonly "JS unequal": number;
  readonly "ONNX unequal": number;
  /** Largest difference of a probability; absent where the model gives none. */
  readonly "ONNX gap"?: number;
};

/** Writes a model as JavaScript and as ONNX, runs both on the same rows, and compares what they say with the model. */
export async function compareFiles(model: Classifier, X: Matrix): Promise<ComparedFiles> {
  const { code, bytes } = exportModule(model);
  const file = exportOnnx(model);
  const [js, onnx] = [runModule(code, X), await runOnnx(file, X)];
  const own = model.predict(X);
  const unequal = (said: Int32Array): number => own.filter((label, i) => label !== said[i]).length;
  const { probabilities } = onnx;
  return {
    "JS kB": bytes / 1000, "ONNX kB": file.length / 1000, "JS µs": js.microseconds, "ONNX µs": onnx.microseconds,
    "ONNX µs of 1,000": onnx.microsecondsTogether, "JS unequal": unequal(js.labels),
    "ONNX unequal": unequal(onnx.labels),
    ...(probabilities && { "ONNX gap": model.predictProba!(X).data.reduce((most, chance, i) =>
      Math.max(most, Math.abs(chance - probabilities[i])), 0) }),
  };
}
