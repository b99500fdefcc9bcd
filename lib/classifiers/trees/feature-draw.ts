/**
 * scikit-learn's small generator for the order in which a tree tries features: Marsaglia's xorshift, 32 bits.
 * Kept apart from `Rng`, so that trees come out as scikit-learn's do under the same seed.
 */
export class FeatureDraw {
  private state: number;

  /** @param seed In [0, 2³¹ − 1); null draws the first position every time. */
  constructor(private readonly seed: number | null) {
    this.state = seed ?? 0;
  }

  /** A position in [low, high). */
  position(low: number, high: number): number {
    if (this.seed === null) return low;
    let x = this.state || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return low + ((x & 0x7fffffff) % (high - low));
  }
}
