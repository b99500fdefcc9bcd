export * from "./architectures";
export * from "./cached";
export { DivergenceError } from "./divergence";
export {
  layer,
  countMultiplications,
  countParameters,
  layerShapes,
  parameterSpecs,
  type Activation,
  type ActivationLayer,
  type Architecture,
  type BatchNormLayer,
  type ConvolutionLayer,
  type ConvolutionOptions,
  type DenseLayer,
  type DenseOptions,
  type DropoutLayer,
  type FlattenLayer,
  type Initializer,
  type Layer,
  type MaxPoolLayer,
  type Padding,
  type ParameterSpec,
} from "./layers";
export type { Network, NetworkPart } from "./network";
export { networkEstimator, type NetworkEstimator, type NetworkEstimatorOptions } from "./network-estimator";
export { initializeNetwork, joinNetworks, networkOf, splitNetwork } from "./network-classifier";
export { loadNetwork, saveNetwork } from "./network-file";
export {
  adadelta,
  adam,
  muon,
  sgd,
  type AdadeltaOptimizer,
  type AdamOptimizer,
  type MuonOptimizer,
  type MuonOptions,
  type Optimizer,
  type SgdOptimizer,
} from "./optimizers";
export {
  evaluateNetwork,
  networkOutputs,
  type Evaluation,
  type PredictOptions,
} from "./predict";
export type { Kernels } from "./runtime";
export { matrixPrecision, setMatrixPrecision, tensorflowThreads, type MatrixPrecision } from "../tensorflow";
export type { EpochRecord } from "./run-state";
export { oneCycle, type OneCycleOptions, type OneCycleSchedule, type Schedule } from "./schedules";
export * from "./source-networks";
export { trainTowards, type RepairedNetwork, type TargetOptions, type TargetStage } from "./towards";
export { trainNetwork, trainNetworkSync } from "./train";
export type * from "./train-options";
export type { Augmentation } from "./augment";
export * from "./whitened";
export { softmaxRows } from "../math/softmax";
