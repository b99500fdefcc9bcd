/** How a column's numbers are written: decimals, a percentage with decimals, or a function of the value. */
export type Format = { decimals: number } | { percent: number } | ((value: unknown) => string);

/** Writes a number shortly: integers whole, others with up to four significant digits. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en-US").replace("-", "−");
  const size = Math.abs(value);
  const text = size >= 1e6 || size < 1e-4 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
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
