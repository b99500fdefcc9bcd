import type { OutputBundle } from "../display";
import { count, renderDescription, type Description } from "./description";
import { describeData } from "./data";
import { hasMethods, isFields, isTypedArray } from "./guards";
import { describeModel } from "./models";
import { describePrivacy } from "./privacy";

/** Where a kernel finds `displayOf`, without knowing the library. */
export const displaySymbol = Symbol.for("knowledge-hacking.display");

const MOST_PARTS = 20;

/** What a value is, if it is one of the library's. */
function describe(value: unknown): Description | undefined {
  return describePrivacy(value, describe) ?? describeModel(value) ?? describeData(value) ?? describeRng(value)
    ?? describeParts(value);
}

function describeRng(value: unknown): Description | undefined {
  if (!isFields(value) || !hasMethods(value, "uniform", "normal", "integer", "spawn")) return undefined;
  return { what: "random generator", next: "rng.uniform(), rng.normal(), rng.integer(6), rng.spawn(0)" };
}

/** A list or a plain object of which a part is the library's: each part in a line. */
function describeParts(value: unknown): Description | undefined {
  const isPlain = isFields(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain && !Array.isArray(value)) return undefined;
  const parts = Object.entries(value as object).slice(0, MOST_PARTS);
  const found = parts.map(([name, part]) => (
    { name, part, what: isTypedArray(part) ? undefined : describe(part)?.what }));
  if (!found.some(({ what }) => what)) return undefined;
  const numRows = Object.keys(value as object).length;
  return {
    what: Array.isArray(value) ? `list of ${numRows.toLocaleString("en-US")}` : `object of ${count(numRows, "field")}`,
    rows: found.map(({ name, part, what }) => ({ "": name, "what": what ?? inWords(part) })), numRows,
  };
}

function inWords(part: unknown): string {
  if (isTypedArray(part) || Array.isArray(part)) return `${part.constructor.name} of ${count(part.length, "value")}`;
  if (typeof part === "object" && part !== null) return `object of ${count(Object.keys(part).length, "field")}`;
  return typeof part === "function" ? "function" : String(part);
}

/**
 * How a value of the library is shown: what it is, how large, its first rows and the next useful call. A kernel calls
 * this with the last value of a cell; the value itself stays plain.
 *
 * @returns One output in several MIME types; undefined if the value is none of the library's.
 * @example
 * displayOf(fromRows([[1, 2], [3, 4]]))?.["text/plain"]; // "matrix: 2 rows of 2 numbers, float64 …"
 */
export function displayOf(value: unknown): OutputBundle | undefined {
  try {
    const description = describe(value);
    return description && renderDescription(description);
  } catch {
    // A value that only looks like one of the library's is shown as any other.
    return undefined;
  }
}

Object.defineProperty(globalThis, displaySymbol, { value: displayOf, configurable: true });
