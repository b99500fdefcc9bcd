import type { Dataset } from "../../data";
import type { Matrix } from "../../matrix";

export type Fields = Readonly<Record<string, unknown>>;

/** Anything with fields; arrays and typed arrays have none of their own. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

export const isTypedArray = (value: unknown): value is TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value) && !isBig(value);

const isBig = (value: unknown): boolean => value instanceof BigInt64Array || value instanceof BigUint64Array;

export const isMatrix = (value: unknown): value is Matrix =>
  isFields(value) && isTypedArray(value.data) && Array.isArray(value.shape) && value.shape.length === 2
  && value.shape.every(Number.isInteger) && value.data.length === value.shape[0] * value.shape[1];

/** Rows and a label each. */
export const isLabeled = (value: unknown): value is { X: Matrix; y: Int32Array } =>
  isFields(value) && isMatrix(value.X) && value.y instanceof Int32Array && value.y.length === value.X.shape[0];

export const isDataset = (value: unknown): value is Dataset =>
  isLabeled(value) && Array.isArray((value as unknown as Fields).featureNames)
  && Array.isArray((value as unknown as Fields).classNames);

/** Whether each of these fields is a function. */
export const hasMethods = (value: Fields, ...names: string[]): boolean =>
  names.every((name) => typeof value[name] === "function");

/** Whether each of these fields is a number. */
export const hasNumbers = (value: Fields, ...names: string[]): boolean =>
  names.every((name) => typeof value[name] === "number");
