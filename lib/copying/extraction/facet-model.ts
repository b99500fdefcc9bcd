import { dot, leastSquares, norm, shortestDirection } from "../../math/linear-algebra";
import type { Facet } from "./boundary-walk";
import { beside } from "./line";
import type { Affine, Unit } from "./relu-units";

/** Where two facets meet, by their positions in the list. */
export interface Ridge {
  readonly from: number;
  readonly to: number;
  readonly point: Float64Array;
}

/** A boundary as that of a network: the sum of units and what is linear. */
export interface FacetModel {
  readonly units: readonly Unit[];
  readonly rest: Affine;
}

export interface Assembled {
  /** Null where facets do not make one yet. */
  readonly model: FacetModel | null;
  /** Ridges of a unit that no other ridge has shown yet. */
  readonly single: readonly Ridge[];
}

/** Two planes of directions share one where the angle between them is below this. */
const SAME = 1e-5;

const sumOf = (parts: readonly Float64Array[], shares: ArrayLike<number>): Float64Array =>
  parts[0].map((_, j) => parts.reduce((sum, part, k) => sum + shares[k] * part[j], 0));

function lengthOne(v: Float64Array): Float64Array {
  const length = norm(v);
  return v.map((value) => value / length);
}

/** Facets as functions: the normal in a basis, and the offset in units that make it of a normal's size. */
class Functions {
  readonly rows: readonly Float64Array[];
  readonly #points: readonly Float64Array[];
  readonly unit: number;

  constructor(facets: readonly Facet[], basis: readonly Float64Array[]) {
    this.unit = facets.reduce((most, { offset }) => Math.max(most, Math.abs(offset)), 1e-9);
    this.rows = facets.map(({ normal, offset }) =>
      lengthOne(Float64Array.from([...basis.map((one) => dot(one, normal)), offset / this.unit])));
    this.#points = facets.map(({ point }) => Float64Array.from([...basis.map((one) => dot(one, point)), this.unit]));
  }

  /** A function's value at a facet's own point. */
  at(row: Float64Array, facet: number): number {
    return dot(row, this.#points[facet]);
  }

  /** A plane of functions, by two at right angles. */
  plane({ from, to }: Ridge): Float64Array[] {
    return [this.rows[from], lengthOne(beside(beside(this.rows[to], [this.rows[from]]), [this.rows[from]]))];
  }

  affine(row: Float64Array): Affine {
    return { slope: row.slice(0, -1), constant: row[row.length - 1] * this.unit };
  }
}

/** The sine of the smallest angle between two planes. */
function smallestAngle(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  const [p, q] = b.map((one) => beside(one, a));
  const [pp, pq, qq] = [dot(p, p), dot(p, q), dot(q, q)];
  const larger = (pp + qq) / 2 + Math.hypot((pp - qq) / 2, pq);
  return larger > 0 ? Math.sqrt(Math.max(0, pp * qq - pq * pq) / larger) : 0;
}

/**
 * Ridges that belong to the same unit: a unit's own function lies in the plane of any two facets that it parts, so that
 * two such planes share a direction. Ridges with a facet in common always do, and say nothing.
 */
function ridgesByUnit(functions: Functions, ridges: readonly Ridge[]): Ridge[][] {
  const planes = ridges.map((ridge) => functions.plane(ridge));
  const group = ridges.map((_, k) => k);
  ridges.forEach((one, k) => ridges.slice(0, k).forEach((other, l) => {
    if (group[k] === group[l]) return;
    const shared = new Set([one.from, one.to, other.from, other.to]).size < 4;
    if (shared || smallestAngle(planes[k], planes[l]) > SAME) return;
    const [kept, gone] = [group[l], group[k]];
    group.forEach((own, m) => (group[m] = own === gone ? kept : own));
  }));
  return [...new Set(group)].map((own) => ridges.filter((_, k) => group[k] === own));
}

/** The function that the planes of several ridges share, of length 1. */
function sharedFunction(functions: Functions, ridges: readonly Ridge[]): Float64Array {
  const n = functions.rows[0].length;
  const axes = Array.from({ length: n }, (_, j) => new Float64Array(n).fill(1, j, j + 1));
  const rows = ridges.flatMap((ridge) => {
    const plane = functions.plane(ridge);
    return axes.map((axis) => beside(axis, plane));
  });
  return shortestDirection(rows, n);
}

/** Whether ridges hang together, by their facets and by their units. */
function hangTogether(groups: readonly (readonly Ridge[])[]): boolean {
  const [first, ...others] = groups;
  const facets = new Set(first.flatMap(({ from, to }) => [from, to]));
  let open = others;
  for (;;) {
    const met = open.filter((group) => group.some(({ from, to }) => facets.has(from) || facets.has(to)));
    if (!met.length) return !open.length;
    for (const { from, to } of met.flat()) facets.add(from).add(to);
    open = open.filter((group) => !met.includes(group));
  }
}

/** factor · max(0, row). */
function unitOf(functions: Functions, row: Float64Array, factor: number): Unit {
  const { slope, constant } = functions.affine(sumOf([row], [Math.abs(factor)]));
  return { sign: Math.sign(factor), weights: slope, bias: constant };
}

/** Factors of units, and the linear rest, so that on each facet the sum is a multiple of the facet's own function. */
function weighUnits(functions: Functions, units: readonly Float64Array[]): FacetModel | null {
  const n = functions.rows[0].length;
  const active = functions.rows.map((_, f) => units.map((unit) => Number(functions.at(unit, f) > 0)));
  const equations = functions.rows.flatMap((own, f) => Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n + units.length);
    for (let j = 0; j < n; j++) row[j] = Number(i === j) - own[i] * own[j];
    units.forEach((unit, u) => (row[n + u] = active[f][u] * (unit[i] - own[i] * dot(own, unit))));
    return row;
  }));
  const found = shortestDirection(equations, n + units.length);
  const [rest, factors] = [found.slice(0, n), found.slice(n)];
  const sums = active.map((is) => sumOf([rest, ...units], [1, ...is.map((one, u) => one * factors[u])]));
  const shares = sums.map((sum, f) => dot(sum, functions.rows[f]));
  const turn = Math.sign(shares[0]);
  const fits = sums.every((sum, f) =>
    turn * shares[f] > 0 && norm(beside(sum, [functions.rows[f]])) < LEAST_FIT * turn * shares[f]);
  if (!fits) return null;
  return {
    units: units.map((unit, u) => unitOf(functions, unit, turn * factors[u])),
    rest: functions.affine(sumOf([rest], [turn])),
  };
}

/** A sum of units is taken for a facet's function if it deviates by less than this share. */
const LEAST_FIT = 1e-5;

/**
 * Up to three facets in two dimensions: two units have no more. The two outer functions, less the middle one, are then
 * the output's bias, and so constant; that fixes their factors.
 */
function flatModel(functions: Functions, ridges: readonly Ridge[]): FacetModel | null {
  const { rows } = functions;
  const n = rows[0].length;
  if (ridges.length !== rows.length - 1 || rows.length > n) return null;
  const middle = [...rows.keys()].find((f) => ridges.every(({ from, to }) => from === f || to === f)) ?? 0;
  const shares = new Float64Array(rows.length).fill(1);
  if (rows.length === 3) {
    const turned = rows.map((row, f) => row.map((value) => (f === middle ? -value : value)));
    const equations = Array.from({ length: n }, (_, j) => Float64Array.from(turned, (row) => row[j]));
    const found = leastSquares(equations, Float64Array.of(0, 0, 1), n);
    if (found.some((share) => share * found[0] <= 0)) return null;
    found.forEach((share, f) => (shares[f] = Math.abs(share)));
  }
  const outer = [...rows.keys()].filter((f) => f !== middle);
  return {
    units: outer.map((f) => {
      const change = sumOf([rows[f], rows[middle]], [shares[f], -shares[middle]]);
      const sign = Math.sign(functions.at(change, f));
      return unitOf(functions, sumOf([change], [sign]), sign);
    }),
    rest: functions.affine(sumOf([rows[middle]], [shares[middle]])),
  };
}

/**
 * The units that a boundary's facets and ridges are made by, in the coordinates of a basis of all normals.
 *
 * @param doubted Ridges that may be mistakes: where one is the only one of its unit, a model without it is tried.
 */
export function assemble(
  facets: readonly Facet[], ridges: readonly Ridge[], basis: readonly Float64Array[], doubted: ReadonlySet<Ridge>,
): Assembled {
  const functions = new Functions(facets, basis);
  if (basis.length < 3) return { model: flatModel(functions, ridges), single: [] };
  const groups = ridgesByUnit(functions, ridges);
  const single = groups.filter((group) => group.length === 1).flat();
  const sure = groups.filter((group) => group.length > 1);
  const isOpen = single.some((ridge) => !doubted.has(ridge));
  if (isOpen || !sure.length || !hangTogether(sure)) return { model: null, single };
  return { model: weighUnits(functions, sure.map((group) => sharedFunction(functions, group))), single };
}
