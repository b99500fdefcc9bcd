import { requireFinite, requireOneOf, requireSameLength } from "../../validate";
import { requirePaired, requireSome } from "./check";
import {
  axis, colorOf, compact, type FigureOptions, type FigureSpec, layoutOf, type Plot, symbols, tint,
} from "./spec";

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
  levels?: readonly { y: number; label: string }[];
}

function bandOf({ name, x, low, high }: LineSeries, color: string): Plot[] {
  if (!low && !high) return [];
  if (!low || !high) throw new RangeError(`lines: series ${name} needs both low and high, got one`);
  requireSameLength("lines", "x", x.length, "low", low.length);
  requireSameLength("lines", "x", x.length, "high", high.length);
  requireFinite("lines", "low", low);
  requireFinite("lines", "high", high);
  const there = compact(x);
  return [{
    type: "scatter", x: [...there, ...there.slice().reverse()], y: [...compact(high), ...compact(low).reverse()],
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
  return { tickmode: "array", tickvals, ticktext: tickvals.map(String) };
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

/** The figure that `figure.lines` shows. */
export function lines(series: readonly LineSeries[], options: LinesOptions = {}): FigureSpec {
  requireSome("lines", "series", series);
  const data = series.flatMap((one, i): Plot[] => {
    requirePaired("lines", "x", one.x, "y", one.y);
    const color = one.color ?? colorOf(i);
    const marked = one.markers ?? one.x.length <= 30;
    return [...bandOf(one, color), {
      type: "scatter", name: one.name, legendgroup: one.name, x: compact(one.x), y: compact(one.y),
      mode: marked ? "lines+markers" : "lines",
      line: { color, width: 2.5, dash: one.dash ?? "solid" },
      marker: { color, size: 7, symbol: symbols[i % symbols.length] },
      hovertemplate: `${one.name}: %{y}<br>${options.xTitle ?? "x"}: %{x}<extra></extra>`,
    }];
  });
  const levels = options.levels ?? [];
  const valuesOf = (side: "x" | "y"): number[] => series.flatMap((one) => Array.from(one[side]));
  return {
    data,
    layout: layoutOf(options, {
      showlegend: series.length > 1,
      xaxis: axis(options.xTitle, axisExtra(valuesOf("x"), options.xScale, options.xRange)),
      yaxis: axis(options.yTitle, axisExtra(valuesOf("y"), options.yScale, options.yRange)),
      ...(levels.length ? {
        shapes: levels.map(({ y }) => ({
          type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: { color: "#555555", width: 1.5, dash: "dash" },
        })),
        annotations: levels.map(({ y, label }) => ({
          text: label, showarrow: false, xref: "paper", x: 0.995, xanchor: "right", yanchor: "bottom",
          y: options.yScale === "log" ? Math.log10(y) : y, font: { size: 12, color: "#555555" },
        })),
      } : {}),
    }),
  };
}
