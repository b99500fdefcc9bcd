import { throwIfInterrupted } from "../../interrupt";
import type { Rng } from "../../random";
import { modelCells } from "./junction-tree";
import { cellsOf, columnSets, countMarginal, isSubset, type ColumnSet, type Candidate } from "./marginal";
import { sampleRows } from "./sample-rows";
import { totalOf, withMeasurement } from "./measurements";
import type { TableReleases } from "./table-releases";
import { type Measurement, TreeModel } from "./tree-model";

export interface LearnAdaptivelyOptions {
  /** How many codes each column has. */
  readonly sizes: readonly number[];
  /** Most columns of a marginal. */
  readonly ways: number;
  /** Most cells of the model. */
  readonly maxCells: number;
  /** A column whose marginals count more. */
  readonly target?: number;
  /** For the rows by which the model is compared; no part of the releases. */
  readonly rng: Rng;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Part of a round's budget that goes into the choice. */
const CHOICE = 0.1;
/** Rounds that the budget would last for, a column, if none of them were made larger. */
const ROUNDS_PER_COLUMN = 16;
/** Rounds that the budget must still last for when they are made larger. */
const LAST_ROUNDS = 8;
const SWEEPS = 4;
const LAST_SWEEPS = 20;
const COMPARED_ROWS = 20_000;
/** Mean size of a normal number. */
const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);

const distance = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0);

function fittedModel(
  measurements: readonly Measurement[], sizes: readonly number[], from: { total: number; start?: TreeModel },
): TreeModel {
  const model = new TreeModel(measurements, sizes, from);
  for (let sweep = 0; sweep < SWEEPS; sweep++) model.sweep();
  return model;
}

/** What may be measured next: sets whose noise is not larger than any error, and for which the model has room. */
function candidatesFor(
  model: TreeModel, sets: readonly ColumnSet[], sigma: number,
  { maxCells, total, target, rng }: { maxCells: number; total: number; target?: number; rng: Rng },
): Candidate[] {
  const { sizes, tree: { cliques } } = model;
  const fits = (columns: ColumnSet): boolean => cliques.some((clique) => isSubset(columns, clique))
    || modelCells([...cliques, columns], sizes) <= maxCells;
  const penalty = (columns: ColumnSet): number => MEAN_ABSOLUTE * sigma * cellsOf(columns, sizes);
  const rows = sampleRows(model, { rows: COMPARED_ROWS, rng });
  return sets.filter((columns) => (columns.length === 1 || penalty(columns) < 2 * total) && fits(columns))
    .map((columns) => ({
      columns,
      expected: countMarginal(rows, columns).map((count) => (count * total) / COMPARED_ROWS),
      weight: columns.length + (target !== undefined && columns.includes(target) ? 1 : 0),
      penalty: penalty(columns),
    }));
}

/**
 * Learns a model of a table from releases alone: first all columns by themselves; then, round by round, a marginal that
 * the model gets wrong is chosen and measured. Where that taught nothing beyond the noise, later rounds spend up to
 * four times as much.
 *
 * @see McKenna, Mullins, Sheldon & Miklau, AIM, VLDB 2022, Algorithm 2.
 */
export function learnAdaptively(releases: TableReleases, options: LearnAdaptivelyOptions): TreeModel {
  const { sizes, ways, maxCells, target, rng, onProgress, signal } = options;
  let share = releases.left() / (ROUNDS_PER_COLUMN * sizes.length);
  let measurements: readonly Measurement[] =
    sizes.map((_, column) => releases.measure([column], (1 - CHOICE) * share));
  const sets = columnSets(sizes.length, ways);
  let total = totalOf(measurements);
  let model = fittedModel(measurements, sizes, { total });
  for (let round = 0; releases.left() > 1e-9; round++) {
    throwIfInterrupted(signal);
    onProgress?.(1 - releases.left());
    if (releases.left() < 2 * share) share = releases.left();
    const measureShare = (1 - CHOICE) * share;
    const sigma = releases.sigma(measureShare);
    const limit = maxCells * (1 - releases.left() + share);
    const candidates = candidatesFor(model, sets, sigma, { maxCells: limit, total, target, rng: rng.spawn(round) });
    const { columns, expected, penalty } = candidates[releases.choose(candidates, share - measureShare)];
    measurements = withMeasurement(measurements, releases.measure(columns, Math.min(measureShare, releases.left())));
    total = totalOf(measurements);
    model = fittedModel(measurements, sizes, { total, start: model });
    if (distance(model.marginal(columns) as Float64Array, expected) <= penalty)
      share = Math.max(share, Math.min(4 * share, releases.left() / LAST_ROUNDS));
  }
  for (let sweep = 0; sweep < LAST_SWEEPS; sweep++) model.sweep();
  onProgress?.(1);
  return model;
}
