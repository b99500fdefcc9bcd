/** Arrays of numbers as the notebook's file keeps them: Plotly's typed arrays, one line of text each. */

/** Plotly's form of a typed array: base64 of its bytes, little-endian. */
interface TypedArraySpec {
  dtype: "u1" | "i1" | "u2" | "i2" | "i4" | "f4" | "f8";
  bdata: string;
  shape?: string;
}

const FEWEST = 16;
/** A float32 must be nearer to a number than this share of all that the array spans. */
const PRECISION = 1e-5;

const integerTypes = [
  ["u1", Uint8Array], ["i1", Int8Array], ["u2", Uint16Array], ["i2", Int16Array], ["i4", Int32Array],
] as const;

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number" && Number.isFinite(item));

function typed(values: readonly number[]): TypedArraySpec {
  const base64 = (array: ArrayBufferView): string =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
  for (const [dtype, Type] of integerTypes) {
    const array = Type.from(values);
    if (values.every((value, i) => array[i] === value && !Object.is(value, -0))) return { dtype, bdata: base64(array) };
  }
  const span = values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity);
  const single = Float32Array.from(values);
  return values.every((value, i) => Math.abs(single[i] - value) <= PRECISION * span)
    ? { dtype: "f4", bdata: base64(single) } : { dtype: "f8", bdata: base64(Float64Array.from(values)) };
}

/**
 * A copy of a trace in which long arrays of numbers, and matrices of them, are typed arrays: a third of the
 * size in a notebook's file, which gives each number of a plain array a line of its own.
 *
 * @see https://plotly.com/javascript/reference, data arrays with `bdata`, `dtype` and `shape`.
 */
export function encoded<T>(value: T): T {
  if (isNumbers(value)) return (value.length >= FEWEST ? typed(value) : value) as T;
  if (Array.isArray(value)) {
    const rows = value as unknown[];
    const isMatrix = rows.every((row) => isNumbers(row) && row.length === (rows[0] as number[]).length);
    if (!isMatrix || rows.length < 2 || rows.length * (rows[0] as number[]).length < FEWEST) return value;
    const flat = (rows as number[][]).flat();
    return { ...typed(flat), shape: `${rows.length}, ${flat.length / rows.length}` } as T;
  }
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encoded(item)])) as T;
}
