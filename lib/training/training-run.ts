import { holdInterrupts } from "../interrupt";
import type { Matrix } from "../matrix";
import { requireInteger, requireOneOf } from "../validate";
import { augmentBatch, checkedAugmentation } from "./augment";
import { DivergenceError } from "./divergence";
import { parameterSpecs, type Architecture } from "./layers";
import { requireNormedConvolutions } from "./muon";
import {
  gatherBatch, numClassesOf, requireExamples, requireFloat32Columns, requireNetwork, type Network,
} from "./network";
import { initializeNetwork, networkOf } from "./network-classifier";
import { adam } from "./optimizers";
import { freshSlots, type ParameterValues } from "./parameters";
import {
  architectureOf, freshState, hashTraining, readState, writeState, type EpochRecord, type RunState,
} from "./run-state";
import { runtimeOf } from "./runtime";
import { rateFactor } from "./schedules";
import { liveNetwork, trainStep, type LiveNetwork } from "./step";
import type { TrainingResult, TrainOptions } from "./train-options";

/** Options with their defaults. */
type Settings = TrainOptions & Required<Pick<TrainOptions, "batchSize" | "optimizer" | "keep" | "kernels">>;

function withDefaults({ inputShape }: Architecture, options: TrainOptions): Settings {
  const { batchSize = 64, optimizer = adam(), keep = "best", kernels = "native", labelSmoothing = 0 } = options;
  if (!(Number.isFinite(labelSmoothing) && labelSmoothing >= 0 && labelSmoothing < 1))
    throw new RangeError(`trainNetwork: labelSmoothing must be in [0, 1), got ${labelSmoothing}`);
  const augment = options.augment === undefined ? undefined
    : checkedAugmentation("trainNetwork", options.augment, inputShape);
  // What is left out has the same fingerprint as what it stands for.
  return { ...options, batchSize, optimizer, keep, kernels, augment, labelSmoothing: labelSmoothing || undefined };
}

/** A hash of all that a trained network depends on: data, labels, start, settings, seeds, arithmetic. */
export function fingerprintOf(start: Architecture | Network, X: Matrix, y: Int32Array, options: TrainOptions): string {
  const { epochs, batchSize, optimizer, schedule, augment, labelSmoothing, keep, kernels, rng } =
    withDefaults(architectureOf(start), options);
  return hashTraining(start, X, y,
    { epochs, batchSize, optimizer, schedule, augment, labelSmoothing, keep, kernels, rng });
}

/** A loss this many times the first epoch's, beyond the loss of guessing, counts as diverged. */
const DIVERGENCE = 5;

function requireConverging(epoch: number, loss: number, history: readonly EpochRecord[], numClasses: number): void {
  if (!history.length) return;
  const limit = DIVERGENCE * Math.max(history[0].loss, Math.log(numClasses));
  if (!(loss <= limit))
    throw new DivergenceError(
      `trainNetwork: diverged: mean loss ${loss.toPrecision(4)} in epoch ${epoch}, ` +
        `${history[0].loss.toPrecision(4)} in the first; lower the learning rate`,
    );
}

function requireSettings(start: Architecture | Network, X: Matrix, y: Int32Array, settings: Settings): void {
  const { epochs, batchSize, keep, kernels, checkpoint } = settings;
  requireInteger("trainNetwork", "epochs", epochs, 1);
  requireOneOf("trainNetwork", "keep", keep, ["best", "last"]);
  requireOneOf("trainNetwork", "kernels", kernels, ["native", "plain"]);
  requireInteger("trainNetwork", "batchSize", batchSize, 1);
  if (checkpoint?.everySteps !== undefined) requireInteger("trainNetwork", "everySteps", checkpoint.everySteps, 1);
  if (settings.optimizer.kind === "muon") requireNormedConvolutions("trainNetwork", architectureOf(start));
  requireExamples("trainNetwork", architectureOf(start), X, y);
  if (!y.length) throw new RangeError("trainNetwork: needs at least one example, got none");
  requireFloat32Columns("trainNetwork", X);
  if ("architecture" in start) requireNetwork("trainNetwork", start);
}

/** One training, from its first step or its checkpoint to its end. */
export class TrainingRun {
  private readonly architecture: Architecture;
  private readonly settings: Settings;
  private readonly fingerprint: string;
  private readonly values: ParameterValues;
  private readonly state: RunState;
  /** Steps of an epoch. */
  private readonly steps: number;
  /** One an image: whether it is mirrored in even epochs or in odd ones. */
  private readonly tosses: Uint8Array;
  private began = 0;
  private shownAt = 0;
  private examplesSeen = 0;

  constructor(
    start: Architecture | Network,
    private readonly X: Matrix,
    private readonly y: Int32Array,
    options: TrainOptions,
  ) {
    this.settings = withDefaults(architectureOf(start), options);
    requireSettings(start, X, y, this.settings);
    const { rng, batchSize, optimizer, checkpoint } = this.settings;
    this.architecture = architectureOf(start);
    this.steps = Math.ceil(y.length / batchSize);
    const tossed = rng.spawn(2);
    this.tosses = Uint8Array.from(this.settings.augment?.mirror === "inTurns" ? y : [], () => tossed.integer(2));
    this.fingerprint = checkpoint ? fingerprintOf(start, X, y, options) : "";
    const { weights } = "architecture" in start ? start : initializeNetwork(this.architecture, { rng: rng.spawn(0) });
    const saved = checkpoint && readState(checkpoint.path, this.fingerprint, this.architecture, optimizer);
    this.values = saved?.values ?? { weights, slots: freshSlots(parameterSpecs(this.architecture), optimizer) };
    this.state = saved?.state ?? freshState();
  }

  /** Yields after each step what saves the run; returns the result. */
  *loop(): Generator<() => void, TrainingResult> {
    const { state, settings: { epochs, optimizer, kernels } } = this;
    if (state.epoch === epochs) return this.result(this.values.weights, 0);
    const live = liveNetwork(runtimeOf(kernels), this.architecture, this.values, optimizer);
    const save = (): void => this.save(live);
    this.began = this.shownAt = performance.now();
    const release = holdInterrupts();
    try {
      while (state.epoch < epochs) {
        yield* this.stepsOfEpoch(live, save);
        this.endEpoch(live);
        save();
        yield save;
      }
      return this.result(live.store.values().weights, (performance.now() - this.began) / 1000);
    } finally {
      release();
      live.store.dispose();
    }
  }

  private *stepsOfEpoch(live: LiveNetwork, save: () => void): Generator<() => void, void> {
    const { X, y, state, steps, architecture: { inputShape, inputScale }, tosses, settings } = this;
    const { rng, batchSize, schedule, epochs, checkpoint, augment, labelSmoothing } = settings;
    const draws = rng.spawn(1).spawn(state.epoch);
    const order = draws.permutation(y.length);
    const masks = draws.spawn(0).word() | 0;
    while (state.step < steps) {
      const positions = order.subarray(state.step * batchSize, (state.step + 1) * batchSize);
      const labels = Int32Array.from(positions, (i) => y[i]);
      const values = gatherBatch(X, positions, inputScale);
      const changes = augment && { augment, inputShape, epoch: state.epoch, tosses };
      if (changes) augmentBatch(values, positions, changes, draws.spawn(1).spawn(state.step));
      const update = state.updates + 1;
      const seed = (masks + state.step) | 0;
      const numbers = { seed, update, rateFactor: rateFactor(schedule, update, steps * epochs), labelSmoothing };
      this.countStep(trainStep(live, { values, labels }, numbers), labels.length);
      const { everySteps } = checkpoint ?? {};
      if (everySteps && state.step < steps && state.step % everySteps === 0) save();
      if (state.step < steps) yield save;
    }
  }

  private countStep({ loss, right }: { loss: number; right: number }, examples: number): void {
    const { state } = this;
    if (!Number.isFinite(loss))
      throw new DivergenceError(
        `trainNetwork: loss is ${loss} in epoch ${state.epoch + 1}, step ${state.step + 1}; ` +
          "lower the learning rate, or look for bad numbers in the data",
      );
    state.updates++;
    state.step++;
    state.lossSum += loss;
    state.right += right;
    this.examplesSeen += examples;
    this.show();
  }

  private show(): void {
    const { state, steps, settings: { onProgress, epochs, batchSize } } = this;
    const now = performance.now();
    if (!onProgress || (state.step < steps && now - this.shownAt < 250)) return;
    this.shownAt = now;
    const n = this.y.length;
    const imagesPerSecond = (this.examplesSeen * 1000) / (now - this.began);
    const seen = Math.min(state.step * batchSize, n);
    onProgress({
      epoch: state.epoch + 1,
      epochs,
      step: state.step,
      steps,
      loss: state.lossSum / seen,
      accuracy: state.right / seen,
      imagesPerSecond,
      secondsLeft: ((epochs - state.epoch) * n - seen) / imagesPerSecond,
    });
  }

  /** Notes the epoch's means, and keeps its weights if they are the ones to return. */
  private endEpoch(live: LiveNetwork): void {
    const { state, y, settings: { epochs, keep } } = this;
    const record = { loss: state.lossSum / y.length, accuracy: state.right / y.length };
    requireConverging(state.epoch + 1, record.loss, state.history, numClassesOf(this.architecture));
    const lowest = state.history.every(({ loss }) => record.loss < loss);
    state.epoch++;
    state.history = [...state.history, record];
    if (keep === "last") state.keptEpoch = state.epoch;
    else if (lowest) {
      state.keptEpoch = state.epoch;
      state.best = state.epoch < epochs ? live.store.values().weights : null;
    }
    Object.assign(state, { step: 0, lossSum: 0, right: 0 });
  }

  private save(live: LiveNetwork): void {
    const { checkpoint } = this.settings;
    if (checkpoint) writeState(checkpoint.path, this.fingerprint, live.store.values(), this.state);
  }

  private result(weights: readonly Float32Array[], seconds: number): TrainingResult {
    const { state: { best, history, keptEpoch }, examplesSeen } = this;
    const kept = this.settings.keep === "best" && best ? best : weights;
    if (!kept.every((values) => values.every(Number.isFinite)))
      throw new DivergenceError("trainNetwork: weights are not finite at the end; lower the learning rate");
    return { network: networkOf(this.architecture, kept), history, keptEpoch, seconds, examplesSeen };
  }
}
