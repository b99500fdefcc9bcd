import type { SerializedClassifier } from "../classifiers/classifier";
import { registerFamily } from "../classifiers/deserialize";
import { softmaxRows } from "../math/softmax";
import type { Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import { labelSlopes } from "./label-slopes";
import { layerShapes, parameterSpecs, type Architecture, type Layer, type ParameterSpec } from "./layers";
import { inputWidth, numClassesOf, requireNetwork, type Network, type NetworkPart } from "./network";
import { classesOf, networkOutputs } from "./predict";

class NetworkClassifier implements Network {
  readonly family = "network";
  readonly classes: Int32Array;
  readonly numFeatures: number;

  constructor(readonly architecture: Architecture, readonly weights: readonly Float32Array[]) {
    this.classes = Int32Array.from({ length: numClassesOf(architecture) }, (_, label) => label);
    this.numFeatures = inputWidth(architecture);
  }

  predict(X: Matrix): Int32Array {
    return classesOf(networkOutputs(this, X));
  }

  predictProba(X: Matrix): Matrix<Float64Array> {
    return softmaxRows(networkOutputs(this, X));
  }

  labelSlopes(X: Matrix, y: Int32Array): Matrix<Float32Array> {
    return labelSlopes(this, X, y);
  }

  serialize(): SerializedClassifier {
    const { family, architecture, weights } = this;
    return { family, architecture, weights: weights.map(asText) };
  }
}

/** The bytes of float32 numbers, little-endian, in base64. */
const asText = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");

function fromText(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % 4) throw new RangeError(`deserialize: weights must be whole float32s, got ${bytes.length} bytes`);
  const values = new Float32Array(bytes.length / 4);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/**
 * A network of an architecture and its weights.
 *
 * @param weights In the order of `parameterSpecs`, finite; not copied.
 * @throws {RangeError} If they don't fit, or the last layer does not give one number a class.
 * @example
 * const { architecture, weights } = initializeNetwork(leNet(), { rng: seededRng(1) });
 * const halved = networkOf(architecture, weights.map((values) => values.map((value) => value / 2)));
 */
export function networkOf(architecture: Architecture, weights: readonly Float32Array[]): Network {
  const network = new NetworkClassifier(architecture, weights);
  requireNetwork("networkOf", network);
  return network;
}

/** Makes a network again from its `serialize()`. */
function restoreNetwork(saved: SerializedClassifier): Network {
  const { architecture, weights } = saved as unknown as { architecture: Architecture; weights: readonly string[] };
  return networkOf(architecture, weights.map(fromText));
}
registerFamily("network", restoreNetwork);

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
  return networkOf(architecture, weights);
}

/**
 * Cuts a network before a layer: what comes before, the trunk, gives the features that the rest, the head, takes.
 *
 * @param layer Position of the first layer of the head, in [1, layers.length − 1].
 */
export function splitNetwork(network: Network, layer: number): { trunk: NetworkPart; head: Network } {
  const { architecture, weights } = network;
  requireInteger("splitNetwork", "layer", layer, 1, architecture.layers.length - 1);
  requireNetwork("splitNetwork", network);
  const specs = parameterSpecs(architecture);
  const { inputShape, inputScale, layers } = architecture;
  const ofHead = { inputShape: layerShapes(architecture)[layer], inputScale: 1, layers: layers.slice(layer) };
  return {
    trunk: {
      architecture: { inputShape, inputScale, layers: layers.slice(0, layer) },
      weights: weights.filter((_, i) => specs[i].layer < layer),
    },
    head: networkOf(ofHead, weights.filter((_, i) => specs[i].layer >= layer)),
  };
}

/** Puts a trunk and a head together again. */
export function joinNetworks(trunk: NetworkPart, head: Network): Network {
  const layers = [...trunk.architecture.layers, ...head.architecture.layers];
  return networkOf({ ...trunk.architecture, layers }, [...trunk.weights, ...head.weights]);
}
