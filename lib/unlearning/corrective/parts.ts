import { requireInteger } from "../../validate";

/** Positions that were named, and all others, each ascending. */
export interface Parts {
  readonly inside: Int32Array;
  readonly outside: Int32Array;
}

/** Parts n examples into those named and the others, none of them empty. */
export function partsOf(fn: string, n: number, positions: ArrayLike<number>): Parts {
  const named = new Uint8Array(n);
  for (let i = 0; i < positions.length; i++) {
    requireInteger(fn, "known position", positions[i], 0, n - 1);
    named[positions[i]] = 1;
  }
  const inside = Int32Array.from(named.keys()).filter((i) => named[i]);
  const outside = Int32Array.from(named.keys()).filter((i) => !named[i]);
  if (!inside.length || !outside.length)
    throw new RangeError(`${fn}: needs known and other examples, got ${inside.length} and ${outside.length}`);
  return { inside, outside };
}
