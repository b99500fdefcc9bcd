import type { Rng } from "../../random";
import { privacyBudget } from "../accounting/budget";
import type { PrivacyEvent } from "../accounting/events";
import type { NoiseKind } from "../mechanisms/whole-vectors";
import { encodeColumn, type CodedColumn } from "./column-domain";
import { findCategories, findRange } from "./find-domain";
import { countMarginal, type Candidate, type CodedTable, type ColumnSet } from "./marginal";
import type { SourceColumn } from "./source-columns";
import { tableNoise } from "./table-noise";
import type { Measurement } from "./tree-model";

/** Something that was read from the table, and what it cost. */
export interface TableRelease {
  readonly name: string;
  /** What a budget is to be told; an exponential mechanism is told as the noise that costs as much. */
  readonly event: PrivacyEvent;
  /** Its part of the whole budget, measured as μ² or, with discrete noise, as ρ, which add up; in [0, 1]. */
  readonly share: number;
  /** Its part of the whole δ beside what all Gaussian releases need together; in [0, 1], above 0 for names only. */
  readonly deltaShare: number;
}

/** All that may be asked of the rows; each answer is spent from the budget before a row is read. */
export interface TableReleases {
  /** Part of the budget that is left, in [0, 1]. */
  left(): number;
  /** Noise on each count of a release that is made for a part of the budget. */
  sigma(share: number): number;
  /** Finds what values a column has. */
  findColumn(column: number, share: number): CodedColumn;
  /** Says how values are to be coded from here on. Nothing is answered. */
  code(columns: readonly CodedColumn[]): void;
  measure(columns: ColumnSet, share: number): Measurement;
  /** Position of a marginal that the model gets wrong, with a preference for the worst. */
  choose(candidates: readonly Candidate[], share: number): number;
}

export interface TableReleasesOptions {
  readonly epsilon: number;
  readonly delta: number;
  /** Columns of names that are to be found; each gets the same part of δ. */
  readonly namesToFind: number;
  readonly noise: NoiseKind;
  readonly rng: Rng;
  /** Is told of each release. */
  readonly record: (release: TableRelease) => void;
}

/** So much of ε is left unspent, that no rounding in the composition passes the budget. */
const SLACK = 1e-6;
/** Part of δ for names that are found, if there are any. */
const DELTA_FOR_NAMES = 0.1;
const NEIGHBORS = "add-remove";

/**
 * The only door to the rows. Marginals have Gaussian noise, normal or discrete, and sensitivity 1, since a row is in
 * one cell; marginals are chosen by the exponential mechanism. Neighbours differ by one row there or not. What names
 * cost in δ is set aside before.
 */
export function tableReleases(source: readonly SourceColumn[], options: TableReleasesOptions): TableReleases {
  const { epsilon, namesToFind, rng, record } = options;
  const deltaShare = namesToFind ? DELTA_FOR_NAMES / namesToFind : 0;
  const delta = namesToFind ? options.delta * (1 - DELTA_FOR_NAMES) : options.delta;
  const budget = privacyBudget({ epsilon, delta, neighbors: NEIGHBORS });
  const noise = tableNoise(options.noise, { epsilon: epsilon * (1 - SLACK), delta }, rng);
  let left = 1;
  let table: CodedTable = { codes: [], sizes: [], rows: 0 };
  const known = new Map<string, Float64Array>();
  const counted = (columns: ColumnSet): Float64Array => {
    const key = columns.join();
    const counts = known.get(key) ?? countMarginal(table, columns);
    known.set(key, counts);
    return counts;
  };
  const spend = (name: string, share: number, ofDelta = 0): number => {
    const sigma = noise.sigma(share);
    const event = noise.event(sigma);
    budget.spend(event, { neighbors: NEIGHBORS });
    left -= share;
    record({ name, event, share, deltaShare: ofDelta });
    return sigma;
  };
  return {
    left: () => Math.max(0, left),
    sigma: (share) => noise.sigma(share),
    findColumn(column, share) {
      const asked = source[column];
      if (asked.kind === "number")
        return findRange(asked, { sigma: spend(`range of ${asked.name}`, share), noise });
      const sigma = spend(`names in ${asked.name}`, share, deltaShare);
      return findCategories(asked, { sigma, delta: deltaShare * options.delta, noise });
    },
    code(columns) {
      const codes = columns.map((column, j) => encodeColumn(column, source[j]));
      table = { codes, sizes: columns.map(({ size }) => size), rows: codes[0].length };
    },
    measure(columns, share) {
      const sigma = spend(`marginal ${columns.map((column) => source[column].name).join(" × ")}`, share);
      return { columns, counts: noise.noised(counted(columns), sigma), sigma };
    },
    choose(candidates, share) {
      const sigma = spend("choice of a marginal", share);
      return noise.choose(candidates.map((candidate) => ({ candidate, counts: counted(candidate.columns) })), sigma);
    },
  };
}
