import type { Matrix } from "../matrix";
import type { Rng } from "../random";
import { hashRun, readRun, writeCheckpoint } from "../training/checkpoint";
import type { Architecture } from "../training/layers";
import { parameterSpecs } from "../training/layers";
import {
  gatherBatch,
  initializeNetwork,
  joinNetworks,
  requireExamples,
  requireNetwork,
  splitNetwork,
  type Network,
} from "../training/network";
import { adam, slotsOf } from "../training/optimizers";
import { freshSlots, type ParameterValues } from "../training/parameters";
import { runtimeOf } from "../training/runtime";
import { seedsOf, trainStep, type CheckpointOptions } from "../training/train";
import { requireInRange, requireInteger, requirePositive } from "../validate";

export interface RelearnOptions {
  /** Gradients to spend, in examples: the whole cost. */
  gradients: number;
  /** Share of each batch that is drawn from the changed examples, in [0, 1]; their share of the data if left out. */
  changedShare?: number;
  /** At the start; it falls linearly to 0. */
  learningRate?: number;
  /** Layer from which on the weights start anew, so that they can't remember; none if left out. */
  restartFrom?: number;
  /** 64. */
  batchSize?: number;
  rng: Rng;
  /** Saves ten times on the way; the same call goes on from there after the process was killed. */
  checkpoint?: Pick<CheckpointOptions, "path">;
}

export interface RelearnedNetwork {
  readonly network: Network;
  /** Gradients computed in this process, in examples. */
  readonly gradients: number;
  readonly seconds: number;
}

interface RelearnHeader {
  fingerprint: string;
  stages: number;
}

/** How often the learning rate changes. */
const STAGES = 10;

/** How slowly batch norms forget: a run of a hundred steps must not end with the statistics it began with. */
const MOMENTUM = 0.9;

function withMomentum({ layers, ...rest }: Architecture): Architecture {
  return { ...rest, layers: layers.map((one) => (one.kind === "batchNorm" ? { ...one, momentum: MOMENTUM } : one)) };
}

/** An endless run through the positions, shuffled anew each time. */
function* deck(positions: Int32Array, rng: Rng): Generator<number, never> {
  for (;;) for (const k of rng.permutation(positions.length)) yield positions[k];
}

function restarted(network: Network, layer: number, rng: Rng): Network {
  const { trunk } = splitNetwork(network, layer);
  return joinNetworks(trunk, splitNetwork(initializeNetwork(network.architecture, { rng }), layer).head);
}

/**
 * Unlearns wrong labels by learning the right ones instead: a short training run of all layers in which the changed
 * examples come more often than their share, from a network whose last layers may start anew. Two things make it cheap:
 * the convolutions stay where they were, and the learning rate falls to 0 within the run.
 *
 * @param X Training examples, shape [n, d]. @param y Their labels as they should be, shape [n].
 * @param changed Positions whose label is not the one the network was trained with.
 * @throws {RangeError} If there is no changed or no other example, or a parameter is out of range.
 * @throws {Error} If the loss is not finite.
 * @see Golatkar et al., CVPR 2020, §6, for fine-tuning as the baseline; ours differs as said above.
 * @example
 * const { network: repaired } = relearn(poisoned, X, yTrue, flipped, {
 *   gradients: 2 * yTrue.length, changedShare: 0.4, rng: seededRng(42),
 * });
 */
export function relearn(
  network: Network,
  X: Matrix,
  y: Int32Array,
  changed: ArrayLike<number>,
  options: RelearnOptions,
): RelearnedNetwork {
  const { gradients, learningRate = 3e-3, restartFrom, batchSize = 64, rng, checkpoint } = options;
  requireNetwork("relearn", network);
  requireExamples("relearn", network.architecture, X, y);
  requireInteger("relearn", "batchSize", batchSize, 2);
  requireInteger("relearn", "gradients", gradients, batchSize);
  requirePositive("relearn", "learningRate", learningRate);
  const isChanged = new Uint8Array(y.length);
  for (let i = 0; i < changed.length; i++) {
    requireInteger("relearn", "changed position", changed[i], 0, y.length - 1);
    isChanged[changed[i]] = 1;
  }
  const those = Int32Array.from(isChanged.keys()).filter((i) => isChanged[i]);
  const others = Int32Array.from(isChanged.keys()).filter((i) => !isChanged[i]);
  if (!those.length || !others.length)
    throw new RangeError(`relearn: needs changed and other examples, got ${those.length} and ${others.length}`);
  const share = options.changedShare ?? those.length / y.length;
  requireInRange("relearn", "changedShare", share, 0, 1);

  const began = performance.now();
  const begin = restartFrom === undefined ? network : restarted(network, restartFrom, rng.spawn(0));
  const architecture = withMomentum(network.architecture);
  const specs = parameterSpecs(architecture);
  const runtime = runtimeOf();
  const decks = [deck(others, rng.spawn(1)), deck(those, rng.spawn(2))];
  const masks = rng.spawn(3).word() | 0;
  const steps = Math.floor(gradients / batchSize);
  const optimizer = adam({ amsgrad: true });
  let values: ParameterValues = { weights: begin.weights, slots: freshSlots(specs, optimizer) };
  const settings = (): unknown => ({ architecture, gradients, share, learningRate, restartFrom, batchSize, steps,
    seeds: seedsOf("relearn", rng), type: X.data.constructor.name, shape: X.shape });
  const fingerprint = checkpoint ? hashRun(settings(), [X.data, y, isChanged, ...network.weights]) : "";
  const saved = checkpoint ? readRun<RelearnHeader>("relearn", checkpoint.path, fingerprint) : null;
  if (saved) {
    const perTensor = slotsOf(optimizer);
    const slots = saved.arrays.slice(specs.length);
    values = {
      weights: saved.arrays.slice(0, specs.length),
      slots: freshSlots(specs, optimizer).map((_, t) => slots.slice(t * perTensor, (t + 1) * perTensor)),
    };
  }
  const stagesDone = saved?.header.stages ?? 0;
  let [step, owed, computed] = [0, 0, 0];
  const nextBatch = (): Int32Array => {
    owed += share * batchSize;
    const count = Math.floor(owed);
    owed -= count;
    return Int32Array.from({ length: batchSize }, (_, k) => decks[k < count ? 1 : 0].next().value);
  };
  for (let stage = 0; stage < STAGES; stage++) {
    const end = Math.round((steps * (stage + 1)) / STAGES);
    if (stage < stagesDone) {
      for (; step < end; step++) nextBatch();
      continue;
    }
    const rate = learningRate * (1 - stage / STAGES);
    const store = runtime.parameters(specs, values, adam({ learningRate: rate, amsgrad: true }));
    try {
      for (; step < end; step++) {
        const positions = nextBatch();
        const labels = Int32Array.from(positions, (i) => y[i]);
        const batch = gatherBatch(X, positions, architecture.inputScale);
        const seed = (masks + step) | 0;
        const { loss } = trainStep(runtime, store, specs, architecture, batch, labels, seed, step + 1);
        if (!Number.isFinite(loss)) throw new Error(`relearn: loss is ${loss} in step ${step + 1}`);
        computed += batchSize;
      }
      values = store.values();
    } finally {
      store.dispose();
    }
    const header: RelearnHeader = { fingerprint, stages: stage + 1 };
    if (checkpoint)
      writeCheckpoint(checkpoint.path, { header, arrays: [...values.weights, ...values.slots.flat()] });
  }
  return {
    network: { architecture: network.architecture, weights: values.weights },
    gradients: computed,
    seconds: (performance.now() - began) / 1000,
  };
}
