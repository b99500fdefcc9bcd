import { randomFillSync } from "node:crypto";
import { requireInteger } from "./validate";

/** A source of randomness. Every function that draws takes one; none draws from anywhere else. */
export interface Rng {
  /** A number in [0, 1), with 53 random bits. */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
  /** An integer in [0, n), n in [1, 2³²]. */
  integer(n: number): number;
  /** 32 random bits, as an unsigned integer. */
  word(): number;
  /** The integers 0 … n − 1 in random order, shape [n]. */
  permutation(n: number): Int32Array;
  /**
   * An independent generator for one part of the work (a tree, a worker, an epoch).
   * A seeded parent gives the same child for the same key, however much it has been drawn from.
   */
  spawn(key: number): Rng;
}

/** Everything needed to go on from where a seeded generator stands; plain JSON. */
export interface RngState {
  seed: number[];
  key: number[];
  position: number;
  spareNormal: number | null;
}

/** A seeded generator: repeats, and can be saved and restored. */
export interface SeededRng extends Rng {
  state(): RngState;
  spawn(key: number): SeededRng;
}

const LENGTH = 624;
const SHIFT = 397;

abstract class WordRng implements Rng {
  protected spareNormal: number | null = null;

  abstract word(): number;
  abstract spawn(key: number): Rng;

  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  normal(): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return spare;
    }
    let x1: number, x2: number, r2: number;
    do {
      x1 = 2 * this.uniform() - 1;
      x2 = 2 * this.uniform() - 1;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1 || r2 === 0);
    const factor = Math.sqrt((-2 * Math.log(r2)) / r2);
    this.spareNormal = factor * x1;
    return factor * x2;
  }

  integer(n: number): number {
    requireInteger("integer", "n", n, 1, 2 ** 32);
    const max = n - 1;
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do value = (this.word() & mask) >>> 0;
    while (value > max);
    return value;
  }

  permutation(n: number): Int32Array {
    requireInteger("permutation", "n", n, 0);
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }
}

class MersenneTwister extends WordRng implements SeededRng {
  private readonly key = new Uint32Array(LENGTH);
  private position = LENGTH;

  constructor(private readonly seed: readonly number[]) {
    super();
    if (seed.length === 1) this.seedBy(seed[0]);
    else this.seedByArray(seed);
  }

  static restore(state: RngState): MersenneTwister {
    const rng = new MersenneTwister(state.seed);
    rng.key.set(state.key);
    rng.position = state.position;
    rng.spareNormal = state.spareNormal;
    return rng;
  }

  private seedBy(seed: number): void {
    this.key[0] = seed;
    for (let i = 1; i < LENGTH; i++) {
      const previous = this.key[i - 1] ^ (this.key[i - 1] >>> 30);
      this.key[i] = Math.imul(1812433253, previous) + i;
    }
  }

  private seedByArray(seed: readonly number[]): void {
    this.seedBy(19650218);
    const key = this.key;
    let i = 1;
    let j = 0;
    for (let k = Math.max(LENGTH, seed.length); k > 0; k--) {
      key[i] = (key[i] ^ Math.imul(key[i - 1] ^ (key[i - 1] >>> 30), 1664525)) + seed[j] + j;
      if (++i >= LENGTH) { key[0] = key[LENGTH - 1]; i = 1; }
      if (++j >= seed.length) j = 0;
    }
    for (let k = LENGTH - 1; k > 0; k--) {
      key[i] = (key[i] ^ Math.imul(key[i - 1] ^ (key[i - 1] >>> 30), 1566083941)) - i;
      if (++i >= LENGTH) { key[0] = key[LENGTH - 1]; i = 1; }
    }
    key[0] = 0x80000000;
  }

  private refill(): void {
    const key = this.key;
    for (let i = 0; i < LENGTH; i++) {
      const y = (key[i] & 0x80000000) | (key[(i + 1) % LENGTH] & 0x7fffffff);
      key[i] = key[(i + SHIFT) % LENGTH] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }

  word(): number {
    if (this.position === LENGTH) this.refill();
    let y = this.key[this.position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  spawn(key: number): SeededRng {
    requireInteger("spawn", "key", key, 0, 2 ** 32 - 1);
    return new MersenneTwister([...this.seed, key]);
  }

  state(): RngState {
    return { seed: [...this.seed], key: [...this.key], position: this.position, spareNormal: this.spareNormal };
  }
}

class SecureRng extends WordRng {
  private readonly pool = new Uint32Array(1024);
  private used = 1024;

  word(): number {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    const word = this.pool[this.used];
    this.pool[this.used++] = 0;
    return word;
  }

  spawn(): Rng {
    return new SecureRng();
  }
}

/**
 * The generator of every experiment: the Mersenne Twister, seeded and read exactly as NumPy's `RandomState`, so that
 * `uniform`, `integer` and `permutation` equal `random_sample`, `randint(n)` and `permutation` of the Python peers bit
 * for bit, and `normal` equals `standard_normal` up to the last bit of the logarithm.
 *
 * @param seed An integer in [0, 2³² − 1]; 0 is a seed.
 * @throws {RangeError} If the seed is not such an integer.
 * @see Matsumoto & Nishimura, ACM TOMACS 8(1), 1998.
 * @example
 * const rng = seededRng(42);
 * rng.uniform(); // 0.3745401188473625, as numpy.random.RandomState(42).random_sample()
 */
export function seededRng(seed: number): SeededRng {
  requireInteger("seededRng", "seed", seed, 0, 2 ** 32 - 1);
  return new MersenneTwister([seed]);
}

/** Takes a seeded generator up again where `state()` left it. */
export function restoreRng(state: RngState): SeededRng {
  return MersenneTwister.restore(state);
}

/**
 * Randomness from the operating system: for releases that must be private, where a guessable seed would undo the noise.
 * Does not repeat.
 */
export function secureRng(): Rng {
  return new SecureRng();
}

/**
 * Draws k different positions out of n, every set equally likely, in random order.
 *
 * @returns Positions, shape [k].
 * @throws {RangeError} If k is not an integer in [0, n].
 */
export function sampleWithoutReplacement(n: number, k: number, rng: Rng): Int32Array {
  requireInteger("sampleWithoutReplacement", "n", n, 0);
  requireInteger("sampleWithoutReplacement", "k", k, 0, n);
  const moved = new Map<number, number>();
  return Int32Array.from({ length: k }, (_, i) => {
    const j = i + rng.integer(n - i);
    const drawn = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return drawn;
  });
}
