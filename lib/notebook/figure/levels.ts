/** Horizontal lines with a label that no curve crosses. */
import { smallestOf } from "../../math/extremes";
import { extentOf } from "../digits";
import { defaultWidth, type FigureOptions } from "./spec";

export interface Level {
  y: number;
  label: string;
}

/** A curve in shares of the plot's width and height, from the lower left. */
type Curve = readonly (readonly [number, number])[];

interface Place {
  x: number;
  xanchor: "left" | "center" | "right";
  yanchor: "bottom" | "top";
}

const PLACES: readonly Place[] = (["bottom", "top"] as const).flatMap((yanchor) => [
  { x: 0.995, xanchor: "right", yanchor } as const, { x: 0.005, xanchor: "left", yanchor } as const,
  ...[0.5, 0.75, 0.25].map((x) => ({ x, xanchor: "center", yanchor }) as const),
]);

/** How much of a segment lies in a box, in shares of the segment. */
function shareInside([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number],
  box: readonly [number, number, number, number]): number {
  let [from, to] = [0, 1];
  for (const [a, d, low, high] of [[ax, bx - ax, box[0], box[2]], [ay, by - ay, box[1], box[3]]]) {
    if (d === 0) {
      if (a < low || a > high) return 0;
      continue;
    }
    const [near, far] = [(low - a) / d, (high - a) / d].sort((p, q) => p - q);
    [from, to] = [Math.max(from, near), Math.min(to, far)];
  }
  return Math.max(0, to - from);
}

function crossings(curves: readonly Curve[], box: readonly [number, number, number, number]): number {
  let count = 0;
  for (const curve of curves)
    for (let i = 0; i < curve.length; i++)
      if (shareInside(curve[Math.max(0, i - 1)], curve[i], box) > 0) count++;
  return count;
}

/** The range that shows curves and levels with some air, so that no line lies on an axis; in the scale's own units. */
export function airyRange(values: readonly number[]): [number, number] {
  const [low, high] = extentOf(values);
  const air = 0.07 * (high - low || 1);
  return [low - air, high + air];
}

/** Plotly's shapes and annotations for levels; `curves` are in the units of `xRange` and `yRange`. */
export function levelMarks(
  levels: readonly Level[], curves: readonly Curve[], xRange: readonly [number, number],
  yRange: readonly [number, number],
  { width = defaultWidth, height = 420, yScale }: FigureOptions & { yScale?: "linear" | "log" },
): Record<string, unknown> {
  const scaled = (y: number): number => (yScale === "log" ? Math.log10(y) : y);
  const share = (value: number, [low, high]: readonly [number, number]): number => (value - low) / (high - low);
  const shares = curves.map((curve) =>
    curve.map(([x, y]) => [share(x, xRange), share(y, yRange)] as const));
  const [plotWidth, plotHeight] = [width - 300, height - 110];
  return {
    shapes: levels.map(({ y }) => ({
      type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: { color: "#555555", width: 1.5, dash: "dash" },
    })),
    annotations: levels.map(({ y, label }) => {
      const wide = (7.5 * label.length + 8) / plotWidth;
      const high = 18 / plotHeight;
      const line = share(scaled(y), yRange);
      const costs = PLACES.map(({ x, xanchor, yanchor }) => {
        const left = x - (xanchor === "right" ? wide : xanchor === "center" ? wide / 2 : 0);
        const bottom = yanchor === "bottom" ? line + 2 / plotHeight : line - high - 2 / plotHeight;
        const outside = bottom < 0 || bottom + high > 1 ? 1000 : 0;
        return outside + crossings(shares, [left, bottom, left + wide, bottom + high]);
      });
      const place = PLACES[costs.indexOf(smallestOf(costs))];
      return {
        text: label, showarrow: false, xref: "paper", ...place, y: scaled(y), bgcolor: "rgba(255,255,255,0.75)",
        borderpad: 1, yshift: place.yanchor === "bottom" ? 2 : -2, font: { size: 12, color: "#444444" },
      };
    }),
  };
}
