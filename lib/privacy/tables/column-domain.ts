import { sortedNames } from "../../data/tables/table-column";
import type { Rng } from "../../random";
import { requireInteger, requirePositive } from "../../validate";
import type { SourceColumn } from "./source-columns";

/** What a column of names may hold. */
export interface CategoricalDomain {
  /** All names that may occur, different ones. */
  readonly categories: readonly string[];
  /** Whether a value may be missing; not unless said. */
  readonly missing?: boolean;
}

/** What a column of numbers may hold. */
export interface NumericDomain {
  /** Least value that may occur. */
  readonly min: number;
  /** Greatest value that may occur, above `min`. */
  readonly max: number;
  /** How many bins of equal width the numbers are counted in, at least 2; 32 unless said. */
  readonly bins?: number;
  /** Where bins begin, ascending, the first one `min`: in place of `bins`, where numbers crowd. */
  readonly edges?: readonly number[];
  /** Digits after the point of invented numbers, in [0, 15]; 0 unless said. */
  readonly decimals?: number;
  /** Whether a value may be missing; not unless said. */
  readonly missing?: boolean;
}

/**
 * What values a column may have.
 * - a list of names, or bounds: public knowledge that does not come from the rows;
 * - `public`: as the rows have it, and the caller vouches that this tells nobody's secret;
 * - `private`: found from the rows, at a cost that is counted.
 */
export type ColumnDomain = readonly string[] | CategoricalDomain | NumericDomain | "public" | "private";

/** A column whose values have codes. */
export interface CodedColumn {
  readonly name: string;
  /** Names by code; absent where the column holds numbers. */
  readonly categories?: readonly string[];
  /** First number of each bin and the one after the last, in units of 10^−decimals; absent where it holds names. */
  readonly edges?: readonly number[];
  readonly decimals: number;
  /** Whether the code after all others stands for a missing value. */
  readonly missing: boolean;
  /** Whether values that the domain lacks are taken: names as `OTHER`, numbers as the nearest. */
  readonly open: boolean;
  /** How many codes there are. */
  readonly size: number;
}

/** The name under which a column whose names were found privately keeps all others. */
export const OTHER = "(other)";

const MOST_CODES = 65536;
const MOST_DECIMALS = 15;

/** Names in the order in which `loadCsv` would number them, so that a model of one table reads the other. */
function namesInOrder(names: readonly string[], { order = [] }: { order?: readonly string[] }): string[] {
  const others = names.filter((name) => !order.includes(name));
  return [...order.filter((name) => names.includes(name)), ...sortedNames(others)];
}

type NamesColumn = Extract<SourceColumn, { kind: "text" }>;

export function categoricalColumn(
  column: Pick<NamesColumn, "name" | "order">, { categories, missing = false }: CategoricalDomain,
): CodedColumn {
  const fn = "syntheticTable";
  const { name } = column;
  const twice = categories.find((category, k) => categories.indexOf(category) !== k);
  if (twice !== undefined)
    throw new RangeError(
      `${fn}: domain of column ${name} must list different names, got ${JSON.stringify(twice)} twice`);
  requireInteger(fn, `number of names in the domain of column ${name}`, categories.length, 1, MOST_CODES - 1);
  const inOrder = namesInOrder(categories, column);
  return { name, categories: inOrder, decimals: 0, missing, open: false, size: inOrder.length + Number(missing) };
}

/** A column of the names that were found and `OTHER`, the last. */
export function openColumn(column: NamesColumn, found: readonly string[]): CodedColumn {
  const categories = [...namesInOrder(found, column), OTHER];
  return { ...categoricalColumn(column, { categories, missing: !column.isTarget }), categories, open: true };
}

export function numericColumn(name: string, domain: NumericDomain, open = false): CodedColumn {
  const fn = "syntheticTable";
  const { min, max, bins = 32, decimals = 0, missing = false } = domain;
  if (!(Number.isFinite(min) && Number.isFinite(max) && min < max))
    throw new RangeError(`${fn}: domain of column ${name} must have min below max, got ${min} and ${max}`);
  requireInteger(fn, `bins of column ${name}`, bins, 2, MOST_CODES - 1);
  requireInteger(fn, `decimals of column ${name}`, decimals, 0, MOST_DECIMALS);
  const toUnits = (value: number): number => Math.round(value * 10 ** decimals);
  const [first, end] = [toUnits(min), toUnits(max) + 1];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(end))
    throw new RangeError(
      `${fn}: domain of column ${name} must be within 2⁵³ units of its last digit, got ${min} to ${max}`);
  if (end - first < 2)
    throw new RangeError(`${fn}: domain of column ${name} must be wider than a unit of its last digit, got ${min} to `
      + `${max} with decimals: ${decimals}`);
  const count = Math.min(bins, end - first);
  const edges = domain.edges
    ? [...domain.edges.map(toUnits), end]
    : Array.from({ length: count + 1 }, (_, b) => first + Math.ceil((b * (end - first)) / count));
  if (edges[0] !== first || edges.some((edge, b) => b > 0 && !(edge > edges[b - 1])))
    throw new RangeError(`${fn}: edges of column ${name} must ascend from min and stay below max, got `
      + `${(domain.edges ?? edges).join(", ")}`);
  return { name, edges, decimals, missing, open, size: edges.length - 1 + Number(missing) };
}

const isCategories = (domain: ColumnDomain): domain is readonly string[] => Array.isArray(domain);

/** A column whose domain the caller has given. */
export function givenColumn(
  column: SourceColumn, domain: Exclude<ColumnDomain, "public" | "private">,
): CodedColumn {
  const { name, kind } = column;
  const given = isCategories(domain) ? { categories: domain } : Object(domain) as CategoricalDomain | NumericDomain;
  if ("categories" in given && kind === "text") {
    if (given.missing && column.isTarget)
      throw new RangeError(`syntheticTable: domain of column ${name} must not have missing: true, got it for classes`);
    return categoricalColumn(column, given);
  }
  if ("min" in given && kind === "number") return numericColumn(name, given);
  throw new RangeError(`syntheticTable: domain of column ${name} must ${kind === "text" ? "list its names"
    : "have min and max (loadCsv's categorical takes a column of numbers as names)"}, got ${JSON.stringify(domain)}`);
}

/** Digits after the point of a number as it is written, to twelve digits in all: .1 + .2 has one. */
function decimalsOf(value: number): number {
  const [, fraction = "", exponent = "0"] = /^-?\d+(?:\.(\d+))?(?:e(.+))?$/.exec(
    String(Number(value.toPrecision(12)))) as RegExpExecArray;
  return Math.max(0, fraction.length - Number(exponent));
}

/** A column whose domain is read off the rows, which the caller has called public. */
export function publicColumn(column: SourceColumn): CodedColumn {
  const { name, values } = column;
  const missing = values.includes(null);
  if (values.every((value) => value === null))
    throw new RangeError(`syntheticTable: column ${name} must have a value, got none: ignore it`);
  if (column.kind === "text") return categoricalColumn(column, { categories: column.found, missing });
  let [min, max, written] = [Infinity, -Infinity, 0];
  for (const value of column.values) {
    if (value === null) continue;
    [min, max, written] = [Math.min(min, value), Math.max(max, value), Math.max(written, decimalsOf(value))];
  }
  const fitting = Math.floor(Math.log10(Number.MAX_SAFE_INTEGER / Math.max(1, Math.abs(min), Math.abs(max))));
  const decimals = Math.max(0, Math.min(written, fitting, MOST_DECIMALS));
  return numericColumn(name, { min, max: max > min ? max : min + 10 ** -decimals, decimals, missing });
}

/** The code of a value; refuses one that the domain lacks, unless it is open. */
function codeOf(column: CodedColumn, codes: ReadonlyMap<string, number>, value: string | number | null, row: number) {
  const { name, categories, edges, decimals, missing, open, size } = column;
  const refuse = (allowed: string): never => {
    throw new RangeError(
      `syntheticTable: column ${name} must hold ${allowed}, got ${JSON.stringify(value)} in row ${row}`);
  };
  if (value === null) return missing ? size - 1 : refuse("a value in each row, since its domain lacks missing: true");
  if (categories)
    return codes.get(String(value)) ?? (open ? codes.get(OTHER) as number : refuse("names of its domain"));
  const units = Math.round(Number(value) * 10 ** decimals);
  const ends = edges as readonly number[];
  const last = ends.length - 1;
  if (!open && !(units >= ends[0] && units < ends[last])) refuse("numbers from min to max of its domain");
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (units >= ends[middle]) low = middle;
    else high = middle;
  }
  return low;
}

/** The codes of a column's values. */
export function encodeColumn(column: CodedColumn, { values }: SourceColumn): Uint16Array {
  const codes = new Map(column.categories?.map((category, code) => [category, code]));
  return Uint16Array.from(values as readonly (string | number | null)[],
    (value, row) => codeOf(column, codes, value, row));
}

/** A value with the given code: a name, a number evenly from its bin, or null for a missing one. */
export function decodeValue(column: CodedColumn, code: number, rng: Rng): string | number | null {
  const { categories, edges, decimals, missing, size } = column;
  if (missing && code === size - 1) return null;
  if (categories) return categories[code];
  const [first, end] = (edges as readonly number[]).slice(code, code + 2);
  return Number(((first + Math.floor(rng.uniform() * (end - first))) / 10 ** decimals).toFixed(decimals));
}

/** Requires that the table of a model's cells can be kept. */
export function requireCells(columns: readonly CodedColumn[], maxCells: number): void {
  requirePositive("syntheticTable", "maxCells", maxCells);
  const cells = columns.reduce((sum, { size }) => sum + size, 0);
  const widest = columns.reduce((best, next) => (next.size > best.size ? next : best));
  if (cells > maxCells)
    throw new RangeError(`syntheticTable: domain must have at most maxCells = ${maxCells} values in all columns `
      + `together, got ${cells}, of them ${widest.size} in column ${widest.name}`);
}
