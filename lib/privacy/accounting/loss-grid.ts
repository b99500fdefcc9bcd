import type { Division, LossLaw } from "./loss-laws";

/** Masses on neighbouring points of a grid of losses; the first stands at `lowest` times the grid's interval. */
export interface Segment {
  lowest: number;
  masses: Float64Array;
}

/**
 * What an adversary's log-likelihood ratio can be, when the data are the first of two neighbours: masses on a grid of
 * losses, and a mass at +∞. Rounded so that it never understates the exact privacy loss.
 */
export interface GridLosses {
  segments: Segment[];
  /** Probability of an unbounded loss. */
  infinite: number;
}

/** Relative error that a division's masses keep within. */
const SIDE_ERROR = 2e-14;

/** A mass from above one loss up to the next, and what rounding may have taken from it. */
function between(from: Division, to: Division, side: "first" | "second", whole: number, shrink: number):
  { mass: number; error: number } {
  const a = from[side];
  const b = to[side];
  const far = shrink * b.mass;
  const error = SIDE_ERROR * (a.mass + far);
  if (a.upper === b.upper) return { mass: Math.max(0, a.upper ? a.mass - far : far - a.mass), error };
  return { mass: Math.max(0, whole - a.mass - far), error: error + SIDE_ERROR * whole };
}

/**
 * Puts a loss law on a grid: the mass between two grid points goes to both, in the one split that keeps its probability
 * under both data sets. The result dominates the exact law at every ε, and is the tightest such on the grid. What
 * rounding may have lost goes to the upper point.
 *
 * @see Doroshenko, Ghazi, Kamath, Kumar & Manurangsi, Connect the Dots, arXiv 2207.04380.
 */
export function gridOfLaw(law: LossLaw, interval: number): GridLosses {
  const lowest = Math.floor(law.low / interval);
  const masses = new Float64Array(Math.ceil(law.high / interval) - lowest + 1);
  const shrink = Math.exp(-interval);
  const lost = -Math.expm1(-interval);
  let from = law.divide(lowest * interval);
  masses[0] = from.first.upper ? 1 - from.first.mass : from.first.mass;
  for (let j = 0; j < masses.length - 1; j++) {
    const to = law.divide((lowest + j + 1) * interval);
    const p = between(from, to, "first", 1, 1);
    const q = between(from, to, "second", Math.exp((lowest + j) * interval), shrink);
    const mass = p.mass + p.error;
    const upper = Math.min(mass, Math.max(0, p.mass - q.mass + p.error + q.error) / lost);
    masses[j] += mass - upper;
    masses[j + 1] += upper;
    from = to;
  }
  const infinite = from.first.upper ? from.first.mass : 1 - from.first.mass;
  return { segments: [{ lowest, masses }], infinite: infinite * (1 + SIDE_ERROR) };
}

/** One loss on the grid: its mass shared by the points below and above, as `gridOfLaw` does. */
function atom(loss: number, mass: number, interval: number): Segment {
  const lowest = Math.floor(loss / interval);
  const share = Math.expm1(-Math.max(0, loss - lowest * interval)) / Math.expm1(-interval);
  const upper = Math.min(1, share + 8 * Number.EPSILON * (1 + Math.abs(loss) / interval));
  return { lowest, masses: Float64Array.of(mass * (1 - upper), mass * upper) };
}

/** The loss of any mechanism of which no more than (ε, δ) is known: the worst one, randomised response on one bit. */
export function gridOfGuarantee({ epsilon, delta }: { epsilon: number; delta: number }, interval: number,
  tail: number): GridLosses {
  const lie = (1 - delta) / (1 + Math.exp(epsilon));
  // A lie too rare to matter counts as the truth: the sum of losses then spans less.
  if (lie <= tail) return { segments: [atom(epsilon, 1 - delta, interval)], infinite: delta };
  return {
    segments: [atom(-epsilon, lie, interval), atom(epsilon, 1 - delta - lie, interval)],
    infinite: delta,
  };
}
