import type { Tensor } from "@tensorflow/tfjs-node";
import type { Tensorflow } from "../tensorflow";
import type { ParameterSpec } from "./layers";
import { attributes, type Attribute, type NativeBackend } from "./ops/native-backend";
import { muonStep } from "./muon";
import { scaledRate, type MuonOptimizer, type Optimizer } from "./optimizers";
import { biasPower, optimizerFor, trainablePositions, type ParameterStore, type ParameterValues } from "./parameters";

let handles = 0;

/** Makes, reads, sets and frees variables that live in TensorFlow. */
interface ResourceVariables {
  make(values: Float32Array, shape: readonly number[]): Tensor;
  read(handle: Tensor): Tensor;
  numbers(handle: Tensor): Float32Array;
  assign(handle: Tensor, value: Tensor): void;
  free(handle: Tensor): void;
}

function resourceVariables(tf: Tensorflow, backend: NativeBackend): ResourceVariables {
  const attr = attributes(backend);
  const dtype = attr.floats("dtype");
  const named = (name: string): Attribute[] => [attr.string("container", ""), attr.string("shared_name", name)];
  const assigning = [...dtype, attr.bool("validate_shape", false)];
  const freeing = [attr.bool("ignore_lookup_error", true)];
  const run = (name: string, attrs: Attribute[], inputs: Tensor[]): void => {
    backend.executeMultipleOutputs(name, attrs, inputs, 0);
  };
  const read = (handle: Tensor): Tensor => backend.executeSingleOutput("ReadVariableOp", dtype, [handle]);
  const assign = (handle: Tensor, value: Tensor): void => run("AssignVariableOp", assigning, [handle, value]);
  return {
    make(values, shape) {
      const name = `knowledge-hacking/${process.pid}/${handles++}`;
      const attrs = [...named(name), ...dtype, attr.shape("shape", [...shape])];
      const handle = backend.executeSingleOutput("VarHandleOp", attrs, []);
      const value = tf.tensor(values, [...shape], "float32");
      assign(handle, value);
      value.dispose();
      return handle;
    },
    read,
    numbers(handle) {
      const tensor = read(handle);
      const values = Float32Array.from(tensor.dataSync());
      tensor.dispose();
      return values;
    },
    assign,
    free(handle) {
      run("DestroyResourceOp", freeing, [handle]);
      handle.dispose();
    },
  };
}

/** A TensorFlow kernel that moves one variable: its name, attributes, and the numbers around the gradient. */
interface OptimizerKernel {
  readonly name: string;
  readonly attrs: readonly Attribute[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function kernelOf(optimizer: Exclude<Optimizer, MuonOptimizer>, step: number, plain: Attribute): OptimizerKernel {
  const { learningRate } = optimizer;
  if (optimizer.kind === "adam") {
    const { beta1, beta2, epsilon, amsgrad } = optimizer;
    const before = [biasPower(beta1, step), biasPower(beta2, step), learningRate, beta1, beta2, epsilon];
    if (amsgrad) return { name: "ResourceApplyAdamWithAmsgrad", attrs: [], before, after: [] };
    return { name: "ResourceApplyAdam", attrs: [plain], before, after: [] };
  }
  if (optimizer.kind === "adadelta") {
    const before = [learningRate, optimizer.rho, optimizer.epsilon];
    return { name: "ResourceApplyAdadelta", attrs: [], before, after: [] };
  }
  return { name: "ResourceApplyMomentum", attrs: [plain], before: [learningRate], after: [optimizer.momentum] };
}

/** Weights as TensorFlow resource variables, moved by its own optimiser kernels in place. @internal */
export function nativeParameters(
  tf: Tensorflow,
  backend: NativeBackend,
  specs: readonly ParameterSpec[],
  { weights, slots }: ParameterValues,
  optimizer: Optimizer,
): ParameterStore {
  const attr = attributes(backend);
  const variables = resourceVariables(tf, backend);
  const trainable = trainablePositions(specs);
  const weightHandles = specs.map((spec, i) => variables.make(weights[i], spec.shape));
  const slotHandles = trainable.map((i, t) => slots[t].map((values) => variables.make(values, specs[i].shape)));
  const always = [...attr.floats("T"), attr.bool("use_locking", false)];
  const plain = attr.bool("use_nesterov", false);

  const moveBy = (kernel: OptimizerKernel, handles: readonly Tensor[], gradient: Tensor): void => {
    const [before, after] = [kernel.before, kernel.after].map((numbers) => numbers.map((value) => tf.scalar(value)));
    backend.executeMultipleOutputs(kernel.name, [...always, ...kernel.attrs],
      [...handles, ...before, gradient, ...after], 0);
  };

  return {
    read: () => weightHandles.map(variables.read),
    apply(gradients, step, rateFactor = 1) {
      tf.tidy(() => trainable.forEach((i, t) => {
        const one = optimizerFor(scaledRate(optimizer, rateFactor), specs[i]);
        if (one.kind !== "muon") return moveBy(kernelOf(one, step, plain), [weightHandles[i], ...slotHandles[t]],
          gradients[t]);
        const [weight, velocity] = [weightHandles[i], slotHandles[t][0]];
        const moved = muonStep(tf, one, variables.read(weight), variables.read(velocity), gradients[t]);
        [weight, velocity].forEach((handle, k) => variables.assign(handle, moved[k]));
      }));
    },
    assign: (position, value) => variables.assign(weightHandles[position], value),
    values: () => ({
      weights: weightHandles.map(variables.numbers),
      slots: slotHandles.map((of) => of.map(variables.numbers)),
    }),
    dispose: () => [...weightHandles, ...slotHandles.flat()].forEach(variables.free),
  };
}
