import { requireFinite, requireOneOf, requireSameLength } from "../../validate";
import { requireSome } from "./check";
import { compact, extentOf } from "../digits";
import { formatNumber } from "../format";
import { inkOn, palette, placesFor } from "./colors";
import { listed, sentences } from "./describe";
import { type FigureOptions, type FigureSpec, axis, layoutOf, trace } from "./spec";

export interface BarSeries {
  name: string;
  /** One value per category. */
  values: ArrayLike<number>;
  /** Half lengths of error bars, one per category; cut at 0 where no value of the figure is below it. */
  errors?: ArrayLike<number>;
  color?: string;
}

export interface BarsOptions extends FigureOptions {
  categories: readonly (string | number)[];
  /** Beside each other if not given. */
  arrange?: "beside" | "stacked";
  yRange?: readonly [number, number];
  /** Whether each bar shows its number; if not given, where there are at most 16 bars without errors. */
  numbers?: boolean;
}

const MOST_IN_WORDS = 16;

function inWords(series: readonly BarSeries[], { categories, xTitle, yTitle }: BarsOptions, span: number): string {
  const write = (value: number): string => formatNumber(value, span);
  const names = categories.map((category) => String(category).replace(/<[^>]*>/g, " "));
  const whole = series.length * names.length <= MOST_IN_WORDS;
  const one = ({ name, values }: BarSeries): string => {
    const all = Array.from(values);
    if (whole) return `${name}: ${names.map((category, i) => `${category} ${write(all[i])}`).join(", ")}`;
    const [low, high] = extentOf(all);
    if (low === high) return `${name}: ${write(low)} everywhere`;
    const at = (value: number): string => `${write(value)} at ${names[all.indexOf(value)]}`;
    return `${name}: highest ${at(high)}, lowest ${at(low)}`;
  };
  return sentences([
    `Bar chart${yTitle ? ` of ${yTitle}` : ""}${xTitle ? ` by ${xTitle}` : ""}`, listed(series.map(one)),
  ]);
}

/** The figure that `figure.bars` shows. */
export function bars(series: readonly BarSeries[], options: BarsOptions): FigureSpec {
  requireSome("bars", "series", series);
  const { categories, arrange = "beside" } = options;
  requireSome("bars", "categories", categories);
  requireOneOf("bars", "arrange", arrange, ["beside", "stacked"]);
  const numbers = options.numbers ?? (series.length * categories.length <= 16 && !series.some(({ errors }) => errors));
  for (const { name, values, errors } of series) {
    requireSameLength("bars", "categories", categories.length, `values of ${name}`, values.length);
    requireFinite("bars", `values of ${name}`, values);
    if (errors) requireSameLength("bars", "categories", categories.length, `errors of ${name}`, errors.length);
  }
  const [low, high] = extentOf(series.flatMap(({ values }) => Array.from(values)));
  const range = options.yRange ?? [Math.min(0, low), Math.max(0, high)];
  const below = (values: ArrayLike<number>, errors: ArrayLike<number>): number[] =>
    Array.from(errors, (error, i) => (low >= 0 ? Math.min(error, values[i]) : error));
  const places = placesFor(series);
  return {
    alt: inWords(series, options, range[1] - range[0]),
    data: series.map(({ name, values, errors, color: own }, i) => {
      const color = own ?? palette[places[i]];
      return trace({
        type: "bar", name, x: categories.map(String), y: compact(values, { range }),
        marker: { color, line: { color: "#FFFFFF", width: 1 } },
        ...(errors ? { error_y: {
          type: "data", symmetric: false, array: compact(errors, { range }),
          arrayminus: compact(below(values, errors), { range }), visible: true, thickness: 1.5, color: "#333333",
        } } : {}),
        ...(numbers ? {
          text: Array.from(values, (value) => formatNumber(value, range[1] - range[0])), texttemplate: "%{text}",
          textposition: errors ? "inside" : "auto", insidetextanchor: errors ? "start" : "end",
          insidetextfont: { color: inkOn(color) }, textangle: 0, cliponaxis: false,
        } : {}),
        hovertemplate: `${name}<br>%{x}: %{y}<extra></extra>`,
      });
    }),
    layout: layoutOf({ ...options, yExtent: [range[0], range[1]] }, {
      barmode: arrange === "stacked" ? "stack" : "group",
      bargap: 0.2,
      showlegend: series.length > 1,
      xaxis: axis(options.xTitle, { type: "category", showgrid: false }),
      yaxis: axis(options.yTitle, options.yRange ? { range: [...options.yRange] } : {}),
    }),
  };
}
