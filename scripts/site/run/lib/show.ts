/** In place of `lib/notebook/figure/show.ts`: a figure goes to the page as it is, without a picture of it. */
import { show } from "../../../../lib/notebook/display";
import { describe } from "../../../../lib/notebook/figure/describe";
import { encoded } from "../../../../lib/notebook/figure/encode";
import type { FigureSpec } from "../../../../lib/notebook/figure/spec";

export function showFigure(spec: FigureSpec): void {
  show({
    "application/vnd.plotly.v1+json": {
      data: spec.data.map(encoded), layout: spec.layout, config: { displaylogo: false, responsive: false },
    },
    "text/plain": `Figure: ${describe(spec)}`,
  });
}

export const showInBrowser = showFigure;
