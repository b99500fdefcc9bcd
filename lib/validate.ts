/**
 * Checks at the library's boundary: each throws an error that names the function, the argument, what was given and
 * what is allowed.
 */

const show = (value: unknown): string =>
  (typeof value === "number" ? String(value) : JSON.stringify(value) ?? String(value));

/** Requires a finite number in [min, max]. */
export function requireInRange(fn: string, name: string, value: number, min: number, max: number): void {
  if (!(typeof value === "number" && value >= min && value <= max))
    throw new RangeError(`${fn}: ${name} must be in [${min}, ${max}], got ${show(value)}`);
}

/** Requires a finite number above 0. */
export function requirePositive(fn: string, name: string, value: number): void {
  if (!(typeof value === "number" && value > 0 && value < Infinity))
    throw new RangeError(`${fn}: ${name} must be a finite number above 0, got ${show(value)}`);
}

/** Requires an integer in [min, max]. */
export function requireInteger(
  fn: string,
  name: string,
  value: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): void {
  if (!(Number.isInteger(value) && value >= min && value <= max)) {
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `in [${min}, ${max}]`;
    const allowed = min === max ? `${min}, the only one there is` : `an integer ${range}`;
    throw new RangeError(`${fn}: ${name} must be ${allowed}, got ${show(value)}`);
  }
}

/** Requires one of a list of words. */
export function requireOneOf<T extends string>(fn: string, name: string, value: T, allowed: readonly T[]): void {
  if (!allowed.includes(value))
    throw new RangeError(`${fn}: ${name} must be one of ${allowed.join(", ")}, got ${show(value)}`);
}

/** Requires that every number is finite, and names the first that is not. */
export function requireFinite(fn: string, name: string, values: ArrayLike<number>): void {
  if (values instanceof Uint8Array || values instanceof Int32Array) return;
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new RangeError(`${fn}: ${name} must be finite, got ${values[i]} at position ${i}`);
}

/** The largest number that float32 holds. */
export const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/**
 * Requires finite numbers that stay so in float32: what is fine as a double may be infinite there, and a sum with one
 * infinite term says nothing of all others.
 *
 * @param limit What is allowed: the largest float32, or less where numbers are multiplied and added up.
 */
export function requireFloat32(
  fn: string, name: string, values: ArrayLike<number>, limit: number = LARGEST_FLOAT32,
): void {
  if (values instanceof Uint8Array) return;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]) <= limit) continue;
    const allowed = Number.isFinite(values[i]) ? `at most ${limit.toPrecision(3)} in size, as float32 holds` : "finite";
    throw new RangeError(`${fn}: ${name} must be ${allowed}, got ${values[i]} at position ${i}`);
  }
}

/** Requires whole numbers from 0 to 255, as pixels of images are stored. */
export function requireBytes(fn: string, name: string, values: ArrayLike<number>): void {
  if (values instanceof Uint8Array) return;
  for (let i = 0; i < values.length; i++)
    if (!(Number.isInteger(values[i]) && values[i] >= 0 && values[i] <= 255))
      throw new RangeError(`${fn}: ${name} must be whole numbers from 0 to 255, got ${values[i]} at position ${i}`);
}

/** Requires height, width and channels: three whole numbers of at least 1. */
export function requireImageShape(fn: string, name: string, shape: readonly number[]): void {
  if (!Array.isArray(shape) || shape.length !== 3)
    throw new RangeError(`${fn}: ${name} must be [height, width, channels], got ${show(shape)}`);
  for (const side of shape) requireInteger(fn, `side of ${name}`, side, 1);
}

/** The size up to which sums of products of two numbers, one for each of `terms`, stay within float32. */
export const largestForProducts = (terms: number): number => Math.sqrt(LARGEST_FLOAT32 / (4 * Math.max(1, terms)));

/** What rounding may add to a probability. */
const SPARE = 1e-6;

/** Whether something is a number in [0, 1], up to rounding. */
export const isProbability = (value: unknown): boolean =>
  typeof value === "number" && value >= -SPARE && value <= 1 + SPARE;

/** Requires numbers in [0, 1] up to rounding; rows need not sum to 1, as rounded answers don't. */
export function requireProbabilities(fn: string, { data }: { readonly data: ArrayLike<number> }): void {
  for (let i = 0; i < data.length; i++)
    if (!isProbability(data[i]))
      throw new RangeError(`${fn}: probabilities must be in [0, 1], got ${data[i]} at position ${i}`);
}

/** Requires two lengths to be equal. */
export function requireSameLength(fn: string, nameA: string, lengthA: number, nameB: string, lengthB: number): void {
  if (lengthA !== lengthB)
    throw new RangeError(`${fn}: ${nameA} and ${nameB} must have the same length, got ${lengthA} and ${lengthB}`);
}
