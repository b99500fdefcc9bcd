/** Deviations of the Gaussian at which it is cut off. */
const REACH = 2.5;

/** The weights of a Gaussian at whole distances, from the farthest on one side to the other; they sum to 1. */
function gaussianWeights(sigma: number): Float64Array {
  const reach = Math.ceil(REACH * sigma);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((all, weight) => all + weight);
  return weights.map((weight) => weight / sum);
}

/** Spreads every pixel along one axis and adds to `out`. */
function spread(image: ArrayLike<number>, side: number, weights: Float64Array, step: number, out: Float64Array): void {
  const reach = (weights.length - 1) / 2;
  for (let p = 0; p < image.length; p++) {
    const value = image[p];
    if (value === 0) continue;
    const at = step === 1 ? p % side : Math.floor(p / side);
    const last = Math.min(side - 1, at + reach);
    for (let k = Math.max(0, at - reach); k <= last; k++) out[p + (k - at) * step] += value * weights[k - at + reach];
  }
}

/**
 * Blurs a square image by a Gaussian; what would land beyond its edge is lost.
 *
 * @param image Shape [side²]; not modified.
 * @param sigma The Gaussian's standard deviation in pixels, above 0.
 */
export function blurImage(image: ArrayLike<number>, side: number, sigma: number): Float64Array {
  const weights = gaussianWeights(sigma);
  const [half, out] = [new Float64Array(side * side), new Float64Array(side * side)];
  spread(image, side, weights, 1, half);
  spread(half, side, weights, side, out);
  return out;
}
