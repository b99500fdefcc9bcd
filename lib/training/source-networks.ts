import { requireInteger } from "../validate";
import type { ImageNetworkOptions } from "./architectures";
import { layer, type Architecture, type Layer } from "./layers";

export interface VggLikeOptions {
  /** Filters of each of the six convolutions; 128 in the unlearning source. */
  filters: number;
  /**
   * After each of the three blocks and after the dense layer, as in the unlearning source; zeros for none.
   * @defaultValue `[0.1, 0.1, 0.2, 0]`
   */
  dropout?: readonly [number, number, number, number];
  /**
   * Units of the dense layer.
   * @defaultValue 512
   */
  denseUnits?: number;
  /**
   * [height, width, channels].
   * @defaultValue `[32, 32, 3]`
   */
  inputShape?: readonly [number, number, number];
  /**
   * The unlearning source fed raw pixels: 1.
   * @defaultValue 1/255
   */
  inputScale?: number;
  /** @defaultValue 10 */
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
