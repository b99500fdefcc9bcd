import type { Matrix } from "../../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";
import { compact, extentOf } from "../digits";
import { requireSome } from "./check";
import { colorOf, palette, placesFor, symbols, wrap } from "./colors";
import { axisInWords, groupInWords, listed, sentences } from "./describe";
import { legendBelow, projected } from "./projection";
import { axis, type FigureOptions, type FigureSpec, layoutOf, type Plot } from "./spec";

/** Points that share a colour and a shape. */
export interface PointGroup {
  name: string;
  /** Shape [n]. */
  x: ArrayLike<number>;
  /** Shape [n]. */
  y: ArrayLike<number>;
  /** Shape [n]: makes the figure three-dimensional; all groups have it or none. */
  z?: ArrayLike<number>;
  color?: string;
  symbol?: string;
  /** Pixels; 7 if not given, 4 in three dimensions. */
  size?: number;
  /** In (0, 1]. */
  opacity?: number;
}

/** Rows with a class each; a `Dataset` is one. */
export interface LabeledPoints {
  /** Shape [n, d]. */
  X: Matrix;
  /** Classes, integers from 0, shape [n]. */
  y: ArrayLike<number>;
  classNames?: readonly string[];
  featureNames?: readonly string[];
}

export interface ScatterOptions extends FigureOptions {
  zTitle?: string;
  /** Which features to draw, two or three; the first two if not given. For labelled points only. */
  features?: readonly number[];
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  zRange?: readonly [number, number];
  /** At most so many points of a group are drawn, evenly picked; how many is said in its name. 3,000 if not given. */
  maxPoints?: number;
}

const isLabeled = (points: readonly PointGroup[] | LabeledPoints): points is LabeledPoints => "X" in points;

/** Splits rows by class into groups of points, each class in its own colour and shape. */
export function groupsByClass(
  { X, y, classNames }: LabeledPoints, features: readonly number[] = [0, 1],
): PointGroup[] {
  const [n, d] = X.shape;
  requireSameLength("scatter", "X", n, "y", y.length);
  if (features.length !== 2 && features.length !== 3)
    throw new RangeError(`scatter: features must be two or three, got ${features.length}`);
  for (const feature of features) requireInteger("scatter", "feature", feature, 0, d - 1);
  const classes = [...new Set(Array.from(y))].sort((a, b) => a - b);
  return classes.map((label) => {
    const rows = Array.from({ length: n }, (_, i) => i).filter((i) => y[i] === label);
    const column = (feature: number): Float64Array => Float64Array.from(rows, (i) => X.data[i * d + feature]);
    return {
      name: classNames?.[label] ?? `class ${label}`, color: colorOf(label),
      symbol: symbols[wrap(label, symbols.length)],
      x: column(features[0]), y: column(features[1]), ...(features.length === 3 ? { z: column(features[2]) } : {}),
    };
  });
}

type Side = "x" | "y" | "z";
type Ranges = Partial<Record<Side, readonly [number, number]>>;

function thin(values: ArrayLike<number>, most: number, range?: readonly [number, number]): number[] {
  const shown = values.length <= most ? values
    : Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]);
  return compact(shown, { range }) as number[];
}

/** The markers of some groups of points, for scatter figures and over decision regions. */
export function tracesOf(groups: readonly PointGroup[], maxPoints: number, ranges: Ranges = {}): Plot[] {
  const places = placesFor(groups);
  return groups.map((group, i) => traceOf(group, places[i], maxPoints, ranges));
}

function traceOf(group: PointGroup, place: number, maxPoints: number, ranges: Ranges): Plot {
  const { name, x, y, z } = group;
  requireSome("scatter", `points of ${name}`, x);
  requireSameLength("scatter", "x", x.length, "y", y.length);
  if (z) requireSameLength("scatter", "x", x.length, "z", z.length);
  for (const [axisName, values] of Object.entries({ x, y, ...(z ? { z } : {}) }))
    requireFinite("scatter", `${axisName} of ${name}`, values);
  const many = x.length > maxPoints;
  return {
    type: z ? "scatter3d" : "scatter", mode: "markers",
    name: many ? `${name} (${maxPoints.toLocaleString("en-US")} of ${x.length.toLocaleString("en-US")})` : name,
    x: thin(x, maxPoints, ranges.x), y: thin(y, maxPoints, ranges.y),
    ...(z ? { z: thin(z, maxPoints, ranges.z) } : { cliponaxis: false }),
    marker: {
      color: group.color ?? palette[place], symbol: group.symbol ?? (z ? "circle" : symbols[place]),
      size: group.size ?? (z ? 4 : 7), opacity: group.opacity ?? 0.8,
      line: { color: "#FFFFFF", width: (group.size ?? 7) > 4 && !z ? 0.7 : 0 },
    },
    hovertemplate: `${name}<br>%{x}, %{y}${z ? ", %{z}" : ""}<extra></extra>`,
  };
}

/** What each axis spans, and where the groups lie. */
export function pointsInWords(groups: readonly PointGroup[], titles: readonly (string | undefined)[],
  ranges: readonly (readonly [number, number] | undefined)[]): string[] {
  const sides = (["x", "y", "z"] as const).filter((side) => groups[0][side]);
  const extents = sides.map((side, k) =>
    ranges[k] ?? extentOf(groups.flatMap((group) => Array.from(group[side] as ArrayLike<number>))));
  const spans = extents.map(([low, high]) => high - low);
  const names = ["Horizontal", "Vertical", "Depth"];
  return [
    ...extents.map((extent, k) => axisInWords(names[k], titles[k], extent)),
    listed(groups.map((group) =>
      groupInWords(group.name, sides.map((side) => group[side] as ArrayLike<number>), spans))),
  ];
}

const SYMBOLS_3D = ["circle", "diamond", "square", "cross", "x"];

/** The figure that `figure.scatter` shows. */
export function scatter(points: readonly PointGroup[] | LabeledPoints, options: ScatterOptions = {}): FigureSpec {
  const { maxPoints = 3000 } = options;
  requireInteger("scatter", "maxPoints", maxPoints, 1);
  const labeled = isLabeled(points);
  const groups = labeled ? groupsByClass(points, options.features) : points;
  requireSome("scatter", "groups", groups);
  const solid = groups.filter(({ z }) => z).length;
  if (solid && solid < groups.length) throw new RangeError("scatter: all groups need z, or none");
  const [xTitle, yTitle, zTitle] = [options.xTitle, options.yTitle, options.zTitle].map((title, i) =>
    title ?? (labeled ? points.featureNames?.[(options.features ?? [0, 1])[i]] : undefined));
  const data = tracesOf(groups, maxPoints, { x: options.xRange, y: options.yRange, z: options.zRange });
  const alt = sentences([
    solid ? "Scatter plot in three dimensions" : "Scatter plot",
    ...pointsInWords(groups, [xTitle, yTitle, zTitle], [options.xRange, options.yRange, options.zRange]),
  ]);
  const ranged = (range?: readonly [number, number]): Record<string, unknown> => (range ? { range: [...range] } : {});
  const height = options.height ?? (solid ? 600 : 520);
  if (!solid)
    return { alt, data, layout: layoutOf({ ...options, xTitle, yTitle, width: options.width ?? 760, height,
      yExtent: options.yRange ?? extentOf(groups.flatMap(({ y }) => Array.from(y))) }, {
      showlegend: groups.length > 1,
      xaxis: axis(xTitle, ranged(options.xRange)), yaxis: axis(yTitle, ranged(options.yRange)),
    }) };
  const solidOptions = { ...options, xTitle, yTitle, zTitle, width: options.width ?? 680, height };
  const solidAxis = (title: string | undefined, range?: readonly [number, number]): Record<string, unknown> =>
    ({ title: { text: title ?? "" }, backgroundcolor: "#FFFFFF", gridcolor: "#DDDDDD", ...ranged(range) });
  return {
    alt,
    data: data.map((trace, i) => {
      const allowed = SYMBOLS_3D.includes(String(trace.marker?.symbol));
      return allowed ? trace : { ...trace, marker: { ...trace.marker, symbol: SYMBOLS_3D[i % SYMBOLS_3D.length] } };
    }) as Plot[],
    layout: layoutOf(solidOptions, {
      showlegend: groups.length > 1,
      ...legendBelow, margin: { l: 0, r: 0, t: options.title ? 44 : 8, b: 8 },
      xaxis: undefined, yaxis: undefined,
      scene: {
        xaxis: solidAxis(xTitle, options.xRange), yaxis: solidAxis(yTitle, options.yRange),
        zaxis: solidAxis(zTitle, options.zRange), camera: { eye: { x: 1.4, y: -1.5, z: 0.84 } },
      },
    }),
    still: projected(data, solidOptions),
  };
}
