import { type Matrix, rowOf } from "../../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";
import { counted, listed, sentences } from "./describe";
import { type FigureOptions, type FigureSpec, layoutOf, trace } from "./spec";

export interface ImageGridOptions extends FigureOptions {
  /** Which rows of X to draw; the first ones if not given. */
  positions?: ArrayLike<number>;
  /** Pictures side by side; 10 if not given. */
  columns?: number;
  /** Rows of pictures; as many as the pictures need if not given. */
  rows?: number;
  /** One for each row of X, written above its picture. */
  labels?: ArrayLike<string | number>;
  /** [height, width, channels], row-major, channels last, 1 or 3 of them; square and grey if not given. */
  imageShape?: readonly [number, number, number];
  /** Values drawn darkest and brightest; if not given [0, 255], or [0, 1] where nothing is above 1. */
  range?: readonly [number, number];
  /** Grey pictures in ink on paper (the highest value is black) rather than light on black. */
  inverted?: boolean;
}

const SHARPNESS = 2;
const GAP = 6;
const LABEL = 20;

function shapeOf(X: Matrix, given?: readonly [number, number, number]): readonly [number, number, number] {
  const side = Math.round(Math.sqrt(X.shape[1]));
  const shape = given ?? [side, side, 1];
  const [height, width, channels] = shape;
  requireInteger("imageGrid", "height", height, 1);
  requireInteger("imageGrid", "width", width, 1);
  if (channels !== 1 && channels !== 3) throw new RangeError(`imageGrid: channels must be 1 or 3, got ${channels}`);
  if (height * width * channels !== X.shape[1])
    throw new RangeError(`imageGrid: imageShape must have ${X.shape[1]} numbers, got ${shape.join(" × ")}`);
  return shape;
}

function rangeOf(X: Matrix, chosen: readonly number[], range?: readonly [number, number]): readonly [number, number] {
  if (range) {
    if (!(range[0] < range[1])) throw new RangeError(`imageGrid: range must ascend, got [${range.join(", ")}]`);
    return range;
  }
  return chosen.some((i) => rowOf(X, i).some((value) => value > 1)) ? [0, 255] : [0, 1];
}

/** Which rows are shown, and in how many columns. */
function choose(X: Matrix, options: ImageGridOptions): { chosen: number[]; rows: number; columns: number } {
  const positions = Array.from(options.positions ?? Array.from({ length: X.shape[0] }, (_, i) => i));
  const columns = Math.min(options.columns ?? 10, positions.length);
  requireInteger("imageGrid", "columns", columns, 1);
  const rows = Math.min(options.rows ?? Math.ceil(positions.length / columns), Math.ceil(positions.length / columns));
  requireInteger("imageGrid", "rows", rows, 1);
  const chosen = positions.slice(0, rows * columns);
  for (const i of chosen) {
    requireInteger("imageGrid", "position", i, 0, X.shape[0] - 1);
    requireFinite("imageGrid", `row ${i}`, rowOf(X, i));
  }
  if (options.labels) requireSameLength("imageGrid", "X", X.shape[0], "labels", options.labels.length);
  return { chosen, rows, columns };
}

interface GridSizes {
  zoom: number;
  shownWidth: number;
  shownHeight: number;
  top: number;
  figureWidth: number;
  figureHeight: number;
  /** Upper left corner of the k-th picture. */
  place: (k: number) => { x: number; y: number };
}

function sizesOf(
  { rows, columns }: { rows: number; columns: number }, [height, width]: readonly number[], options: ImageGridOptions,
): GridSizes {
  const label = options.labels ? LABEL : 0;
  const figureWidth = options.width ?? Math.min(900, columns * 86 + 20);
  const cell = Math.floor((figureWidth - 20) / columns);
  const zoom = Math.max(1, Math.floor(((cell - GAP) * SHARPNESS) / Math.max(width, height)));
  const [shownWidth, shownHeight] = [(width * zoom) / SHARPNESS, (height * zoom) / SHARPNESS];
  const top = options.title ? 44 : 8;
  const rowHeight = shownHeight + label + GAP;
  return {
    zoom, shownWidth, shownHeight, top, figureWidth,
    figureHeight: options.height ?? Math.ceil(top + rows * rowHeight + 6),
    place: (k) => ({
      x: (k % columns) * cell + (cell - shownWidth) / 2, y: Math.floor(k / columns) * rowHeight + label,
    }),
  };
}

/** The pictures themselves, each as Plotly places it. */
function pictures(X: Matrix, chosen: readonly number[], { zoom, shownWidth, shownHeight, place }: GridSizes,
  options: ImageGridOptions) {
  const [height, width, channels] = shapeOf(X, options.imageShape);
  const [low, high] = rangeOf(X, chosen, options.range);
  const source = (i: number): string => {
    const row = rowOf(X, i);
    return pngDataUri([height, width, channels], zoom, (x, y, channel) => {
      const value = row[(y * width + x) * channels + channel];
      const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
      return Math.round(255 * (options.inverted ? 1 - share : share));
    });
  };
  return chosen.map((i, k) => ({
    source: source(i), xref: "x", yref: "y", ...place(k),
    sizex: shownWidth, sizey: shownHeight, xanchor: "left", yanchor: "top", sizing: "stretch", layer: "above",
  }));
}

function inWords(chosen: readonly number[], rows: number, options: ImageGridOptions,
  [height, width, channels]: readonly number[]): string {
  const { labels } = options;
  const named = labels ? chosen.map((i) => String(labels[i])).filter((label) => label !== "") : [];
  return sentences([
    `${counted(chosen.length, channels === 3 ? "colour picture" : "grey picture")}, ${width} × ${height} pixels`
      + `${rows > 1 ? `, in ${rows} rows` : ""}`,
    named.length ? `Labels: ${listed(named, ", ")}` : undefined,
  ]);
}

/** The figure that `figure.imageGrid` shows. */
export function imageGrid(X: Matrix, options: ImageGridOptions = {}): FigureSpec {
  const shape = shapeOf(X, options.imageShape);
  const { chosen, rows, columns } = choose(X, options);
  const sizes = sizesOf({ rows, columns }, shape, options);
  const { shownWidth, shownHeight, top, figureWidth, figureHeight, place } = sizes;
  const { labels } = options;
  const hidden = { visible: false, fixedrange: true };
  return {
    alt: inWords(chosen, rows, options, shape),
    data: [trace({
      type: "scatter", mode: "markers", showlegend: false,
      marker: { size: Math.min(shownWidth, shownHeight), opacity: 0 },
      x: chosen.map((_, k) => place(k).x + shownWidth / 2), y: chosen.map((_, k) => place(k).y + shownHeight / 2),
      text: chosen.map((i) => (labels ? `image ${i}: ${labels[i]}` : `image ${i}`)),
      hovertemplate: "%{text}<extra></extra>",
    })],
    layout: layoutOf({ ...options, width: figureWidth, height: figureHeight }, {
      margin: { l: 10, r: 10, t: top, b: 6 },
      showlegend: false,
      xaxis: { ...hidden, range: [0, figureWidth - 20] },
      yaxis: { ...hidden, range: [figureHeight - top - 6, 0] },
      images: pictures(X, chosen, sizes, options),
      annotations: labels ? chosen.map((i, k) => ({
        text: String(labels[i]), x: place(k).x + shownWidth / 2, y: place(k).y - 1, xref: "x", yref: "y",
        xanchor: "center", yanchor: "bottom", showarrow: false, font: { size: 12 },
      })) : [],
    }),
  };
}

/** A picture with each pixel drawn as a block, so that no viewer blurs it. */
function pngDataUri([height, width, channels]: readonly number[], zoom: number,
  level: (x: number, y: number, channel: number) => number): string {
  const { encode } = require("fast-png") as typeof import("fast-png");
  const data = new Uint8Array(width * height * zoom * zoom * channels);
  let at = 0;
  for (let y = 0; y < height * zoom; y++)
    for (let x = 0; x < width * zoom; x++)
      for (let channel = 0; channel < channels; channel++)
        data[at++] = level(Math.floor(x / zoom), Math.floor(y / zoom), channel);
  const png = encode({ width: width * zoom, height: height * zoom, data, channels, depth: 8 }, { zlib: { level: 9 } });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
