import { reluNetwork, type ReluNetwork } from "../../classifiers/neural/relu-network";
import { leastSquares, norm } from "../../math/linear-algebra";
import { matrix } from "../../matrix";

/** A unit: sign · max(0, weights · u + bias). */
export interface Unit {
  readonly sign: number;
  readonly weights: Float64Array;
  readonly bias: number;
}

/** slope · u + constant. */
export interface Affine {
  readonly slope: Float64Array;
  readonly constant: number;
}

/** Units and what is linear as one network; the linear part takes two more units. */
export function networkOf(units: readonly Unit[], { slope, constant }: Affine): ReluNetwork {
  const d = slope.length;
  const all = slope.some((value) => value !== 0)
    ? [...units, { sign: 1, weights: slope, bias: 0 }, { sign: -1, weights: slope.map((w) => -w), bias: 0 }]
    : units;
  const weights = new Float64Array(Math.max(1, all.length) * d);
  all.forEach((unit, k) => weights.set(unit.weights, k * d));
  const hidden = Math.max(1, all.length);
  const signs = Float64Array.from({ length: hidden }, (_, k) => all[k]?.sign ?? 0);
  const biases = Float64Array.from({ length: hidden }, (_, k) => all[k]?.bias ?? 0);
  return reluNetwork([
    { weights: matrix(weights, [hidden, d]), biases },
    { weights: matrix(signs, [1, hidden]), biases: Float64Array.of(constant) },
  ]);
}

/** Units on their right sides, and what is linear beside them. */
export interface Sided {
  readonly units: readonly Unit[];
  readonly rest: Affine;
  /** Whether sides explain all that was linear; else there is a unit that no line has crossed. */
  readonly isClear: boolean;
}

/** The linear rest is this small, as a share of the slopes, when nothing but rounding is left. */
const ROUNDING = 1e-6;

/**
 * Turns units round where the linear rest says so: a unit that is active on the other side differs from the one found
 * by something linear, so that the rest is a sum of such units' own slopes.
 */
export function sided(units: readonly Unit[], rest: Affine): Sided {
  const d = rest.slope.length;
  const size = units.reduce((sum, { weights }) => sum + norm(weights), 0);
  if (!units.length || units.length > d)
    return { units, rest, isClear: norm(rest.slope) <= ROUNDING * size || !units.length };
  const rows = Array.from({ length: d }, (_, j) => Float64Array.from(units, ({ sign, weights }) => -sign * weights[j]));
  const shares = leastSquares(rows, rest.slope, units.length);
  const slope = rest.slope.slice();
  let { constant } = rest;
  const right = units.map((unit, k) => {
    if (!(shares[k] > 0.5)) return unit;
    for (let j = 0; j < d; j++) slope[j] += unit.sign * unit.weights[j];
    constant += unit.sign * unit.bias;
    return { sign: unit.sign, weights: unit.weights.map((w) => -w), bias: -unit.bias };
  });
  return norm(slope) <= ROUNDING * size
    ? { units: right, rest: { slope: new Float64Array(d), constant }, isClear: true }
    : { units, rest, isClear: false };
}
