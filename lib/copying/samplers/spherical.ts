import { requireInRange, requireInteger } from "../../validate";
import { rowSampler, type Sampler } from "./sampler";

export interface SphericalSamplerOptions {
  numFeatures: number;
  /** Smallest distance to the origin, ≥ 0; 0 unless said. */
  radiusMin?: number;
  /** Largest distance to the origin, ≥ radiusMin; 1 unless said. */
  radiusMax?: number;
}

/**
 * Points in random directions, at a radius drawn evenly between two: a ball or a shell around the origin. For models of
 * standardised features; with `balancedQueries` it is PRESC's spherical balancer.
 *
 * @throws {RangeError} If the width or a radius is out of range.
 */
export function sphericalSampler({ numFeatures, radiusMin = 0, radiusMax = 1 }: SphericalSamplerOptions): Sampler {
  requireInteger("sphericalSampler", "numFeatures", numFeatures, 1);
  requireInRange("sphericalSampler", "radiusMin", radiusMin, 0, Number.MAX_VALUE);
  requireInRange("sphericalSampler", "radiusMax", radiusMax, radiusMin, Number.MAX_VALUE);
  return rowSampler("sphericalSampler", numFeatures, (row, rng) => {
    let squares: number;
    do {
      squares = 0;
      for (let j = 0; j < numFeatures; j++) squares += (row[j] = rng.normal()) ** 2;
    } while (squares === 0);
    const radius = radiusMin + (radiusMax - radiusMin) * rng.uniform();
    for (let j = 0; j < numFeatures; j++) row[j] *= radius / Math.sqrt(squares);
  });
}
