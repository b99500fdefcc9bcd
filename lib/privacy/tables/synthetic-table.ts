import { holdInterrupts } from "../../interrupt";
import type { CsvDataset } from "../../data/tables/load-csv";
import type { Rng } from "../../random";
import { requireInteger, requireOneOf } from "../../validate";
import { type NoiseKind, requireNoiseKind } from "../mechanisms/whole-vectors";
import type { NeighborRelation } from "../neighbor-relation";
import { requireDelta, requireEpsilon } from "../parameters";
import { givenColumn, publicColumn, type CodedColumn, type ColumnDomain } from "./column-domain";
import { inventedTable, type TableShape } from "./invented-table";
import { learnTable, type LearnedTable, type MarginalChoice } from "./learn-table";
import { sampleRows } from "./sample-rows";
import { sourceColumns, type SourceColumn } from "./source-columns";
import { tableReleases, type TableRelease } from "./table-releases";

export interface SyntheticTableOptions {
  /** What everything that is read costs each row, above 0; neighbours differ by one row there or not. */
  readonly epsilon: number;
  /** In (0, 1); far below one over the number of rows. */
  readonly delta: number;
  /** What values each column may have, the target too; a column that is not named is refused. */
  readonly domain: Readonly<Record<string, ColumnDomain>>;
  /** `seededRng` for experiments, `secureRng` for releases. */
  readonly rng: Rng;
  /** `discrete` for releases: drawn exactly, some per cent larger and slower to draw; `normal` unless said. */
  readonly noise?: NoiseKind;
  /** How many rows to invent; as many as the releases say that there are, unless said. */
  readonly rows?: number;
  /** How marginals are chosen; `adaptive` unless said, the others are there to compare with. */
  readonly choice?: MarginalChoice;
  /** Most columns of a measured marginal, in [1, 4]; 3 unless said, 2 for more than 25 columns. */
  readonly ways?: number;
  /** Most cells of the model, 8 bytes and some time each; 2²⁰ unless said. */
  readonly maxCells?: number;
  /** Called with the part of the budget that is spent, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
  /** Ends the work between two rounds with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A table of invented rows, as `loadCsv` would give it. Drawing more rows costs nothing more. */
export interface SyntheticTable extends CsvDataset {
  /** How the columns are coded, the target last. */
  readonly domain: readonly CodedColumn[];
  /** Everything that was read from the rows, with its part of the budget. */
  readonly releases: readonly TableRelease[];
  readonly epsilon: number;
  readonly delta: number;
  readonly neighbors: NeighborRelation;
  readonly noise: NoiseKind;
  /** More rows of the same model. */
  sample(options: { rows: number; rng: Rng }): CsvDataset;
}

const MANY_COLUMNS = 25;

function requireOptions(source: readonly SourceColumn[], options: SyntheticTableOptions): void {
  const fn = "syntheticTable";
  const { epsilon, delta, domain, rows, choice = "adaptive", noise = "normal", ways = 1 } = options;
  requireEpsilon(fn, epsilon);
  requireDelta(fn, delta);
  requireInteger(fn, "rows of the table", source[0].values.length, 1);
  if (rows !== undefined) requireInteger(fn, "rows", rows, 0);
  requireInteger(fn, "ways", ways, 1, 4);
  requireOneOf(fn, "choice", choice, ["adaptive", "spanning-tree", "independent"]);
  requireNoiseKind(fn, noise);
  const names = source.map(({ name }) => name);
  const unknown = Object.keys(domain).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`${fn}: domain must name columns among ${names.join(", ")}, got ${JSON.stringify(unknown)}`);
}

/** How a column is coded; null where that is to be found. */
function codedColumn(column: SourceColumn, domain: ColumnDomain | undefined): CodedColumn | null {
  if (domain === undefined)
    throw new RangeError(`syntheticTable: domain must say what values column ${column.name} may have, got nothing: `
      + "names or bounds that don't come from the rows, \"private\" to find them at a cost that is counted, or "
      + "\"public\" if you vouch that those in the rows are no secret");
  if (domain === "private") return null;
  return domain === "public" ? publicColumn(column) : givenColumn(column, domain);
}

/** A child depends on its key alone: without a new key a second call would repeat the noise of the first. */
const freshChild = (rng: Rng): Rng => rng.spawn(rng.word());

/** A learned model as a table that draws its rows. */
function drawnTable({ model, columns }: LearnedTable, shape: TableShape, options: { rows?: number; rng: Rng }) {
  const sample = ({ rows, rng }: { rows: number; rng: Rng }): CsvDataset => {
    requireInteger("sample", "rows", rows, 0);
    const own = freshChild(rng);
    return inventedTable(sampleRows(model, { rows, rng: own.spawn(0) }), columns, { shape, rng: own.spawn(1) });
  };
  return { ...sample({ ...options, rows: options.rows ?? Math.round(model.total) }), domain: columns, sample };
}

/**
 * Invents a table like a given one under (ε, δ)-differential privacy: columns of names and numbers, missing values too.
 *
 * 1. Numbers are counted in bins. Marginals, tables of counts of up to three columns, are chosen where the model is
 *    most wrong, and measured with Gaussian noise.
 * 2. A graphical model is fitted to them; rows are drawn from it. Both see the noisy counts only, and cost nothing.
 * 3. Each row is made valid: its values lie in the domain, a number is drawn evenly from its bin.
 *
 * The columns' names and kinds, the domain, and a refusal are taken as public; the number of rows is not. A domain that
 * was read off the rows without a cost is none of a private table's: see `ColumnDomain`.
 *
 * Warning: normal noise is for experiments: it is rounded to floating point, see `gaussianMechanism`. For a release
 * take `noise: "discrete"` and `secureRng()`: then only whole numbers and fractions stand between a row and what is
 * released. How long the work takes may still tell something.
 *
 * @param table From `loadCsv`, its missing values kept or dropped; not modified.
 * @throws {RangeError} If a setting is out of range, a column has no domain, a value is not in its domain, missing
 * values were filled, or the domain is too large.
 * @see McKenna, Mullins, Sheldon & Miklau, AIM, VLDB 2022 (`adaptive`), and McKenna, Miklau & Sheldon, MST, arXiv
 * 2108.04978 (`spanning-tree`). The accounting differs: Gaussian differential privacy, exact for the measurements.
 * @example
 * const people = await loadCsv("age;town;pays\n31;Ulm;yes\n45;Bonn;no\n", { target: "pays", missing: "keep" });
 * const invented = syntheticTable(people, {
 *   epsilon: 1, delta: 1e-6, rng: seededRng(1), rows: 100,
 *   domain: { age: { min: 18, max: 99 }, town: ["Bonn", "Ulm"], pays: ["no", "yes"] },
 * });
 * csvText(invented).split("\n")[0]; // "age,town,pays"
 */
export function syntheticTable(table: CsvDataset, options: SyntheticTableOptions): SyntheticTable {
  const source = sourceColumns(table);
  requireOptions(source, options);
  const { epsilon, delta, domain, rows, choice = "adaptive", noise = "normal", onProgress, signal } = options;
  const columns = source.map((column) =>
    codedColumn(column, Object.hasOwn(domain, column.name) ? domain[column.name] : undefined));
  const namesToFind = columns.filter((column, j) => column === null && source[j].kind === "text").length;
  const releases: TableRelease[] = [];
  const record = (release: TableRelease): void => void releases.push(release);
  const ways = options.ways ?? (source.length > MANY_COLUMNS ? 2 : 3);
  const rng = freshChild(options.rng);
  const release = holdInterrupts();
  try {
    const door = tableReleases(source, { epsilon, delta, namesToFind, noise, rng: rng.spawn(0), record });
    const { maxCells = 2 ** 20 } = options;
    const learned = learnTable(door, { columns, choice, ways, maxCells, rng: rng.spawn(1), onProgress, signal });
    const ordinal = table.columns.filter(({ kind }) => kind === "ordinal").map(({ name }) => name);
    const shape = { name: `${table.name}, invented`, target: table.target, ordinal };
    const drawn = drawnTable(learned, shape, { rows, rng: rng.spawn(2) });
    return { ...drawn, releases, epsilon, delta, neighbors: "add-remove", noise };
  } finally {
    release();
  }
}
