// One gradient and one exact Hessian-vector product of the whole CIFAR-10 network: 32 filters, 64 images, inference
// mode.
import { lossDerivatives, matrix, networkOf, parameterSpecs, vggLike } from "../lib";
import { serve } from "./harness";

const FILTERS = 32;
const N = 64;

const architecture = vggLike({ filters: FILTERS, inputScale: 1 });
const weights = parameterSpecs(architecture).map(({ name, size, shape }) => {
  if (name.endsWith("gamma") || name.endsWith("movingVariance")) return new Float32Array(size).fill(1);
  if (!name.endsWith("kernel")) return new Float32Array(size);
  const limit = Math.sqrt(6 / (size / shape[shape.length - 1]));
  return Float32Array.from({ length: size }, (_, i) => limit * Math.sin(i * i));
});
const X = matrix(
  Float32Array.from({ length: N * 3072 }, (_, i) => 0.5 + 0.5 * Math.sin(0.7 * i)),
  [N, 3072],
);
const y = Int32Array.from({ length: N }, (_, i) => i % 10);
const derivatives = lossDerivatives(networkOf(architecture, weights), X, y, { cacheBytes: 0 });
const v = Float64Array.from({ length: derivatives.size }, (_, i) => Math.cos(i));

/** Length of a vector to three digits: what float32 on two sides can be held to. */
const length = (values: Float64Array): number =>
  Number(Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)).toPrecision(3));

void serve([
  { name: "hvp-gradient", run: () => length(derivatives.gradient()) },
  { name: "hvp", run: () => length(derivatives.hessianVectorProduct(v)) },
]);
