import type { Tensor, Tensor1D } from "@tensorflow/tfjs-node";
import { parameterSpecs, type Architecture, type ParameterSpec } from "./layers";
import type { Optimizer } from "./optimizers";
import type { ParameterStore, ParameterValues } from "./parameters";
import { backward, forward, liveLayers } from "./passes";
import { argMax } from "./predict";
import type { Runtime } from "./runtime";

/** A network while it is trained: its weights live where the gradients are made. @internal */
export interface LiveNetwork {
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  readonly specs: readonly ParameterSpec[];
  readonly store: ParameterStore;
}

/** Brings a network's weights to where they are trained; free its store when done. @internal */
export function liveNetwork(
  runtime: Runtime,
  architecture: Architecture,
  values: ParameterValues,
  optimizer: Optimizer,
): LiveNetwork {
  const specs = parameterSpecs(architecture);
  return { runtime, architecture, specs, store: runtime.parameters(specs, values, optimizer) };
}

/**
 * Moves the weights by gradients of the trainable ones, and sets the moving means and variances.
 *
 * @param results The gradients, then the new means and variances, in the order of the specs; freed.
 * @param update Counts from 1.
 * @param rateFactor Multiplies the optimiser's learning rate.
 * @internal
 */
export function applyStep(
  { runtime, specs, store }: LiveNetwork,
  results: readonly Tensor[],
  update: number,
  rateFactor = 1,
): void {
  const trainable = specs.filter((spec) => spec.trainable).length;
  store.apply(results.slice(0, trainable), update, rateFactor);
  specs.flatMap((spec, i) => (spec.trainable ? [] : [i])).forEach((i, m) => store.assign(i, results[trainable + m]));
  runtime.tf.dispose([...results]);
}

/** Scaled examples, row by row, and their classes. */
export interface Batch {
  readonly values: Float32Array;
  readonly labels: Int32Array;
}

export interface StepNumbers {
  /** Of this step's dropout masks. */
  readonly seed: number;
  /** Counts from 1. */
  readonly update: number;
  /**
   * Multiplies the optimiser's learning rate.
   * @defaultValue 1
   */
  readonly rateFactor?: number;
  /**
   * Share of each label's weight that all classes share, in [0, 1).
   * @defaultValue 0
   */
  readonly labelSmoothing?: number;
}

/** Losses [batch] and their gradients by the logits, against labels of which all classes get a share. */
function smoothedLoss({ tf, ops }: Runtime, logits: Tensor, labels: Tensor1D, share: number): [Tensor, Tensor] {
  const [losses, gradient] = ops.softmaxCrossEntropy(logits, labels);
  if (!share) return [losses, gradient];
  const classes = logits.shape[1] as number;
  const beyond = tf.sub(tf.oneHot(labels, classes), 1 / classes);
  return [tf.add(losses, tf.mul(share, tf.sum(tf.mul(beyond, logits), 1))), tf.add(gradient, tf.mul(share, beyond))];
}

/** One gradient step on one batch: summed loss and number of right classes. No step is made if the loss overflows. */
export function trainStep(
  network: LiveNetwork,
  { values, labels }: Batch,
  { seed, update, rateFactor, labelSmoothing = 0 }: StepNumbers,
): { loss: number; right: number } {
  const { runtime, architecture, store } = network;
  const { tf } = runtime;
  let loss = 0;
  let right = 0;
  const results = tf.tidy((): Tensor[] => {
    const layers = liveLayers(architecture, store.read());
    const x = tf.tensor(values, [labels.length, ...architecture.inputShape], "float32");
    const tapes = forward(runtime, layers, x, { training: true, seed });
    const logits = tapes[tapes.length - 1].y;
    const [losses, dlogits] = smoothedLoss(runtime, logits, tf.tensor1d(labels, "int32"), labelSmoothing);
    const classes = logits.shape[1] as number;
    const scores = logits.dataSync();
    losses.dataSync().forEach((value, i) => {
      loss += value;
      if (argMax(scores, i * classes, classes) === labels[i]) right++;
    });
    if (!Number.isFinite(loss)) return [];
    const gradients = backward(runtime, layers, tapes, tf.mul(dlogits, 1 / labels.length));
    return [...gradients.flat(), ...tapes.flatMap((tape) => tape.moving ?? [])];
  });
  if (results.length) applyStep(network, results, update, rateFactor);
  return { loss, right };
}
