import { throwIfInterrupted } from "../interrupt";
import type { Matrix } from "../matrix";
import type { Rng } from "../random";
import { DivergenceError } from "./divergence";
import { parameterSpecs } from "./layers";
import { gatherBatch, numClassesOf, requireExamples, requireNetwork, type Network } from "./network";
import { networkOf } from "./network-classifier";
import { adam } from "./optimizers";
import { freshSlots } from "./parameters";
import { backward, forward, liveLayers } from "./passes";
import { runtimeOf } from "./runtime";
import { applyStep, liveNetwork, type LiveNetwork, type StepNumbers } from "./step";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../validate";

/** One pass over some of the examples. */
export interface TargetStage {
  /** Examples of this pass, each once, in an order of its own. */
  readonly positions: ArrayLike<number>;
  /** Away from the targets instead of towards them. */
  readonly away?: boolean;
}

export interface TargetOptions {
  /** Passes in order, at least one. */
  stages: readonly TargetStage[];
  /** @defaultValue 1e-3 */
  learningRate?: number;
  /** @defaultValue 64 */
  batchSize?: number;
  rng: Rng;
}

export interface RepairedNetwork {
  readonly network: Network;
  /** Gradients computed, in examples; passes without a gradient count a third. */
  readonly gradients: number;
  readonly seconds: number;
}

/** Rows of one batch, and what the network shall say to them. */
interface TargetBatch {
  readonly values: Float32Array;
  readonly targets: Float32Array;
  readonly count: number;
}

/** One step on the cross-entropy Σ t (−log p) of rows of targets t. */
function targetStep(network: LiveNetwork, batch: TargetBatch, sign: number, { seed, update }: StepNumbers): void {
  const { runtime, architecture, store } = network;
  const { tf } = runtime;
  let size = 0;
  const results = tf.tidy(() => {
    const layers = liveLayers(architecture, store.read());
    const x = tf.tensor(batch.values, [batch.count, ...architecture.inputShape], "float32");
    const tapes = forward(runtime, layers, x, { training: true, seed });
    const logits = tapes[tapes.length - 1].y;
    const targets = tf.tensor2d(batch.targets, [batch.count, logits.shape[1] as number]);
    const weights = tf.sum(targets, 1, true);
    const slope = tf.mul(tf.sub(tf.mul(tf.softmax(logits as never), weights), targets), sign / batch.count);
    size = tf.sum(tf.abs(slope)).dataSync()[0];
    if (!Number.isFinite(size)) return [];
    return [...backward(runtime, layers, tapes, slope).flat(), ...tapes.flatMap((tape) => tape.moving ?? [])];
  });
  if (!results.length) throw new DivergenceError(`trainTowards: the gradient is ${size} in step ${update}`);
  applyStep(network, results, update);
}

function requireTargets(network: Network, X: Matrix, targets: Matrix, { stages }: TargetOptions): void {
  requireNetwork("trainTowards", network);
  requireExamples("trainTowards", network.architecture, X, null);
  requireSameLength("trainTowards", "X", X.shape[0], "targets", targets.shape[0]);
  const classes = numClassesOf(network.architecture);
  requireInteger("trainTowards", "columns of targets", targets.shape[1], classes, classes);
  requireFinite("trainTowards", "targets", targets.data);
  requireInteger("trainTowards", "number of stages", stages.length, 1);
  for (const { positions } of stages)
    for (let i = 0; i < positions.length; i++)
      requireInteger("trainTowards", "position", positions[i], 0, X.shape[0] - 1);
}

/**
 * Trains a network towards probabilities instead of labels, or away from them: what methods with a teacher do. The
 * loss of a row of targets t is −Σ t log p, whose gradient is that of the divergence KL(t ‖ p).
 *
 * @param X Shape [n, product of inputShape]. @param targets Shape [n, classes], finite; a row may sum to more than 1.
 * @throws {RangeError} If shapes disagree or a setting is out of range.
 * @throws {DivergenceError} If a gradient is not finite.
 * @see Hinton, Vinyals & Dean, "Distilling the knowledge in a neural network", 2015, §2; at temperature 1 here.
 * @example
 * const architecture = mlp({ numFeatures: X.shape[1], hidden: [8], numClasses: 10 });
 * const fresh = initializeNetwork(architecture, { rng: seededRng(1) });
 * const teacher = initializeNetwork(architecture, { rng: seededRng(2) }).predictProba(X);
 * const { gradients } = trainTowards(fresh, X, teacher, { stages: [{ positions: [0, 1, 2] }], rng: seededRng(1) });
 * gradients; // 3
 */
export function trainTowards(network: Network, X: Matrix, targets: Matrix, options: TargetOptions): RepairedNetwork {
  const { stages, learningRate = 1e-3, batchSize = 64, rng } = options;
  requireTargets(network, X, targets, options);
  requirePositive("trainTowards", "learningRate", learningRate);
  requireInteger("trainTowards", "batchSize", batchSize, 1);
  const began = performance.now();
  const { architecture } = network;
  const optimizer = adam({ learningRate, amsgrad: true });
  const start = { weights: network.weights, slots: freshSlots(parameterSpecs(architecture), optimizer) };
  const live = liveNetwork(runtimeOf(), architecture, start, optimizer);
  const masks = rng.spawn(0).word() | 0;
  let [gradients, update] = [0, 0];
  try {
    stages.forEach(({ positions, away }, stage) => {
      const order = rng.spawn(stage + 1).permutation(positions.length).map((k) => positions[k]);
      for (let from = 0; from < order.length; from += batchSize) {
        throwIfInterrupted();
        const rows = order.subarray(from, from + batchSize);
        const batch = { values: gatherBatch(X, rows, architecture.inputScale), targets: gatherBatch(targets, rows, 1),
          count: rows.length };
        targetStep(live, batch, away ? -1 : 1, { seed: (masks + update) | 0, update: update + 1 });
        update++;
        gradients += rows.length;
      }
    });
    const repaired = networkOf(architecture, live.store.values().weights);
    return { network: repaired, gradients, seconds: (performance.now() - began) / 1000 };
  } finally {
    live.store.dispose();
  }
}
