/*
 * Numbers that no theory gives: found by trial on the small tables that the copying notebooks use, on other halves than
 * those the notebooks measure. Elsewhere other numbers may be better.
 */

/** Of `discoverRanges`. */
export const TUNED_DISCOVERY = {
  /** How far a center goes to the examples' mean, in [0, 1]. */
  trustInExamplesMean: 0.65,
  /** An example is at most 1 / covered deviations from the center. */
  covered: 0.5,
  /** A generation counts as even from this share of the most even one's entropy on. */
  evenEnough: 0.7,
  /** By how many nats another start must be more even to be followed. */
  clearlyMoreEven: 0.1,
} as const;

/** Of `adaptCloud`. */
export const TUNED_CLOUD = {
  /** Deviations of a generation's points, over the cloud's. */
  widths: [0.5, 1, 2],
  /** A wider or narrower cloud must beat the present one by this many nats. */
  clearly: 0.05,
  /** How far center and squared scale go to what a generation says, in (0, 1]. */
  learnCenter: 0.5,
  learnScale: 0.3,
} as const;

/** Shares and thresholds of `autoStrategy`. */
export interface AutoSettings {
  /** Share of the budget drawn plainly, which weighs the families, in [0, 1]. */
  readonly plainShare: number;
  /** Share of the budget that the first best family's doubts fill up to, in [plainShare, 1]. */
  readonly halfWayShare: number;
  /** Held-out error above which nearly every point is in doubt, and comparisons say nothing, in [0, 1]. */
  readonly hopelessError: number;
  /** A batch is the most spread-out part of this many times as many doubtful points, at least 1. */
  readonly spread: number;
}

/**
 * Of `autoStrategy`. On 29 originals of 15 other tables of the UCI collection (bench/tune-auto.ts) no other share or
 * spread that was tried is better by two standard errors. `hopelessError` was .25, found on digits alone. At .4 three
 * of the 29 come out otherwise: segment errs on .09 in place of .19, pendigits on .12 in place of .13, cmc on .27 in
 * both. Beyond these: glass .12 in place of .34, autos .25 in place of .33, digits' SVC .065 in place of .080, flags
 * .14 in place of .12.
 */
export const TUNED_AUTO: AutoSettings = { plainShare: 0.4, halfWayShare: 0.7, hopelessError: 0.4, spread: 2 };
