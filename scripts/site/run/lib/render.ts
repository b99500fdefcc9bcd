/** In place of `lib/notebook/figure/render.ts`: the page draws the figures, when they come. */
import type { FigureSpec } from "../../../../lib/notebook/figure/spec";

export interface Picture {
  png: Uint8Array;
  svg: string;
  width: number;
  height: number;
}

export const warmFigureRenderer = (): void => undefined;

export function renderFigure(_spec: FigureSpec): Picture {
  throw new Error("renderFigure: static pictures are drawn in Node only; a browser's page draws figure.* itself");
}
