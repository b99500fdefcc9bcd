import { requireFinite, requireInteger } from "../../validate";
import { requireSome } from "./check";
import { compact } from "../digits";
import { formatNumber } from "../format";
import { palette, placesFor } from "./colors";
import { axisInWords, counted, listed, sentences } from "./describe";
import { type FigureOptions, type FigureSpec, axis, layoutOf, trace } from "./spec";

export interface HistogramSeries {
  name: string;
  values: ArrayLike<number>;
  color?: string;
}

export interface HistogramOptions extends FigureOptions {
  /** Number of bins, at least 1; 40 if not given. All series share them. */
  bins?: number;
  /** Edges of the first and the last bin; if not given, the smallest and the largest value. */
  range?: readonly [number, number];
  /** Height of the bars: counts, or each series' share; counts if not given. */
  measure?: "count" | "share";
}

/** The figure that `figure.histogram` shows. */
export function histogram(series: readonly HistogramSeries[], options: HistogramOptions = {}): FigureSpec {
  requireSome("histogram", "series", series);
  const { bins = 40, measure = "count" } = options;
  requireInteger("histogram", "bins", bins, 1);
  let low = Infinity;
  let high = -Infinity;
  for (const { name, values } of series) {
    requireSome("histogram", `values of ${name}`, values);
    requireFinite("histogram", `values of ${name}`, values);
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
  }
  if (options.range) [low, high] = options.range;
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  if (!(low < high)) throw new RangeError(`histogram: range must ascend, got [${low}, ${high}]`);
  const width = (high - low) / bins;
  if (!(low + width > low && high - width < high))
    throw new RangeError(`histogram: bins must be wider than a number's precision, got ${bins} in [${low}, ${high}]`);
  const centers = Array.from({ length: bins }, (_, i) => low + (i + 0.5) * width);
  const places = placesFor(series);
  const heightsOf = series.map(({ values }) => {
    const heights = new Float64Array(bins);
    for (let j = 0; j < values.length; j++) {
      const bin = Math.floor((values[j] - low) / width);
      if (values[j] >= low && values[j] <= high)
        heights[Math.min(bin, bins - 1)] += measure === "share" ? 1 / values.length : 1;
    }
    return heights;
  });
  const inWords = series.map(({ name, values }, i) => {
    const peak = heightsOf[i].indexOf(heightsOf[i].reduce((a, b) => Math.max(a, b)));
    return `${name}: ${counted(values.length, "value")}, most around ${formatNumber(centers[peak], high - low)}`;
  });
  return {
    alt: sentences([
      `Histogram, ${counted(bins, "bin")}`, axisInWords("Horizontal", options.xTitle, [low, high]), listed(inWords),
    ]),
    data: series.map(({ name, color }, i) => {
      const heights = heightsOf[i];
      return trace({
        type: "bar", name, x: compact(centers, { range: [low, high] }), y: compact(heights), width,
        marker: { color: color ?? palette[places[i]], opacity: series.length > 1 ? 0.6 : 0.9 },
        hovertemplate: `${name}<br>around %{x}: %{y}<extra></extra>`,
      });
    }),
    layout: layoutOf(options, {
      barmode: "overlay",
      bargap: 0,
      showlegend: series.length > 1,
      xaxis: axis(options.xTitle, { showgrid: false }),
      yaxis: axis(options.yTitle ?? measure),
    }),
  };
}
