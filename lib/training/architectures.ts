import { requireInteger } from "../validate";
import { layer, type Activation, type Architecture } from "./layers";

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
