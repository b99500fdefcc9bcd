import type { Tensor } from "@tensorflow/tfjs-node";
import type { Tensorflow } from "../tensorflow";
import type { ParameterSpec } from "./layers";
import { muonStep } from "./muon";
import { scaledRate, type Optimizer } from "./optimizers";
import { biasPower, optimizerFor, trainablePositions, type ParameterStore, type ParameterValues } from "./parameters";

/** A tensor on its way, and what the optimiser keeps beside it. */
interface Moving {
  readonly weight: Tensor;
  readonly slots: readonly Tensor[];
}

/** One step of the optimiser on one tensor: the new weight and slots. */
function plainStep(
  tf: Tensorflow,
  optimizer: Optimizer,
  { weight, slots }: Moving,
  gradient: Tensor,
  step: number,
): [Tensor, ...Tensor[]] {
  const mix = (rate: number, old: Tensor, fresh: Tensor): Tensor => tf.add(tf.mul(old, rate), tf.mul(fresh, 1 - rate));
  const { learningRate } = optimizer;
  if (optimizer.kind === "muon") {
    const [moved, velocity] = muonStep(tf, optimizer, weight, slots[0], gradient);
    return [moved, velocity, ...slots.slice(1)];
  }
  if (optimizer.kind === "adam") {
    const { beta1, beta2, epsilon } = optimizer;
    const first = mix(beta1, slots[0], gradient);
    const second = mix(beta2, slots[1], tf.square(gradient));
    const rate = (learningRate * Math.sqrt(1 - biasPower(beta2, step))) / (1 - biasPower(beta1, step));
    const largest = optimizer.amsgrad ? [tf.maximum(slots[2], second)] : [];
    const divisor = tf.add(tf.sqrt(largest[0] ?? second), epsilon);
    return [tf.sub(weight, tf.div(tf.mul(first, rate), divisor)), first, second, ...largest];
  }
  if (optimizer.kind === "adadelta") {
    const { rho, epsilon } = optimizer;
    const squares = mix(rho, slots[0], tf.square(gradient));
    const update = tf.mul(gradient, tf.sqrt(tf.div(tf.add(slots[1], epsilon), tf.add(squares, epsilon))));
    return [tf.sub(weight, tf.mul(update, learningRate)), squares, mix(rho, slots[1], tf.square(update))];
  }
  const velocity = tf.add(tf.mul(slots[0], optimizer.momentum), gradient);
  return [tf.sub(weight, tf.mul(velocity, learningRate)), velocity];
}

/** Weights as plain tensors, moved by plain tfjs. @internal */
export function plainParameters(
  tf: Tensorflow,
  specs: readonly ParameterSpec[],
  start: ParameterValues,
  optimizer: Optimizer,
): ParameterStore {
  const trainable = trainablePositions(specs);
  const tensor = (values: Float32Array, i: number): Tensor => tf.tensor(values, [...specs[i].shape], "float32");
  const weights = start.weights.map(tensor);
  const slots = start.slots.map((of, t) => of.map((values) => tensor(values, trainable[t])));
  const numbers = (value: Tensor): Float32Array => Float32Array.from(value.dataSync());
  const replace = (list: Tensor[], i: number, value: Tensor): void => {
    list[i].dispose();
    list[i] = value;
  };
  return {
    read: () => weights.map((weight) => weight.clone()),
    apply(gradients, step, rateFactor = 1) {
      const current = scaledRate(optimizer, rateFactor);
      trainable.forEach((i, t) => {
        const moving = { weight: weights[i], slots: slots[t] };
        const own = optimizerFor(current, specs[i]);
        const [weight, ...rest] = tf.tidy(() => plainStep(tf, own, moving, gradients[t], step));
        replace(weights, i, weight);
        rest.forEach((slot, s) => slot !== slots[t][s] && replace(slots[t], s, slot));
      });
    },
    assign: (position, value) => replace(weights, position, tf.keep(value.clone())),
    values: () => ({ weights: weights.map(numbers), slots: slots.map((of) => of.map(numbers)) }),
    dispose: () => [...weights, ...slots.flat()].forEach((value) => value.dispose()),
  };
}
