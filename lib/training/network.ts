import type { Tensor } from "@tensorflow/tfjs-node";
import type { Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import { layerShapes, parameterSpecs, type Architecture, type Layer, type ParameterSpec } from "./layers";

/** A network: what it is, and its weights as plain numbers in the order of `parameterSpecs`. It holds no tensors. */
export interface Network {
  readonly architecture: Architecture;
  readonly weights: readonly Float32Array[];
}

function fanOf(shape: readonly number[]): { fanIn: number; fanOut: number } {
  const window = shape.slice(0, -2).reduce((product, side) => product * side, 1);
  return { fanIn: window * shape[shape.length - 2], fanOut: window * shape[shape.length - 1] };
}

function initialValues(spec: ParameterSpec, layer: Layer, rng: Rng): Float32Array {
  if (spec.name.endsWith("_gamma") || spec.name.endsWith("_movingVariance")) return new Float32Array(spec.size).fill(1);
  if (!spec.name.endsWith("_kernel") || (layer.kind !== "conv2d" && layer.kind !== "dense"))
    return new Float32Array(spec.size);
  const { fanIn, fanOut } = fanOf(spec.shape);
  const limit = layer.initializer === "heUniform" ? Math.sqrt(6 / fanIn) : Math.sqrt(6 / (fanIn + fanOut));
  return Float32Array.from({ length: spec.size }, () => (2 * rng.uniform() - 1) * limit);
}

/**
 * A network with fresh weights: kernels uniform as each layer's initializer says, biases 0, batch norms the identity.
 *
 * @see He et al., ICCV 2015, §2.2; Glorot & Bengio, AISTATS 2010, §4.2.1.
 */
export function initializeNetwork(architecture: Architecture, { rng }: { rng: Rng }): Network {
  const weights = parameterSpecs(architecture).map((spec, i) =>
    initialValues(spec, architecture.layers[spec.layer], rng.spawn(i)),
  );
  return { architecture, weights };
}

/** Number of classes, from the last layer. */
export function numClassesOf(architecture: Architecture): number {
  const shapes = layerShapes(architecture);
  const last = shapes[shapes.length - 1];
  if (last.length !== 1)
    throw new RangeError(`architecture: the last layer must give logits, gives [${last.join(", ")}]`);
  return last[0];
}

/** Requires weights that fit their architecture, all finite. */
export function requireNetwork(fn: string, { architecture, weights }: Network): void {
  const specs = parameterSpecs(architecture);
  if (specs.length !== weights.length)
    throw new RangeError(`${fn}: network must have ${specs.length} weight tensors, got ${weights.length}`);
  specs.forEach((spec, i) => {
    if (weights[i].length !== spec.size)
      throw new RangeError(`${fn}: ${spec.name} must have ${spec.size} numbers, got ${weights[i].length}`);
  });
}

/** Requires examples as wide as the architecture's input, and a class of its own for each. */
export function requireExamples(fn: string, architecture: Architecture, X: Matrix, y: Int32Array | null): void {
  const width = architecture.inputShape.reduce((product, side) => product * side, 1);
  if (X.shape[1] !== width)
    throw new RangeError(
      `${fn}: X must have ${width} columns ([${architecture.inputShape.join(", ")}]), got ${X.shape[1]}`,
    );
  if (!y) return;
  if (y.length !== X.shape[0])
    throw new RangeError(`${fn}: X and y must have the same length, got ${X.shape[0]} and ${y.length}`);
  const numClasses = numClassesOf(architecture);
  for (let i = 0; i < y.length; i++)
    if (!(y[i] >= 0 && y[i] < numClasses))
      throw new RangeError(`${fn}: classes must be in [0, ${numClasses}), got ${y[i]} at position ${i}`);
}

/**
 * Cuts a network before a layer: what comes before gives the features that the rest takes.
 *
 * @param layer Position of the first layer of the second part, in [1, layers.length − 1].
 */
export function splitNetwork({ architecture, weights }: Network, layer: number): { trunk: Network; head: Network } {
  requireInteger("splitNetwork", "layer", layer, 1, architecture.layers.length - 1);
  const specs = parameterSpecs(architecture);
  const { inputShape, inputScale, layers } = architecture;
  return {
    trunk: {
      architecture: { inputShape, inputScale, layers: layers.slice(0, layer) },
      weights: weights.filter((_, i) => specs[i].layer < layer),
    },
    head: {
      architecture: { inputShape: layerShapes(architecture)[layer], inputScale: 1, layers: layers.slice(layer) },
      weights: weights.filter((_, i) => specs[i].layer >= layer),
    },
  };
}

/** Puts a trunk and a head together again. */
export function joinNetworks(trunk: Network, head: Network): Network {
  const architecture = {
    ...trunk.architecture,
    layers: [...trunk.architecture.layers, ...head.architecture.layers],
  };
  const network = { architecture, weights: [...trunk.weights, ...head.weights] };
  requireNetwork("joinNetworks", network);
  return network;
}

/** Copies rows into one batch of numbers, each multiplied by a scale. */
export function gatherBatch(X: Matrix, positions: ArrayLike<number>, scale: number): Float32Array {
  const [, d] = X.shape;
  const batch = new Float32Array(positions.length * d);
  for (let i = 0; i < positions.length; i++) {
    const from = positions[i] * d;
    const to = i * d;
    for (let j = 0; j < d; j++) batch[to + j] = X.data[from + j] * scale;
  }
  return batch;
}

/** Weights by layer: what each layer's passes take. @internal */
export function weightsByLayer(
  specs: readonly ParameterSpec[],
  tensors: readonly Tensor[],
  numLayers: number,
): Tensor[][] {
  const byLayer: Tensor[][] = Array.from({ length: numLayers }, () => []);
  specs.forEach((spec, i) => byLayer[spec.layer].push(tensors[i]));
  return byLayer;
}
