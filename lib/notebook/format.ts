import { significantDigits } from "./digits";

/** How a column's numbers are written: decimals, a percentage with decimals, or a function of the value. */
export type Format = { decimals: number } | { percent: number } | ((value: unknown) => string);

/** Numbers of a figure that differ by less than this share of what it spans may be written alike. */
const TOLD_APART = 1e-3;

/**
 * Writes a number shortly: integers whole, others with up to four significant digits, or with more where they are
 * needed to tell it from others that span only `span`.
 */
export function formatNumber(value: number, span = Infinity): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en-US").replace("-", "−");
  const size = Math.abs(value);
  const digits = Number.isFinite(span) ? significantDigits(value, TOLD_APART * span) : 4;
  const short = Number(value.toPrecision(Math.min(digits, 15)));
  const text = size < 1e-4 || (size >= 1e6 && digits === 4) ? value.toExponential(digits - 1)
    : size >= 1e6 ? short.toLocaleString("en-US", { maximumFractionDigits: 15 }) : String(short);
  return text.replace(/-/g, "−");
}

/** Writes a table cell. */
export function formatValue(value: unknown, format?: Format): string {
  if (typeof format === "function") return format(value);
  if (value === null || value === undefined) return "";
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "number") return typeof value === "object" ? JSON.stringify(value) : String(value);
  if (!format || !Number.isFinite(value)) return formatNumber(value);
  if ("percent" in format) return `${(100 * value).toFixed(format.percent)} %`.replace("-", "−");
  return value.toFixed(format.decimals).replace("-", "−");
}
