import { requireInRange, requireOneOf, requirePositive } from "../validate";

export interface AdamOptimizer {
  readonly kind: "adam";
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
}

export interface AdadeltaOptimizer {
  readonly kind: "adadelta";
  readonly learningRate: number;
  readonly rho: number;
  readonly epsilon: number;
}

export interface SgdOptimizer {
  readonly kind: "sgd";
  readonly learningRate: number;
  readonly momentum: number;
}

export interface MuonOptimizer {
  readonly kind: "muon";
  readonly learningRate: number;
  readonly momentum: number;
  /** Moves what is no hidden convolution. */
  readonly others: AdamOptimizer | SgdOptimizer;
}

/** How weights follow gradients, as plain data. */
export type Optimizer = AdamOptimizer | AdadeltaOptimizer | SgdOptimizer | MuonOptimizer;

/** A mean that forgets nothing would be divided by 0. */
const BELOW_ONE = 1 - 2 ** -24;

/**
 * Adam, with Keras' defaults; `amsgrad` divides by the largest second moment seen so far.
 *
 * @see Kingma & Ba, ICLR 2015, algorithm 1; Reddi et al., ICLR 2018, algorithm 2. ε is added to the uncorrected root,
 * as Keras does.
 */
export function adam(options: Partial<Omit<AdamOptimizer, "kind">> = {}): AdamOptimizer {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = options;
  requirePositive("adam", "learningRate", learningRate);
  requireInRange("adam", "beta1", beta1, 0, BELOW_ONE);
  requireInRange("adam", "beta2", beta2, 0, BELOW_ONE);
  requirePositive("adam", "epsilon", epsilon);
  return { kind: "adam", learningRate, beta1, beta2, epsilon, amsgrad };
}

/**
 * Adadelta. The paper has no learning rate (1); Keras' default is 0.001, and old Keras' 1.
 *
 * @see Zeiler, arXiv 1212.5701, algorithm 1.
 */
export function adadelta(options: Partial<Omit<AdadeltaOptimizer, "kind">> = {}): AdadeltaOptimizer {
  const { learningRate = 1, rho = 0.95, epsilon = 1e-7 } = options;
  requirePositive("adadelta", "learningRate", learningRate);
  requireInRange("adadelta", "rho", rho, 0, 1);
  requirePositive("adadelta", "epsilon", epsilon);
  return { kind: "adadelta", learningRate, rho, epsilon };
}

/** Stochastic gradient descent, with momentum if it is above 0. */
export function sgd(options: Partial<Omit<SgdOptimizer, "kind">> = {}): SgdOptimizer {
  const { learningRate = 0.01, momentum = 0 } = options;
  requirePositive("sgd", "learningRate", learningRate);
  requireInRange("sgd", "momentum", momentum, 0, 1);
  return { kind: "sgd", learningRate, momentum };
}

export interface MuonOptions {
  /** About how far a step turns a kernel, in radians; less where it has more filters than inputs; 0.1. */
  learningRate?: number;
  /** In [0, 1); 0.6. */
  momentum?: number;
  /**
   * For biases, batch norms, dense layers and the first convolution.
   * @defaultValue `adam()`
   */
  others?: AdamOptimizer | SgdOptimizer;
}

/**
 * Muon moves a kernel by the same length along each direction of its gradient. That gradient, as a matrix of inputs ×
 * filters, points mostly along a few directions. Muon moves hidden convolutions with a batch norm behind each, and
 * brings their kernels to a fixed length at every step: a network that another optimiser has trained changes by that
 * alone. All else, and all of a network without hidden convolutions, is moved by `others`.
 *
 * @throws {RangeError} If a setting is out of range.
 * @see Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; the fixed length is that of
 * the same author's CIFAR-10 network.
 * @example
 * muon({ learningRate: 0.1, others: adam({ learningRate: 4e-3 }) }).momentum; // 0.6
 */
export function muon({ learningRate = 0.1, momentum = 0.6, others = adam() }: MuonOptions = {}): MuonOptimizer {
  requirePositive("muon", "learningRate", learningRate);
  requireInRange("muon", "momentum", momentum, 0, BELOW_ONE);
  requireOneOf("muon", "others.kind", others.kind, ["adam", "sgd"]);
  return { kind: "muon", learningRate, momentum, others };
}

/** How many numbers the optimiser keeps beside each weight. */
export function slotsOf(optimizer: Optimizer): number {
  if (optimizer.kind === "muon") return slotsOf(optimizer.others);
  if (optimizer.kind === "adam") return optimizer.amsgrad ? 3 : 2;
  return optimizer.kind === "adadelta" ? 2 : 1;
}

/** The optimiser with its learning rate multiplied by a factor. @internal */
export function scaledRate<T extends Optimizer>(optimizer: T, factor: number): T {
  const scaled = { ...optimizer, learningRate: optimizer.learningRate * factor };
  return "others" in scaled ? { ...scaled, others: scaledRate(scaled.others, factor) } : scaled;
}
