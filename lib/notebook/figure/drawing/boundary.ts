import { requireInteger } from "../../../validate";
import type { FigureSpec, Plot } from "../spec";
import { type Parts, type Point, blue, drawing, ink, joined, orange, quiet, words } from "./board";

export interface BoundaryDrawingOptions {
  /** Labels that the attacker changes, from 0 to 8; 5 if not given. */
  flips?: number;
}

const SIDE = 260;
const TOP = 52;
/** Points of the left class around the middle of its half; the right class mirrors them. */
const OFFSETS: readonly Point[] = [
  [-38, -70], [4, -84], [30, -52], [-10, -40], [-44, -16], [22, -8], [-14, 10], [34, 30], [-36, 44], [6, 56],
  [-20, 84], [28, 80],
];
const CENTER = { left: [80, 130], right: [180, 130] } as const;

const meanOf = (points: readonly Point[]): Point => [0, 1].map((k) =>
  points.reduce((sum, point) => sum + point[k], 0) / points.length) as unknown as Point;

/** Where the line midway between two class means crosses the panel, left and right of the vertical. */
function borderOf(a: Point, b: Point): [Point, Point] {
  const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const at = (y: number): Point => [middle[0] - ((y - middle[1]) * dy) / dx, y];
  return [at(0), at(SIDE)];
}

function panel(left: number, title: string, flips: number): Parts {
  const place = ([x, y]: Point): Point => [x + left, y + TOP];
  const groups = [
    OFFSETS.map(([x, y]): Point => [CENTER.left[0] + x, CENTER.left[1] + y]),
    OFFSETS.map(([x, y]): Point => [CENTER.right[0] - x, CENTER.right[1] + y]),
  ];
  // The attacker takes the blue points that are farthest from the border.
  const order = groups[0].slice().sort((a, b) => a[0] - b[0]);
  const flipped = order.slice(0, flips);
  const kept = order.slice(flips);
  const [from, to] = borderOf(meanOf(kept), meanOf([...groups[1], ...flipped]));
  const markers = (points: readonly Point[], color: string, symbol: string, line = "#FFFFFF"): Plot => ({
    type: "scatter", mode: "markers", hoverinfo: "skip", x: points.map((point) => place(point)[0]),
    y: points.map((point) => place(point)[1]), marker: { color, symbol, size: 11, line: { color: line, width: 1.5 } },
  });
  return joined([
    { shapes: [{ type: "rect", x0: left, x1: left + SIDE, y0: TOP, y1: TOP + SIDE, line: { color: "#BBBBBB", width: 1 },
      layer: "below" }, { type: "line", x0: place(from)[0], y0: place(from)[1], x1: place(to)[0], y1: place(to)[1],
      line: { color: ink, width: 2.5 } }],
    traces: [markers(kept, blue, "circle"), markers(groups[1], orange, "diamond"),
      ...(flips ? [markers(flipped, orange, "diamond", ink)] : [])] },
    words([left + SIDE / 2, 28], title),
  ]);
}

/**
 * The drawing that `figure.drawing.boundary` shows: the border between two classes, with clean labels and after some
 * were changed. The border lies midway between the classes' means, and moves because they do.
 *
 * @throws {RangeError} If `flips` is not an integer from 0 to 8.
 * @example
 * const spec = figureSpec.drawing.boundary({ flips: 5 });
 */
export function boundary({ flips = 5 }: BoundaryDrawingOptions = {}): FigureSpec {
  requireInteger("drawing.boundary", "flips", flips, 0, 8);
  const alt = `Drawing. Left: blue and orange points and the border midway between them. Right: ${flips} blue points, `
    + "outlined, are labelled orange; the border has turned and moved into the blue class.";
  return drawing([640, 360], alt, [
    panel(30, "clean labels", 0), panel(350, `${flips} labels changed (outlined)`, flips),
    words([320, 336], "The points stay where they are; only their labels change, and the border follows.",
      { size: 13, color: quiet }),
  ]);
}
