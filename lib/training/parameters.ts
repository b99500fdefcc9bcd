import type { Tensor } from "@tensorflow/tfjs-node";
import type { ParameterSpec } from "./layers";
import { attributes, type NativeBackend } from "./ops/native-backend";
import { slotsOf, type Optimizer } from "./optimizers";
import type { Tensorflow } from "../tensorflow";

/** The numbers of a run that change at each step: weights, and what the optimiser keeps beside each trainable one. */
export interface ParameterValues {
  readonly weights: readonly Float32Array[];
  /** Per trainable tensor, `slotsOf(optimizer)` arrays. */
  readonly slots: readonly (readonly Float32Array[])[];
}

/** Weights that live where the gradients are made. @internal */
export interface ParameterStore {
  /** All weights as tensors, for the duration of one step: the caller disposes them before `apply`. */
  read(): Tensor[];
  /** One optimiser step. @param step Counts from 1. @param gradients One a trainable tensor. */
  apply(gradients: readonly Tensor[], step: number): void;
  /** Sets one weight tensor (a moving mean). */
  assign(position: number, value: Tensor): void;
  values(): ParameterValues;
  dispose(): void;
}

/** Zeros: what an optimiser starts from. */
export function freshSlots(specs: readonly ParameterSpec[], optimizer: Optimizer): Float32Array[][] {
  return specs
    .filter((spec) => spec.trainable)
    .map((spec) => Array.from({ length: slotsOf(optimizer) }, () => new Float32Array(spec.size)));
}

/** Step size of Adam with both moments' bias taken out. */
const adamPower = (beta: number, step: number): number => Math.pow(beta, step);

let handles = 0;

/** Weights as TensorFlow resource variables, moved by its own optimiser kernels in place. @internal */
export function nativeParameters(
  tf: Tensorflow,
  backend: NativeBackend,
  specs: readonly ParameterSpec[],
  { weights, slots }: ParameterValues,
  optimizer: Optimizer,
): ParameterStore {
  const attr = attributes(backend);
  const dtype = attr.floats("dtype");
  const T = attr.floats("T");
  const run = (name: string, attrs: ReturnType<typeof attr.floats>, inputs: Tensor[]): void => {
    backend.executeMultipleOutputs(name, attrs, inputs, 0);
  };
  const variable = (values: Float32Array, shape: readonly number[]): Tensor => {
    const handle = backend.executeSingleOutput(
      "VarHandleOp",
      [
        attr.string("container", ""),
        attr.string("shared_name", `knowledge-hacking/${process.pid}/${handles++}`),
        ...dtype,
        attr.shape("shape", [...shape]),
      ],
      [],
    );
    const value = tf.tensor(values, [...shape], "float32");
    run("AssignVariableOp", [...dtype, attr.bool("validate_shape", false)], [handle, value]);
    value.dispose();
    return handle;
  };
  const readOne = (handle: Tensor): Tensor => backend.executeSingleOutput("ReadVariableOp", dtype, [handle]);
  const numbers = (handle: Tensor): Float32Array => {
    const tensor = readOne(handle);
    const values = Float32Array.from(tensor.dataSync());
    tensor.dispose();
    return values;
  };

  const weightHandles = specs.map((spec, i) => variable(weights[i], spec.shape));
  const trainable = [...specs.keys()].filter((i) => specs[i].trainable);
  const slotHandles = trainable.map((i, t) => slots[t].map((values) => variable(values, specs[i].shape)));
  const lock = attr.bool("use_locking", false);

  const apply = (gradients: readonly Tensor[], step: number): void => {
    const { kind, learningRate } = optimizer;
    const each = (name: string, attrs: typeof T, scalars: readonly Tensor[], gradientAt = scalars.length): void =>
      trainable.forEach((i, t) => {
        const rest = [...scalars.slice(0, gradientAt), gradients[t], ...scalars.slice(gradientAt)];
        run(name, [...T, lock, ...attrs], [weightHandles[i], ...slotHandles[t], ...rest]);
      });
    tf.tidy(() => {
      const scalars = (...values: number[]): Tensor[] => values.map((value) => tf.scalar(value));
      if (kind === "adam") {
        const { beta1, beta2, epsilon, amsgrad } = optimizer;
        const rates = scalars(adamPower(beta1, step), adamPower(beta2, step), learningRate, beta1, beta2, epsilon);
        if (amsgrad) each("ResourceApplyAdamWithAmsgrad", [], rates);
        else each("ResourceApplyAdam", [attr.bool("use_nesterov", false)], rates);
      } else if (kind === "adadelta") {
        each("ResourceApplyAdadelta", [], scalars(learningRate, optimizer.rho, optimizer.epsilon));
      } else {
        each("ResourceApplyMomentum", [attr.bool("use_nesterov", false)], scalars(learningRate, optimizer.momentum), 1);
      }
    });
  };

  return {
    read: () => weightHandles.map(readOne),
    apply,
    assign: (position, value) =>
      run("AssignVariableOp", [...dtype, attr.bool("validate_shape", false)], [weightHandles[position], value]),
    values: () => ({ weights: weightHandles.map(numbers), slots: slotHandles.map((of) => of.map(numbers)) }),
    dispose() {
      for (const handle of [...weightHandles, ...slotHandles.flat()]) {
        run("DestroyResourceOp", [attr.bool("ignore_lookup_error", true)], [handle]);
        handle.dispose();
      }
    },
  };
}

/** One step of the optimiser on one tensor: the new weight and slots. */
function plainStep(
  tf: Tensorflow,
  optimizer: Optimizer,
  weight: Tensor,
  slots: readonly Tensor[],
  gradient: Tensor,
  step: number,
): [Tensor, ...Tensor[]] {
  const mix = (rate: number, old: Tensor, fresh: Tensor): Tensor => tf.add(tf.mul(old, rate), tf.mul(fresh, 1 - rate));
  const { learningRate } = optimizer;
  if (optimizer.kind === "adam") {
    const { beta1, beta2, epsilon } = optimizer;
    const first = mix(beta1, slots[0], gradient);
    const second = mix(beta2, slots[1], tf.square(gradient));
    const rate = (learningRate * Math.sqrt(1 - adamPower(beta2, step))) / (1 - adamPower(beta1, step));
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

/** The same in plain tfjs. @internal */
export function plainParameters(
  tf: Tensorflow,
  specs: readonly ParameterSpec[],
  start: ParameterValues,
  optimizer: Optimizer,
): ParameterStore {
  const trainable = [...specs.keys()].filter((i) => specs[i].trainable);
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
    apply(gradients, step) {
      trainable.forEach((i, t) => {
        const [weight, ...rest] = tf.tidy(() => plainStep(tf, optimizer, weights[i], slots[t], gradients[t], step));
        replace(weights, i, weight);
        rest.forEach((slot, s) => replace(slots[t], s, slot));
      });
    },
    assign: (position, value) => replace(weights, position, tf.keep(value.clone())),
    values: () => ({ weights: weights.map(numbers), slots: slots.map((of) => of.map(numbers)) }),
    dispose: () => [...weights, ...slots.flat()].forEach((value) => value.dispose()),
  };
}
