import { largestOf } from "../../math/extremes";
import { formatNumber } from "../format";
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
  /** What is seen, for who can't see it: kind, axes, series and their trend; made from the traces if not given. */
  alt?: string;
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
  exponentformat: "none",
  separatethousands: true,
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

interface LayoutOptions extends FigureOptions {
  /** What the vertical axis shows, where it shows numbers: long ones need a wider margin. */
  yExtent?: readonly [number, number];
}

/** The left margin: vertical title, numbers, ticks. */
function leftMargin([low, high]: readonly [number, number]): number {
  const letters = [low, high].map((value) => formatNumber(value, high - low).length);
  return Math.max(80, 44 + 8 * largestOf(letters));
}

/** The common layout; `extra` comes last. */
export function layoutOf(options: LayoutOptions, extra: Record<string, unknown> = {}): Layout {
  const layout = {
    width: options.width ?? defaultWidth,
    height: options.height ?? 420,
    font: { family: fontFamily, size: 13, color: "#222222" },
    ...(options.title ? { title: { text: options.title, x: 0.01, xanchor: "left", y: 0.97, yanchor: "top",
      font: { size: 16 } } } : {}),
    margin: { l: options.yExtent ? leftMargin(options.yExtent) : 80, r: 24, t: options.title ? 52 : 24, b: 56 },
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

/** A trace with attributes that nodeplotlib's types, made for an older Plotly, do not know. */
export const trace = (attributes: Record<string, unknown>): Plot => attributes as Plot;
