import type { Rng } from "../../random";

const WORD = 2 ** 32;
const LAST_BIT = 2 ** -53;

/**
 * True with the given probability, rounded up by less than a part in two million however small it is. A comparison with
 * one uniform number, which has 53 bits, makes chances below 2⁻⁵³ never come true; a mechanism that never lies keeps no
 * promise.
 */
export function happens(probability: number, rng: Rng): boolean {
  let rest = probability;
  for (; rest > 0 && rest < 1 / WORD; rest *= WORD) if (rng.word() !== 0) return false;
  return 1 - rng.uniform() - LAST_BIT < rest;
}

/** A uniform number in (0, 1) that is fine near 0 too: as small as a double can be, with 32 random bits and more. */
export function fineUniform(rng: Rng): number {
  let scale = 1 / WORD;
  let word = rng.word();
  for (; word === 0 && scale > 1e-290; word = rng.word()) scale /= WORD;
  return Math.max(Number.MIN_VALUE, (word + rng.uniform()) * scale);
}
