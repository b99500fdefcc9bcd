import { selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { hashRun, readRun, writeCheckpoint } from "../training/checkpoint";
import { parameterSpecs } from "../training/layers";
import { requireExamples, requireNetwork, type Network } from "../training/network";
import { predictClasses } from "../training/predict";
import { seedsOf, type CheckpointOptions } from "../training/train";
import { requireInRange, requireInteger, requirePositive } from "../validate";
import { conjugateGradients, type ConjugateGradientResult } from "./conjugate-gradients";
import { lossDerivatives, selectParameters, type LossDerivatives, type ParameterSelection } from "./derivatives";
import { lissa, type LissaOptions, type LissaResult } from "./lissa";

/** θ ← θ − τ d. */
export interface FirstOrderRule {
  readonly kind: "firstOrder";
  /** τ; 2e-5 in the source. */
  readonly stepSize: number;
}

/** θ ← θ − LiSSA(d), with the exact Hessian of the drawn examples' summed loss under their true labels. */
export interface LissaRule extends LissaOptions {
  readonly kind: "lissa";
}

/**
 * θ ← θ − stepSize · (G + damping · I)⁻¹ d w / (m n): a Newton step that swaps all w wrong examples, judged by the m
 * drawn,
 * in the mean loss of n; G is the mean Gauss–Newton matrix of training examples drawn for it.
 */
export interface GaussNewtonRule {
  readonly kind: "gaussNewton";
  /** λ, above 0; 0.1–0.3 does well. */
  readonly damping: number;
  /** Training examples that G is the mean of, at most; 2048. */
  readonly curvatureSamples?: number;
  /** 1. */
  readonly stepSize?: number;
  /** Residual at which the conjugate gradients stop; 1e-2. */
  readonly tolerance?: number;
}

export type CorrectionRule = FirstOrderRule | LissaRule | GaussNewtonRule;

/**
 * Work really done, before a kill and after it: examples whose gradient or product was computed, and seconds.
 */
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
  /** Examples drawn at each step, at most; 512 for first order, 1024 for second in the source. */
  samples: number;
  /** 10 in the source. */
  steps?: number;
  /** The source's last six trainable tensors. */
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

/** Weights with a vector taken off the selected tensors. */
export function subtractFromWeights(
  network: Network,
  selection: ParameterSelection,
  update: ArrayLike<number>,
): Network {
  const specs = parameterSpecs(network.architecture);
  const weights = network.weights.map((values) => values.slice());
  let offset = 0;
  for (const i of selectParameters(specs, selection)) {
    const values = weights[i];
    for (let k = 0; k < values.length; k++) values[k] -= update[offset + k];
    offset += values.length;
  }
  return { architecture: network.architecture, weights };
}

const CURVATURE_SAMPLES = 2048;

function requireRule(rule: CorrectionRule): void {
  if (rule.kind === "firstOrder") requirePositive("correctLabels", "stepSize", rule.stepSize);
  if (rule.kind === "gaussNewton") {
    requirePositive("correctLabels", "damping", rule.damping);
    requirePositive("correctLabels", "stepSize", rule.stepSize ?? 1);
    requireInteger("correctLabels", "curvatureSamples", rule.curvatureSamples ?? CURVATURE_SAMPLES, 1);
  }
  if (rule.kind === "lissa") requireInRange("correctLabels", "damping", rule.damping ?? 1e-4, 0, 1);
}

/**
 * The source's unlearning of wrong labels, given the true ones: at each step, draws training examples whose prediction
 * differs from the true label, and moves the chosen parameters against d = Σ [∇L(true) − ∇L(predicted)].
 * The network itself holds the poison; the poisoned labels are not needed.
 *
 * On a network cut from its trunk (`splitNetwork`) with the trunk's outputs as X, the same update costs a fraction.
 *
 * @param X Training examples, shape [n, d]. @param yTrue Their true classes, shape [n].
 * @throws {RangeError} If a parameter does not exist, the damping is not above 0, or a class is out of range.
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
  const { rule, samples, steps = 10, parameters = { last: 6 }, rng, onStep, checkpoint } = options;
  requireNetwork("correctLabels", network);
  requireExamples("correctLabels", network.architecture, X, yTrue);
  requireInteger("correctLabels", "samples", samples, 1);
  requireInteger("correctLabels", "steps", steps, 1);
  requireRule(rule);
  const began = performance.now();
  const settings = (): unknown => ({ architecture: network.architecture, rule, samples, steps, parameters,
    seeds: seedsOf("correctLabels", rng), type: X.data.constructor.name, shape: X.shape });
  const fingerprint = checkpoint ? hashRun(settings(), [X.data, yTrue, ...network.weights]) : "";
  const saved = checkpoint ? readRun<CorrectionHeader>("correctLabels", checkpoint.path, fingerprint) : null;
  const touched = new Set(saved?.header.touched);
  const misclassified = saved?.header.misclassified ?? [];
  for (const count of misclassified) {
    rng.permutation(count);
    if (rule.kind === "gaussNewton") rng.permutation(yTrue.length);
  }
  let { gradients, products, predictions } = saved?.header ?? { gradients: 0, products: 0, predictions: 0 };
  let current = saved ? { architecture: network.architecture, weights: saved.arrays } : network;
  const secondsSoFar = (): number => (saved?.header.seconds ?? 0) + (performance.now() - began) / 1000;
  const gaussNewtonStep = (rule: GaussNewtonRule, mean: Float64Array): Solved => {
    const [n] = X.shape;
    const positions = rng.permutation(n).slice(0, rule.curvatureSamples ?? CURVATURE_SAMPLES);
    const derivatives = lossDerivatives(current, selectRows(X, positions), selectLabels(yTrue, positions), {
      parameters,
    });
    try {
      const result = conjugateGradients((v) => derivatives.gaussNewtonVectorProduct(v), mean, {
        damping: rule.damping,
        tolerance: rule.tolerance ?? 1e-2,
      });
      const update = result.x.map((value) => (rule.stepSize ?? 1) * value);
      return { update, conjugateGradients: result, products: derivatives.counters.gaussNewtonVectorProducts };
    } finally {
      derivatives.dispose();
    }
  };
  for (let step = (saved?.header.step ?? 0) + 1; step <= steps; step++) {
    const predicted = predictClasses(current, X);
    predictions += predicted.length;
    const wrong = [...predicted.keys()].filter((i) => predicted[i] !== yTrue[i]);
    if (!wrong.length) break;
    const drawn = Array.from(rng.permutation(wrong.length).slice(0, samples), (k) => wrong[k]);
    drawn.forEach((i) => touched.add(i));
    misclassified.push(wrong.length);
    const rows = selectRows(X, drawn);
    const isTrue = lossDerivatives(current, rows, selectLabels(yTrue, drawn), { parameters, reduction: "sum" });
    const asPredicted = lossDerivatives(current, rows, selectLabels(predicted, drawn), {
      parameters,
      reduction: "sum",
    });
    try {
      const wrongGradient = asPredicted.gradient();
      const difference = isTrue.gradient().map((value, i) => value - wrongGradient[i]);
      gradients += 2 * drawn.length;
      const solved =
        rule.kind === "gaussNewton"
          ? gaussNewtonStep(
              rule,
              difference.map((value) => (value * wrong.length) / (drawn.length * yTrue.length)),
            )
          : directStep(rule, difference, isTrue);
      products += isTrue.counters.hessianVectorProducts + solved.products;
      current = subtractFromWeights(current, parameters, solved.update);
      if (checkpoint) {
        const counters = { gradients, products, predictions, seconds: secondsSoFar() };
        const header: CorrectionHeader = { ...counters, fingerprint, step, touched: [...touched], misclassified };
        writeCheckpoint(checkpoint.path, { header, arrays: current.weights });
      }
      onStep?.({
        step,
        misclassified: wrong.length,
        drawn: drawn.length,
        gradientDifference: difference,
        update: solved.update,
        lissa: solved.lissa,
        conjugateGradients: solved.conjugateGradients,
        network: current,
      });
    } finally {
      isTrue.dispose();
      asPredicted.dispose();
    }
  }
  const counters = { gradients, products, predictions, samples: touched.size, seconds: secondsSoFar() };
  return { network: current, counters };
}

type Solved = Pick<CorrectionStep, "update" | "lissa" | "conjugateGradients"> & { products: number };

function directStep(rule: FirstOrderRule | LissaRule, difference: Float64Array, isTrue: LossDerivatives): Solved {
  if (rule.kind === "firstOrder") return { update: difference.map((value) => rule.stepSize * value), products: 0 };
  const result = lissa((u) => isTrue.hessianVectorProduct(u), difference, rule);
  return { update: result.x, lissa: result, products: 0 };
}
