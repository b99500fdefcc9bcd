/** What explanatory drawings are made of: boxes, arrows and words at places given in pixels from the upper left. */
import { inkOn, palette, tint } from "../colors";
import { type FigureSpec, type Layout, type Plot, fontFamily, trace } from "../spec";

/** The colours that drawings give to the two sides of a story. */
export const [blue, orange, green] = palette;
export const ink = "#222222";
export const quiet = "#5C5C5C";

export type Point = readonly [number, number];

/** Parts of a drawing; the first lie beneath the later ones. */
export interface Parts {
  shapes?: Record<string, unknown>[];
  annotations?: Record<string, unknown>[];
  traces?: Plot[];
}

export interface TextOptions {
  size?: number;
  color?: string;
  anchor?: "left" | "center" | "right";
}

/** Words, their middle at a point. */
export function words(
  [x, y]: Point, text: string, { size = 14, color = ink, anchor = "center" }: TextOptions = {},
): Parts {
  return { annotations: [{
    x, y, text, showarrow: false, xanchor: anchor, yanchor: "middle", align: anchor, font: { size, color },
  }] };
}

export interface BoxOptions {
  /** #rrggbb; white if not given. */
  fill?: string;
  line?: string;
  size?: number;
}

/** A box around its words, by its middle. */
export function box([x, y]: Point, [width, height]: Point, text: string,
  { fill = "#FFFFFF", line = ink, size = 14 }: BoxOptions = {}): Parts {
  return joined([
    { shapes: [{ type: "rect", x0: x - width / 2, x1: x + width / 2, y0: y - height / 2, y1: y + height / 2,
      fillcolor: fill, line: { color: line, width: 1.5 }, layer: "below" }] },
    words([x, y], text, { size, color: fill === "#FFFFFF" ? ink : inkOn(fill) }),
  ]);
}

/** An arrow from one point to another. */
export function arrow(from: Point, to: Point, color = ink, heads: "end" | "both" = "end"): Parts {
  return { annotations: [{
    x: to[0], y: to[1], ax: from[0], ay: from[1], axref: "x", ayref: "y", text: "", showarrow: true,
    arrowhead: 2, arrowwidth: 2, arrowcolor: color, arrowside: heads === "both" ? "end+start" : "end",
    startarrowhead: 2,
  }] };
}

/** A circle by its middle; filled with a transparent colour if asked for. */
export function circle(
  [x, y]: Point, radius: number, color: string, alpha = 0, dash: "solid" | "dot" = "solid",
): Parts {
  return { shapes: [{ type: "circle", x0: x - radius, x1: x + radius, y0: y - radius, y1: y + radius, layer: "below",
    line: { color, width: 1.5, dash }, ...(alpha ? { fillcolor: tint(color, alpha) } : {}) }] };
}

/** Several parts as one. */
export function joined(parts: readonly Parts[]): Parts {
  return {
    shapes: parts.flatMap(({ shapes = [] }) => shapes),
    annotations: parts.flatMap(({ annotations = [] }) => annotations),
    traces: parts.flatMap(({ traces = [] }) => traces),
  };
}

/** A drawing of a size in pixels, with what is seen in words. */
export function drawing([width, height]: Point, alt: string, parts: readonly Parts[]): FigureSpec {
  const { shapes, annotations, traces = [] } = joined(parts);
  const hidden = { visible: false, fixedrange: true };
  return {
    alt,
    data: traces.length ? traces : [trace({ type: "scatter", mode: "markers", x: [0], y: [0], marker: { opacity: 0 },
      hoverinfo: "skip" })],
    layout: {
      width, height, shapes, annotations, showlegend: false, hovermode: false, paper_bgcolor: "#FFFFFF",
      plot_bgcolor: "#FFFFFF", font: { family: fontFamily, size: 14, color: ink }, margin: { l: 0, r: 0, t: 0, b: 0 },
      xaxis: { ...hidden, range: [0, width] }, yaxis: { ...hidden, range: [height, 0] },
    } as Layout,
  };
}
