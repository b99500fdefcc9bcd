import { largestOf, smallestOf } from "../math/extremes";
import { requireInteger, requireSameLength } from "../validate";
import { encodeLabels } from "./fitting";

/** What a classifier does to one group of people. */
export interface GroupRates {
  readonly group: number;
  readonly count: number;
  /** Share of the group that gets the positive label. */
  readonly selectionRate: number;
  /** The same among those who are positive; NaN where the group has none. */
  readonly truePositiveRate: number;
  /** The same among those who are not; NaN where the group has none. */
  readonly falsePositiveRate: number;
  readonly accuracy: number;
}

export interface FairnessOptions {
  /** The label whose rate is compared; 1 unless told. */
  positive?: number;
}

function requireGroups(fn: string, predicted: Int32Array, groups: Int32Array): void {
  requireSameLength(fn, "predicted", predicted.length, "groups", groups.length);
  requireInteger(fn, "rows", predicted.length, 1);
}

/** Largest less smallest; refuses a rate that a group does not have. */
function spread(fn: string, rates: readonly number[], groups: readonly number[], who: string): number {
  const empty = rates.findIndex((rate) => Number.isNaN(rate));
  if (empty >= 0) throw new RangeError(`${fn}: each group must have a row ${who}, group ${groups[empty]} has none`);
  return largestOf(rates) - smallestOf(rates);
}

/**
 * Selection rate, true and false positive rate and accuracy of each group, groups ascending.
 *
 * @param truth Labels, shape [n]. @param predicted Labels, shape [n]. @param groups Group of each row, shape [n].
 * @throws {RangeError} If the lengths differ or are 0.
 * @example
 * const [women] = groupRates(Int32Array.of(1, 0, 1), Int32Array.of(1, 1, 1), Int32Array.of(0, 0, 1));
 * women.falsePositiveRate; // 1
 */
export function groupRates(
  truth: Int32Array, predicted: Int32Array, groups: Int32Array, { positive = 1 }: FairnessOptions = {},
): GroupRates[] {
  requireSameLength("groupRates", "truth", truth.length, "predicted", predicted.length);
  requireGroups("groupRates", predicted, groups);
  const { classes, codes } = encodeLabels(groups);
  const counts = Array.from(classes, () => ({ count: 0, selected: 0, positives: 0, hits: 0, right: 0 }));
  codes.forEach((code, i) => {
    const of = counts[code];
    const isPositive = Number(truth[i] === positive);
    const isSelected = Number(predicted[i] === positive);
    of.count++;
    of.selected += isSelected;
    of.positives += isPositive;
    of.hits += isPositive * isSelected;
    of.right += Number(truth[i] === predicted[i]);
  });
  return counts.map(({ count, selected, positives, hits, right }, g) => ({
    group: classes[g], count, selectionRate: selected / count, truePositiveRate: hits / positives,
    falsePositiveRate: (selected - hits) / (count - positives), accuracy: right / count,
  }));
}

/**
 * By how much the share of people who get the positive label differs between the groups, at most: 0 where all groups
 * get it equally often.
 *
 * @param predicted Labels, shape [n]. @param groups Group of each row, shape [n].
 * @throws {RangeError} If the lengths differ or are 0.
 * @see fairlearn's `demographic_parity_difference`, which it equals.
 * @example
 * demographicParityDifference(Int32Array.of(1, 0, 1, 1), Int32Array.of(0, 0, 1, 1)); // 0.5
 */
export function demographicParityDifference(
  predicted: Int32Array, groups: Int32Array, options: FairnessOptions = {},
): number {
  requireGroups("demographicParityDifference", predicted, groups);
  const rates = groupRates(predicted, predicted, groups, options).map(({ selectionRate }) => selectionRate);
  return largestOf(rates) - smallestOf(rates);
}

/**
 * The smallest share of positive labels among the groups divided by the largest: 1 where all groups get it equally
 * often; below .8 breaks the "four fifths rule" of US employment law. Nobody positive counts as 1: all are alike.
 *
 * @throws {RangeError} If the lengths differ or are 0.
 * @see fairlearn's `demographic_parity_ratio`, which it equals where somebody is positive.
 * @example
 * demographicParityRatio(Int32Array.of(1, 0, 1, 1), Int32Array.of(0, 0, 1, 1)); // 0.5
 */
export function demographicParityRatio(
  predicted: Int32Array, groups: Int32Array, options: FairnessOptions = {},
): number {
  requireGroups("demographicParityRatio", predicted, groups);
  const rates = groupRates(predicted, predicted, groups, options).map(({ selectionRate }) => selectionRate);
  const largest = largestOf(rates);
  return largest === 0 ? 1 : smallestOf(rates) / largest;
}

/**
 * By how much the true positive rate differs between the groups, at most: whether those who deserve the positive label
 * get it equally often.
 *
 * @throws {RangeError} If the lengths differ or are 0, or a group has no positive row.
 * @see Hardt, Price & Srebro, NeurIPS 2016; fairlearn's `equal_opportunity_difference`, which takes 0 for a rate that
 *   a group does not have.
 * @example
 * equalOpportunityDifference(Int32Array.of(1, 1, 1, 1), Int32Array.of(1, 0, 1, 1), Int32Array.of(0, 0, 1, 1)); // 0.5
 */
export function equalOpportunityDifference(
  truth: Int32Array, predicted: Int32Array, groups: Int32Array, options: FairnessOptions = {},
): number {
  const rates = groupRates(truth, predicted, groups, options);
  const names = rates.map(({ group }) => group);
  return spread("equalOpportunityDifference", rates.map((rate) => rate.truePositiveRate), names, "that is positive");
}

/**
 * The larger of two gaps between the groups: that of the true and that of the false positive rate. 0 where being right
 * and being wrong happen equally often to all groups.
 *
 * @param truth Labels, shape [n]. @param predicted Labels, shape [n]. @param groups Group of each row, shape [n].
 * @throws {RangeError} If the lengths differ or are 0, or a group has no positive or no other row.
 * @see Hardt, Price & Srebro, NeurIPS 2016; fairlearn's `equalized_odds_difference`, which takes 0 for a rate that a
 *   group does not have.
 * @example
 * equalizedOddsDifference(Int32Array.of(1, 0, 1, 0), Int32Array.of(1, 1, 1, 0), Int32Array.of(0, 0, 1, 1)); // 1
 */
export function equalizedOddsDifference(
  truth: Int32Array, predicted: Int32Array, groups: Int32Array, options: FairnessOptions = {},
): number {
  const fn = "equalizedOddsDifference";
  const rates = groupRates(truth, predicted, groups, options);
  const names = rates.map(({ group }) => group);
  return Math.max(
    spread(fn, rates.map(({ truePositiveRate }) => truePositiveRate), names, "that is positive"),
    spread(fn, rates.map(({ falsePositiveRate }) => falsePositiveRate), names, "that is not positive"),
  );
}

/** Groups as numbers, with their names. */
export interface NamedGroups {
  /** Positions in `groupNames`, shape [n]. */
  readonly groups: Int32Array;
  /** In alphabetical order. */
  readonly groupNames: readonly string[];
}

/**
 * Turns the names of groups into the numbers that the measures take.
 *
 * @param names One a row.
 * @example
 * encodeGroups(["woman", "man", "man"]).groups; // Int32Array [1, 0, 0]
 */
export function encodeGroups(names: readonly string[]): NamedGroups {
  const groupNames = [...new Set(names)].sort();
  const code = new Map(groupNames.map((name, k) => [name, k]));
  return { groups: Int32Array.from(names, (name) => code.get(name)!), groupNames };
}
