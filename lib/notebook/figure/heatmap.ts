import { largestOf } from "../../math/extremes";
import { type Matrix, rowOf } from "../../matrix";
import { requireFinite, requireOneOf, requireSameLength } from "../../validate";
import { requireSome } from "./check";
import { formatNumber } from "../format";
import {
  type FigureOptions, type FigureSpec, axis, compact, divergingScale, layoutOf, sequentialScale, trace,
} from "./spec";

export interface HeatmapOptions extends FigureOptions {
  /** Names of the columns. */
  xLabels?: readonly (string | number)[];
  /** Names of the rows, the first at the top. */
  yLabels?: readonly (string | number)[];
  /** Whether each cell shows its number; if not given, where there are at most 20 columns and 20 rows. */
  numbers?: boolean;
  /** Decimals of the numbers; if not given, up to four significant digits. */
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
  const names = (labels: readonly (string | number)[] | undefined, n: number): string[] =>
    Array.from(labels ?? Array.from({ length: n }, (_, i) => i), String);
  if (options.xLabels) requireSameLength("heatmap", "columns", columns, "xLabels", options.xLabels.length);
  if (options.yLabels) requireSameLength("heatmap", "rows", rows.length, "yLabels", options.yLabels.length);
  const numbers = options.numbers ?? (columns <= 20 && rows.length <= 20);
  const [zmin, zmax] = rangeOf(rows.flatMap((row) => Array.from(row)), options);
  const write = (value: number): string =>
    options.decimals === undefined ? formatNumber(value) : value.toFixed(options.decimals);
  const ticks = (labels: string[]): Record<string, unknown> => {
    const step = Math.ceil(labels.length / 30);
    const shown = labels.map((_, i) => i).filter((i) => i % step === 0);
    return { tickmode: "array", tickvals: shown, ticktext: shown.map((i) => labels[i]), showgrid: false, ticks: "" };
  };
  const xLabels = names(options.xLabels, columns);
  const yLabels = names(options.yLabels, rows.length);
  const left = (options.yTitle ? 56 : 20) + 9 * largestOf(yLabels.map((label) => label.length));
  const widest = 8 * largestOf(xLabels.map((label) => label.length));
  const upright = widest > ((options.width ?? 640) - left - 100) / columns ? widest : 0;
  const bottom = 52 + upright;
  return {
    data: [trace({
      type: "heatmap", z: rows.map((row) => compact(row)), zmin, zmax,
      colorscale: options.colors === "diverging" ? divergingScale : sequentialScale,
      xgap: numbers ? 1 : 0, ygap: numbers ? 1 : 0,
      ...(numbers ? { text: rows.map((row) => Array.from(row, write)), texttemplate: "%{text}" } : {}),
      customdata: rows.map((_, i) => xLabels.map((x) => [yLabels[i], x])),
      hovertemplate: `${options.yTitle ?? "row"} %{customdata[0]}, ${options.xTitle ?? "column"} %{customdata[1]}: `
        + "%{z}<extra></extra>",
      colorbar: {
        thickness: 14, outlinewidth: 0, ticklabeloverflow: "allow",
        ...(options.colorTitle ? { title: { text: options.colorTitle } } : {}),
      },
    })],
    layout: layoutOf({ ...options, width: options.width ?? 640, height: options.height ?? 520 + upright }, {
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
