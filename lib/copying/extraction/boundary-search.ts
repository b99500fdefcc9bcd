import type { ReluNetwork } from "../../classifiers/neural/relu-network";
import { norm } from "../../math/linear-algebra";
import { matrix } from "../../matrix";
import type { Rng } from "../../random";
import type { BoundaryWalk, Facet } from "./boundary-walk";
import { scatter, type Cube } from "./cube";
import type { Ridge } from "./facet-model";
import { on, unitBeside, type Line } from "./line";

/** Two facets are the same where their normals and offsets differ by less. */
const SAME_FACET = 1e-6;

/** A ridge that stays the only one of its unit after so many tries may be a mistake. */
const MOST_TRIES = 8;

/** Facets looked for where a check failed, at most, each time. */
const MOST_LOOKS = 3;

/** How far beside a copy's own boundary it is checked, as a share of a line's length. */
const CHECK_GAP = 1e-6;

const between = (a: Float64Array, b: Float64Array): Line =>
  ({ start: a, direction: b.map((value, j) => value - a[j]) });

/** Where a network's own score changes its sign on lines from t = 0 to 1 whose ends differ; shape [n]. */
function ownCrossings(network: ReluNetwork, lines: readonly Line[]): Float64Array {
  const lows = new Float64Array(lines.length);
  const highs = new Float64Array(lines.length).fill(1);
  const first = signsOf(network, lines.map(({ start }) => start));
  for (let step = 0; step < 50; step++) {
    const middles = lows.map((low, k) => low / 2 + highs[k] / 2);
    const signs = signsOf(network, lines.map((line, k) => on(line, middles[k])));
    signs.forEach((sign, k) => ((sign === first[k] ? lows : highs)[k] = middles[k]));
  }
  return lows;
}

function signsOf(network: ReluNetwork, points: readonly Float64Array[]): Int8Array {
  const d = network.numFeatures;
  const U = matrix(new Float64Array(points.length * d), [points.length, d]);
  points.forEach((point, i) => U.data.set(point, i * d));
  return Int8Array.from(network.decisionFunction(U).data, (score) => (score > 0 ? 1 : -1));
}

/** All that is known of a boundary, and where to go next. */
export class BoundarySearch {
  readonly facets: Facet[] = [];
  readonly ridges: Ridge[] = [];
  walks = 0;
  readonly #tries = new Map<Ridge, number>();
  readonly #walked: number[] = [];

  constructor(readonly walk: BoundaryWalk, readonly cube: Cube, readonly reach: number, readonly rng: Rng) {}

  /** Ridges that were followed so often that they may be mistakes. */
  get doubted(): Set<Ridge> {
    return new Set(this.ridges.filter((ridge) => (this.#tries.get(ridge) ?? 0) >= MOST_TRIES));
  }

  /** Goes from the facet that was left least often in a random direction, or on along one of some ridges. */
  async go(ridges: readonly Ridge[]): Promise<void> {
    const { rng, walk } = this;
    if (ridges.length && rng.integer(2)) return this.#follow(ridges[rng.integer(ridges.length)]);
    const least = this.#walked.reduce((a, b) => Math.min(a, b));
    const open = [...this.#walked.keys()].filter((f) => this.#walked[f] === least);
    const from = open[rng.integer(open.length)];
    const within = walk.basis.length > 1 && rng.integer(4) ? "basis" : "cube";
    await this.#step(from, this.facets[from].point, walk.direction(within));
  }

  /** Follows a ridge until a unit turns that neither of its facets ends at, and crosses it there once more. */
  async #follow(ridge: Ridge): Promise<void> {
    const { facets, walk, rng } = this;
    this.#tries.set(ridge, (this.#tries.get(ridge) ?? 0) + 1);
    const [from, to] = rng.integer(2) ? [ridge.from, ridge.to] : [ridge.to, ridge.from];
    const across = between(facets[from].point, ridge.point);
    const normals = [facets[from].normal, unitBeside(facets[to].normal, [facets[from].normal])];
    const way = normals[1] && unitBeside(walk.direction("basis"), normals as Float64Array[]);
    const next = way && (await this.#step(from, on(across, 0.9), way));
    if (next) await this.#step(this.#add(next), next.point, across.direction);
  }

  /** One walk; the facet that it ends at, if that is another. */
  async #step(from: number, start: Float64Array, direction: Float64Array): Promise<Facet | null> {
    this.walks++;
    this.#walked[from]++;
    const bend = await this.walk.walk(this.facets[from], start, direction, this.reach);
    const to = bend ? this.#add(bend.facet) : from;
    if (!bend || to === from) return null;
    const isKnown = this.ridges.some((one) => [one.from, one.to].includes(from) && [one.from, one.to].includes(to));
    if (bend.ridge && !isKnown) this.ridges.push({ from, to, point: bend.ridge });
    return bend.facet;
  }

  /** The position of a facet, new or known; of two measurements the wider is kept. */
  #add(facet: Facet): number {
    const known = this.facets.findIndex(({ normal, offset }) =>
      Math.abs(offset - facet.offset) < SAME_FACET * (1 + Math.abs(offset)) &&
      normal.every((w, j) => Math.abs(w - facet.normal[j]) < SAME_FACET));
    if (known < 0) {
      this.#walked.push(0);
      return this.facets.push(facet) - 1;
    }
    if (facet.room > this.facets[known].room) this.facets[known] = facet;
    return known;
  }

  /** Measures the facet that a line crosses between two places. */
  async look(line: Line, low: number, high: number): Promise<void> {
    const t = await this.walk.signs.change((one) => on(line, one), low, high);
    if (t === null) return;
    const length = norm(line.direction);
    const facet = await this.walk.measure(on(line, t), line.direction.map((value) => value / length), 1);
    if (facet) this.#add(facet);
  }

  /**
   * Whether random points have the signs that a network gives them, and points just beside its own boundary too. Where
   * they do not, the facets there are measured.
   */
  async answersAlike(network: ReluNetwork, checks: number): Promise<boolean> {
    const points = Array.from({ length: checks }, (_, k) => scatter(this.cube, 2 ** (k % 4), this.rng));
    const own = signsOf(network, points);
    const seen = await this.walk.signs.at(points);
    const lines: Line[] = [];
    const wrong: (() => Promise<void>)[] = [];
    points.forEach((point, k) => {
      const other = points.findIndex((_, l) => l !== k && seen[l] === own[l] && seen[l] !== seen[k]);
      if (other < 0) return;
      const line = between(point, points[other]);
      if (own[k] === seen[k]) lines.push(line);
      else wrong.push(() => this.look(line, 0, 1));
    });
    const ts = ownCrossings(network, lines);
    const sides = await this.walk.signs.at(lines.flatMap((line, k) =>
      [on(line, ts[k] - CHECK_GAP), on(line, ts[k] + CHECK_GAP)]));
    const starts = signsOf(network, lines.map(({ start }) => start));
    lines.forEach((line, k) => {
      const [isEarly, isLate] = [sides[2 * k] !== starts[k], sides[2 * k + 1] === starts[k]];
      if (isEarly) wrong.push(() => this.look(line, 0, ts[k]));
      else if (isLate) wrong.push(() => this.look(line, ts[k], 1));
    });
    for (const look of wrong.slice(0, MOST_LOOKS)) await look();
    return !wrong.length && own.every((sign, k) => sign === seen[k]);
  }
}
