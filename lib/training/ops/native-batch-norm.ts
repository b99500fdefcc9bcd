import type { Tensor } from "@tensorflow/tfjs-node";
import { trialImage, type Attribute, type NativeEngine } from "./native-backend";
import type { BatchNormOps } from "./ops";

/** A fused batch norm and its gradient. Both of one family: each reads what the other saved. */
interface FusedBatchNorm {
  /** [y, moving mean, moving variance, …what its gradient needs]. */
  forward(inputs: Tensor[], epsilon: number, training: boolean, momentum: number): Tensor[];
  /** [dx, dgamma, dbeta]. */
  backward(inputs: Tensor[], epsilon: number, training: boolean): Tensor[];
}

function fusedBatchNorm(
  { attr, layout, several }: NativeEngine,
  family: "" | "_MklNative",
  extra: readonly Attribute[],
): FusedBatchNorm {
  const normalizing = (epsilon: number, training: boolean): Attribute[] => [
    ...attr.floats("T", "U"),
    layout,
    attr.float("epsilon", epsilon),
    attr.bool("is_training", training),
  ];
  return {
    forward(inputs, epsilon, training, momentum) {
      const averaging = attr.float("exponential_avg_factor", 1 - momentum);
      return several(`${family}FusedBatchNormV3`, [...normalizing(epsilon, training), averaging, ...extra], inputs, 6);
    },
    backward: (inputs, epsilon, training) =>
      several(`${family}FusedBatchNormGradV3`, [...normalizing(epsilon, training), ...extra], inputs, 5),
  };
}

/** The faster of the two families that run here. */
function fastestBatchNorm(engine: NativeEngine): FusedBatchNorm {
  const { tf, oneDnn, runs } = engine;
  const fast = fusedBatchNorm(engine, "_MklNative", [oneDnn]);
  const hasOneDnn = runs(() => {
    const x = trialImage(tf);
    const [gamma, beta, mean, variance] = [1, 0, 0, 1].map((value) => tf.fill([2], value));
    const [, , , ...saved] = fast.forward([x, gamma, beta, mean, variance], 1e-3, true, 0.9);
    fast.backward([x, x, gamma, ...saved], 1e-3, true);
  });
  return hasOneDnn ? fast : fusedBatchNorm(engine, "", []);
}

/** Fused batch norm wants images: features become pixels of a 1 × 1 image. */
const asImage = (x: Tensor): Tensor => (x.rank === 4 ? x : x.reshape([x.shape[0], 1, 1, x.shape[1] ?? 1]));
const shapedLike = (y: Tensor, x: Tensor): Tensor => (x.rank === 4 ? y : y.reshape(x.shape));

/** Batch norms on the fastest kernels that run here. */
export function nativeBatchNorms(engine: NativeEngine): BatchNormOps {
  const fused = fastestBatchNorm(engine);
  return {
    batchNormTraining(x, { gamma, beta, mean, variance }, { momentum, epsilon }) {
      const pixels = asImage(x);
      const [y, movingMean, movingVariance, ...saved] =
        fused.forward([pixels, gamma, beta, mean, variance], epsilon, true, momentum);
      return { y: shapedLike(y, x), movingMean, movingVariance, tape: { x: pixels, gamma, saved } };
    },
    batchNormGradient(dy, { x, gamma, saved }, epsilon) {
      const [dx, dgamma, dbeta] = fused.backward([asImage(dy), x, gamma, ...saved], epsilon, true);
      return [shapedLike(dx, dy), dgamma, dbeta];
    },
    batchNormInference(x, { gamma, beta, mean, variance }, epsilon) {
      const [y] = fused.forward([asImage(x), gamma, beta, mean, variance], epsilon, false, 0);
      return shapedLike(y, x);
    },
    batchNormInferenceGradient(dy, x, { gamma, mean, variance }, epsilon) {
      const inputs = [asImage(dy), asImage(x), gamma, mean, variance, variance];
      const [dx, dgamma, dbeta] = fused.backward(inputs, epsilon, false);
      return [shapedLike(dx, dy), dgamma, dbeta];
    },
  };
}
