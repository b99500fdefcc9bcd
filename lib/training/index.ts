export * from "./architectures";
export * from "./cached";
export {
  layer,
  countParameters,
  layerShapes,
  parameterSpecs,
  type Activation,
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
export { initializeNetwork, joinNetworks, splitNetwork, type Network } from "./network";
export { loadNetwork, saveNetwork } from "./network-file";
export {
  adadelta,
  adam,
  sgd,
  type AdadeltaOptimizer,
  type AdamOptimizer,
  type Optimizer,
  type SgdOptimizer,
} from "./optimizers";
export {
  evaluateNetwork,
  networkOutputs,
  predictClasses,
  softmaxRows,
  type Evaluation,
  type PredictOptions,
} from "./predict";
export type { Kernels } from "./runtime";
export { matrixPrecision, setMatrixPrecision, type MatrixPrecision } from "./tensorflow";
export {
  trainNetwork,
  trainNetworkSync,
  type AsyncTrainOptions,
  type CheckpointOptions,
  type EpochRecord,
  type TrainOptions,
  type TrainingProgress,
  type TrainingResult,
} from "./train";
