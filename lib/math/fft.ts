/** A complex signal, real and imaginary parts apart, both of the same power-of-two length. */
export interface Complex {
  re: Float64Array;
  im: Float64Array;
}

interface Twiddles {
  cos: Float64Array;
  sin: Float64Array;
}

const twiddlesOf = new Map<number, Twiddles>();

/** Entries half … 2 · half − 1 are the half-turn's angles of the stage that joins halves of that length. */
function twiddles(n: number): Twiddles {
  const known = twiddlesOf.get(n);
  if (known) return known;
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  for (let k = 0; k < n / 2; k++) {
    const angle = (-2 * Math.PI * k) / n;
    cos[n / 2 + k] = Math.cos(angle);
    sin[n / 2 + k] = Math.sin(angle);
  }
  for (let i = n / 2 - 1; i > 0; i--) {
    cos[i] = cos[2 * i];
    sin[i] = sin[2 * i];
  }
  twiddlesOf.clear();
  twiddlesOf.set(n, { cos, sin });
  return { cos, sin };
}

/**
 * The discrete Fourier transform, in place: radix 2, every twiddle factor from its own angle, so that the error stays
 * at a few units in the last place times log n.
 *
 * @param inverse Conjugate transform, divided by n.
 */
export function fft({ re, im }: Complex, inverse = false): void {
  // Exchanging the parts before and after conjugates the transform.
  if (inverse) {
    fft({ re: im, im: re });
    for (let i = 0; i < re.length; i++) {
      re[i] /= re.length;
      im[i] /= re.length;
    }
    return;
  }
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const keptRe = re[i];
      const keptIm = im[i];
      re[i] = re[j];
      im[i] = im[j];
      re[j] = keptRe;
      im[j] = keptIm;
    }
  }
  const { cos, sin } = twiddles(n);
  for (let half = 1; half < n; half *= 2)
    for (let start = 0; start < n; start += 2 * half)
      for (let i = start, t = half; t < 2 * half; i++, t++) {
        const j = i + half;
        const c = cos[t];
        const s = sin[t];
        const tRe = re[j] * c - im[j] * s;
        const tIm = re[j] * s + im[j] * c;
        re[j] = re[i] - tRe;
        im[j] = im[i] - tIm;
        re[i] += tRe;
        im[i] += tIm;
      }
}
