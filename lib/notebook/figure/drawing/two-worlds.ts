import { requirePositive } from "../../../validate";
import { compact } from "../../digits";
import { formatNumber } from "../../format";
import { tint } from "../colors";
import { type FigureSpec, type Plot, axis, layoutOf, trace } from "../spec";
import { arrow, blue, orange, quiet } from "./board";

export interface TwoWorldsOptions {
  /** Standard deviation of the noise, above 0. */
  sigma: number;
  /** How far one person moves what is published, above 0: the sensitivity. */
  shift: number;
}

const POINTS = 241;

/**
 * The drawing that `figure.drawing.twoWorlds` shows: what might be published without a person and with that person,
 * and where the two can't be told apart.
 *
 * @throws {RangeError} If `sigma` or `shift` is not a number above 0.
 * @see Dwork and Roth, The algorithmic foundations of differential privacy, §3.5: the densities whose ratio ε bounds.
 * @example
 * const spec = figureSpec.drawing.twoWorlds({ sigma: 1, shift: 1 });
 */
export function twoWorlds({ sigma, shift }: TwoWorldsOptions): FigureSpec {
  requirePositive("drawing.twoWorlds", "sigma", sigma);
  requirePositive("drawing.twoWorlds", "shift", shift);
  const density = (x: number, mean: number): number => Math.exp(-0.5 * ((x - mean) / sigma) ** 2);
  const [low, high] = [-3.2 * sigma, shift + 3.2 * sigma];
  const x = Array.from({ length: POINTS }, (_, i) => low + (i * (high - low)) / (POINTS - 1));
  const [without, withAnn] = [0, shift].map((mean) => x.map((at) => density(at, mean)));
  const both = x.map((_, i) => Math.min(without[i], withAnn[i]));
  const share = both.reduce((a, b) => a + b, 0) / without.reduce((a, b) => a + b, 0);
  const line = (name: string, y: number[], color: string, dash: "solid" | "dash"): Plot => trace({
    type: "scatter", mode: "lines", name, x: compact(x), y: compact(y), line: { color, width: 2.5, dash },
    hoverinfo: "name",
  });
  const percent = Math.round(100 * share);
  return {
    alt: `Drawing. Two bell curves of standard deviation ${formatNumber(sigma)}, their middles ${formatNumber(shift)} `
      + `apart: what is published without Ann and with her. They share ${percent} % of their area, shaded.`,
    data: [
      trace({ type: "scatter", mode: "lines", name: `either: ${percent} %`, x: compact(x), y: compact(both),
        fill: "tozeroy", fillcolor: tint("#808080", 0.35), line: { width: 0, color: "#808080" }, hoverinfo: "name" }),
      line("without Ann", without, orange, "dash"), line("with Ann", withAnn, blue, "solid"),
    ],
    layout: layoutOf({ width: 720, height: 320, xTitle: "what is published" }, {
      margin: { l: 24, r: 24, t: 16, b: 56 },
      xaxis: axis("what is published", { showgrid: false }),
      yaxis: { visible: false, range: [0, 1.25], fixedrange: true },
      annotations: [
        ...arrow([0, 1.08], [shift, 1.08], quiet, "both").annotations ?? [],
        { x: shift / 2, y: 1.17, text: `what Ann changes: ${formatNumber(shift)}`, showarrow: false,
          font: { size: 13 } },
      ],
    }),
  };
}
