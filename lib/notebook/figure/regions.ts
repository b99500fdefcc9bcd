import { matrix } from "../../matrix";
import { requireInteger } from "../../validate";
import type { Matrix } from "../../matrix";
import { compact } from "../digits";
import { colorOf } from "./colors";
import { axisInWords, listed, sentences } from "./describe";
import { type LabeledPoints, type PointGroup, groupsByClass, pointsInWords, tracesOf } from "./scatter";
import { type FigureOptions, type FigureSpec, axis, layoutOf, trace } from "./spec";

/** Anything that gives rows of two features a class; a classifier fitted on two features is one. */
export interface PlaneClassifier {
  predict(X: Matrix<Float64Array>): ArrayLike<number>;
}

export interface RegionsOptions extends FigureOptions {
  xRange: readonly [number, number];
  yRange: readonly [number, number];
  /** Cells along each side, at least 2; 160 if not given. */
  resolution?: number;
  classNames?: readonly string[];
  /** Drawn over the regions. */
  points?: readonly PointGroup[] | LabeledPoints;
  /** 3,000 a group if not given. */
  maxPoints?: number;
}

/** The figure that `figure.regions` shows. */
export function regions(classifier: PlaneClassifier, options: RegionsOptions): FigureSpec {
  const { xRange, yRange, resolution = 160, points = [], classNames, maxPoints = 3000 } = options;
  requireInteger("regions", "resolution", resolution, 2);
  for (const [name, [low, high]] of Object.entries({ xRange, yRange }))
    if (!(low < high)) throw new RangeError(`regions: ${name} must ascend, got [${low}, ${high}]`);
  const at = ([low, high]: readonly [number, number], i: number): number =>
    low + ((i + 0.5) * (high - low)) / resolution;
  const cells = new Float64Array(2 * resolution * resolution);
  for (let row = 0; row < resolution; row++)
    for (let column = 0; column < resolution; column++) {
      cells[2 * (row * resolution + column)] = at(xRange, column);
      cells[2 * (row * resolution + column) + 1] = at(yRange, row);
    }
  const predicted = classifier.predict(matrix(cells, [resolution * resolution, 2]));
  const numbers = Array.from({ length: resolution }, (_, i) => i);
  const names = classNames ?? ("X" in points ? points.classNames : undefined);
  const groups = "X" in points ? groupsByClass({ ...points, classNames: points.classNames ?? classNames }) : points;
  const labels = [...new Set(Array.from(predicted))].sort((a, b) => a - b);
  const place = new Map(labels.map((label, i) => [label, i]));
  const share = (i: number): number => i / labels.length;
  const counts = new Map<number, number>();
  for (const label of Array.from(predicted)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const shares = [...counts].sort((a, b) => b[1] - a[1]).map(([label, count]) =>
    `${names?.[label] ?? `class ${label}`} ${Math.round((100 * count) / predicted.length)} % of the plane`);
  return {
    alt: sentences([
      "Decision regions", listed(shares),
      ...(groups.length ? pointsInWords(groups, [options.xTitle, options.yTitle], [xRange, yRange])
        : [axisInWords("Horizontal", options.xTitle, xRange), axisInWords("Vertical", options.yTitle, yRange)]),
    ]),
    data: [
      trace({
        type: "heatmap",
        x: compact(numbers.map((i) => at(xRange, i))), y: compact(numbers.map((i) => at(yRange, i))),
        z: numbers.map((row) => numbers.map((column) => place.get(predicted[row * resolution + column]))),
        zmin: -0.5, zmax: labels.length - 0.5, showscale: false, opacity: 0.3, hoverinfo: "skip",
        colorscale: labels.flatMap((label, i) => [[share(i), colorOf(label)], [share(i + 1), colorOf(label)]]),
      }),
      ...tracesOf(groups, maxPoints, { x: xRange, y: yRange }),
    ],
    layout: layoutOf({ ...options, yExtent: yRange, width: options.width ?? 720, height: options.height ?? 560 }, {
      showlegend: groups.length > 1,
      xaxis: axis(options.xTitle, { range: [...xRange], showgrid: false }),
      yaxis: axis(options.yTitle, { range: [...yRange], showgrid: false }),
    }),
  };
}
