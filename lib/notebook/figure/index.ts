import { type BarSeries, type BarsOptions, bars } from "./bars";
import {
  type BlackBoxDrawingOptions, type BoundaryDrawingOptions, drawings, type NoiseSphereOptions, type TreeDrawingOptions,
  type TrunkAndHeadOptions, type TwoWorldsOptions,
} from "./drawing";
import { type HeatmapOptions, heatmap } from "./heatmap";
import { type HistogramOptions, type HistogramSeries, histogram } from "./histogram";
import { type ImageGridOptions, imageGrid } from "./image-grid";
import { type LineSeries, type LinesOptions, lines } from "./lines";
import { type PlaneClassifier, type RegionsOptions, regions } from "./regions";
import { type LabeledPoints, type PointGroup, type ScatterOptions, scatter } from "./scatter";
import { showFigure } from "./show";
import { type SliderOptions, type SliderStep, slider } from "./slider";
import type { FigureSpec } from "./spec";
import type { TreeClassifier } from "../../classifiers";
import type { Matrix } from "../../matrix";

export type {
  BarSeries, BarsOptions, BlackBoxDrawingOptions, BoundaryDrawingOptions, FigureSpec, HeatmapOptions, HistogramOptions,
  HistogramSeries, ImageGridOptions, LabeledPoints, LineSeries, LinesOptions, NoiseSphereOptions, PlaneClassifier,
  PointGroup, RegionsOptions, ScatterOptions, SliderOptions, SliderStep, TreeDrawingOptions, TrunkAndHeadOptions,
  TwoWorldsOptions,
};
export type { FigureOptions } from "./spec";
export { type Picture, renderFigure } from "./render";
export { showInBrowser } from "./show";
export { palette } from "./colors";
export { type RunSeries, seriesOfRuns } from "./series-of-runs";

/** Makes figures without showing them: the same kinds with the same arguments as `figure`. */
export const figureSpec = { bars, drawing: drawings, heatmap, histogram, imageGrid, lines, regions, scatter, slider };

/**
 * Shows figures: interactive in a notebook, with a static picture in the same output.
 *
 * @example
 * figure.lines([{ name: "accuracy", x: [0, 10, 30], y: [0.96, 0.95, 0.9] }], { xTitle: "poisoned labels" });
 */
export const figure = {
  /** Bars for categories, beside each other or stacked. */
  bars: (series: readonly BarSeries[], options: BarsOptions): void => showFigure(bars(series, options)),
  /** Drawings that explain an idea. */
  drawing: {
    /** Who asks, what answers, and what is made of the answers. */
    blackBox: (options?: BlackBoxDrawingOptions): void => showFigure(drawings.blackBox(options)),
    /** The border between two classes, with clean labels and with changed ones. */
    boundary: (options?: BoundaryDrawingOptions): void => showFigure(drawings.boundary(options)),
    /** Images on a sphere, how far one person can move them, and noise around them. */
    noiseSphere: (options?: NoiseSphereOptions): void => showFigure(drawings.noiseSphere(options)),
    /** The questions of a decision tree, and where they lead. */
    tree: (classifier: TreeClassifier, options: TreeDrawingOptions): void =>
      showFigure(drawings.tree(classifier, options)),
    /** A network cut in two, of which only the end is updated. */
    trunkAndHead: (options: TrunkAndHeadOptions): void => showFigure(drawings.trunkAndHead(options)),
    /** What might be published without a person and with that person, and where the two overlap. */
    twoWorlds: (options: TwoWorldsOptions): void => showFigure(drawings.twoWorlds(options)),
  },
  /** A matrix as coloured cells with their numbers, such as a confusion matrix; row 0 at the top. */
  heatmap: (values: Matrix | readonly ArrayLike<number>[], options?: HeatmapOptions): void =>
    showFigure(heatmap(values, options)),
  /** How often values occur. */
  histogram: (series: readonly HistogramSeries[], options?: HistogramOptions): void =>
    showFigure(histogram(series, options)),
  /** Rows of X as pictures. */
  imageGrid: (X: Matrix, options?: ImageGridOptions): void => showFigure(imageGrid(X, options)),
  /** Curves, with bands where there are several seeds. */
  lines: (series: readonly LineSeries[], options?: LinesOptions): void => showFigure(lines(series, options)),
  /** The classes a classifier gives to a plane, with points over them. */
  regions: (classifier: PlaneClassifier, options: RegionsOptions): void => showFigure(regions(classifier, options)),
  /** Points in two or three dimensions, by class. */
  scatter: (points: readonly PointGroup[] | LabeledPoints, options?: ScatterOptions): void =>
    showFigure(scatter(points, options)),
  /** Figures of one kind, such as one for each budget, of which a slider shows one. */
  slider: (steps: readonly SliderStep[], options: SliderOptions): void => showFigure(slider(steps, options)),
  /** Any other Plotly figure. */
  show: (spec: FigureSpec): void => showFigure(spec),
};
