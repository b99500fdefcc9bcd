import type { ReluNetwork } from "../../classifiers/neural/relu-network";
import { reluNetwork } from "../../classifiers/neural/relu-network";
import { norm } from "../../math/linear-algebra";
import type { Rng } from "../../random";
import { requireInteger, requirePositive } from "../../validate";
import type { BlackBox } from "../black-box";
import { requireNumericRanges, type NumericRange } from "../ranges";
import { BoundaryWalk, unitBeside, type Facet } from "./boundary-walk";
import { Cube } from "./cube";
import { assemble, type FacetModel, type Ridge } from "./facet-model";
import { LabelSigns, on, scatter, type Line } from "./label-signs";
import { networkOf, sided, type Unit } from "./relu-units";
import { matrix } from "../../matrix";

export interface ExtractReluFromLabelsOptions {
  ranges: readonly NumericRange[];
  reach?: number;
  halvings?: number;
  checks?: number;
  mostWalks?: number;
  rng: Rng;
  onProgress?: (progress: { spent: number; facets: number; units: number; walks: number }) => void;
}

export interface ExtractedReluFromLabels {
  readonly network: ReluNetwork;
  readonly spent: number;
  readonly units: number;
  readonly extraUnits: number;
  readonly facets: number;
  readonly walks: number;
  readonly complete: boolean;
}

class Search {
  readonly facets: Facet[] = [];
  readonly ridges: Ridge[] = [];
  readonly walked: number[] = [];
  walks = 0;
  constructor(readonly walk: BoundaryWalk, readonly cube: Cube, readonly reach: number, readonly rng: Rng) {}

  /** Position of a facet, new or known. */
  add(facet: Facet): number {
    const known = this.facets.findIndex(({ normal, offset }) =>
      Math.abs(offset - facet.offset) < 1e-6 * (1 + Math.abs(offset)) && normal.every((w, j) => Math.abs(w - facet.normal[j]) < 1e-6));
    if (known < 0) {
      this.walked.push(0);
      return this.facets.push(facet) - 1;
    }
    if (facet.room > this.facets[known].room) this.facets[known] = facet;
    return known;
  }

  async step(from: number, start: Float64Array, direction: Float64Array): Promise<Facet | null> {
    this.walks++;
    this.walked[from]++;
    const bend = await this.walk.walk(this.facets[from], start, direction, this.reach);
    if (!bend) return null;
    const to = this.add(bend.facet);
    if (to === from) return null;
    const known = this.ridges.some((r) => (r.from === from && r.to === to) || (r.from === to && r.to === from));
    if (bend.ridge && !known) this.ridges.push({ from, to, point: bend.ridge });
    return bend.facet;
  }

  async random(): Promise<void> {
    const least = Math.min(...this.walked);
    const all = [...this.walked.keys()].filter((f) => this.walked[f] === least);
    const f = all[this.rng.integer(all.length)];
    const within = this.walk.basis.length > 1 && this.rng.integer(4) ? "basis" : "cube";
    await this.step(f, this.facets[f].point, this.walk.direction(within));
  }

  async along({ from, to, point }: Ridge): Promise<void> {
    const { facets, walk } = this;
    const towards = point.map((value, j) => value - facets[from].point[j]);
    const start = on({ start: facets[from].point, direction: towards }, 0.9);
    const second = unitBeside(facets[to].normal, [facets[from].normal]);
    const direction = second && unitBeside(walk.direction("basis"), [facets[from].normal, second]);
    if (!direction) return;
    const next = await this.step(from, start, direction);
    if (next) await this.step(this.add(next), next.point, towards);
  }

  async look(line: Line, low: number, high: number): Promise<void> {
    const found = await this.walk.signs.crossings([line], low, high);
    if (!found) return;
    const length = norm(line.direction);
    const facet = await this.walk.measure(on(line, found.ts[0]), line.direction.map((v) => v / length), 1);
    if (facet) this.add(facet);
  }

  async surprises(network: ReluNetwork, checks: number): Promise<number> {
    const { walk: { signs }, cube, rng } = this;
    const points = Array.from({ length: checks }, (_, k) => scatter(cube, 2 ** (k % 4), rng));
    const predicted = signsOf(network, points);
    const seen = await signs.at(points);
    const lines: Line[] = [];
    let wrong = 0;
    for (let k = 0; k < checks; k++) {
      const other = seen.findIndex((sign, l) => sign !== seen[k] && predicted[l] === sign && l > k);
      if (other < 0) continue;
      const line = { start: points[k], direction: points[other].map((value, j) => value - points[k][j]) };
      if (predicted[k] === seen[k]) lines.push(line);
      else if (wrong++ < 3) await this.look(line, 0, 1);
    }
    if (!lines.length) return wrong;
    const ts = ownCrossings(network, lines);
    const sides = await signs.at(lines.flatMap((line, k) => [on(line, ts[k] - 1e-6), on(line, ts[k] + 1e-6)]));
    const starts = signsOf(network, lines.map(({ start }) => start));
    for (let k = 0; k < lines.length; k++) {
      if (sides[2 * k] === starts[k] && sides[2 * k + 1] === -starts[k]) continue;
      if (wrong++ >= 3) continue;
      if (sides[2 * k] === starts[k]) await this.look(lines[k], ts[k], 1);
      else await this.look(lines[k], 0, ts[k]);
    }
    return wrong;
  }
}

function signsOf(network: ReluNetwork, points: readonly Float64Array[]): Int8Array {
  const U = matrix(new Float64Array(points.length * network.numFeatures), [points.length, network.numFeatures]);
  points.forEach((point, i) => U.data.set(point, i * network.numFeatures));
  return Int8Array.from(network.decisionFunction(U).data, (score) => (score > 0 ? 1 : -1));
}

function ownCrossings(network: ReluNetwork, lines: readonly Line[]): Float64Array {
  const lows = new Float64Array(lines.length);
  const highs = new Float64Array(lines.length).fill(1);
  const first = signsOf(network, lines.map(({ start }) => start));
  for (let step = 0; step < 50; step++) {
    const signs = signsOf(network, lines.map((line, k) => on(line, (lows[k] + highs[k]) / 2)));
    signs.forEach((sign, k) => ((sign === first[k] ? lows : highs)[k] = (lows[k] + highs[k]) / 2));
  }
  return lows;
}

/** A model of the basis, as one of the cube. */
const expanded = ({ sign, weights, bias }: Unit, basis: readonly Float64Array[]): Unit => ({
  sign, bias, weights: basis[0].map((_, j) => basis.reduce((sum, one, b) => sum + weights[b] * one[j], 0)),
});

function modelOf({ units, rest }: FacetModel, basis: readonly Float64Array[]) {
  const right = sided(units, rest);
  const straight = expanded({ sign: 1, weights: right.rest.slope, bias: right.rest.constant }, basis);
  return { units: right.units.map((unit) => expanded(unit, basis)), rest: { slope: straight.weights, constant: straight.bias } };
}

const turned = ({ from, to, point }: Ridge, rng: Rng): Ridge =>
  (rng.integer(2) ? { from: to, to: from, point } : { from, to, point });

export async function extractReluFromLabels(
  blackBox: Pick<BlackBox, "query">, options: ExtractReluFromLabelsOptions,
): Promise<ExtractedReluFromLabels> {
  const { ranges, reach = 10, halvings = 50, checks = 200, mostWalks = 1000, rng, onProgress } = options;
  const fn = "extractReluFromLabels";
  requireNumericRanges(fn, ranges);
  requirePositive(fn, "reach", reach);
  requireInteger(fn, "halvings", halvings, 1);
  requireInteger(fn, "checks", checks, 1);
  requireInteger(fn, "mostWalks", mostWalks, 1);
  const cube = new Cube(ranges);
  const signs = new LabelSigns(blackBox, cube, halvings);
  const walk = new BoundaryWalk(signs, cube, rng);
  const search = new Search(walk, cube, reach * Math.sqrt(ranges.length), rng);
  await search.look(await signs.firstLine(rng, reach), 0, 1);
  let complete = false;
  let own: FacetModel = { units: [], rest: { slope: new Float64Array(ranges.length), constant: 0 } };
  let tried = 0;
  while (search.facets.length) {
    const found = assemble(search.facets, search.ridges, walk.basis);
    const size = search.facets.length;
    if (found.model && size !== tried) {
      own = modelOf(found.model, walk.basis);
      tried = size;
      complete = (await search.surprises(networkOf(own.units, own.rest), checks)) === 0;
    }
    if (process.env.D) { const { layers: [h] } = (globalThis as any).net; const pat = (f: Facet) => [...h.biases].map((b: number, k) => (b + f.point.reduce((t, v, j) => t + (0.5 + v / 2) * h.weights.data[k * f.point.length + j], 0) > 0 ? k + 1 : '')).join(''); console.log(walk.basis.length, search.ridges.map((r) => `${pat(search.facets[r.from])}-${pat(search.facets[r.to])}`).join(' '), '|', found.single.map((r) => `${pat(search.facets[r.from])}-${pat(search.facets[r.to])}`).join(' '), '|', search.facets.map((f) => `${pat(f)}:${search.walked[search.facets.indexOf(f)]}:${f.room.toExponential(0)}`).join(' ')); }
    onProgress?.({ spent: signs.spent, facets: size, units: found.model?.units.length ?? 0, walks: search.walks });
    if (complete || search.walks >= mostWalks) break;
    const { single } = found;
    if (single.length && rng.integer(2)) await search.along(turned(single[rng.integer(single.length)], rng));
    else await search.random();
  }
  const affine = cube.affineOf(own.rest);
  const { layers } = networkOf(own.units.map((unit) => cube.unitOf(unit)), affine);
  return {
    network: reluNetwork(layers, Int32Array.from(signs.labels)), spent: signs.spent, units: own.units.length,
    extraUnits: affine.slope.some((v) => v !== 0) ? 2 : 0, facets: search.facets.length, walks: search.walks, complete,
  };
}
