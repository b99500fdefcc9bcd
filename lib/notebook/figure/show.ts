import { inNotebook, show } from "../display";
import { describe } from "./describe";
import { encoded } from "./encode";
import { renderFigure } from "./render";
import type { FigureSpec } from "./spec";

/**
 * Shows a figure. In a notebook: one output with the interactive figure, a static picture of it, which GitHub shows,
 * and its description in words, which a screen reader reads. Elsewhere: the description; `showInBrowser` opens it.
 *
 * @param spec Plotly's data and layout.
 * @throws {Error} If Plotly can't draw it.
 */
export function showFigure(spec: FigureSpec): void {
  const text = `Figure: ${describe(spec)}`;
  if (!inNotebook()) return show({ "text/plain": text });
  const { png, width, height } = renderFigure(spec);
  show({
    "application/vnd.plotly.v1+json": {
      data: spec.data.map(encoded), layout: spec.layout, config: { displaylogo: false, responsive: false },
    },
    "image/png": png.toString("base64"),
    "text/plain": text,
  }, { "image/png": { width, height } });
}

/** Opens a figure in a browser window, from a plain script: nodeplotlib's `plot`. */
export function showInBrowser(spec: FigureSpec): void {
  const { plot } = require("nodeplotlib") as typeof import("nodeplotlib");
  plot(spec.data, spec.layout, { displaylogo: false });
}
