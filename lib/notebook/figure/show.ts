import { inNotebook, show } from "../display";
import { renderFigure } from "./render";
import type { FigureSpec } from "./spec";

function titleOf({ layout }: FigureSpec): string {
  const { title } = layout;
  return (typeof title === "string" ? title : title?.text) ?? "untitled";
}

/**
 * Shows a figure. In a notebook: one output with the interactive figure and a static picture of it, which GitHub
 * shows. Elsewhere: a line that names it; `showInBrowser` opens it.
 *
 * @param spec Plotly's data and layout.
 * @throws {Error} If Plotly can't draw it.
 */
export function showFigure(spec: FigureSpec): void {
  const text = `Figure: ${titleOf(spec).replace(/<[^>]*>/g, " ")}`;
  if (!inNotebook()) return show({ "text/plain": text });
  const { png, width, height } = renderFigure(spec);
  show({
    "application/vnd.plotly.v1+json": {
      data: spec.data, layout: spec.layout, config: { displaylogo: false, responsive: false },
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
