import type { Rng } from "../../random";
import { requireInteger } from "../../validate";

export interface FlipOppositeOptions {
  /** Labels to flip in all, the same number for each class: a multiple of `numClasses`. */
  budget: number;
  /** @defaultValue 10 */
  numClasses?: number;
  /** `seededRng(42)` in the unlearning source. */
  rng: Rng;
}

export interface OppositeLabels {
  /** Poisoned copy, shape [n]. */
  readonly y: Int32Array;
  /** Flipped positions, ascending, shape [budget]. */
  readonly flipped: Int32Array;
}

/**
 * The unlearning source's poison: in random order, the first budget / numClasses examples of each class s get label
 * numClasses − 1 − s.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If the budget is over the data, a class is out of range, or a class is too small.
 * @see Warnecke et al., NDSS 2023, §VI.
 * @example
 * const { y: poisoned, flipped } = flipToOpposite(y, { budget: 100, rng: seededRng(42) });
 */
export function flipToOpposite(y: Int32Array, { budget, numClasses = 10, rng }: FlipOppositeOptions): OppositeLabels {
  requireInteger("flipToOpposite", "numClasses", numClasses, 2);
  requireInteger("flipToOpposite", "budget", budget, 0, y.length);
  if (budget % numClasses !== 0)
    throw new RangeError(`flipToOpposite: budget must be a multiple of ${numClasses}, got ${budget}`);
  const left = new Int32Array(numClasses).fill(budget / numClasses);
  const poisoned = y.slice();
  const flipped: number[] = [];
  for (const i of rng.permutation(y.length)) {
    const label = y[i];
    if (!(label >= 0 && label < numClasses))
      throw new RangeError(`flipToOpposite: classes must be in [0, ${numClasses}), got ${label} at position ${i}`);
    if (left[label] === 0) continue;
    left[label]--;
    poisoned[i] = numClasses - 1 - label;
    flipped.push(i);
  }
  left.forEach((missing, label) => {
    if (missing > 0)
      throw new RangeError(
        `flipToOpposite: budget ${budget} needs ${budget / numClasses} examples of class ${label}, ` +
          `got ${budget / numClasses - missing}`,
      );
  });
  return { y: poisoned, flipped: Int32Array.from(flipped).sort() };
}
