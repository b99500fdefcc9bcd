import { requireFinite, requirePositive } from "../../validate";

/** A lattice on which a feature's label changes lie. */
export interface Step {
  /** Distance of the feature's values: 1 for integers. */
  readonly step: number;
  /** Where labels change: half-way between values, on them (a model that rounds down or up), or both. */
  readonly edges: "between" | "on" | "both";
  /** Probability that as many changes lie there by chance. */
  readonly chance: number;
}

const CANDIDATES = [1000, 100, 10, 1, 0.1, 0.01, 0.001];
const CHANCE = 1e-3;

/**
 * Finds the step of a feature from where the label changes: a model of integers changes at integers or half-way between
 * them and nowhere else. Steps are powers of ten.
 *
 * @param changes Values at which the label changes, as measured.
 * @param tolerance How exactly they are known, above 0.
 * @returns The largest step that explains all changes, and would once in a thousand times at most by chance.
 * @throws {RangeError} If a change is not finite or the tolerance is not above 0.
 * @example
 * findStep([2.5, 7.5, 11.5], 1e-3); // { step: 1, edges: "between", chance: … }
 */
export function findStep(changes: readonly number[], tolerance: number): Step | undefined {
  requireFinite("findStep", "changes", changes);
  requirePositive("findStep", "tolerance", tolerance);
  const distinct: number[] = [];
  for (const value of [...changes].sort((a, b) => a - b))
    if (!distinct.length || value - distinct[distinct.length - 1] > 2 * tolerance) distinct.push(value);
  if (!distinct.length) return undefined;
  for (const step of CANDIDATES) {
    const half = step / 2;
    const chance = Math.min(1, (2 * tolerance) / half) ** distinct.length;
    if (chance > CHANCE) continue;
    const places = distinct.map((value) => Math.round(value / half));
    if (!distinct.every((value, i) => Math.abs(value - places[i] * half) <= tolerance)) continue;
    // All at 0 is what any step explains.
    if (places.every((place) => place === 0)) return undefined;
    const odd = places.filter((place) => place % 2 !== 0).length;
    return { step, edges: odd === places.length ? "between" : odd === 0 ? "on" : "both", chance };
  }
  return undefined;
}
