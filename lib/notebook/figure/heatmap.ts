import { type Matrix, rowOf } from "../../matrix";
import { requireFinite, requireOneOf, requireSameLength } from "../../validate";
import { requireSome } from "./check";
import { compact } from "../digits";
import { formatNumber } from "../format";
import { type ColorScale, colorAt, divergingScale, inkOn, sequentialScale } from "./colors";
import { counted, listed, sentences } from "./describe";
import { type FigureOptions, type FigureSpec, type Plot, axis, layoutOf, trace } from "./spec";

export interface HeatmapOptions extends FigureOptions {
  /** Names of the columns. */
  xLabels?: readonly (string | number)[];
  /** Names of the rows, the first at the top. */
  yLabels?: readonly (string | number)[];
  /** Whether each cell shows its number; if not given, where there are at most 20 columns and 20 rows. */
  numbers?: boolean;
  /** Decimals of the numbers; if not given, four significant digits, or more where the values span little. */
  decimals?: number;
  /** Diverging colours have their middle at 0. */
  colors?: "sequential" | "diverging";
  /** Values of the first and the last colour; if not given, the smallest and the largest. */
  range?: readonly [number, number];
  /** What the colours mean. */
  colorTitle?: string;
}

function rowsOf(values: Matrix | readonly ArrayLike<number>[]): ArrayLike<number>[] {
  if ("shape" in values) return Array.from({ length: values.shape[0] }, (_, i) => rowOf(values, i));
  return [...values];
}

function rangeOf(flat: number[], { colors, range }: HeatmapOptions): readonly [number, number] {
  if (range) return range;
  const low = flat.reduce((a, b) => Math.min(a, b), Infinity);
  const high = flat.reduce((a, b) => Math.max(a, b), -Infinity);
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  if (colors === "diverging") return [-most, most];
  return low < high ? [low, high] : [Math.min(low, 0), Math.max(high, 1)];
}

const namesOf = (labels: readonly (string | number)[] | undefined, n: number): string[] =>
  Array.from(labels ?? Array.from({ length: n }, (_, i) => i), String);

const LONG = 16;

/** A long label in two lines, at the space nearest to its middle. */
function broken(label: string): string {
  const spaces = [...label.matchAll(/ /g)].map(({ index }) => index);
  if (label.length <= LONG || !spaces.length) return label;
  const middle = label.length / 2;
  const at = spaces.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
  return `${label.slice(0, at)}<br>${label.slice(at + 1)}`;
}

const longestOf = (labels: readonly string[]): number =>
  labels.flatMap((label) => broken(label).split("<br>")).reduce((most, line) => Math.max(most, line.length), 0);

/** The cells' numbers, in black or white, whichever is easier to read on the cell. */
function cellNumbers(rows: readonly ArrayLike<number>[], write: (value: number) => string,
  inkOf: (value: number) => string): Plot[] {
  const cells = rows.flatMap((row, y) =>
    Array.from(row, (value, x) => ({ x, y, ink: inkOf(value), text: write(value) })));
  return ["#000000", "#FFFFFF"].flatMap((ink) => {
    const some = cells.filter((cell) => cell.ink === ink);
    return some.length ? [trace({
      type: "scatter", mode: "text", x: some.map(({ x }) => x), y: some.map(({ y }) => y),
      text: some.map(({ text }) => text), textfont: { color: ink }, hoverinfo: "skip", showlegend: false,
    })] : [];
  });
}

const MOST_TICKS = 30;

/** What a cell says under the mouse; Plotly knows the label of a column or row that has a tick. */
function hover(xLabels: readonly string[], yLabels: readonly string[], { xTitle = "column", yTitle = "row" }:
HeatmapOptions): Record<string, unknown> {
  const ticked = Math.max(xLabels.length, yLabels.length) <= MOST_TICKS;
  const [x, y] = ticked ? ["%{x}", "%{y}"] : ["%{customdata[1]}", "%{customdata[0]}"];
  return {
    ...(ticked ? {} : { customdata: yLabels.map((row) => xLabels.map((column) => [row, column])) }),
    hovertemplate: `${yTitle} ${y}, ${xTitle} ${x}: %{z}<extra></extra>`,
  };
}

const MOST_IN_WORDS = 5;

function inWords(rows: readonly ArrayLike<number>[], xLabels: readonly string[], yLabels: readonly string[],
  { xTitle, yTitle }: HeatmapOptions, write: (value: number) => string): string {
  const cells = rows.flatMap((row, i) => Array.from(row, (value, j) => ({ value, i, j })))
    .sort((a, b) => b.value - a.value);
  const lowest = cells[cells.length - 1].value;
  const highest = cells.slice(0, MOST_IN_WORDS).filter(({ value }) => value > lowest).map(({ value, i, j }) =>
    `${write(value)} at ${yTitle ?? "row"} ${yLabels[i]}, ${xTitle ?? "column"} ${xLabels[j]}`);
  const total = cells.reduce((sum, { value }) => sum + Math.abs(value), 0);
  const square = total > 0 && xLabels.length > 1 && xLabels.join() === yLabels.join();
  const diagonal = cells.reduce((sum, { value, i, j }) => sum + (i === j ? Math.abs(value) : 0), 0);
  return sentences([
    `Heatmap of ${counted(rows.length, "row")}${yTitle ? ` (${yTitle})` : ""} and `
      + `${counted(xLabels.length, "column")}${xTitle ? ` (${xTitle})` : ""}`,
    `Values from ${write(lowest)} to ${write(cells[0].value)}`,
    highest.length ? `Highest: ${listed(highest)}` : undefined,
    square ? `On the diagonal: ${Math.round((100 * diagonal) / total)} % of the sum` : undefined,
  ]);
}

/** The figure that `figure.heatmap` shows. */
export function heatmap(values: Matrix | readonly ArrayLike<number>[], options: HeatmapOptions = {}): FigureSpec {
  const rows = rowsOf(values);
  requireSome("heatmap", "rows", rows);
  const columns = rows[0].length;
  requireSome("heatmap", "columns", rows[0]);
  for (const row of rows) {
    requireSameLength("heatmap", "row 0", columns, "every row", row.length);
    requireFinite("heatmap", "values", row);
  }
  requireOneOf("heatmap", "colors", options.colors ?? "sequential", ["sequential", "diverging"]);
  if (options.xLabels) requireSameLength("heatmap", "columns", columns, "xLabels", options.xLabels.length);
  if (options.yLabels) requireSameLength("heatmap", "rows", rows.length, "yLabels", options.yLabels.length);
  const numbers = options.numbers ?? (columns <= 20 && rows.length <= 20);
  const flat = rows.flatMap((row) => Array.from(row));
  const [zmin, zmax] = rangeOf(flat, options);
  const write = (value: number): string => options.decimals === undefined
    ? formatNumber(value, zmax - zmin) : value.toFixed(options.decimals).replace("-", "−");
  const colorscale: ColorScale = options.colors === "diverging" ? divergingScale : sequentialScale;
  const z = compact(flat, { range: [zmin, zmax] });
  const ticks = (labels: string[]): Record<string, unknown> => {
    const step = Math.ceil(labels.length / MOST_TICKS);
    const shown = labels.map((_, i) => i).filter((i) => i % step === 0);
    const ticktext = shown.map((i) => broken(labels[i]));
    return { tickmode: "array", tickvals: shown, ticktext, showgrid: false, ticks: "" };
  };
  const xLabels = namesOf(options.xLabels, columns);
  const yLabels = namesOf(options.yLabels, rows.length);
  const left = (options.yTitle ? 56 : 20) + 9 * longestOf(yLabels);
  const width = options.width ?? 640 + Math.max(0, left - 120);
  const widest = 7 * longestOf(xLabels);
  const upright = widest > (width - left - 100) / columns ? widest : 0;
  const bottom = 52 + upright;
  return {
    alt: inWords(rows, xLabels, yLabels, options, write),
    data: [trace({
      type: "heatmap", z: rows.map((_, i) => z.slice(i * columns, (i + 1) * columns)), zmin, zmax, colorscale,
      xgap: numbers ? 1 : 0, ygap: numbers ? 1 : 0,
      ...hover(xLabels, yLabels, options),
      colorbar: {
        thickness: 14, outlinewidth: 0, ticklabeloverflow: "allow",
        ...(options.colorTitle ? { title: { text: options.colorTitle } } : {}),
      },
    }), ...(numbers
      ? cellNumbers(rows, write, (value) => inkOn(colorAt(colorscale, (value - zmin) / (zmax - zmin)))) : [])],
    layout: layoutOf({ ...options, width, height: options.height ?? 520 + upright }, {
      xaxis: axis(undefined, { ...ticks(xLabels), ...(upright ? { tickangle: -90 } : {}) }),
      yaxis: axis(options.yTitle, { ...ticks(yLabels), autorange: "reversed" }),
      annotations: options.xTitle ? [{
        text: options.xTitle, showarrow: false, font: { size: 15 },
        xref: "paper", x: 0.5, xanchor: "center", yref: "paper", y: 0, yanchor: "middle", yshift: 16 - bottom,
      }] : [],
      margin: { l: left, r: 24, t: options.title ? 52 : 24, b: bottom },
    }),
  };
}
