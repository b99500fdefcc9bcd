import { requireNumericRanges, type FeatureRange } from "../ranges";
import { batchSampler, type Sampler } from "./sampler";
import { JOE_KUO } from "./sobol-directions";

const BITS = 32;
const LIMIT = JOE_KUO.length + 1;

/** The 32 direction numbers of a feature, as unsigned 32-bit fractions. */
function directions(feature: number): Uint32Array {
  const v = new Uint32Array(BITS);
  if (feature === 0) return v.map((_, k) => 2 ** (BITS - 1 - k));
  const [polynomial, initial] = JOE_KUO[feature - 1];
  const degree = initial.length;
  for (let k = 0; k < BITS; k++) {
    if (k < degree) {
      v[k] = initial[k] * 2 ** (BITS - 1 - k);
      continue;
    }
    let next = v[k - degree] ^ (v[k - degree] >>> degree);
    for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) next ^= v[k - i];
    v[k] = next;
  }
  return v;
}

/**
 * The Sobol sequence, moved by a random digital shift: fills the box more evenly than independent points do. A power of
 * two of points is balanced.
 *
 * @param ranges At most 64 features: the direction numbers at hand.
 * @throws {RangeError} If there are more features, or a range is categorical, not finite, or its max is below its min.
 * @see Joe & Kuo, 2008, for the direction numbers; Owen, 2003, for the shift.
 */
export function sobolSampler(ranges: readonly FeatureRange[]): Sampler {
  requireNumericRanges("sobolSampler", ranges);
  const d = ranges.length;
  if (d > LIMIT) throw new RangeError(`sobolSampler: ranges must name at most ${LIMIT} features, got ${d}`);
  const v = ranges.map((_, j) => directions(j));
  return batchSampler("sobolSampler", d, (n, rng) => {
    const data = new Float64Array(n * d);
    const state = Uint32Array.from(ranges, () => rng.word());
    for (let i = 0; i < n; i++) {
      if (i > 0) {
        const flipped = 31 - Math.clz32(i & -i);
        for (let j = 0; j < d; j++) state[j] ^= v[j][flipped];
      }
      for (let j = 0; j < d; j++)
        data[i * d + j] = ranges[j].min + (ranges[j].max - ranges[j].min) * (state[j] / 2 ** BITS);
    }
    return data;
  });
}
