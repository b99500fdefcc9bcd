/** Figures in words: what a screen reader says in place of the picture. */
import { extentOf } from "../digits";
import { formatNumber } from "../format";
import type { FigureSpec, Plot } from "./spec";

const MOST_NAMED = 10;

/** Sentences, each ended once. */
export const sentences = (parts: readonly (string | undefined)[]): string => parts
  .filter((part): part is string => Boolean(part))
  .map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`)).join(" ");

/** "a; b; c", shortened where there are many. */
export function listed(items: readonly string[], separator = "; "): string {
  const shown = items.slice(0, MOST_NAMED).join(separator);
  return items.length > MOST_NAMED ? `${shown}${separator}and ${items.length - MOST_NAMED} more` : shown;
}

/** "one point", "2 points". */
export const counted = (n: number, thing: string): string => `${formatNumber(n)} ${thing}${n === 1 ? "" : "s"}`;

/** What an axis shows: its title and where it begins and ends. */
export function axisInWords(
  side: string, title: string | undefined, [low, high]: readonly [number, number], scale: "linear" | "log" = "linear",
): string {
  const hair = 1e-3 * (high - low);
  const [from, to] = [low, high].map((value) => (scale === "log" ? formatNumber(value)
    : formatNumber(Math.abs(value) < hair ? 0 : value, high - low)));
  return `${side}${title ? `: ${title}` : ""}, ${from} to ${to}${scale === "log" ? ", logarithmic" : ""}`;
}

/**
 * How a curve runs: where it starts, turns and ends, by the heights at which it is seen; `shown` is what its axis
 * shows.
 */
export function trendOf(
  x: ArrayLike<number>, heights: ArrayLike<number>, shown: readonly [number, number],
  scale: "linear" | "log" = "linear",
): string {
  const seen = (value: number): number => (scale === "log" ? Math.log10(value) : value);
  const y = Array.from(heights, seen);
  const span = seen(shown[1]) - seen(shown[0]);
  const order = Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b]);
  const [first, last] = [order[0], order[order.length - 1]];
  const write = (i: number): string => formatNumber(heights[i], scale === "log" ? Infinity : span);
  const xSpan = x[last] - x[first];
  const at = (i: number): string => `${write(i)} at ${formatNumber(x[i], xSpan || Infinity)}`;
  if (order.length === 1) return `is ${at(first)}`;
  const lowest = order.reduce((a, b) => (y[b] < y[a] ? b : a));
  const highest = order.reduce((a, b) => (y[b] > y[a] ? b : a));
  if (!(y[highest] - y[lowest] > 0.02 * span)) return `stays near ${write(first)}`;
  const climb = y[highest] - Math.max(y[first], y[last]);
  const dip = Math.min(y[first], y[last]) - y[lowest];
  const most = 0.1 * (y[highest] - y[lowest]);
  if (climb > most && climb >= dip) return `rises from ${at(first)} to ${at(highest)}, then falls to ${at(last)}`;
  if (dip > most) return `falls from ${at(first)} to ${at(lowest)}, then rises to ${at(last)}`;
  return `${y[last] > y[first] ? "rises" : "falls"} from ${at(first)} to ${at(last)}`;
}

/** Where a group of points lies: how many, and the middle of them. */
export function groupInWords(name: string, columns: readonly ArrayLike<number>[], spans: readonly number[]): string {
  const middle = columns.map((values, k) => {
    let total = 0;
    for (let i = 0; i < values.length; i++) total += values[i];
    return formatNumber(total / values.length, spans[k]);
  });
  return `${name}: ${counted(columns[0].length, "point")} around (${middle.join(", ")})`;
}

const kinds: Record<string, string> = { bar: "bars", scatter: "points or lines", scatter3d: "points in space" };

/** Any figure in words, from its traces. */
function tracesInWords({ data }: FigureSpec): string {
  const names = data.flatMap(({ name }) => (name ? [name] : []));
  const types = [...new Set(data.map(({ type = "scatter" }) => kinds[type] ?? type))];
  const extent = (side: "x" | "y"): string | undefined => {
    const values = data.flatMap((one: Plot) => Array.from((one[side] ?? []) as ArrayLike<unknown>))
      .filter((value): value is number => typeof value === "number");
    const [low, high] = extentOf(values);
    return low < high ? axisInWords(side === "x" ? "Horizontal" : "Vertical", undefined, [low, high]) : undefined;
  };
  return sentences([
    `A figure of ${types.join(" and ")}`, names.length ? `Series: ${listed(names, ", ")}` : undefined,
    extent("x"), extent("y"),
  ]);
}

const plain = (text: string): string => text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();

/** A figure's title, without marks; empty where there is none. */
export function titleOf({ layout: { title } }: FigureSpec): string {
  return plain((typeof title === "string" ? title : title?.text) ?? "");
}

/** What is seen in a figure, after its title. */
export function describe(spec: FigureSpec): string {
  return sentences([titleOf(spec), plain(spec.alt ?? tracesInWords(spec))]);
}
