import { requireInteger, requirePositive } from "../../validate";
import { privacyBudget } from "../accounting/budget";
import { gaussianNoiseMultiplier } from "../accounting/composition";
import type { PrivacyEvent } from "../accounting/events";
import { gaussianRho, zcdpSigma } from "../accounting/rdp";
import { type NoiseKind, requireNoiseKind } from "../mechanisms/whole-vectors";
import { requireDelta, requireEpsilon } from "../parameters";

/** One kind of Gaussian release and the part of the budget it may use. */
export interface ReleaseShare {
  readonly name: string;
  /** Of all that is spent, measured as μ², which adds up over Gaussian releases; shares sum to 1. */
  readonly share: number;
  /** How many releases share it, each with the same noise. */
  readonly count: number;
}

export interface PlannedRelease extends ReleaseShare {
  /** Noise of each of the `count` releases, over its sensitivity. */
  readonly noiseMultiplier: number;
}

/** So much of ε is left unspent, that no rounding in the composition passes the budget. */
const SLACK = 1e-6;

/** What a budget is told of Gaussian releases that are all alike. */
export const releaseEvent = (
  { noiseMultiplier, count }: Pick<PlannedRelease, "noiseMultiplier" | "count">, noise: NoiseKind,
): PrivacyEvent => (noise === "normal"
  ? { kind: "gaussian", noiseMultiplier, count }
  : { kind: "zcdp", rho: gaussianRho({ sigma: noiseMultiplier, sensitivity: 1 }), count });

/**
 * Splits a budget over Gaussian releases of the same records. k releases with noise multiplier s have μ² = k/s², and μ²
 * adds up exactly over all of them (Dong, Roth & Su, Corollary 3.3), so a share w of the whole μ² gives
 * s = √(k / w) / μ. The plan is then spent release by release from a `PrivacyBudget`, which throws if the parts did not
 * compose to the whole. Discrete noise is accounted by zero-concentrated privacy, where ρ = k/(2 s²) adds up likewise,
 * and is larger for the same ε: by 8 % at ε = 1 and δ = 1e-5, by more for a greater δ.
 *
 * @param shares At least one; each share above 0, together 1 up to rounding.
 * @returns In the same order.
 * @throws {RangeError} If epsilon, delta, a share or a count is out of range, or the shares don't sum to 1.
 * @throws {BudgetExceededError} If the releases together would cost more than ε.
 * @see Dong, Roth & Su, arXiv 1905.02383; Canonne, Kamath & Steinke, arXiv 2004.00010, for discrete noise.
 * @example
 * const shares = [{ name: "means", share: 0.2, count: 1 }, { name: "training", share: 0.8, count: 100 }];
 * planReleases(shares, { epsilon: 1, delta: 1e-5 }).map(({ noiseMultiplier }) => noiseMultiplier); // [8.34, 41.71]
 */
export function planReleases(
  shares: readonly ReleaseShare[],
  { epsilon, delta, noise = "normal" }: { epsilon: number; delta: number; noise?: NoiseKind },
): PlannedRelease[] {
  const fn = "planReleases";
  requireNoiseKind(fn, noise);
  requireEpsilon(fn, epsilon);
  requireDelta(fn, delta);
  let total = 0;
  for (const { name, share, count } of shares) {
    requirePositive(fn, `share of ${name}`, share);
    requireInteger(fn, `count of ${name}`, count, 1);
    total += share;
  }
  if (!(Math.abs(total - 1) < 1e-9)) throw new RangeError(`${fn}: shares must sum to 1, got ${total}`);
  const guarantee = { epsilon: epsilon * (1 - SLACK), delta };
  const whole = noise === "normal" ? gaussianNoiseMultiplier(guarantee) : zcdpSigma({ ...guarantee, sensitivity: 1 });
  const planned = shares.map((each) => ({ ...each, noiseMultiplier: whole * Math.sqrt(each.count / each.share) }));
  const budget = privacyBudget({ epsilon, delta, neighbors: "add-remove" });
  for (const release of planned) budget.spend(releaseEvent(release, noise), { neighbors: "add-remove" });
  return planned;
}
