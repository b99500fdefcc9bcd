/**
 * Wright's omega function: the w above 0 with w + ln w = z.
 *
 * @param z Finite.
 * @see Corless & Jeffrey, The Wright ω Function, 2002.
 */
export function wrightOmega(z: number): number {
  if (z < -36) return Math.exp(z);
  let w = z > 1 ? z - Math.log(z) : Math.exp(Math.min(z, 0)) / (1 + Math.exp(Math.min(z, 0)));
  for (let i = 0; i < 6; i++) {
    const next = (w * (1 + z - Math.log(w))) / (1 + w);
    const done = Math.abs(next - w) <= 1e-12 * next;
    w = next;
    if (done) break;
  }
  return w;
}
