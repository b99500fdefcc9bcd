import { requireFinite, requireSameLength } from "../../validate";

/** Requires at least one of something to draw. */
export function requireSome(fn: string, name: string, items: ArrayLike<unknown>): void {
  if (!(items && items.length > 0)) throw new RangeError(`${fn}: needs at least one of ${name}, got none`);
}

/** Requires two rows of finite numbers, equally long and not empty. */
export function requirePaired(
  fn: string, nameA: string, a: ArrayLike<number>, nameB: string, b: ArrayLike<number>,
): void {
  requireSome(fn, nameA, a);
  requireSameLength(fn, nameA, a.length, nameB, b.length);
  requireFinite(fn, nameA, a);
  requireFinite(fn, nameB, b);
}
