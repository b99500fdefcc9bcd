import { dot, leastSquares, norm } from "../../math/linear-algebra";

/** A place where the score bends, on the plane normal · u + offset = 0. */
export interface Kink {
  readonly point: Float64Array;
  /** Of length 1. */
  readonly normal: Float64Array;
  readonly offset: number;
  /** How much the slope changes. */
  readonly size: number;
}

/** A unit of the first layer, up to its length: max(0, normal · u + offset). */
export type Plane = Pick<Kink, "normal" | "offset">;

/** A unit of the second layer, as far as it is known, up to its length and side: weights of the first layer's units. */
export interface PartialUnit {
  readonly weights: Float64Array;
  /** Which weights are known. */
  readonly known: readonly boolean[];
  readonly bias: number;
  /** A kink of it. */
  readonly kink: Kink;
  /** How many kinks agree. */
  readonly count: number;
}

/** Numbers that should be equal, or 0, are so within this share of the largest. */
const SAME = 1e-5;

/** Whether two kinks lie on one plane. */
export function onOnePlane(a: Plane, b: Plane): boolean {
  const turn = Math.sign(dot(a.normal, b.normal));
  return Math.abs(turn * a.offset - b.offset) < SAME * (1 + Math.abs(b.offset)) &&
    a.normal.every((w, j) => Math.abs(turn * w - b.normal[j]) < SAME);
}

/** The value of a plane's function. */
export const heightOf = ({ normal, offset }: Plane, point: Float64Array): number => dot(normal, point) + offset;

/** What the units of the first layer give at a point. */
export const hiddenAt = (first: readonly Plane[], point: Float64Array): Float64Array =>
  Float64Array.from(first, (plane) => Math.max(0, heightOf(plane, point)));

/** A kink's normal as a sum of the first layer's, which must be independent; null where it is none. */
function sharesOf(kink: Kink, first: readonly Plane[]): Float64Array | null {
  const columns = Array.from(kink.normal, (_, j) => Float64Array.from(first, ({ normal }) => normal[j]));
  const shares = leastSquares(columns, kink.normal, first.length);
  const rest = kink.normal.map((w, j) => w - dot(shares, columns[j]));
  return norm(rest) < SAME ? shares : null;
}

/** Kinks of the second layer, with their normals as sums of the first layer's. */
export interface Expanded {
  readonly kink: Kink;
  readonly shares: Float64Array;
}

export function expandKinks(kinks: readonly Kink[], first: readonly Plane[]): Expanded[] {
  return kinks.flatMap((kink) => {
    const shares = sharesOf(kink, first);
    return shares ? [{ kink, shares }] : [];
  });
}

/**
 * Turns the first layer's planes to where their units are active: a normal of the second layer is a sum of those of the
 * active units, so that a share of 0 says that a unit is not.
 */
export function activeSides(first: readonly Plane[], kinks: readonly Expanded[]): Plane[] {
  return first.map((plane, j) => {
    let votes = 0;
    for (const { kink, shares } of kinks) {
      const isActive = Math.abs(shares[j]) > SAME * norm(shares);
      votes += (isActive ? 1 : -1) * Math.sign(heightOf(plane, kink.point));
    }
    return votes < 0 ? { normal: plane.normal.map((w) => -w), offset: -plane.offset } : plane;
  });
}

/** What one kink tells of a unit of the second layer; the first layer's planes show their active sides. */
export function partialUnit({ kink, shares }: Expanded, first: readonly Plane[]): PartialUnit {
  const hidden = hiddenAt(first, kink.point);
  const known = Array.from(hidden, (value) => value > 0);
  const weights = shares.map((share, j) => (known[j] ? share : 0));
  return { weights, known, bias: -dot(weights, hidden), kink, count: 1 };
}

/** Two views of one unit as one; null where they contradict each other, or have too little in common. */
export function merged(a: PartialUnit, b: PartialUnit): PartialUnit | null {
  const both = a.known.map((is, j) => is && b.known[j]);
  if (!both.some(Boolean)) return null;
  const [p, q] = [a, b].map(({ weights, bias }) =>
    Float64Array.from([...weights.map((w, j) => (both[j] ? w : 0)), bias]));
  const factor = dot(p, q) / dot(q, q);
  if (!(norm(p.map((w, j) => w - factor * q[j])) < SAME * norm(p))) return null;
  return {
    ...a,
    weights: a.weights.map((w, j) => (a.known[j] ? w : factor * b.weights[j])),
    known: a.known.map((is, j) => is || b.known[j]),
    count: a.count + b.count,
  };
}

/** The units that kinks belong to, those with the most kinks first. */
export function unitsOfKinks(views: readonly PartialUnit[]): PartialUnit[] {
  let units: PartialUnit[] = [];
  const widest = [...views].sort((a, b) => b.known.filter(Boolean).length - a.known.filter(Boolean).length);
  for (const view of widest) {
    let own = view;
    units = units.filter((unit) => {
      const one = merged(unit, own);
      if (one) own = one;
      return !one;
    });
    units.push(own);
  }
  return units.sort((a, b) => b.count - a.count);
}
