import type { Rng } from "../../random";
import { normalCdf } from "../../math/normal";

/** Layers of the ziggurat and where its tail begins. */
const LAYERS = 256;
const TAIL = 3.6541528853610088;
const LAYER_AREA = TAIL * Math.exp((-TAIL * TAIL) / 2) + Math.sqrt(2 * Math.PI) * normalCdf(-TAIL);
const MANTISSA = 2 ** 23;

/**
 * Per layer: the width of one step of the 23-bit magnitude, the magnitudes surely inside, and the density at its
 * edge.
 */
const width = new Float64Array(LAYERS);
const inside = new Uint32Array(LAYERS);
const density = new Float64Array(LAYERS);

{
  let x = TAIL;
  const base = LAYER_AREA / Math.exp((-x * x) / 2);
  inside[0] = (TAIL / base) * MANTISSA;
  width[0] = base / MANTISSA;
  density[0] = 1;
  width[LAYERS - 1] = TAIL / MANTISSA;
  density[LAYERS - 1] = Math.exp((-TAIL * TAIL) / 2);
  for (let i = LAYERS - 2; i > 0; i--) {
    const outer = x;
    x = Math.sqrt(-2 * Math.log(LAYER_AREA / outer + Math.exp((-outer * outer) / 2)));
    inside[i + 1] = (x / outer) * MANTISSA;
    width[i] = x / MANTISSA;
    density[i] = Math.exp((-x * x) / 2);
  }
  inside[1] = 0;
}

/**
 * A quick source of standard normal numbers with 24 random bits each, for filling large float32 arrays: the ziggurat
 * over a generator of its own (xoshiro128**), which takes its 128-bit start from the given one. For experiments; a
 * private release needs exact noise (`discreteGaussianMechanism`).
 *
 * @returns A function that fills an array; each call goes on where the last one stopped.
 * @see Marsaglia & Tsang, Journal of Statistical Software 5(8), 2000; Blackman & Vigna, arXiv 1805.01407.
 */
export function fastNormal(rng: Rng): (out: Float32Array) => void {
  let s0 = rng.word() | 0;
  let s1 = rng.word() | 0;
  let s2 = rng.word() | 0;
  let s3 = rng.word() | 1;
  const word = (): number => {
    const scrambled = Math.imul(s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
  const uniform = (): number => ((word() >>> 5) * 67108864 + (word() >>> 6) + 0.5) / 9007199254740992;
  const outside = (layer: number, magnitude: number): number => {
    if (layer === 0)
      for (;;) {
        const beyond = -Math.log(uniform()) / TAIL;
        if (-2 * Math.log(uniform()) > beyond * beyond) return TAIL + beyond;
      }
    const x = magnitude * width[layer];
    const height = density[layer] + uniform() * (density[layer - 1] - density[layer]);
    return height < Math.exp((-x * x) / 2) ? x : NaN;
  };
  return (out) => {
    for (let i = 0; i < out.length; i++)
      for (;;) {
        const bits = word();
        const layer = bits & 255;
        const magnitude = bits >>> 9;
        const x = magnitude < inside[layer] ? magnitude * width[layer] : outside(layer, magnitude);
        if (Number.isNaN(x)) continue;
        // The sign without a branch, which no processor could foresee.
        out[i] = x * (((bits >>> 7) & 2) - 1);
        break;
      }
  };
}
