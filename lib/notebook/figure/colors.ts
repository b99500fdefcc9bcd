/** Colours of figures: which there are, which label has which, and what can be read on them. */

/**
 * Ten colours that people with any kind of colour blindness can tell apart, each with a contrast of at least 3 to a
 * white page and to a dark one (#111111).
 */
export const palette: readonly string[] = [
  "#0072B2", "#D07F00", "#009E73", "#AA3377", "#6A5CFF", "#995522", "#FF3366", "#4499AA", "#0088FF", "#808080",
];

/** Marker shapes, so that classes differ by more than colour. */
export const symbols: readonly string[] = [
  "circle", "diamond", "square", "triangle-up", "cross", "star", "triangle-down", "pentagon", "x", "hexagon",
];

/** i modulo n, at least 0: labels may be negative. */
export const wrap = (i: number, n: number): number => ((i % n) + n) % n;

/** The colour of the i-th class; starts over after the last. */
export const colorOf = (i: number): string => palette[wrap(i, palette.length)];

/** What carries a name in a figure, and maybe a colour of its own. */
export interface Named {
  name: string;
  color?: string;
}

const given = new Map<string, number>();

/**
 * Places in the palette for the series of one figure: a name that has had one keeps it, so that a thing has one colour
 * in all figures of a session; a new name gets the first that is free here.
 */
export function placesFor(series: readonly Named[]): number[] {
  const taken = new Set(series.flatMap(({ color }) => (color ? [palette.indexOf(color)] : [])));
  const places = series.map(({ name, color }) => {
    const known = color ? palette.indexOf(color) : given.get(name);
    if (known === undefined || (!color && taken.has(known))) return undefined;
    taken.add(known);
    return known;
  });
  return places.map((place, i) => {
    if (place !== undefined && place >= 0) return place;
    const free = palette.findIndex((_, k) => !taken.has(k));
    const chosen = free < 0 ? i % palette.length : free;
    if (series[i].color === undefined) {
      taken.add(chosen);
      if (!given.has(series[i].name)) given.set(series[i].name, chosen);
    }
    return chosen;
  });
}

/** Red, green and blue of #rrggbb, each in [0, 255]. */
export function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/** A colour of the palette made transparent; alpha in [0, 1]. */
export function tint(color: string, alpha: number): string {
  return `rgba(${channelsOf(color).join(",")},${alpha})`;
}

/** Relative luminance of #rrggbb, in [0, 1]. */
function luminance(color: string): number {
  const [r, g, b] = channelsOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Contrast of two colours given as #rrggbb, from 1 to 21.
 *
 * @see WCAG 2.2, "contrast ratio"; text needs 4.5, the parts of a figure 3.
 */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((p, q) => p - q);
  return (light + 0.05) / (dark + 0.05);
}

/** What text needs, see `contrast`. */
const READABLE = 4.5;

/** The colour of text on a colour: white where it can be read, else black, which then can. */
export const inkOn = (color: string): string => (contrast(color, "#FFFFFF") >= READABLE ? "#FFFFFF" : "#000000");

/** Colours by place in [0, 1], ascending. */
export type ColorScale = [number, string][];

/** Sequential colours from white to dark blue, even in brightness. */
export const sequentialScale: ColorScale = [
  [0, "#F7FBFF"], [0.15, "#DCE9F5"], [0.35, "#A6CBE3"], [0.6, "#5A9BCB"], [0.8, "#2171B5"], [1, "#08306B"],
];

/** Diverging colours around a neutral middle: orange below, blue above. */
export const divergingScale: ColorScale = [
  [0, "#B35806"], [0.25, "#F1A340"], [0.5, "#F7F7F7"], [0.75, "#67A9CF"], [1, "#053061"],
];

/** The colour at a place of a scale; places outside [0, 1] get that of the nearest end. */
export function colorAt(scale: ColorScale, place: number): string {
  const above = scale.findIndex(([at]) => at >= place);
  if (above === 0) return scale[0][1];
  if (above < 0) return scale[scale.length - 1][1];
  const [[from, low], [to, high]] = [scale[above - 1], scale[above]];
  const share = (place - from) / (to - from);
  const [a, b] = [channelsOf(low), channelsOf(high)];
  const mixed = a.map((channel, k) => Math.round(channel + share * (b[k] - channel)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
