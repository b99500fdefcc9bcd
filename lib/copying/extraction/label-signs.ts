import { throwIfInterrupted } from "../../interrupt";
import { matrix } from "../../matrix";
import type { Rng } from "../../random";
import type { BlackBox } from "../black-box";
import { scatter, type Cube } from "./cube";
import type { Line } from "./line";

/** Where lines leave one label for the other. */
export interface Crossings {
  /** One number a line. */
  readonly ts: Float64Array;
  /** The sign beyond, the same for all lines. */
  readonly sign: number;
}

/** A black box of two labels as the sign of a score: −1 for the smaller label, 1 for the larger. */
export class LabelSigns {
  spent = 0;
  /** The two labels, ascending, once both were seen. */
  labels: readonly number[] = [];
  readonly #box: Pick<BlackBox, "query">;
  readonly #cube: Cube;
  readonly #halvings: number;

  constructor(box: Pick<BlackBox, "query">, cube: Cube, halvings: number) {
    this.#box = box;
    this.#cube = cube;
    this.#halvings = halvings;
  }

  async #ask(lines: readonly Line[], ts: ArrayLike<number>): Promise<Int32Array> {
    throwIfInterrupted();
    const { middle, half } = this.#cube;
    const [n, d] = [lines.length, half.length];
    const X = matrix(new Float64Array(n * d), [n, d]);
    for (let i = 0, p = 0; i < n; i++) {
      const { start, direction } = lines[i];
      for (let j = 0; j < d; j++, p++) X.data[p] = middle[j] + half[j] * (start[j] + ts[i] * direction[j]);
    }
    this.spent += n;
    return this.#box.query(X);
  }

  /** The signs at points; shape [n]. */
  at(points: readonly Float64Array[]): Promise<Int8Array> {
    return this.along(points.map(still), new Float64Array(points.length));
  }

  /** The signs at one point of each line; shape [n]. */
  async along(lines: readonly Line[], ts: ArrayLike<number>): Promise<Int8Array> {
    const labels = await this.#ask(lines, ts);
    const [low, high] = this.labels;
    return Int8Array.from(labels, (label) => {
      if (label !== low && label !== high)
        throw new RangeError(`extractReluFromLabels: labels must be two, got ${low}, ${high} and ${label}`);
      return label === high ? 1 : -1;
    });
  }

  /** A line from one label to the other between random points, drawn ever further from the middle; t from 0 to 1. */
  async firstLine(rng: Rng, reach: number): Promise<Line> {
    let [asked, label] = [0, 0];
    for (let size = 1; size <= reach; size *= 2) {
      const points = Array.from({ length: DRAWN_AT_ONCE }, () => scatter(this.#cube, size, rng));
      const labels = await this.#ask(points.map(still), new Float64Array(points.length));
      asked += points.length;
      label = labels[0];
      const other = labels.findIndex((one) => one !== label);
      if (other < 0) continue;
      this.labels = [label, labels[other]].sort((a, b) => a - b);
      return { start: points[0], direction: points[other].map((value, j) => value - points[0][j]) };
    }
    throw new RangeError(`extractReluFromLabels: both labels must be met, got ${label} for all of ${asked} rows`);
  }

  /** The sign change of each line by halving; null where one has none, or turns the other way than the rest. */
  async crossings(lines: readonly Line[], low: number, high: number): Promise<Crossings | null> {
    const first = await this.along(lines, new Float64Array(lines.length).fill(low));
    const last = await this.along(lines, new Float64Array(lines.length).fill(high));
    if (last.some((sign, i) => sign === first[i] || sign !== last[0])) return null;
    const lows = new Float64Array(lines.length).fill(low);
    const highs = new Float64Array(lines.length).fill(high);
    const middles = new Float64Array(lines.length);
    for (let step = 0; step < this.#halvings; step++) {
      lows.forEach((one, i) => (middles[i] = one / 2 + highs[i] / 2));
      const signs = await this.along(lines, middles);
      signs.forEach((sign, i) => {
        if (sign === first[i]) lows[i] = middles[i];
        else highs[i] = middles[i];
      });
    }
    return { ts: lows.map((one, i) => one / 2 + highs[i] / 2), sign: last[0] };
  }

  /** Where the sign changes along a curve, by halving; null where its ends have the same. */
  async change(curve: (t: number) => Float64Array, low: number, high: number): Promise<number | null> {
    const [first, last] = await this.at([curve(low), curve(high)]);
    if (first === last) return null;
    for (let step = 0; step < this.#halvings; step++) {
      const middle = low / 2 + high / 2;
      const [sign] = await this.at([curve(middle)]);
      if (sign === first) low = middle;
      else high = middle;
    }
    return low / 2 + high / 2;
  }
}

const still = (start: Float64Array): Line => ({ start, direction: start });

const DRAWN_AT_ONCE = 64;
