import type { Layout as PlotlyLayout, PlotData } from "plotly.js";

/** A trace; the same as nodeplotlib's `Plot`, whose own declaration brings 200 files of others into every cell. */
export type Plot = Partial<PlotData>;

/** The same as nodeplotlib's `Layout`. */
export type Layout = Partial<PlotlyLayout>;

/** A figure as Plotly describes it. */
export interface FigureSpec {
  data: Plot[];
  layout: Layout;
  /** What to draw in the static picture instead: for kinds that need a graphics card, such as 3-D. */
  still?: { data: Plot[]; layout: Layout };
}

/** What every kind of figure takes. */
export interface FigureOptions {
  title?: string;
  xTitle?: string;
  yTitle?: string;
  /** Pixels; 900 if not given, the width of a notebook. */
  width?: number;
  /** Pixels. */
  height?: number;
}

/** Okabe and Ito's colours, which people with any kind of colour blindness can tell apart. */
export const palette: readonly string[] = [
  "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#000000", "#F0E442", "#7F7F7F", "#8C510A",
];

/** Marker shapes, so that classes differ by more than colour. */
export const symbols: readonly string[] = [
  "circle", "diamond", "square", "triangle-up", "cross", "star", "triangle-down", "pentagon", "x", "hexagon",
];

/** The colour of the i-th series; starts over after the last. */
export const colorOf = (i: number): string => palette[wrap(i, palette.length)];

/** i modulo n, at least 0: labels may be negative. */
export const wrap = (i: number, n: number): number => ((i % n) + n) % n;

/** A colour of the palette made transparent; alpha in [0, 1]. */
export function tint(color: string, alpha: number): string {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgba(${r},${g},${b},${alpha})`;
}

/** Sequential colours from white to dark blue, even in brightness. */
export const sequentialScale: [number, string][] = [
  [0, "#F7FBFF"], [0.15, "#DCE9F5"], [0.35, "#A6CBE3"], [0.6, "#5A9BCB"], [0.8, "#2171B5"], [1, "#08306B"],
];

/** Diverging colours around a neutral middle: orange below, blue above. */
export const divergingScale: [number, string][] = [
  [0, "#B35806"], [0.25, "#F1A340"], [0.5, "#F7F7F7"], [0.75, "#67A9CF"], [1, "#053061"],
];

export const fontFamily = "DejaVu Sans, Verdana, Arial, sans-serif";
export const defaultWidth = 900;

const AXIS = {
  gridcolor: "#E5E5E5",
  linecolor: "#444444",
  showline: true,
  ticks: "outside",
  ticklen: 4,
  tickcolor: "#444444",
  zeroline: false,
  ticklabeloverflow: "allow",
} as const;

/** The look of one axis. */
export function axis(title?: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...AXIS, ...(title ? { title: { text: title } } : {}), ...extra };
}

/**
 * The title of the vertical axis, at the outer edge of the margin. Plotly places its own by the measured width of the
 * tick labels, which the static picture does not know: it would lie on them.
 */
function verticalTitle(text: string, left: number): Record<string, unknown> {
  return {
    text, textangle: "-90", showarrow: false, font: { size: 15 },
    xref: "paper", x: 0, xanchor: "center", xshift: 20 - left, yref: "paper", y: 0.5, yanchor: "middle",
  };
}

/** The common layout; `extra` comes last. */
export function layoutOf(options: FigureOptions, extra: Record<string, unknown> = {}): Layout {
  const layout = {
    width: options.width ?? defaultWidth,
    height: options.height ?? 420,
    font: { family: fontFamily, size: 13, color: "#222222" },
    ...(options.title ? { title: { text: options.title, x: 0.01, xanchor: "left", y: 0.97, yanchor: "top",
      font: { size: 16 } } } : {}),
    margin: { l: 80, r: 24, t: options.title ? 52 : 24, b: 56 },
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    hovermode: "closest",
    legend: { bgcolor: "rgba(255,255,255,0.7)" },
    xaxis: axis(options.xTitle),
    yaxis: axis(options.yTitle),
    ...extra,
  } as Layout;
  const { yaxis, margin, annotations = [] } = layout;
  if (!yaxis?.title || typeof yaxis.title === "string") return layout;
  const { title, ...rest } = yaxis;
  const mark = verticalTitle(title.text ?? "", margin?.l ?? 80);
  return { ...layout, yaxis: rest, annotations: [...annotations, mark] } as Layout;
}

/** Numbers as plain JSON, with `digits` significant digits: figures are stored in the notebook's file. */
export function compact(values: ArrayLike<number>, digits = 5): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(digits)) : null));
}

/** A trace with attributes that nodeplotlib's types, made for an older Plotly, do not know. */
export const trace = (attributes: Record<string, unknown>): Plot => attributes as Plot;
