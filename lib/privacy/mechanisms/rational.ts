import type { Rng } from "../../random";

/** An exact fraction; the denominator is above 0. */
export interface Rational {
  numerator: bigint;
  denominator: bigint;
}

/** The exact fraction that a finite double stands for. */
export function exactRational(x: number): Rational {
  let value = x;
  let denominator = 1n;
  while (!Number.isInteger(value)) {
    value *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(value), denominator };
}

/**
 * A uniform integer in [0, n), exact for integers of any size: whole words, and a new try when the draw is too
 * large.
 */
export function uniformBigInt(n: bigint, rng: Rng): bigint {
  const bits = (n - 1n).toString(2).length;
  for (;;) {
    let value = 0n;
    for (let drawn = 0; drawn < bits; drawn += 32) value = (value << 32n) | BigInt(rng.word());
    value &= (1n << BigInt(bits)) - 1n;
    if (value < n) return value;
  }
}
