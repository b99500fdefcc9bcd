export { conjugateGradients, type ConjugateGradientOptions, type ConjugateGradientResult } from "./conjugate-gradients";
export {
  lossDerivatives,
  type DerivativeCounters,
  type DerivativesOptions,
  type LossDerivatives,
} from "./derivatives";
export type { CorrectionRule, FirstOrderRule, GaussNewtonRule, LissaRule } from "./correction-rules";
export { subtractFromWeights, type ParameterSelection } from "./parameter-selection";
export * from "./gauss-newton-diagonal";
export * from "./label-correction";
export * from "./lanczos";
export * from "./lissa";
export * from "./memorization";
export * from "./source/opposite-labels";
export { cosineSimilarity } from "./cosine-similarity";
export * from "./certified-removal";
export * from "./feature-unlearning";
export { linearScores } from "./logistic";
export * from "./sisa";
export * from "./infer-labels";
export { relearn, type RelearnedNetwork, type RelearnOptions } from "./relearn";
export * from "./relearn-inferred";
export { fitTemperature } from "./temperature";
export * from "./source/flip-experiment";
export * from "./corrective";
export * from "./influence";
