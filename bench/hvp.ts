// One gradient and one exact Hessian-vector product of the whole CIFAR-10 network: 32 filters, 64 images, inference
// mode.
import { lossDerivatives } from "../lib";
import { serve } from "./harness";
import { sineNetwork } from "./sine-network";

const FILTERS = 32;
const N = 64;

const { network, X, y } = sineNetwork(FILTERS, N);
const derivatives = lossDerivatives(network, X, y, { cacheBytes: 0 });
const v = Float64Array.from({ length: derivatives.size }, (_, i) => Math.cos(i));

/** Length of a vector to three digits: what float32 on two sides can be held to. */
const length = (values: Float64Array): number =>
  Number(Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)).toPrecision(3));

void serve([
  { name: "hvp-gradient", run: () => length(derivatives.gradient()) },
  { name: "hvp", run: () => length(derivatives.hessianVectorProduct(v)) },
]);
