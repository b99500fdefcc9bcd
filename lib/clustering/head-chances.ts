import { softmaxPart } from "../math/softmax";
import { matrix, type Matrix } from "../matrix";
import { seededRng } from "../random";
import { networkOutputs } from "../training/predict";
import { requireSameLength } from "../validate";
import type { Iic } from "./iic";
import { imageViews } from "../images/views";

/**
 * What every head of a clustering network says of each image: the chances of its clusters, side by side, those of the
 * naming heads first. Features that no label has touched.
 *
 * @param X Square grey images as it was trained on, shape [n, pixels].
 * @returns Shape [n, units of all heads]; those of one head sum to 1.
 * @throws {RangeError} If widths differ or a number is not finite.
 * @example
 * const iic = trainIic(iicTrunk({ filters: 4 }), train.X, { numClusters: 10, epochs: 1, rng });
 * const features = headChances(iic, test.X);
 */
export function headChances({ network, numClusters, numFeatures, information }: Iic, X: Matrix): Matrix<Float32Array> {
  const [n, width] = X.shape;
  requireSameLength("headChances", "columns of X", width, "pixels of the images trained on", numFeatures);
  const positions = Int32Array.from({ length: n }, (_, i) => i);
  const side = network.architecture.inputShape[0];
  const plain = imageViews(X, positions, { side, views: null, rng: seededRng(0) });
  const { data, shape: [, units] } = networkOutputs(network, plain);
  const heads = information.length;
  const overClusters = units / heads - numClusters;
  for (let i = 0, p = 0; i < n; i++)
    for (const clusters of [numClusters, overClusters])
      for (let head = 0; clusters > 0 && head < heads; head++, p += clusters) softmaxPart(data, p, clusters);
  return matrix(data, [n, units]);
}
