import { crossing } from "../../math/bisect";
import { normalCdf } from "../../math/normal";
import { numericColumn, OTHER, openColumn, type CodedColumn } from "./column-domain";
import type { SourceColumn } from "./source-columns";
import type { TableNoise } from "./table-noise";

/** Powers of two that tell how large a number is: 2^−30 to 2^50. */
const [LEAST_POWER, MOST_POWER] = [-30, 50];
const POWERS = MOST_POWER - LEAST_POWER + 1;
/** Chance that noise alone makes a range too wide. */
const FALSE_RANGE = 0.01;
const SIGNIFICANT = 3;

/** How many deviations a normal number exceeds with the given chance only. */
const deviations = (chance: number): number => crossing((z) => chance - normalCdf(-z), 0, 40).high;

/**
 * Names that many rows have, by a stable histogram: each name's count with Gaussian noise, kept where it passes a
 * threshold that a name of one row would pass with chance δ only. All other names become one. The counts cost what a
 * Gaussian release costs; the names cost δ.
 *
 * @see Korolova, Kenthapadi, Mishra & Ntoulas, WWW 2009; Wilson et al., Differentially private SQL, PoPETs 2020.
 */
export function findCategories(
  column: Extract<SourceColumn, { kind: "text" }>,
  { sigma, delta, noise }: { sigma: number; delta: number; noise: TableNoise },
): CodedColumn {
  const counts = new Map<string, number>();
  for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const names = [...counts.keys()].sort((a, b) => (a < b ? -1 : 1));
  const noisy = noise.noised(names.map((each) => counts.get(each) as number), sigma);
  const threshold = 1 + noise.step + sigma * deviations(delta);
  return openColumn(column, names.filter((each, k) => each !== OTHER && noisy[k] > threshold));
}

/** The cell of a number: its sign and power of two, and whether it is whole. */
function rangeCell(value: number): number {
  const power = Math.min(MOST_POWER, Math.max(LEAST_POWER, Math.floor(Math.log2(Math.abs(value)))));
  const rank = value === 0 ? 0 : Math.sign(value) * (power - LEAST_POWER + 1);
  return (rank + POWERS) * 2 + Number(!Number.isInteger(value));
}

/** Least and greatest number of a sign and power of two. */
function rangeOf(rank: number): [number, number] {
  if (rank === 0) return [0, 0];
  const least = 2 ** (Math.abs(rank) - 1 + LEAST_POWER);
  return rank > 0 ? [least, 2 * least] : [-2 * least, -least];
}

/**
 * Bounds that hold about all numbers: counts by sign and power of two, with Gaussian noise, kept where noise alone
 * hardly comes. Numbers beyond are taken as the nearest bound. The cells are the same for every table, so this costs
 * one Gaussian release and no δ.
 *
 * @see Wilson et al., Differentially private SQL, PoPETs 2020, §5.1.1.
 */
export function findRange(
  { name, values }: SourceColumn, { sigma, noise }: { sigma: number; noise: TableNoise },
): CodedColumn {
  const counts = new Float64Array((2 * POWERS + 1) * 2);
  for (const value of values) if (value !== null) counts[rangeCell(Number(value))]++;
  const noisy = noise.noised(counts, sigma);
  const threshold = noise.step + sigma * deviations(FALSE_RANGE / counts.length);
  const kept = Array.from(noisy.keys()).filter((cell) => noisy[cell] > threshold);
  const ranks = kept.map((cell) => Math.floor(cell / 2) - POWERS);
  if (!kept.length) return numericColumn(name, { min: 0, max: 1, missing: true }, true);
  const [min, max] = [rangeOf(ranks[0])[0], rangeOf(ranks[ranks.length - 1])[1]];
  const isWhole = kept.every((cell) => cell % 2 === 0);
  const digits = Math.ceil(Math.log10(Math.max(max - min, 2 ** LEAST_POWER)));
  const decimals = isWhole ? 0 : Math.min(9, Math.max(0, SIGNIFICANT - digits));
  const width = 10 ** -decimals;
  return numericColumn(name, { min, max: Math.max(max, min + width), decimals, missing: true }, true);
}
