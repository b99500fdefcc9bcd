import { addScaled, dot, norm } from "../../math/linear-algebra";
import type { Rng } from "../../random";
import type { Cube } from "./cube";
import type { Crossings, LabelSigns } from "./label-signs";
import { on, unitBeside, type Line } from "./line";

/** A flat piece of a decision boundary: normal · u + offset = 0. */
export interface Facet {
  /** A point of it, well inside. */
  readonly point: Float64Array;
  /** Of length 1, towards the larger label. */
  readonly normal: Float64Array;
  readonly offset: number;
  /** How far from the point the boundary was seen to be flat. */
  readonly room: number;
}

/** Where a walk along one facet meets the next. */
export interface Bend {
  readonly facet: Facet;
  /** The place on the ridge between the two, or null where something else may lie between. */
  readonly ridge: Float64Array | null;
}

/** A facet's points deviate from what was measured by less than this share of the way from its point. */
const SLACK = 1e-6;

/** A facet that is smaller than this share of where it was looked for is given up. */
const LEAST_SHARE = 1e-5;

const scaled = (v: Float64Array, factor: number): Float64Array => v.map((value) => factor * value);

/** Measures the facets of a boundary, and walks from one to the next. */
export class BoundaryWalk {
  /** Directions of length 1, at right angles, in which all normals lie that were measured. */
  readonly basis: Float64Array[] = [];
  readonly signs: LabelSigns;
  readonly #cube: Cube;
  readonly #rng: Rng;

  constructor(signs: LabelSigns, cube: Cube, rng: Rng) {
    this.signs = signs;
    this.#cube = cube;
    this.#rng = rng;
  }

  /** A random direction of length 1: of the whole cube, or of the basis only. */
  direction(within: "cube" | "basis"): Float64Array {
    const { half } = this.#cube;
    const drawn = within === "cube"
      ? half.map((one) => (one > 0 ? this.#rng.normal() : 0))
      : this.basis.reduce((sum, one) => addScaled(sum, this.#rng.normal(), one), new Float64Array(half.length));
    return scaled(drawn, 1 / norm(drawn));
  }

  /** The facet at a boundary point, by lines in a direction that crosses the boundary; null where none is flat. */
  async measure(point: Float64Array, across: Float64Array, room: number): Promise<Facet | null> {
    for (let size = room; size >= LEAST_SHARE * room; size /= 4) {
      const facet = await this.#measureWithin(point, across, size);
      if (facet) return facet;
    }
    return null;
  }

  /** Crossings of parallel lines, looked for ever further away. */
  async #crossings(starts: readonly Float64Array[], direction: Float64Array, size: number): Promise<Crossings | null> {
    const lines = starts.map((start): Line => ({ start, direction }));
    for (const far of [4, 32, 256]) {
      const found = await this.signs.crossings(lines, -far * size, far * size);
      if (found) return found;
    }
    return null;
  }

  async #measureWithin(point: Float64Array, across: Float64Array, size: number): Promise<Facet | null> {
    const beside = [0, 1].map(() => unitBeside(this.direction("cube"), this.basis)).filter((one) => one !== null);
    const probes = [...this.basis, ...(beside as Float64Array[])];
    const starts = probes.flatMap((probe) => [addScaled(point, size, probe), addScaled(point, -size, probe)]);
    const found = await this.#crossings(starts, across, size);
    if (!found) return null;
    const slopes = probes.map((_, k) => (found.ts[2 * k + 1] - found.ts[2 * k]) / (2 * size));
    const bent = probes.some((_, k) => Math.abs(found.ts[2 * k] + found.ts[2 * k + 1]) > SLACK * size * 1e-2);
    if (bent) return null;
    const known = this.basis.length;
    const isNew = slopes.slice(known).some((slope) => Math.abs(slope) > SLACK * Math.max(1e-3, norm(slopes)));
    const gradient = isNew
      ? await this.#gradient(point, across, size / 4)
      : this.basis.reduce((sum, one, k) => addScaled(sum, slopes[k], one), new Float64Array(point.length));
    if (!gradient) return null;
    const normal = scaled(gradient, found.sign / norm(gradient));
    const facet = { point, normal, offset: -dot(normal, point), room: size };
    if (!(await this.#isFlat(facet))) return null;
    const added = isNew ? unitBeside(normal, this.basis) : null;
    if (added) this.basis.push(added);
    return facet;
  }

  /** The slopes in all features, where `across` has slope 1; d lines. */
  async #gradient(point: Float64Array, across: Float64Array, size: number): Promise<Float64Array | null> {
    const varying = [...this.#cube.half.keys()].filter((j) => this.#cube.half[j] > 0);
    const starts = varying.map((j) => {
      const start = point.slice();
      start[j] += size;
      return start;
    });
    const found = await this.#crossings(starts, across, size);
    if (!found) return null;
    const gradient = new Float64Array(point.length);
    varying.forEach((j, k) => (gradient[j] = -found.ts[k] / size));
    return gradient;
  }

  /** Whether labels change at a facet's plane in random directions too. */
  async #isFlat(facet: Facet): Promise<boolean> {
    const around = ["cube", "cube", "basis", "basis"] as const;
    const points = around.slice(0, this.basis.length > 1 ? 4 : 2).flatMap((within) => {
      const way = unitBeside(this.direction(within), [facet.normal]);
      return way ? [addScaled(facet.point, facet.room, way)] : [];
    });
    return (await this.#holds(facet, points, facet.room)).every(Boolean);
  }

  /** Whether labels change at a facet's plane, at points of the plane a given way from the facet's own point. */
  async #holds({ normal }: Facet, points: readonly Float64Array[], way: number): Promise<boolean[]> {
    const step = SLACK * way;
    const sides = points.flatMap((point) => [addScaled(point, step, normal), addScaled(point, -step, normal)]);
    const signs = await this.signs.at(sides);
    return points.map((_, i) => signs[2 * i] === 1 && signs[2 * i + 1] === -1);
  }

  /** Follows a facet from one of its points until it bends, and measures what comes next; null if nothing does. */
  async walk(from: Facet, start: Float64Array, towards: Float64Array, reach: number): Promise<Bend | null> {
    const direction = unitBeside(towards, [from.normal]);
    if (!direction) return null;
    const line = { start, direction };
    const holds = async (t: number): Promise<boolean> =>
      (await this.#holds(from, [on(line, t)], Math.max(t, from.room)))[0];
    let [low, high] = [0, from.room / 8];
    while (await holds(high)) {
      if (high > reach) return null;
      [low, high] = [high, 2 * high];
    }
    for (let step = 0; step < 20; step++) {
      const middle = low / 2 + high / 2;
      if (await holds(middle)) low = middle;
      else high = middle;
    }
    let last: Bend | null = null;
    for (const share of [0.5, 0.1, 0.02, 0.004]) {
      const facet = await this.#beyond(from, { start: on(line, high), direction }, high * share);
      if (!facet) continue;
      const slope = dot(facet.normal, direction);
      const meets = -(dot(facet.normal, start) + facet.offset) / slope;
      const late = SLACK * Math.max(high, from.room) * (4 + 2 * Math.abs(dot(facet.normal, from.normal) / slope));
      if (Math.abs(meets - high) < late) return { facet, ridge: on(line, meets) };
      last = { facet, ridge: null };
    }
    return last;
  }

  /**
   * The facet on the other side of a ridge. A circle round the ridge meets the boundary twice: at the facet that one
   * comes from, and at the one looked for; labels say in which half.
   */
  async #beyond({ normal }: Facet, { start, direction }: Line, size: number): Promise<Facet | null> {
    const [ahead] = await this.signs.at([addScaled(start, size, direction)]);
    const way = (angle: number): Float64Array =>
      addScaled(scaled(direction, Math.cos(angle)), -ahead * Math.sin(angle), normal);
    const angle = await this.signs.change((one) => addScaled(start, size, way(one)), 0, Math.PI - 1e-3);
    return angle === null ? null : this.measure(addScaled(start, size, way(angle)), way(angle + Math.PI / 2), size / 2);
  }
}
