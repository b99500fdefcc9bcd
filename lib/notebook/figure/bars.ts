import { requireFinite, requireOneOf, requireSameLength } from "../../validate";
import { requireSome } from "./check";
import { type FigureOptions, type FigureSpec, axis, colorOf, compact, layoutOf, trace } from "./spec";

export interface BarSeries {
  name: string;
  /** One value per category. */
  values: ArrayLike<number>;
  /** Half lengths of error bars, one per category. */
  errors?: ArrayLike<number>;
  color?: string;
}

export interface BarsOptions extends FigureOptions {
  categories: readonly (string | number)[];
  /** Beside each other if not given. */
  arrange?: "beside" | "stacked";
  yRange?: readonly [number, number];
  /** Whether each bar shows its number; if not given, where there are at most 16 bars. */
  numbers?: boolean;
}

/** The figure that `figure.bars` shows. */
export function bars(series: readonly BarSeries[], options: BarsOptions): FigureSpec {
  requireSome("bars", "series", series);
  const { categories, arrange = "beside" } = options;
  requireSome("bars", "categories", categories);
  requireOneOf("bars", "arrange", arrange, ["beside", "stacked"]);
  const numbers = options.numbers ?? series.length * categories.length <= 16;
  return {
    data: series.map(({ name, values, errors, color }, i) => {
      requireSameLength("bars", "categories", categories.length, `values of ${name}`, values.length);
      requireFinite("bars", `values of ${name}`, values);
      if (errors) requireSameLength("bars", "categories", categories.length, `errors of ${name}`, errors.length);
      return trace({
        type: "bar", name, x: categories.map(String), y: compact(values),
        marker: { color: color ?? colorOf(i), line: { color: "#FFFFFF", width: 1 } },
        ...(errors ? {
          error_y: { type: "data", array: compact(errors), visible: true, thickness: 1.5, color: "#333333" },
        } : {}),
        ...(numbers ? { texttemplate: "%{y:.4~g}", textposition: errors ? "inside" : "auto", cliponaxis: false } : {}),
        hovertemplate: `${name}<br>%{x}: %{y}<extra></extra>`,
      });
    }),
    layout: layoutOf(options, {
      barmode: arrange === "stacked" ? "stack" : "group",
      bargap: 0.2,
      showlegend: series.length > 1,
      xaxis: axis(options.xTitle, { type: "category", showgrid: false }),
      yaxis: axis(options.yTitle, options.yRange ? { range: [...options.yRange] } : {}),
    }),
  };
}
