import { requireFinite, requireOneOf, requireSameLength } from "../../validate";
import { requirePaired, requireSome } from "./check";
import { compact, extentOf } from "../digits";
import { formatNumber } from "../format";
import { palette, placesFor, symbols, tint } from "./colors";
import { axisInWords, listed, sentences, trendOf } from "./describe";
import { airyRange, type Level, levelMarks } from "./levels";
import { axis, type FigureOptions, type FigureSpec, layoutOf, type Plot } from "./spec";

export interface LineSeries {
  name: string;
  /** Shape [n]. */
  x: ArrayLike<number>;
  /** Shape [n]. */
  y: ArrayLike<number>;
  /** Lower edge of a band around the line, such as the lowest of several seeds, shape [n]; needs `high`. */
  low?: ArrayLike<number>;
  /** Upper edge, shape [n]; needs `low`. */
  high?: ArrayLike<number>;
  dash?: "solid" | "dash" | "dot";
  /** Whether points are marked; if not given, where there are at most 30. */
  markers?: boolean;
  /** A colour that differs from the palette's next, as #rrggbb: to give one thing one colour over several figures. */
  color?: string;
}

export interface LinesOptions extends FigureOptions {
  xScale?: "linear" | "log";
  yScale?: "linear" | "log";
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Horizontal lines with a label, such as the accuracy before the attack. */
  levels?: readonly Level[];
}

interface Axes {
  x: { range?: readonly [number, number]; scale?: "linear" | "log" };
  y: { range?: readonly [number, number]; scale?: "linear" | "log" };
}

function bandOf({ name, x, low, high }: LineSeries, color: string, axes: Axes): Plot[] {
  if (!low && !high) return [];
  if (!low || !high) throw new RangeError(`lines: series ${name} needs both low and high, got one`);
  requireSameLength("lines", "x", x.length, "low", low.length);
  requireSameLength("lines", "x", x.length, "high", high.length);
  requireFinite("lines", "low", low);
  requireFinite("lines", "high", high);
  const there = compact(x, axes.x);
  const back = (values: (number | null)[]): (number | null)[] => values.slice().reverse();
  const edge = compact([...Array.from(high), ...Array.from(low).reverse()], axes.y);
  return [{
    type: "scatter", x: there.concat(back(there)), y: edge,
    fill: "toself", fillcolor: tint(color, 0.18), line: { width: 0 }, mode: "lines",
    hoverinfo: "skip", showlegend: false, legendgroup: name,
  }];
}

/** Ticks of a logarithmic axis: 1, 2, 5, 10, 20, … over few decades, powers of ten over many. */
function logTicks(values: readonly number[]): Record<string, unknown> {
  const exponents = values.filter((value) => value > 0).map(Math.log10);
  const first = Math.floor(exponents.reduce((a, b) => Math.min(a, b), Infinity));
  const last = Math.ceil(exponents.reduce((a, b) => Math.max(a, b), -Infinity));
  if (!(last - first <= 3)) return { exponentformat: "power", dtick: 1 };
  const tickvals = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .flatMap((exponent) => [1, 2, 5].map((digit) => Number(`${digit}e${exponent}`)));
  return { tickmode: "array", tickvals, ticktext: tickTexts(tickvals) };
}

/** Numbers of the form 1, 2 or 5 times a power of ten; where one has many zeros, all as powers but those near 1. */
function tickTexts(values: readonly number[]): string[] {
  if (!values.some((value) => value < 1e-4 || value >= 1e6)) return values.map(String);
  return values.map((value) => {
    const [digit, exponent] = value.toExponential(0).split("e");
    if (Math.abs(Number(exponent)) < 2) return String(value);
    const power = `10<sup>${exponent.replace("+", "").replace("-", "−")}</sup>`;
    return digit === "1" ? power : `${digit}×${power}`;
  });
}

/** The scale of an axis; on a logarithmic axis Plotly takes the exponents of a range. */
function axisExtra(
  values: readonly number[], scale: "linear" | "log" = "linear", range?: readonly [number, number],
): Record<string, unknown> {
  requireOneOf("lines", "scale", scale, ["linear", "log"]);
  return {
    ...(scale === "log" ? { type: "log", ...logTicks(range ?? values) } : {}),
    ...(range ? { range: scale === "log" ? range.map(Math.log10) : [...range] } : {}),
  };
}

const valuesOf = (series: readonly LineSeries[], sides: readonly ("x" | "y" | "low" | "high")[]): number[] =>
  series.flatMap((one) => sides.flatMap((side) => Array.from(one[side] ?? [])));

function inWords(series: readonly LineSeries[], options: LinesOptions): string {
  const { levels = [] } = options;
  const rangeOf = (side: "x" | "y"): [number, number] => extentOf(valuesOf(series, [side]));
  const y = options.yRange ?? rangeOf("y");
  return sentences([
    "Line chart", axisInWords("Horizontal", options.xTitle, options.xRange ?? rangeOf("x"), options.xScale),
    axisInWords("Vertical", options.yTitle, y, options.yScale),
    listed(series.map((one) => `${one.name} ${trendOf(one.x, one.y, y, options.yScale)}`)),
    levels.length ? `Levels: ${listed(levels.map((one) => `${one.label} ${formatNumber(one.y)}`))}` : undefined,
  ]);
}

/** Marks for levels, and the vertical range that leaves room for them. */
function withLevels(series: readonly LineSeries[], levels: readonly Level[], options: LinesOptions): {
  yRange?: readonly [number, number]; marks: Record<string, unknown>;
} {
  if (!levels.length) return { yRange: options.yRange, marks: {} };
  const unit = (scale: "linear" | "log" | undefined) => (value: number): number =>
    (scale === "log" ? Math.log10(value) : value);
  const [toX, toY] = [unit(options.xScale), unit(options.yScale)];
  const x = options.xRange?.map(toX) ?? airyRange(valuesOf(series, ["x"]).map(toX));
  const values = [...valuesOf(series, ["y", "low", "high"]), ...levels.map(({ y }) => y)];
  const y = options.yRange?.map(toY) ?? airyRange(values.map(toY));
  const curves = series.map((one) => Array.from(one.x, (at, i) => [toX(at), toY(one.y[i])] as const));
  const back = (value: number): number => (options.yScale === "log" ? 10 ** value : value);
  return { yRange: options.yRange ?? [back(y[0]), back(y[1])],
    marks: levelMarks(levels, curves, [x[0], x[1]], [y[0], y[1]], options) };
}

/** The figure that `figure.lines` shows. */
export function lines(series: readonly LineSeries[], options: LinesOptions = {}): FigureSpec {
  requireSome("lines", "series", series);
  for (const { x, y } of series) requirePaired("lines", "x", x, "y", y);
  const { yRange, marks } = withLevels(series, options.levels ?? [], options);
  const axes: Axes = {
    x: { range: options.xRange, scale: options.xScale }, y: { range: yRange, scale: options.yScale },
  };
  const places = placesFor(series);
  const data = series.flatMap((one, i): Plot[] => {
    const color = one.color ?? palette[places[i]];
    const marked = one.markers ?? one.x.length <= 30;
    return [...bandOf(one, color, axes), {
      type: "scatter", name: one.name, legendgroup: one.name,
      x: compact(one.x, axes.x), y: compact(one.y, axes.y),
      mode: marked ? "lines+markers" : "lines",
      line: { color, width: 2.5, dash: one.dash ?? "solid" },
      marker: { color, size: 7, symbol: symbols[places[i]] },
      hovertemplate: `${one.name}: %{y}<br>${options.xTitle ?? "x"}: %{x}<extra></extra>`,
    }];
  });
  return {
    alt: inWords(series, options),
    data,
    layout: layoutOf({ ...options, yExtent: yRange ?? extentOf(valuesOf(series, ["y"])) }, {
      showlegend: series.length > 1,
      xaxis: axis(options.xTitle, axisExtra(valuesOf(series, ["x"]), options.xScale, options.xRange)),
      yaxis: axis(options.yTitle, axisExtra(valuesOf(series, ["y"]), options.yScale, yRange)),
      ...marks,
    }),
  };
}
