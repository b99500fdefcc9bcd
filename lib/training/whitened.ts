import { throwIfInterrupted } from "../interrupt";
import { symmetricEigen } from "../math/symmetric-eigen";
import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInteger, requireSameLength } from "../validate";
import type { ImageNetworkOptions } from "./architectures";
import { layer, type Architecture, type Layer } from "./layers";
import { requireExamples, requireImages, type Network } from "./network";
import { initializeNetwork, networkOf } from "./network-classifier";

/** Side of the patches that the first convolution looks at. */
const PATCH = 2;
/** Patches that are drawn. */
const PATCHES = 100_000;
/** Added to the mean square along each direction, in units of scaled pixels: noise is not to be blown up. */
const LEAST_SQUARE = 5e-4;
/** The first convolution takes a pixel, three poolings halve, and the last leaves a third. */
const LEAST_SIDE = 25;

export interface AirbenchLikeOptions extends Omit<ImageNetworkOptions, "inputShape"> {
  /**
   * [height, width, channels], both sides at least 25.
   * @defaultValue `[32, 32, 3]`
   */
  inputShape?: readonly [number, number, number];
  /**
   * Filters of the three blocks.
   * @defaultValue `[64, 256, 256]`
   */
  filters?: readonly [number, number, number];
}

/**
 * A network made to learn small colour pictures in few passes: a filter for each direction of a 2×2 patch and one for
 * its opposite; then three blocks of two 3×3 convolutions, with pooling after the first of the two, and a batch norm
 * and a ReLU behind each. Start it with `whitenedNetwork`.
 *
 * @throws {RangeError} If a side is below 25, or a number of filters or classes out of range.
 * @see Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", arXiv 2404.00498, §3. That network has GELUs,
 * convolutions without biases that start as the identity, a first layer that stays, and scaled logits; this one has
 * ReLUs and plain starts, and all of it learns.
 * @example
 * countParameters(airbenchLike()); // 1973954
 */
export function airbenchLike(options: AirbenchLikeOptions = {}): Architecture {
  const { filters = [64, 256, 256], inputShape = [32, 32, 3], inputScale = 1 / 255, numClasses = 10 } = options;
  requireInteger("airbenchLike", "numClasses", numClasses, 2);
  for (const side of inputShape.slice(0, 2)) requireInteger("airbenchLike", "side of inputShape", side, LEAST_SIDE);
  requireSameLength("airbenchLike", "filters", filters.length, "blocks", 3);
  const norm = layer.batchNorm({ momentum: 0.6 });
  const relu = layer.activation("relu");
  const linear = (width: number): Layer => layer.conv2d(width, { activation: "linear" });
  const block = (width: number): Layer[] =>
    [linear(width), layer.maxPool(2), norm, relu, linear(width), norm, relu];
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
    if (p % 10_000 === 0) throwIfInterrupted();
    const corner = (rng.integer(n) * height + rng.integer(height - PATCH + 1)) * width + rng.integer(width - PATCH + 1);
    for (let row = 0; row < PATCH; row++)
      for (let k = 0; k < PATCH * channels; k++) rows[to++] = data[(corner + row * width) * channels + k] * inputScale;
  }
  return rows;
}

/**
 * Fresh weights, but for the first convolution: its filters are the principal directions of the images' own 2×2
 * patches, about 0 and not about their mean, so the first is brightness. Each is divided by the root of its mean
 * square, to which a little is added, and has its opposite. What two directions say is uncorrelated about 0.
 *
 * @param architecture Of `airbenchLike`.
 * @param X Images to be learned, shape [n, product of inputShape]. 100,000 patches are drawn.
 * @throws {RangeError} If the first layer is another, or the images don't fit.
 * @example
 * const start = whitenedNetwork(airbenchLike(), train.X, { rng: seededRng(1) });
 */
export function whitenedNetwork(architecture: Architecture, X: Matrix, { rng }: { rng: Rng }): Network {
  const fn = "whitenedNetwork";
  const [first] = architecture.layers;
  requireImages(fn, "a whitened first layer", architecture.inputShape);
  for (const side of architecture.inputShape.slice(0, 2)) requireInteger(fn, "side of inputShape", side, PATCH);
  const d = PATCH ** 2 * architecture.inputShape[2];
  if (first?.kind !== "conv2d" || first.kernelSize !== PATCH || first.filters !== 2 * d)
    throw new RangeError(`${fn}: the first layer must be a ${PATCH}×${PATCH} convolution of ${2 * d} filters, got `
      + `${first?.kind === "conv2d" ? `${first.kernelSize}×${first.kernelSize} of ${first.filters}` : first?.kind}; `
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
      const weight = vectors.data[v * d + i] / Math.sqrt(values[v] + LEAST_SQUARE);
      kernel[i * 2 * d + v] = weight;
      kernel[i * 2 * d + d + v] = -weight;
    }
  const { weights } = initializeNetwork(architecture, { rng: rng.spawn(1) });
  return networkOf(architecture, [kernel, ...weights.slice(1)]);
}
