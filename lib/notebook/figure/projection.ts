import { largestOf } from "../../math/extremes";
import { extentOf } from "../digits";
import { formatNumber } from "../format";
import { type FigureOptions, type FigureSpec, layoutOf, type Plot } from "./spec";

interface Box {
  low: number[];
  high: number[];
}

export interface ProjectionOptions extends FigureOptions {
  zTitle?: string;
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  zRange?: readonly [number, number];
}

const EYE = [1.5, -1.6, 0.9];
const CORNERS = Array.from({ length: 8 }, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1]);

/** The legend beneath a picture in which the cube has the whole width. */
export const legendBelow = {
  legend: { orientation: "h", x: 0.5, xanchor: "center", y: 0, yanchor: "top", itemsizing: "constant" },
} as const;

/** Where a point of the unit cube lies on the picture, and how near it is to the eye. */
function project(point: readonly number[]): { u: number; v: number; depth: number } {
  const [x, y, z] = point.map((value) => value - 0.5);
  const flat = Math.hypot(EYE[0], EYE[1]);
  const length = Math.hypot(EYE[0], EYE[1], EYE[2]);
  return {
    u: (-EYE[1] * x + EYE[0] * y) / flat,
    v: (-EYE[0] * EYE[2] * x - EYE[1] * EYE[2] * y + flat * flat * z) / (flat * length),
    depth: (EYE[0] * x + EYE[1] * y + EYE[2] * z) / length,
  };
}

function boxOf(traces: readonly Plot[], options: ProjectionOptions): Box {
  const ranges = [options.xRange, options.yRange, options.zRange];
  const low = [0, 0, 0];
  const high = [0, 0, 0];
  (["x", "y", "z"] as const).forEach((name, k) => {
    [low[k], high[k]] = ranges[k] ?? extentOf(traces.flatMap((trace) => trace[name] as number[]));
    if (low[k] === high[k]) [low[k], high[k]] = [low[k] - 0.5, high[k] + 0.5];
  });
  return { low, high };
}

/** The twelve edges of the cube; those that meet in the hidden corner are behind every point. */
function edges(): Plot[] {
  const nearest = largestOf(CORNERS.map((corner) => project(corner).depth));
  const lines: [number[], number[]][] = [];
  for (const a of CORNERS)
    for (const b of CORNERS)
      if (a.filter((value, k) => value !== b[k]).length === 1 && a.join() < b.join()) lines.push([a, b]);
  const behind = lines.filter(([a, b]) => project(a).depth < nearest && project(b).depth < nearest);
  return [{
    type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false, line: { color: "#BBBBBB", width: 1 },
    x: behind.flatMap(([a, b]) => [project(a).u, project(b).u, null]),
    y: behind.flatMap(([a, b]) => [project(a).v, project(b).v, null]),
  } as Plot];
}

/** Axis titles with their range, each beside the middle of an outer edge of the cube. */
function axisNotes({ low, high }: Box, titles: readonly (string | undefined)[]): Record<string, unknown>[] {
  const middles = [[0.5, 0, 0], [1, 0.5, 0], [0, 0, 0.5]];
  const anchors = [["center", "top", -14], ["left", "top", -8], ["right", "middle", 0]] as const;
  return middles.map((middle, k) => {
    const { u, v } = project(middle);
    const [xanchor, yanchor, yshift] = anchors[k];
    const [from, to] = [low[k], high[k]].map((value) => formatNumber(value, high[k] - low[k]));
    const range = `${from} … ${to}`;
    return {
      x: u, y: v, xanchor, yanchor, yshift, xshift: k === 1 ? 10 : k === 2 ? -10 : 0, showarrow: false, align: "center",
      textangle: k === 2 ? -90 : 0,
      text: titles[k] ? `${titles[k]}<br>${range}` : range, font: { size: 12, color: "#444444" },
    };
  });
}

/**
 * A three-dimensional cloud of points drawn flat, seen from the corner from which Plotly shows it at first: for the
 * static picture, since Plotly's own 3-D needs a graphics card.
 */
export function projected(traces: readonly Plot[], options: ProjectionOptions): FigureSpec {
  const box = boxOf(traces, options);
  const data = traces.map((trace): Plot => {
    const [x, y, z] = (["x", "y", "z"] as const).map((name, k) =>
      (trace[name] as number[]).map((value) => (value - box.low[k]) / (box.high[k] - box.low[k])));
    const places = x.map((_, i) => project([x[i], y[i], z[i]])).sort((a, b) => a.depth - b.depth);
    return {
      ...trace, type: "scatter", z: undefined, x: places.map(({ u }) => u), y: places.map(({ v }) => v),
      marker: { ...trace.marker, size: places.map(({ depth }) => (Number(trace.marker?.size) + 2) * (1 + 0.35 * depth)),
        line: { color: "#FFFFFF", width: 0.5 } },
    };
  });
  const hidden = { visible: false };
  const corners = CORNERS.map(project);
  const [left, right] = extentOf(corners.map(({ u }) => u));
  const [bottom, top] = extentOf(corners.map(({ v }) => v));
  return {
    data: [...edges(), ...data],
    layout: layoutOf(options, {
      showlegend: traces.length > 1,
      ...legendBelow,
      xaxis: { ...hidden, range: [left - 0.12, right + 0.12] },
      yaxis: { ...hidden, range: [bottom - 0.12, top + 0.03], scaleanchor: "x" },
      annotations: axisNotes(box, [options.xTitle, options.yTitle, options.zTitle]),
      margin: { l: 10, r: 10, t: options.title ? 44 : 8, b: traces.length > 1 ? 36 : 8 },
    }),
  };
}
