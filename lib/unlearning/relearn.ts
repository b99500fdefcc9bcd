import { holdInterrupts, throwIfInterrupted } from "../interrupt";
import type { Matrix } from "../matrix";
import type { Rng } from "../random";
import { augmentBatch, checkedAugmentation, type Augmentation } from "../training/augment";
import { hashRun, readRun, writeCheckpoint } from "../training/checkpoint";
import { DivergenceError } from "../training/divergence";
import { parameterSpecs, type Architecture } from "../training/layers";
import { gatherBatch, requireExamples, requireNetwork, type Network } from "../training/network";
import { initializeNetwork, joinNetworks, networkOf, splitNetwork } from "../training/network-classifier";
import { adam } from "../training/optimizers";
import { freshSlots, type ParameterValues } from "../training/parameters";
import { arithmetic, seedsOf, takeParameters } from "../training/run-state";
import { runtimeOf } from "../training/runtime";
import { liveNetwork, trainStep } from "../training/step";
import type { CheckpointOptions } from "../training/train-options";
import { requireInRange, requireInteger, requireOneOf, requirePositive } from "../validate";

export interface RelearnOptions {
  /** Gradients to spend, in examples: the whole cost. */
  gradients: number;
  /** Share of each batch that is drawn from the changed examples, in [0, 1]; their share of the data if left out. */
  changedShare?: number;
  /**
   * At the start; it falls linearly to 0.
   * @defaultValue 3e-3
   */
  learningRate?: number;
  /** Layer from which on the weights start anew, so that they can't remember; none if left out. */
  restartFrom?: number;
  /** @defaultValue 64 */
  batchSize?: number;
  /**
   * How an image differs each time it is drawn, so that fewer wrong labels that are left are learned by heart; it is
   * shown as it is if left out. There are no epochs here, so `mirror` can't be `inTurns`.
   */
  augment?: Augmentation;
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

/** Positions of the changed examples and of the others, each ascending. */
interface Halves {
  readonly changed: Int32Array;
  readonly others: Int32Array;
}

function halvesOf(n: number, positions: ArrayLike<number>): Halves {
  const isChanged = new Uint8Array(n);
  for (let i = 0; i < positions.length; i++) {
    requireInteger("relearn", "changed position", positions[i], 0, n - 1);
    isChanged[positions[i]] = 1;
  }
  const changed = Int32Array.from(isChanged.keys()).filter((i) => isChanged[i]);
  const others = Int32Array.from(isChanged.keys()).filter((i) => !isChanged[i]);
  if (!changed.length || !others.length)
    throw new RangeError(`relearn: needs changed and other examples, got ${changed.length} and ${others.length}`);
  return { changed, others };
}

/** Draws batches in which the changed examples have a share: exactly, over many batches. */
function batchDrawer({ changed, others }: Halves, share: number, batchSize: number, rng: Rng): () => Int32Array {
  const decks = [deck(others, rng.spawn(1)), deck(changed, rng.spawn(2))];
  let owed = 0;
  return () => {
    owed += share * batchSize;
    const count = Math.floor(owed);
    owed -= count;
    return Int32Array.from({ length: batchSize }, (_, k) => decks[k < count ? 1 : 0].next().value);
  };
}

/** Changes of images as `checkedAugmentation` gives them, if relearning, which has no epochs, can make them. */
export function relearnChanges(fn: string, augment: Augmentation | undefined, inputShape: readonly number[]):
  Augmentation | undefined {
  if (augment === undefined) return undefined;
  const changes = checkedAugmentation(fn, augment, inputShape);
  requireOneOf(fn, "augment.mirror", changes?.mirror ?? "never", ["never", "random"]);
  return changes;
}

/** Examples of a step unless told. @internal */
export const RELEARN_BATCH = 64;

type Settings = RelearnOptions & Required<Pick<RelearnOptions, "learningRate" | "batchSize">>;

function settingsOf(network: Network, X: Matrix, y: Int32Array, options: RelearnOptions): Settings {
  const { learningRate = 3e-3, batchSize = RELEARN_BATCH } = options;
  requireNetwork("relearn", network);
  requireExamples("relearn", network.architecture, X, y);
  requireInteger("relearn", "batchSize", batchSize, 2);
  requireInteger("relearn", "gradients", options.gradients, batchSize);
  requirePositive("relearn", "learningRate", learningRate);
  if (options.changedShare !== undefined) requireInRange("relearn", "changedShare", options.changedShare, 0, 1);
  const augment = relearnChanges("relearn", options.augment, network.architecture.inputShape);
  return { ...options, learningRate, batchSize, augment };
}

/** A relearning under way: ten stages, each with its own learning rate. */
class Relearning {
  private readonly began = performance.now();
  private readonly architecture: Architecture;
  private readonly draw: () => Int32Array;
  private readonly steps: number;
  private readonly masks: number;
  private readonly fingerprint: string;
  private readonly stagesDone: number;
  private values: ParameterValues;
  private step = 0;
  private computed = 0;

  constructor(
    private readonly network: Network,
    private readonly X: Matrix,
    private readonly y: Int32Array,
    halves: Halves,
    private readonly settings: Settings,
  ) {
    const { gradients, restartFrom, batchSize, rng, checkpoint } = settings;
    const share = settings.changedShare ?? halves.changed.length / y.length;
    const begin = restartFrom === undefined ? network : restarted(network, restartFrom, rng.spawn(0));
    this.architecture = withMomentum(network.architecture);
    this.steps = Math.floor(gradients / batchSize);
    this.draw = batchDrawer(halves, share, batchSize, rng);
    this.masks = rng.spawn(3).word() | 0;
    const specs = parameterSpecs(this.architecture);
    this.fingerprint = checkpoint ? this.hash(halves, share) : "";
    const saved = checkpoint ? readRun<RelearnHeader>("relearn", checkpoint.path, this.fingerprint) : null;
    this.stagesDone = saved?.header.stages ?? 0;
    this.values = saved
      ? takeParameters([...saved.arrays], specs, this.optimizer(0))
      : { weights: begin.weights, slots: freshSlots(specs, this.optimizer(0)) };
  }

  run(): RelearnedNetwork {
    for (let stage = 0; stage < STAGES; stage++) {
      const end = Math.round((this.steps * (stage + 1)) / STAGES);
      if (stage < this.stagesDone) for (; this.step < end; this.step++) this.draw();
      else this.train(stage, end);
    }
    return {
      network: networkOf(this.network.architecture, this.values.weights),
      gradients: this.computed,
      seconds: (performance.now() - this.began) / 1000,
    };
  }

  private optimizer(stage: number) {
    return adam({ learningRate: this.settings.learningRate * (1 - stage / STAGES), amsgrad: true });
  }

  private hash({ changed }: Halves, share: number): string {
    const { architecture, X, y, steps, settings } = this;
    const { gradients, learningRate, restartFrom, batchSize, augment, rng } = settings;
    const parts = { architecture, gradients, share, learningRate, restartFrom, batchSize, augment, steps,
      seeds: seedsOf("relearn", rng), ...arithmetic(), type: X.data.constructor.name, shape: X.shape };
    return hashRun(parts, [X.data, y, changed, ...this.network.weights]);
  }

  private train(stage: number, end: number): void {
    const { X, y, architecture, masks, settings: { checkpoint, augment, rng } } = this;
    const { inputShape } = architecture;
    const changes = augment && { augment, inputShape, epoch: 0, tosses: new Uint8Array(y.length) };
    const live = liveNetwork(runtimeOf(), architecture, this.values, this.optimizer(stage));
    const release = holdInterrupts();
    try {
      for (; this.step < end; this.step++) {
        throwIfInterrupted();
        const positions = this.draw();
        const labels = Int32Array.from(positions, (i) => y[i]);
        const values = gatherBatch(X, positions, architecture.inputScale);
        if (changes) augmentBatch(values, positions, changes, rng.spawn(4).spawn(this.step));
        const { loss } = trainStep(live, { values, labels }, { seed: (masks + this.step) | 0, update: this.step + 1 });
        if (!Number.isFinite(loss)) throw new DivergenceError(`relearn: loss is ${loss} in step ${this.step + 1}`);
        this.computed += labels.length;
      }
      this.values = live.store.values();
    } finally {
      release();
      live.store.dispose();
    }
    const header: RelearnHeader = { fingerprint: this.fingerprint, stages: stage + 1 };
    if (checkpoint)
      writeCheckpoint(checkpoint.path, { header, arrays: [...this.values.weights, ...this.values.slots.flat()] });
  }
}

/**
 * Unlearns wrong labels by learning the right ones instead: a short training run of all layers in which the changed
 * examples come more often than their share, from a network whose last layers may start anew. Two things make it cheap:
 * the convolutions stay where they were, and the learning rate falls to 0 within the run.
 *
 * @param X Training examples, shape [n, d]. @param y Their labels as they should be, shape [n].
 * @param changed Positions whose label is not the one the network was trained with.
 * @throws {RangeError} If there is no changed or no other example, or a parameter is out of range.
 * @throws {DivergenceError} If the loss is not finite.
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
  const settings = settingsOf(network, X, y, options);
  return new Relearning(network, X, y, halvesOf(y.length, changed), settings).run();
}
