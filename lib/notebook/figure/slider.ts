import { requireInteger } from "../../validate";
import { requireSome } from "./check";
import { describe, sentences } from "./describe";
import type { FigureSpec, Layout, Plot } from "./spec";

/** One position of a slider. */
export interface SliderStep {
  /** What the slider says at this position, such as a number of queries. */
  label: string | number;
  /** What it shows, made with `figureSpec`. */
  figure: FigureSpec;
}

export interface SliderOptions {
  /** What the reader moves, such as "flipped labels". */
  title: string;
  /** The position shown first and in the static picture, from 0; the last one if not given. */
  start?: number;
}

/** What may differ from step to step in a layout; the rest, such as ranges, is that of the step at `start`. */
const CHANGING = ["title", "annotations", "images", "shapes"] as const;
const SLIDER_HEIGHT = 74;

function changes(layout: Layout, layouts: readonly Layout[]): Record<string, unknown> {
  const differing = CHANGING.filter((key) =>
    new Set(layouts.map((one) => JSON.stringify(one[key] ?? null))).size > 1);
  return Object.fromEntries(differing.map((key) => [key, layout[key] ?? (key === "title" ? { text: "" } : [])]));
}

/**
 * The figure that `figure.slider` shows: the traces of all steps, of which the slider makes one step's visible. It
 * works without the kernel and without a network.
 *
 * @throws {RangeError} If there is no step, a step has no traces, or `start` is no position.
 */
export function slider(steps: readonly SliderStep[], { title, start = steps.length - 1 }: SliderOptions): FigureSpec {
  requireSome("slider", "steps", steps);
  requireInteger("slider", "start", start, 0, steps.length - 1);
  for (const { label, figure } of steps) requireSome("slider", `traces of step ${label}`, figure.data);
  const owners = steps.flatMap(({ figure }, i) => figure.data.map(() => i));
  const layouts = steps.map(({ figure }) => figure.layout);
  const { layout } = steps[start].figure;
  const bottom = layout.margin?.b ?? 56;
  return {
    alt: sentences([
      `Slider over ${title}, ${steps.length} positions from ${steps[0].label} to ${steps[steps.length - 1].label}`,
      `Shown at ${steps[start].label}: ${describe({ ...steps[start].figure, layout: {} })}`,
    ]),
    data: steps.flatMap(({ figure }, i) => figure.data.map((one) => ({ ...one, visible: i === start }) as Plot)),
    layout: {
      ...layout,
      height: (layout.height ?? 420) + SLIDER_HEIGHT,
      margin: { ...layout.margin, b: bottom + SLIDER_HEIGHT },
      sliders: [{
        active: start, pad: { t: bottom, b: 8 }, len: 1, x: 0,
        currentvalue: { prefix: `${title}: `, font: { size: 14 } },
        steps: steps.map(({ label }, i) => ({
          label: String(label), method: "update",
          args: [{ visible: owners.map((owner) => owner === i) }, changes(layouts[i], layouts)],
        })),
      }],
    } as Layout,
    still: steps[start].figure.still ?? { data: steps[start].figure.data, layout },
  };
}
