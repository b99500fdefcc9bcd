import type { Tensor } from "@tensorflow/tfjs-node";
import type { Tensorflow } from "../../tensorflow";

export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** The part of tfjs-node's backend that runs any TensorFlow operation by name. */
export interface NativeBackend {
  binding: Record<string, number>;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

/** The native backend, or null where another one is chosen. */
export function nativeBackend(tf: Tensorflow): NativeBackend | null {
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  return typeof backend.executeSingleOutput === "function" ? (backend as NativeBackend) : null;
}

/** Writers of operation attributes. */
export function attributes(backend: NativeBackend) {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_STRING, TF_ATTR_SHAPE } = backend.binding;
  const of =
    (type: number) =>
    (name: string, value: unknown): Attribute => ({ name, type, value });
  return {
    type: of(TF_ATTR_TYPE),
    int: of(TF_ATTR_INT),
    float: of(TF_ATTR_FLOAT),
    bool: of(TF_ATTR_BOOL),
    string: of(TF_ATTR_STRING),
    shape: of(TF_ATTR_SHAPE),
    floats: (...names: string[]): Attribute[] =>
      names.map((name) => ({ name, type: TF_ATTR_TYPE, value: backend.binding.TF_FLOAT })),
  };
}

/** An operation of TensorFlow's with its attributes, ready to run. */
export interface Kernel {
  readonly name: string;
  readonly attrs: Attribute[];
}

/** A backend, and what asking it for operations takes. */
export interface NativeEngine {
  readonly tf: Tensorflow;
  readonly attr: ReturnType<typeof attributes>;
  /** The attribute T: float32. */
  readonly T: Attribute[];
  /** Channels come last. */
  readonly layout: Attribute;
  /** Asks for one of oneDNN's own kernels. */
  readonly oneDnn: Attribute;
  /** Runs an operation of one result, or of several. */
  one(name: string, attrs: Attribute[], inputs: Tensor[]): Tensor;
  several(name: string, attrs: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
  /** True if the operation runs here: oneDNN's own kernels exist on x86 only. */
  runs(operation: () => void): boolean;
}

/** What the native operations are made with. */
export function nativeEngine(tf: Tensorflow, backend: NativeBackend): NativeEngine {
  const attr = attributes(backend);
  return {
    tf,
    attr,
    T: attr.floats("T"),
    layout: attr.string("data_format", "NHWC"),
    oneDnn: attr.string("_kernel", "MklNameChangeOp"),
    one: (name, attrs, inputs) => backend.executeSingleOutput(name, attrs, inputs),
    several: (name, attrs, inputs, outputs) => backend.executeMultipleOutputs(name, attrs, inputs, outputs),
    runs(operation) {
      try {
        tf.tidy(operation);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** A small image and a filter for it, to try kernels on. */
export const trialImage = (tf: Tensorflow): Tensor => tf.ones([1, 4, 4, 2]);
export const trialFilter = (tf: Tensorflow): Tensor => tf.ones([3, 3, 2, 2]);
