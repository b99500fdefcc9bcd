/** A complex signal, real and imaginary parts apart, both of the same power-of-two length. */
export interface Complex {
  re: Float64Array;
  im: Float64Array;
}

/**
 * The discrete Fourier transform, in place: radix 2, every twiddle factor from its own angle, so that the error stays
 * at a few units in the last place times log n.
 *
 * @param inverse Conjugate transform, divided by n.
 */
export function fft({ re, im }: Complex, inverse = false): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
  const cos = new Float64Array(n / 2);
  const sin = new Float64Array(n / 2);
  for (let k = 0; k < n / 2; k++) {
    const angle = ((inverse ? 2 : -2) * Math.PI * k) / n;
    cos[k] = Math.cos(angle);
    sin[k] = Math.sin(angle);
  }
  for (let half = 1; half < n; half *= 2) {
    const stride = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half)
      for (let k = 0; k < half; k++) {
        const i = start + k;
        const j = i + half;
        const c = cos[k * stride];
        const s = sin[k * stride];
        const tRe = re[j] * c - im[j] * s;
        const tIm = re[j] * s + im[j] * c;
        re[j] = re[i] - tRe;
        im[j] = im[i] - tIm;
        re[i] += tRe;
        im[i] += tIm;
      }
  }
  if (inverse)
    for (let i = 0; i < n; i++) {
      re[i] /= n;
      im[i] /= n;
    }
}
