import type { FigureSpec } from "../spec";
import { requireSome } from "../check";
import { type Parts, arrow, blue, box, drawing, green, orange, quiet, words } from "./board";

export interface TrunkAndHeadOptions {
  /** Names of the layers that stay as they are, from the image on. */
  trunk: readonly string[];
  /** Names of the layers that are changed. */
  head: readonly string[];
}

const WIDTH = 104;
const STEP = 132;
const MIDDLE = 110;

/**
 * The drawing that `figure.drawing.trunkAndHead` shows: a network cut in two, of which only the end is updated.
 *
 * @throws {RangeError} If either part has no layer.
 * @example
 * const spec = figureSpec.drawing.trunkAndHead({ trunk: ["conv 6", "conv 16"], head: ["dense 120", "dense 10"] });
 */
export function trunkAndHead({ trunk, head }: TrunkAndHeadOptions): FigureSpec {
  requireSome("drawing.trunkAndHead", "trunk", trunk);
  requireSome("drawing.trunkAndHead", "head", head);
  const names = ["image", ...trunk, ...head, "label"];
  const middles = names.map((_, i) => 30 + WIDTH / 2 + i * STEP);
  const fillOf = (i: number): string | undefined =>
    i === 0 || i === names.length - 1 ? undefined : i <= trunk.length ? blue : orange;
  const brace = (from: number, to: number, color: string, text: string): Parts => {
    const [x0, x1] = [middles[from] - WIDTH / 2, middles[to] + WIDTH / 2];
    return { shapes: [{ type: "line", x0, x1, y0: 48, y1: 48, line: { color, width: 4 } }],
      ...words([(x0 + x1) / 2, 26], text) };
  };
  const alt = `Drawing. A network from left to right: ${names.join(", ")}. The trunk (${trunk.join(", ")}) stays as it `
    + `is and turns images into features; the head (${head.join(", ")}) is updated.`;
  const cut = (middles[trunk.length] + middles[trunk.length + 1]) / 2;
  return drawing([middles[names.length - 1] + WIDTH / 2 + 30, 220], alt, [
    brace(1, trunk.length, blue, "<b>trunk</b>: stays as it is"),
    brace(trunk.length + 1, trunk.length + head.length, orange, "<b>head</b>: updated"),
    ...names.map((name, i) => box([middles[i], MIDDLE], [WIDTH, 64], name, { fill: fillOf(i), size: 13 })),
    ...names.slice(1).map((_, i) =>
      arrow([middles[i] + WIDTH / 2 + 2, MIDDLE], [middles[i + 1] - WIDTH / 2 - 2, MIDDLE])),
    { shapes: [{ type: "line", x0: cut, x1: cut, y0: 64, y1: 158, line: { color: green, width: 2, dash: "dash" } }] },
    words([cut, 184], "features: computed once, kept", { size: 13, color: quiet }),
  ]);
}
