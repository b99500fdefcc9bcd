import { areaUnderRoc } from "../../math/auc";
import type { Rng } from "../../random";
import { requireFinite, requireInRange, requireInteger } from "../../validate";
import { requireOpenUnit } from "../parameters";
import { bisect } from "../../math/bisect";
import { betaCdf } from "../../math/gamma";

/** Scores an attack gave to records that were in the data and to records that were not; higher means "was in". */
export interface MembershipScores {
  members: ArrayLike<number>;
  nonMembers: ArrayLike<number>;
}

function requireScores(fn: string, { members, nonMembers }: MembershipScores): void {
  requireInteger(fn, "number of members", members.length, 1);
  requireInteger(fn, "number of non-members", nonMembers.length, 1);
  requireFinite(fn, "members", members);
  requireFinite(fn, "nonMembers", nonMembers);
}

/**
 * The chance that a member scores above a non-member, ties half: the area under the attack's ROC curve. 0.5 is
 * guessing. Members and non-members must come from one split of one set; another set's habits fake an attack.
 *
 * @throws {RangeError} If there are no scores or one is not finite.
 * @example
 * membershipAuc({ members: [3, 2, 2], nonMembers: [1, 2] }); // 0.833333
 */
export function membershipAuc(scores: MembershipScores): number {
  requireScores("membershipAuc", scores);
  return areaUnderRoc(scores.members, scores.nonMembers);
}

/**
 * The largest share of members an attack finds while it takes at most a share `falsePositiveRate` of non-members for
 * members: what it can do with confidence.
 *
 * @throws {RangeError} If there are no scores, one is not finite, or the rate is not in [0, 1].
 * @see Carlini et al., IEEE S&P 2022, §IV.
 * @example
 * truePositiveRateAt({ members: [3, 2, 1], nonMembers: [1, 0] }, { falsePositiveRate: 0 }); // 0.666667
 */
export function truePositiveRateAt(
  scores: MembershipScores,
  { falsePositiveRate }: { falsePositiveRate: number },
): number {
  requireScores("truePositiveRateAt", scores);
  requireInRange("truePositiveRateAt", "falsePositiveRate", falsePositiveRate, 0, 1);
  const others = Float64Array.from(scores.nonMembers).sort().reverse();
  const allowed = Math.floor(falsePositiveRate * others.length + 1e-9);
  const threshold = allowed < others.length ? others[allowed] : -Infinity;
  let found = 0;
  for (let i = 0; i < scores.members.length; i++) if (scores.members[i] > threshold) found++;
  return found / scores.members.length;
}

/**
 * An exact confidence interval for a chance, from how often it came true.
 *
 * @param confidence In (0, 1): the interval misses the truth with a chance of at most 1 − confidence, half on each
 * side.
 * @throws {RangeError} If counts or confidence are out of range.
 * @see Clopper & Pearson, Biometrika 26(4), 1934.
 * @example
 * clopperPearson({ successes: 0, trials: 10, confidence: 0.95 }); // [0, 0.3085]
 */
export function clopperPearson(
  { successes, trials, confidence }: { successes: number; trials: number; confidence: number },
): [low: number, high: number] {
  requireInteger("clopperPearson", "trials", trials, 1);
  requireInteger("clopperPearson", "successes", successes, 0, trials);
  requireOpenUnit("clopperPearson", "confidence", confidence);
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  return [
    successes === 0 ? 0 : bisect((x) => betaCdf(x, successes, failures + 1) - tail, 0, 1),
    failures === 0 ? 1 : bisect((x) => betaCdf(x, successes + 1, failures) - (1 - tail), 0, 1),
  ];
}

export interface EpsilonBoundOptions {
  /** The δ the mechanism claims, in [0, 1). */
  delta: number;
  /** Chance that the bound is right, in (0, 1). */
  confidence: number;
}

/** How often an attack said "member". */
export interface AttackCounts {
  truePositives: number;
  members: number;
  falsePositives: number;
  nonMembers: number;
}

/**
 * A lower bound on ε from an attack's hits and misses: under (ε, δ)-differential privacy the chance of "member" is at
 * most e^ε times greater for a member than for a non-member, plus δ, and likewise for "non-member".
 *
 * @returns At least 0; with a chance of `confidence` no more than the true ε.
 * @throws {RangeError} If counts or settings are out of range.
 * @see Kairouz, Oh & Viswanath, ICML 2015, Theorem 2.1; Jagielski, Ullman & Oprea, NeurIPS 2020, §3.
 * @example
 * const counts = { truePositives: 90, members: 100, falsePositives: 10, nonMembers: 100 };
 * epsilonLowerBound(counts, { delta: 0, confidence: 0.95 }); // 1.46454
 */
export function epsilonLowerBound(
  { truePositives, members, falsePositives, nonMembers }: AttackCounts,
  { delta, confidence }: EpsilonBoundOptions,
): number {
  requireInRange("epsilonLowerBound", "delta", delta, 0, 1);
  // Each interval may fail with half of what is allowed; both ends are used.
  const each = 1 - (1 - confidence) / 2;
  const [memberLow, memberHigh] = clopperPearson({ successes: truePositives, trials: members, confidence: each });
  const [otherLow, otherHigh] = clopperPearson({ successes: falsePositives, trials: nonMembers, confidence: each });
  const bound = (likely: number, unlikely: number): number =>
    (likely > delta ? Math.log((likely - delta) / unlikely) : 0);
  return Math.max(
    0,
    bound(memberLow, otherHigh),
    bound(1 - otherHigh, 1 - memberLow),
    bound(otherLow, memberHigh),
    bound(1 - memberHigh, 1 - otherLow),
  );
}

/**
 * The ε an attack's scores prove the mechanism to have at least: the threshold is chosen on a random half of the scores
 * and judged on the other, so that choosing it does not spoil the confidence.
 *
 * @throws {RangeError} If there are fewer than two scores on a side, one is not finite, or a setting is out of range.
 * @see Nasr et al., IEEE S&P 2021.
 * @example
 * const members = Array.from({ length: 200 }, (_, i) => 1 + i);
 * const nonMembers = members.map((score) => -score);
 * const { epsilon } = auditEpsilon({ members, nonMembers }, { delta: 0, confidence: 0.9, rng: seededRng(1) });
 */
export function auditEpsilon(
  scores: MembershipScores,
  { delta, confidence, rng }: EpsilonBoundOptions & { rng: Rng },
): { epsilon: number; threshold: number } {
  requireScores("auditEpsilon", scores);
  requireInteger("auditEpsilon", "number of members", scores.members.length, 2);
  requireInteger("auditEpsilon", "number of non-members", scores.nonMembers.length, 2);
  const halves = (values: ArrayLike<number>): [Float64Array, Float64Array] => {
    const shuffled = Float64Array.from(rng.permutation(values.length), (i) => values[i]);
    const middle = values.length >> 1;
    return [shuffled.slice(0, middle).sort(), shuffled.slice(middle).sort()];
  };
  const [chooseMembers, judgeMembers] = halves(scores.members);
  const [chooseOthers, judgeOthers] = halves(scores.nonMembers);
  const countAbove = (sorted: Float64Array, threshold: number): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] >= threshold) high = middle;
      else low = middle + 1;
    }
    return sorted.length - low;
  };
  const boundAt = (members: Float64Array, nonMembers: Float64Array, threshold: number): number =>
    epsilonLowerBound(
      {
        truePositives: countAbove(members, threshold),
        members: members.length,
        falsePositives: countAbove(nonMembers, threshold),
        nonMembers: nonMembers.length,
      },
      { delta, confidence },
    );
  const all = new Float64Array(chooseMembers.length + chooseOthers.length);
  all.set(chooseMembers);
  all.set(chooseOthers, chooseMembers.length);
  all.sort();
  const steps = Math.min(200, all.length);
  let threshold = all[0];
  let best = -1;
  for (let i = 0; i < steps; i++) {
    const candidate = all[Math.floor((i * all.length) / steps)];
    const bound = boundAt(chooseMembers, chooseOthers, candidate);
    if (bound > best) [best, threshold] = [bound, candidate];
  }
  return { epsilon: boundAt(judgeMembers, judgeOthers, threshold), threshold };
}
