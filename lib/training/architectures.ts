import { requireInteger } from "../validate";
import { layer, type Activation, type Architecture, type Layer } from "./layers";

export interface ImageNetworkOptions {
  /**
   * [height, width, channels].
   * @defaultValue `[28, 28, 1]`
   */
  inputShape?: readonly [number, number, number];
  /** @defaultValue 1/255 */
  inputScale?: number;
  /** @defaultValue 10 */
  numClasses?: number;
}

/**
 * A small network for digits after LeNet-5: two 5×5 convolutions with pooling, dense 120 and 84; here with ReLU and
 * max-pooling.
 *
 * @see LeCun et al., Proceedings of the IEEE 86(11), 1998, §II.B.
 */
export function leNet(options: ImageNetworkOptions = {}): Architecture {
  const { inputShape = [28, 28, 1], inputScale = 1 / 255, numClasses = 10 } = options;
  return {
    inputShape,
    inputScale,
    layers: [
      layer.conv2d(6, { kernelSize: 5 }),
      layer.maxPool(2),
      layer.conv2d(16, { kernelSize: 5, padding: "valid" }),
      layer.maxPool(2),
      layer.flatten(),
      layer.dense(120, { activation: "relu" }),
      layer.dense(84, { activation: "relu" }),
      layer.dense(numClasses),
    ],
  };
}

export interface MlpOptions {
  numFeatures: number;
  /** Units of each hidden layer; empty for a linear model. */
  hidden: readonly number[];
  numClasses: number;
  /** @defaultValue "relu" */
  activation?: Activation;
  /** @defaultValue 1 */
  inputScale?: number;
}

/** A multilayer perceptron. */
export function mlp({
  numFeatures,
  hidden,
  numClasses,
  activation = "relu",
  inputScale = 1,
}: MlpOptions): Architecture {
  requireInteger("mlp", "numFeatures", numFeatures, 1);
  requireInteger("mlp", "numClasses", numClasses, 2);
  return {
    inputShape: [numFeatures],
    inputScale,
    layers: [...hidden.map((units) => layer.dense(units, { activation })), layer.dense(numClasses)],
  };
}

export interface FastVggOptions {
  /** Filters of the first three convolutions; the last two have twice as many. */
  filters: number;
  /**
   * Units of the dense layer.
   * @defaultValue 256
   */
  denseUnits?: number;
  /**
   * [height, width, channels], both sides at least 8.
   * @defaultValue `[32, 32, 3]`
   */
  inputShape?: readonly [number, number, number];
  /** @defaultValue 1/255 */
  inputScale?: number;
  /** @defaultValue 10 */
  numClasses?: number;
}

/**
 * A network for small colour pictures that is made for short training: of a large picture it makes a small one at once,
 * it has more filters where pictures are smaller, and batch norms stand behind the pooling, where there is a quarter of
 * the numbers. Five 3×3 convolutions and three poolings, then a dense layer with batch normalisation, as in `vggLike`.
 *
 * @see Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", arXiv 2404.00498, §3, for the order of the layers;
 * that network is larger, and its first layer is another.
 * @example
 * countParameters(fastVgg({ filters: 32 })); // 340746
 */
export function fastVgg(options: FastVggOptions): Architecture {
  const { filters, denseUnits = 256, inputShape = [32, 32, 3], inputScale = 1 / 255, numClasses = 10 } = options;
  requireInteger("fastVgg", "filters", filters, 1);
  requireInteger("fastVgg", "numClasses", numClasses, 2);
  const pooled = (width: number): Layer[] => [layer.conv2d(width), layer.maxPool(2), layer.batchNorm()];
  const block = (width: number): Layer[] => [layer.conv2d(width), layer.batchNorm(), ...pooled(width)];
  return {
    inputShape,
    inputScale,
    layers: [
      ...pooled(filters),
      ...block(filters),
      ...block(2 * filters),
      layer.flatten(),
      layer.dense(denseUnits, { activation: "relu" }),
      layer.batchNorm(),
      layer.dense(numClasses),
    ],
  };
}
