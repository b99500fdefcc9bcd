import { requireInRange, requirePositive } from "../../../validate";
import { formatNumber } from "../../format";
import type { FigureSpec } from "../spec";
import { type Point, arrow, blue, circle, drawing, ink, orange, quiet, words } from "./board";

export interface NoiseSphereOptions {
  /** Distance of the two images on a sphere of radius 1, in (0, 2]; √2 if not given: nothing in common. */
  sensitivity?: number;
  /** Standard deviation of the noise, above 0; 0.3 if not given. */
  sigma?: number;
}

const RADIUS = 130;
const CENTER: Point = [210, 190];

/**
 * The drawing that `figure.drawing.noiseSphere` shows: images of norm 1 lie on a sphere, replacing one moves the data
 * by at most the sensitivity, and noise must be wide enough that its clouds overlap.
 *
 * @throws {RangeError} If `sensitivity` is not in (0, 2], or `sigma` is not above 0.
 * @example
 * const spec = figureSpec.drawing.noiseSphere({ sensitivity: Math.SQRT2, sigma: 0.3 });
 */
export function noiseSphere({ sensitivity = Math.SQRT2, sigma = 0.3 }: NoiseSphereOptions = {}): FigureSpec {
  requirePositive("drawing.noiseSphere", "sensitivity", sensitivity);
  requireInRange("drawing.noiseSphere", "sensitivity", sensitivity, 0, 2);
  requirePositive("drawing.noiseSphere", "sigma", sigma);
  const half = Math.asin(sensitivity / 2);
  const [a, b] = [-half, half].map((turn): Point =>
    [CENTER[0] + RADIUS * Math.sin(turn), CENTER[1] - RADIUS * Math.cos(turn)]);
  const [distance, noise] = [sensitivity, sigma].map((value) => formatNumber(value));
  const alt = `Drawing. A circle of radius 1, on which all images lie. Two images on it are ${distance} apart, the `
    + `sensitivity. Around each a cloud of noise of standard deviation ${noise}.`;
  const side = 390;
  return drawing([760, 380], alt, [
    circle(CENTER, RADIUS, quiet, 0, "dot"),
    ...[1, 2].flatMap((times) => [
      circle(a, times * sigma * RADIUS, blue, 0.14), circle(b, times * sigma * RADIUS, orange, 0.14),
    ]),
    arrow(a, b, ink, "both"),
    circle(a, 5, blue, 1), circle(b, 5, orange, 1), circle(CENTER, 2, quiet, 1),
    words([CENTER[0], CENTER[1] + 22], "radius 1", { size: 13, color: quiet }),
    words([side, 70], "<b>sphere</b>: every image is scaled to norm 1", { anchor: "left" }),
    words([side, 120], "one person's image: <b>blue</b> or <b>orange</b>", { anchor: "left" }),
    words([side, 170], `<b>sensitivity</b> Δ = ${distance}: how far apart they can be`, { anchor: "left" }),
    words([side, 220], `<b>noise</b> σ = ${noise}: the clouds, one and two σ wide`, { anchor: "left" }),
    words([side, 280], `what counts is σ / Δ = ${formatNumber(sigma / sensitivity)}: where the clouds<br>overlap, `
      + "nobody can tell whose image it was", { anchor: "left" }),
  ]);
}
