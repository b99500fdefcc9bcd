import { type Matrix, matrix } from "../../matrix";
import type { Network } from "../../training/network";
import { splitNetwork } from "../../training/network-classifier";
import { networkOutputs } from "../../training/predict";
import { requireInteger } from "../../validate";

/**
 * What a network computes before some of its layers, each part brought to length 1, side by side. A row depends on its
 * own image alone: if the network was trained on nothing but releases, no privacy is spent.
 *
 * @param options.layers Positions of layers, each in [1, layers.length − 1]: the input of that layer is a part.
 * @returns Shape [n, widths of all parts together]; a part that is all 0 stays 0.
 * @throws {RangeError} If there is no such layer, or the images don't fit the network.
 */
export function networkFeatures(
  network: Network,
  X: Matrix,
  { layers }: { layers: readonly number[] },
): Matrix<Float32Array> {
  requireInteger("networkFeatures", "number of layers", layers.length, 1);
  const parts = layers.map((at) => networkOutputs(splitNetwork(network, at).trunk, X));
  const [n] = X.shape;
  const width = parts.reduce((sum, { shape: [, d] }) => sum + d, 0);
  const data = new Float32Array(n * width);
  let offset = 0;
  for (const { data: values, shape: [, d] } of parts) {
    for (let i = 0; i < n; i++) {
      let square = 0;
      for (let j = 0; j < d; j++) square += values[i * d + j] ** 2;
      const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
      for (let j = 0; j < d; j++) data[i * width + offset + j] = scale * values[i * d + j];
    }
    offset += d;
  }
  return matrix(data, [n, width]);
}
