export {
  lossDerivatives, type DerivativeCounters, type DerivativesOptions, type LossDerivatives, type ParameterSelection,
} from "./derivatives";
