import type { Tensor } from "@tensorflow/tfjs-node";
import { loadTensorflow } from "../tensorflow";
import type { ParameterSpec } from "./layers";
import { nativeParameters } from "./native-parameters";
import { nativeOps } from "./ops/native";
import { nativeBackend } from "./ops/native-backend";
import type { Engine } from "./ops/ops";
import { plainOps } from "./ops/plain";
import type { Optimizer } from "./optimizers";
import type { ParameterStore, ParameterValues } from "./parameters";
import { plainParameters } from "./plain-parameters";

/** Which operations to run on: TensorFlow's own kernels where they are ("native"), or plain tfjs ("plain"). */
export type Kernels = "native" | "plain";

/** The backend, and what runs on it. @internal */
export interface Runtime extends Engine {
  parameters(specs: readonly ParameterSpec[], values: ParameterValues, optimizer: Optimizer): ParameterStore;
  tensors(specs: readonly ParameterSpec[], weights: readonly Float32Array[]): Tensor[];
}

const runtimes = new Map<string, Runtime>();

/** The operations of the backend in use; plain tfjs if it has no native ones. @internal */
export function runtimeOf(kernels: Kernels = "native"): Runtime {
  const tf = loadTensorflow();
  const backend = kernels === "native" ? nativeBackend(tf) : null;
  const key = `${tf.getBackend()}/${backend ? "native" : "plain"}`;
  const known = runtimes.get(key);
  if (known) return known;
  const runtime: Runtime = {
    tf,
    ops: backend ? nativeOps(tf, backend) : plainOps(tf),
    parameters: (specs, values, optimizer) =>
      backend ? nativeParameters(tf, backend, specs, values, optimizer) : plainParameters(tf, specs, values, optimizer),
    tensors: (specs, weights) => specs.map((spec, i) => tf.tensor(weights[i], [...spec.shape], "float32")),
  };
  runtimes.set(key, runtime);
  return runtime;
}
