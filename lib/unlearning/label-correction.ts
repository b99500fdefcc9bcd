import { throwIfInterrupted } from "../interrupt";
import { selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { hashRun, readRun, writeCheckpoint } from "../training/checkpoint";
import { requireExamples, requireNetwork, type Network } from "../training/network";
import { networkOf } from "../training/network-classifier";
import { arithmetic, seedsOf } from "../training/run-state";
import type { CheckpointOptions } from "../training/train-options";
import { requireInteger } from "../validate";
import type { ConjugateGradientResult } from "./conjugate-gradients";
import { applyRule, requireRule, skipDraws, type CorrectionRule } from "./correction-rules";
import { lossDerivatives, type LossDerivatives } from "./derivatives";
import type { LissaResult } from "./lissa";
import { subtractFromWeights, type ParameterSelection } from "./parameter-selection";

/** Work really done, before a kill and after it: examples whose gradient or product was computed, and seconds. */
export interface CorrectionCounters {
  readonly gradients: number;
  readonly products: number;
  readonly predictions: number;
  /** Different training examples that an update used. */
  readonly samples: number;
  readonly seconds: number;
}

export interface CorrectionStep {
  /** From 1. */
  readonly step: number;
  /** Training examples the model got wrong before the step. */
  readonly misclassified: number;
  readonly drawn: number;
  /** d, as the sum over the drawn examples. */
  readonly gradientDifference: Float64Array;
  /** What was taken off the parameters. */
  readonly update: Float64Array;
  readonly lissa?: LissaResult;
  readonly conjugateGradients?: ConjugateGradientResult;
  /** The network after the step. */
  readonly network: Network;
}

export interface CorrectLabelsOptions {
  rule: CorrectionRule;
  /** Examples drawn at each step, at most; 512 for first order, 1024 for second in the unlearning source. */
  samples: number;
  /**
   * As in the unlearning source.
   * @defaultValue 10
   */
  steps?: number;
  /**
   * As in the unlearning source.
   * @defaultValue `{ last: 6 }`
   */
  parameters?: ParameterSelection;
  rng: Rng;
  onStep?: (step: CorrectionStep) => void;
  /** Saves after each step; the same call goes on from there after the process was killed. */
  checkpoint?: Pick<CheckpointOptions, "path">;
}

interface CorrectionHeader extends Omit<CorrectionCounters, "samples"> {
  fingerprint: string;
  step: number;
  touched: number[];
  /** Examples the model got wrong before each step: what the generator drew from. */
  misclassified: number[];
}

export interface CorrectedNetwork {
  readonly network: Network;
  readonly counters: CorrectionCounters;
}

/** Examples that a network gets wrong, and those drawn of them. */
interface Draw {
  /** Classes that the network gives all examples. */
  readonly predicted: Int32Array;
  readonly wrong: number;
  readonly drawn: readonly number[];
}

/** A correction under way. */
class LabelCorrection {
  private current: Network;
  private readonly counts = { gradients: 0, products: 0, predictions: 0 };
  private readonly touched: Set<number>;
  private readonly misclassified: number[];
  private readonly stepsDone: number;
  private readonly secondsBefore: number;
  private readonly began = performance.now();
  private readonly fingerprint: string;
  private readonly parameters: ParameterSelection;
  private readonly steps: number;

  constructor(
    network: Network,
    private readonly X: Matrix,
    private readonly yTrue: Int32Array,
    private readonly options: CorrectLabelsOptions,
  ) {
    const { rule, samples, rng, checkpoint } = options;
    this.parameters = options.parameters ?? { last: 6 };
    this.steps = options.steps ?? 10;
    requireNetwork("correctLabels", network);
    requireExamples("correctLabels", network.architecture, X, yTrue);
    requireInteger("correctLabels", "samples", samples, 1);
    requireInteger("correctLabels", "steps", this.steps, 1);
    requireRule("correctLabels", rule);
    this.fingerprint = checkpoint ? this.hash(network) : "";
    const saved = checkpoint ? readRun<CorrectionHeader>("correctLabels", checkpoint.path, this.fingerprint) : null;
    this.touched = new Set(saved?.header.touched);
    this.misclassified = saved?.header.misclassified ?? [];
    for (const count of this.misclassified) {
      rng.permutation(count);
      skipDraws(rule, yTrue.length, rng);
    }
    const { gradients = 0, products = 0, predictions = 0, step = 0, seconds = 0 } = saved?.header ?? {};
    Object.assign(this.counts, { gradients, products, predictions });
    this.stepsDone = step;
    this.secondsBefore = seconds;
    this.current = saved ? networkOf(network.architecture, saved.arrays) : network;
  }

  run(): CorrectedNetwork {
    for (let step = this.stepsDone + 1; step <= this.steps; step++) {
      throwIfInterrupted();
      const draw = this.draw();
      if (!draw) break;
      this.take(step, draw);
    }
    return { network: this.current, counters: { ...this.counts, samples: this.touched.size, seconds: this.seconds() } };
  }

  private hash({ architecture, weights }: Network): string {
    const { X, yTrue, parameters, steps, options: { rule, samples, rng } } = this;
    const settings = { architecture, rule, samples, steps, parameters, seeds: seedsOf("correctLabels", rng),
      ...arithmetic(), type: X.data.constructor.name, shape: X.shape };
    return hashRun(settings, [X.data, yTrue, ...weights]);
  }

  private seconds(): number {
    return this.secondsBefore + (performance.now() - this.began) / 1000;
  }

  /** Null if the network gets every example right. */
  private draw(): Draw | null {
    const { yTrue, options: { rng, samples } } = this;
    const predicted = this.current.predict(this.X);
    this.counts.predictions += predicted.length;
    const wrong = [...predicted.keys()].filter((i) => predicted[i] !== yTrue[i]);
    if (!wrong.length) return null;
    const drawn = Array.from(rng.permutation(wrong.length).slice(0, samples), (k) => wrong[k]);
    drawn.forEach((i) => this.touched.add(i));
    this.misclassified.push(wrong.length);
    return { predicted, wrong: wrong.length, drawn };
  }

  /** The drawn examples' summed loss under some labels, for as long as `use` needs it. */
  private withLoss<T>(drawn: readonly number[], y: Int32Array, use: (loss: LossDerivatives) => T): T {
    const { current, X, parameters } = this;
    const loss = lossDerivatives(current, selectRows(X, drawn), selectLabels(y, drawn), {
      parameters,
      reduction: "sum",
    });
    try {
      return use(loss);
    } finally {
      loss.dispose();
    }
  }

  private take(step: number, { predicted, wrong, drawn }: Draw): void {
    const { X, yTrue, parameters, options: { rule, rng, onStep } } = this;
    const wrongGradient = this.withLoss(drawn, predicted, (asPredicted) => asPredicted.gradient());
    this.withLoss(drawn, yTrue, (isTrue) => {
      const gradientDifference = isTrue.gradient().map((value, i) => value - wrongGradient[i]);
      this.counts.gradients += 2 * drawn.length;
      const standing = { network: this.current, X, yTrue, isTrue, parameters, wrong, drawn: drawn.length };
      const result = applyRule(rule, gradientDifference, standing, rng);
      this.counts.products += result.products;
      this.current = subtractFromWeights(this.current, parameters, result.update);
      this.save(step);
      const { update, lissa, conjugateGradients } = result;
      onStep?.({ step, misclassified: wrong, drawn: drawn.length, gradientDifference, update, lissa,
        conjugateGradients, network: this.current });
    });
  }

  private save(step: number): void {
    const { checkpoint } = this.options;
    if (!checkpoint) return;
    const header: CorrectionHeader = { ...this.counts, seconds: this.seconds(), fingerprint: this.fingerprint, step,
      touched: [...this.touched], misclassified: this.misclassified };
    writeCheckpoint(checkpoint.path, { header, arrays: this.current.weights });
  }
}

/**
 * The unlearning source's correction of wrong labels, given the true ones: at each step, draws training examples whose
 * prediction differs from the true label, and moves the chosen parameters against d = Σ [∇L(true) − ∇L(predicted)]. The
 * network itself holds the poison; the poisoned labels are not needed.
 *
 * On a network cut from its trunk (`splitNetwork`) with the trunk's outputs as X, the same update costs a fraction.
 *
 * @param X Training examples, shape [n, d]. @param yTrue Their true classes, shape [n].
 * @throws {RangeError} If a parameter does not exist, a setting or a class is out of range, or X is not finite.
 * @throws {DivergenceError} If LiSSA's series or the weights overflow.
 * @see Warnecke et al., NDSS 2023, §IV; the published code stops LiSSA long before it converges.
 * @example
 * const { network: repaired } = correctLabels(poisoned, X, yTrue, {
 *   rule: { kind: "firstOrder", stepSize: 2e-5 }, samples: 512, rng: seededRng(42),
 * });
 */
export function correctLabels(
  network: Network,
  X: Matrix,
  yTrue: Int32Array,
  options: CorrectLabelsOptions,
): CorrectedNetwork {
  return new LabelCorrection(network, X, yTrue, options).run();
}
