import { requireInteger } from "../validate";
import { layer, type Activation, type Architecture, type Layer } from "./layers";

export interface VggLikeOptions {
  /** Filters of each of the six convolutions; 128 in the source. */
  filters: number;
  /**
   * Dropout after each of the three blocks and after the dense layer; [0.1, 0.1, 0.2, 0] in the source; zeros for none.
   */
  dropout?: readonly [number, number, number, number];
  /** Units of the dense layer; 512. */
  denseUnits?: number;
  /** [height, width, channels]; [32, 32, 3]. */
  inputShape?: readonly [number, number, number];
  /** 1/255; the source fed raw pixels: 1. */
  inputScale?: number;
  /** 10. */
  numClasses?: number;
}

const maybeDropout = (rate: number): Layer[] => (rate === 0 ? [] : [layer.dropout(rate)]);

/**
 * The CIFAR-10 network of the unlearning source: three blocks of two 3×3 convolutions, each followed by batch
 * normalisation, and pooling; a dense layer with batch normalisation; ten logits. 1,798,282 trainable parameters at
 * 128 filters.
 *
 * @see Warnecke et al., NDSS 2023, §VI.
 * @example
 * countParameters(vggLike({ filters: 128 })); // 1798282
 */
export function vggLike(options: VggLikeOptions): Architecture {
  const { filters, dropout = [0.1, 0.1, 0.2, 0], denseUnits = 512, numClasses = 10 } = options;
  const { inputShape = [32, 32, 3], inputScale = 1 / 255 } = options;
  requireInteger("vggLike", "filters", filters, 1);
  requireInteger("vggLike", "numClasses", numClasses, 2);
  const convolution = (): Layer[] => [layer.conv2d(filters), layer.batchNorm()];
  const block = (rate: number): Layer[] => [
    ...convolution(),
    ...convolution(),
    layer.maxPool(2),
    ...maybeDropout(rate),
  ];
  return {
    inputShape,
    inputScale,
    layers: [
      ...dropout.slice(0, 3).flatMap(block),
      layer.flatten(),
      layer.dense(denseUnits, { activation: "relu" }),
      layer.batchNorm(),
      ...maybeDropout(dropout[3]),
      layer.dense(numClasses),
    ],
  };
}

export interface ImageNetworkOptions {
  /** [height, width, channels]; [28, 28, 1]. */
  inputShape?: readonly [number, number, number];
  /** 1/255. */
  inputScale?: number;
  /** 10. */
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

/** The privacy source's shallow network: two convolutions, pooling, dropout 0.25, dense 128, dropout 0.5. */
export function shallowCnn(options: ImageNetworkOptions = {}): Architecture {
  const { inputShape = [28, 28, 1], inputScale = 1 / 255, numClasses = 10 } = options;
  const convolution = (filters: number): Layer =>
    layer.conv2d(filters, { padding: "valid", initializer: "glorotUniform" });
  return {
    inputShape,
    inputScale,
    layers: [
      convolution(32),
      convolution(64),
      layer.maxPool(2),
      layer.dropout(0.25),
      layer.flatten(),
      layer.dense(128, { activation: "relu", initializer: "glorotUniform" }),
      layer.dropout(0.5),
      layer.dense(numClasses),
    ],
  };
}

/** The privacy source's deep network: two blocks of two convolutions, dropout, batch normalisation, dense 1024. */
export function deepCnn(options: ImageNetworkOptions = {}): Architecture {
  const { inputShape = [28, 28, 1], inputScale = 1 / 255, numClasses = 10 } = options;
  const convolution = (filters: number): Layer => layer.conv2d(filters, { initializer: "glorotUniform" });
  return {
    inputShape,
    inputScale,
    layers: [
      convolution(32),
      convolution(32),
      layer.maxPool(2),
      layer.dropout(0.25),
      convolution(64),
      convolution(64),
      layer.batchNorm(),
      layer.dropout(0.5),
      layer.flatten(),
      layer.dense(1024, { activation: "relu", initializer: "glorotUniform" }),
      layer.dropout(0.25),
      layer.dense(numClasses),
    ],
  };
}

export interface MlpOptions {
  numFeatures: number;
  /** Units of each hidden layer; empty for a linear model. */
  hidden: readonly number[];
  numClasses: number;
  /** "relu". */
  activation?: Activation;
  /** 1. */
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
