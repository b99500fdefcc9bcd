import { requireInRange, requireInteger, requireOneOf, requirePositive } from "../validate";

export type Activation = "linear" | "relu" | "tanh" | "softplus";
export type Initializer = "heUniform" | "glorotUniform";
export type Padding = "same" | "valid";

export interface ConvolutionLayer {
  readonly kind: "conv2d";
  readonly filters: number;
  readonly kernelSize: number;
  readonly padding: Padding;
  readonly activation: Activation;
  readonly initializer: Initializer;
}

export interface DenseLayer {
  readonly kind: "dense";
  readonly units: number;
  readonly activation: Activation;
  readonly initializer: Initializer;
}

export interface BatchNormLayer {
  readonly kind: "batchNorm";
  /** What the moving mean and variance keep of themselves at each step, in [0, 1). */
  readonly momentum: number;
  readonly epsilon: number;
}

export interface ActivationLayer {
  readonly kind: "activation";
  readonly activation: Activation;
}

export interface MaxPoolLayer {
  readonly kind: "maxPool";
  /** Side of the windows, which touch and do not overlap; a rest at the edge is left out. */
  readonly size: number;
}

export interface DropoutLayer {
  readonly kind: "dropout";
  /** Share of the units left out in training, in [0, 1). */
  readonly rate: number;
}

export interface FlattenLayer {
  readonly kind: "flatten";
}

export type Layer =
  ConvolutionLayer | DenseLayer | BatchNormLayer | ActivationLayer | MaxPoolLayer | DropoutLayer | FlattenLayer;

/** A network as plain data: what comes in, and the layers in order. The last one gives one logit a class. */
export interface Architecture {
  /** Shape of one example: [height, width, channels] or [features]. */
  readonly inputShape: readonly number[];
  /** Every input number is multiplied by this (1/255 for pixels; 1 for none). */
  readonly inputScale: number;
  readonly layers: readonly Layer[];
}

const ACTIVATIONS: readonly Activation[] = ["linear", "relu", "tanh", "softplus"];
const INITIALIZERS: readonly Initializer[] = ["heUniform", "glorotUniform"];

export interface ConvolutionOptions {
  /**
   * Side of the square kernel.
   * @defaultValue 3
   */
  kernelSize?: number;
  /** @defaultValue "same" */
  padding?: Padding;
  /** @defaultValue "relu" */
  activation?: Activation;
  /** @defaultValue "heUniform" */
  initializer?: Initializer;
}

export interface DenseOptions {
  /** @defaultValue "linear" */
  activation?: Activation;
  /** @defaultValue "heUniform" with ReLU, "glorotUniform" else */
  initializer?: Initializer;
}

function conv2d(filters: number, options: ConvolutionOptions = {}): ConvolutionLayer {
  const { kernelSize = 3, padding = "same", activation = "relu", initializer = "heUniform" } = options;
  requireInteger("layer.conv2d", "filters", filters, 1);
  requireInteger("layer.conv2d", "kernelSize", kernelSize, 1);
  requireOneOf("layer.conv2d", "padding", padding, ["same", "valid"]);
  requireOneOf("layer.conv2d", "activation", activation, ACTIVATIONS);
  requireOneOf("layer.conv2d", "initializer", initializer, INITIALIZERS);
  return { kind: "conv2d", filters, kernelSize, padding, activation, initializer };
}

function dense(units: number, options: DenseOptions = {}): DenseLayer {
  const { activation = "linear" } = options;
  const { initializer = activation === "relu" ? "heUniform" : "glorotUniform" } = options;
  requireInteger("layer.dense", "units", units, 1);
  requireOneOf("layer.dense", "activation", activation, ACTIVATIONS);
  requireOneOf("layer.dense", "initializer", initializer, INITIALIZERS);
  return { kind: "dense", units, activation, initializer };
}

function batchNorm(options: { momentum?: number; epsilon?: number } = {}): BatchNormLayer {
  const { momentum = 0.99, epsilon = 1e-3 } = options;
  requireInRange("layer.batchNorm", "momentum", momentum, 0, 1);
  requirePositive("layer.batchNorm", "epsilon", epsilon);
  return { kind: "batchNorm", momentum, epsilon };
}

function activation(f: Activation): ActivationLayer {
  requireOneOf("layer.activation", "activation", f, ACTIVATIONS);
  return { kind: "activation", activation: f };
}

function maxPool(size: number): MaxPoolLayer {
  requireInteger("layer.maxPool", "size", size, 1);
  return { kind: "maxPool", size };
}

function dropout(rate: number): DropoutLayer {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`layer.dropout: rate must be in [0, 1), got ${rate}`);
  return { kind: "dropout", rate };
}

const flatten = (): FlattenLayer => ({ kind: "flatten" });

/**
 * The layers a network is made of. Convolutions move by one pixel; kernels are [height, width, in, out]. Convolutions
 * and dense layers bring an activation; one that comes later, behind a batch norm, is a layer of its own.
 */
export const layer = { conv2d, dense, batchNorm, activation, maxPool, dropout, flatten };

/** One tensor of a network's weights. */
export interface ParameterSpec {
  /** Layer kind, its number among that kind, and role: `conv2_kernel`, `batchNorm1_gamma`, `dense1_bias`. */
  readonly name: string;
  /** Position of its layer in the architecture. */
  readonly layer: number;
  readonly shape: readonly number[];
  readonly size: number;
  /** False for a batch norm's moving mean and variance. */
  readonly trainable: boolean;
}

const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

function outputShape(shape: readonly number[], layer: Layer, position: number): number[] {
  const needs = (rank: number): void => {
    if (shape.length !== rank)
      throw new RangeError(
        `architecture: layer ${position} (${layer.kind}) needs an input of rank ${rank}, got [${shape.join(", ")}]`,
      );
  };
  switch (layer.kind) {
    case "conv2d": {
      needs(3);
      const shrink = layer.padding === "valid" ? layer.kernelSize - 1 : 0;
      return [shape[0] - shrink, shape[1] - shrink, layer.filters];
    }
    case "maxPool":
      needs(3);
      return [Math.floor(shape[0] / layer.size), Math.floor(shape[1] / layer.size), shape[2]];
    case "dense":
      needs(1);
      return [layer.units];
    case "flatten":
      return [product(shape)];
    default:
      return [...shape];
  }
}

/**
 * Shapes of one example before the first layer, after it, … after the last: layers.length + 1 of them.
 *
 * @throws {RangeError} If a layer can't take what the one before gives.
 */
export function layerShapes(architecture: Architecture): number[][] {
  const { inputShape, inputScale } = architecture;
  for (const side of inputShape) requireInteger("architecture", "side of inputShape", side, 1);
  if (!Number.isFinite(inputScale)) throw new RangeError(`architecture: inputScale must be finite, got ${inputScale}`);
  const shapes = [[...architecture.inputShape]];
  architecture.layers.forEach((layer, i) => {
    const shape = outputShape(shapes[i], layer, i);
    if (!shape.every((side) => side >= 1))
      throw new RangeError(`architecture: layer ${i} (${layer.kind}) leaves nothing of [${shapes[i].join(", ")}]`);
    shapes.push(shape);
  });
  return shapes;
}

/**
 * A network's weights in order: layer by layer, as Keras orders them within one (kernel, bias; gamma, beta, mean,
 * variance).
 */
export function parameterSpecs(architecture: Architecture): ParameterSpec[] {
  const shapes = layerShapes(architecture);
  const specs: ParameterSpec[] = [];
  const counts = new Map<string, number>();
  architecture.layers.forEach((layer, i) => {
    const kind = layer.kind === "conv2d" ? "conv" : layer.kind;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    const channels = shapes[i][shapes[i].length - 1];
    const add = (role: string, shape: number[], trainable = true): void => {
      specs.push({ name: `${kind}${number}_${role}`, layer: i, shape, size: product(shape), trainable });
    };
    if (layer.kind === "conv2d") {
      add("kernel", [layer.kernelSize, layer.kernelSize, channels, layer.filters]);
      add("bias", [layer.filters]);
    } else if (layer.kind === "dense") {
      add("kernel", [channels, layer.units]);
      add("bias", [layer.units]);
    } else if (layer.kind === "batchNorm") {
      add("gamma", [channels]);
      add("beta", [channels]);
      add("movingMean", [channels], false);
      add("movingVariance", [channels], false);
    }
  });
  return specs;
}

/** Number of trainable parameters. */
export function countParameters(architecture: Architecture): number {
  return parameterSpecs(architecture).reduce((sum, spec) => sum + (spec.trainable ? spec.size : 0), 0);
}

/** Multiplications that kernels make on one example's way through: what a pass costs, before all else. */
export function countMultiplications(architecture: Architecture): number {
  const shapes = layerShapes(architecture);
  return architecture.layers.reduce((sum, layer, i) => {
    const channels = shapes[i][shapes[i].length - 1];
    if (layer.kind === "dense") return sum + channels * layer.units;
    return layer.kind === "conv2d" ? sum + product(shapes[i + 1]) * layer.kernelSize ** 2 * channels : sum;
  }, 0);
}
