import { gridMeans } from "../../images/grid-means";
import type { Matrix } from "../../matrix";
import { layerShapes } from "../../training/layers";
import type { Network } from "../../training/network";
import { splitNetwork } from "../../training/network-classifier";
import { networkOutputs } from "../../training/predict";
import { requireInteger } from "../../validate";

/**
 * What a convolutional network sees after each of its pooling layers, averaged over a coarse grid: features in which
 * its dense layers, which remember most, have no part.
 *
 * @param X Shape [n, product of inputShape].
 * @param options.side Cells of the grid along each side; maps that are no larger stay as they are.
 * @returns One matrix a pooling layer, shape [n, at most side² · channels].
 * @throws {RangeError} If the network has no pooling layer.
 * @see Arpit et al., ICML 2017, for what networks remember and when.
 * @example
 * const convolutional = initializeNetwork(leNet(), { rng: seededRng(1) });
 * blockFeatures(convolutional, matrix(new Float32Array(784), [1, 784])).map(({ shape }) => shape[1]); // [96, 256]
 */
export function blockFeatures(network: Network, X: Matrix, { side = 4 }: { side?: number } = {}): Matrix[] {
  requireInteger("blockFeatures", "side", side, 1);
  const ends = network.architecture.layers.flatMap(({ kind }, l) => (kind === "maxPool" ? [l + 1] : []));
  requireInteger("blockFeatures", "number of pooling layers", ends.length, 1);
  const shapes = layerShapes(network.architecture);
  const features: Matrix[] = [];
  let [rest, seen, at] = [network, X, 0];
  for (const end of ends) {
    const { trunk, head } = splitNetwork(rest, end - at);
    seen = networkOutputs(trunk, seen);
    features.push(gridMeans(seen, shapes[end], side));
    [rest, at] = [head, end];
  }
  return features;
}
