import { symmetricEigen } from "../math/symmetric-eigen";
import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import type { ImageNetworkOptions } from "./architectures";
import { layer, type Architecture, type Layer } from "./layers";
import { requireExamples, type Network } from "./network";
import { initializeNetwork, networkOf } from "./network-classifier";

/** Side of the patches that the first convolution looks at. */
const PATCH = 2;
/** Patches that are drawn. */
const PATCHES = 100_000;
/** Added to the variance of each direction, in units of scaled pixels. */
const LEAST_VARIANCE = 5e-4;

export interface AirbenchLikeOptions extends ImageNetworkOptions {
  /**
   * Filters of the three blocks.
   * @defaultValue `[64, 256, 256]`
   */
  filters?: readonly [number, number, number];
}

/**
 * A network made to learn small colour pictures in few passes: 2×2 patches are seen in whitened form, by a filter for
 * each of their directions and one for its opposite; then three blocks of two 3×3 convolutions, with pooling after the
 * first of the two, where a batch norm has a quarter of the numbers. Start it with `whitenedNetwork`.
 *
 * @see Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", arXiv 2404.00498, §3.1 and §3.2; there units are
 * GELUs behind batch norms, here ReLUs before them, and the first convolution goes on learning.
 * @example
 * countParameters(airbenchLike()); // 1973954
 */
export function airbenchLike(options: AirbenchLikeOptions = {}): Architecture {
  const { filters = [64, 256, 256], inputShape = [32, 32, 3], inputScale = 1 / 255, numClasses = 10 } = options;
  requireInteger("airbenchLike", "numClasses", numClasses, 2);
  const norm = layer.batchNorm({ momentum: 0.6 });
  const block = (width: number): Layer[] => [layer.conv2d(width), layer.maxPool(2), norm, layer.conv2d(width), norm];
  return {
    inputShape,
    inputScale,
    layers: [
      layer.conv2d(2 * PATCH ** 2 * inputShape[2], { kernelSize: PATCH, padding: "valid" }),
      ...filters.flatMap(block),
      layer.maxPool(3),
      layer.flatten(),
      layer.dense(numClasses),
    ],
  };
}

/** Patches of images at random places, one a row. */
function drawPatches({ data }: Matrix, { inputShape, inputScale }: Architecture, rng: Rng, n: number): Float64Array {
  const [height, width, channels] = inputShape;
  const rows = new Float64Array(PATCHES * PATCH ** 2 * channels);
  for (let p = 0, to = 0; p < PATCHES; p++) {
    const corner = (rng.integer(n) * height + rng.integer(height - PATCH + 1)) * width + rng.integer(width - PATCH + 1);
    for (let row = 0; row < PATCH; row++)
      for (let k = 0; k < PATCH * channels; k++) rows[to++] = data[(corner + row * width) * channels + k] * inputScale;
  }
  return rows;
}

/**
 * Fresh weights, but for the first convolution: its filters are the principal directions of the images' own patches,
 * each divided by its standard deviation, and their opposites.
 *
 * @param architecture Of `airbenchLike`.
 * @param X Images to be learned, shape [n, product of inputShape].
 * @throws {RangeError} If the first layer is another, or the images don't fit.
 * @example
 * const start = whitenedNetwork(airbenchLike(), train.X, { rng: seededRng(1) });
 */
export function whitenedNetwork(architecture: Architecture, X: Matrix, { rng }: { rng: Rng }): Network {
  const fn = "whitenedNetwork";
  const [first] = architecture.layers;
  const d = PATCH ** 2 * architecture.inputShape[2];
  if (first?.kind !== "conv2d" || first.kernelSize !== PATCH || first.filters !== 2 * d)
    throw new RangeError(`${fn}: the first layer must be a ${PATCH}×${PATCH} convolution of ${2 * d} filters; `
      + "use airbenchLike");
  requireExamples(fn, architecture, X, null);
  requireInteger(fn, "number of images", X.shape[0], 1);
  const patches = drawPatches(X, architecture, rng.spawn(0), X.shape[0]);
  const second = new Float64Array(d * d);
  for (let from = 0; from < patches.length; from += d)
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) second[i * d + j] += (patches[from + i] * patches[from + j]) / PATCHES;
  const { values, vectors } = symmetricEigen(matrix(second, [d, d]));
  const kernel = new Float32Array(d * 2 * d);
  for (let i = 0; i < d; i++)
    for (let v = 0; v < d; v++) {
      const weight = vectors.data[v * d + i] / Math.sqrt(values[v] + LEAST_VARIANCE);
      kernel[i * 2 * d + v] = weight;
      kernel[i * 2 * d + d + v] = -weight;
    }
  const { weights } = initializeNetwork(architecture, { rng: rng.spawn(1) });
  return networkOf(architecture, [kernel, ...weights.slice(1)]);
}
