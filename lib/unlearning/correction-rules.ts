import { selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import type { Network } from "../training/network";
import { requireInRange, requireInteger, requirePositive } from "../validate";
import { conjugateGradients, type ConjugateGradientResult } from "./conjugate-gradients";
import { lossDerivatives, type LossDerivatives } from "./derivatives";
import { lissa, type LissaOptions, type LissaResult } from "./lissa";
import type { ParameterSelection } from "./parameter-selection";

/** θ ← θ − τ d. */
export interface FirstOrderRule {
  readonly kind: "firstOrder";
  /** τ; 2e-5 in the unlearning source. */
  readonly stepSize: number;
}

/** θ ← θ − LiSSA(d), with the exact Hessian of the drawn examples' summed loss under their true labels. */
export interface LissaRule extends LissaOptions {
  readonly kind: "lissa";
}

/**
 * θ ← θ − stepSize · (G + damping · I)⁻¹ d w / (m n): a Newton step that swaps all w wrong examples, judged by the m
 * drawn, in the mean loss of n; G is the mean Gauss–Newton matrix of training examples drawn for it.
 */
export interface GaussNewtonRule {
  readonly kind: "gaussNewton";
  /** λ, above 0; 0.1–0.3 does well. */
  readonly damping: number;
  /**
   * Training examples that G is the mean of, at most.
   * @defaultValue 2048
   */
  readonly curvatureSamples?: number;
  /** @defaultValue 1 */
  readonly stepSize?: number;
  /**
   * Residual at which the conjugate gradients stop.
   * @defaultValue 1e-2
   */
  readonly tolerance?: number;
}

export type CorrectionRule = FirstOrderRule | LissaRule | GaussNewtonRule;

const CURVATURE_SAMPLES = 2048;

/** Requires a rule whose settings are in range. */
export function requireRule(fn: string, rule: CorrectionRule): void {
  if (rule.kind === "firstOrder") requirePositive(fn, "stepSize", rule.stepSize);
  if (rule.kind === "gaussNewton") {
    requirePositive(fn, "damping", rule.damping);
    requirePositive(fn, "stepSize", rule.stepSize ?? 1);
    requireInteger(fn, "curvatureSamples", rule.curvatureSamples ?? CURVATURE_SAMPLES, 1);
  }
  if (rule.kind === "lissa") requireInRange(fn, "damping", rule.damping ?? 1e-4, 0, 1);
}

/** What a rule makes of a gradient difference. */
export interface RuleResult {
  /** What is taken off the parameters. */
  readonly update: Float64Array;
  readonly lissa?: LissaResult;
  readonly conjugateGradients?: ConjugateGradientResult;
  /** Vector products, in examples. */
  readonly products: number;
}

/** Where a network stands at one step of a correction. */
export interface Standing {
  readonly network: Network;
  /** All training examples under their true labels. */
  readonly X: Matrix;
  readonly yTrue: Int32Array;
  /** The drawn examples' summed loss under their true labels. */
  readonly isTrue: LossDerivatives;
  readonly parameters: ParameterSelection;
  /** Examples the network gets wrong, and those drawn of them. */
  readonly wrong: number;
  readonly drawn: number;
}

function applyLissa(rule: LissaRule, d: Float64Array, { isTrue }: Standing): RuleResult {
  const result = lissa((u) => isTrue.hessianVectorProduct(u), d, rule);
  return { update: result.x, lissa: result, products: isTrue.counters.hessianVectorProducts };
}

/** Draws the curvature's examples, as many as the rule says. */
function drawCurvature(rule: GaussNewtonRule, n: number, rng: Rng): Int32Array {
  return rng.permutation(n).slice(0, rule.curvatureSamples ?? CURVATURE_SAMPLES);
}

function applyGaussNewton(rule: GaussNewtonRule, d: Float64Array, standing: Standing, rng: Rng): RuleResult {
  const { network, X, yTrue, parameters, wrong, drawn } = standing;
  const mean = d.map((value) => (value * wrong) / (drawn * yTrue.length));
  const positions = drawCurvature(rule, yTrue.length, rng);
  const derivatives = lossDerivatives(network, selectRows(X, positions), selectLabels(yTrue, positions), {
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
}

/** What a rule takes off the parameters, given d. */
export function applyRule(rule: CorrectionRule, d: Float64Array, standing: Standing, rng: Rng): RuleResult {
  switch (rule.kind) {
    case "firstOrder":
      return { update: d.map((value) => rule.stepSize * value), products: 0 };
    case "lissa":
      return applyLissa(rule, d, standing);
    case "gaussNewton":
      return applyGaussNewton(rule, d, standing, rng);
  }
}

/** Draws what a rule draws at a step, for nothing: so a resumed run goes on with the same numbers. */
export function skipDraws(rule: CorrectionRule, n: number, rng: Rng): void {
  if (rule.kind === "gaussNewton") drawCurvature(rule, n, rng);
}
