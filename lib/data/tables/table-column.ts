import { medianOf } from "./median";

/** A column's values, row by row; null where missing. */
export interface Column {
  readonly name: string;
  readonly values: readonly (string | null)[];
  readonly lines: readonly number[];
  /** The function that reads, as messages name it. */
  readonly loader: string;
  /** The categories in an order of their own, where the file declares them. */
  readonly declared?: readonly string[];
}

/** What a column of the file has become. */
export interface TableColumn {
  readonly name: string;
  readonly kind: "numeric" | "one-hot" | "ordinal";
  /** In the order of their features, or of their numbers; absent where the column is numeric. */
  readonly categories?: readonly string[];
  /** How many values were missing among the rows that were kept. */
  readonly missing: number;
  /** What they were filled with; absent where none was missing. */
  readonly filledWith?: number | string;
}

/** A column in numbers. */
export interface EncodedColumn {
  readonly features: readonly Float64Array[];
  readonly featureNames: readonly string[];
  readonly column: TableColumn;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NUMBER_WITH_COMMA = /^[+-]?\d+(\.\d{3})*,\d+$|^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** Whether a written value is a number: digits, a decimal point, a power of ten. */
export const isNumber = (value: string | null): boolean => value !== null && NUMBER.test(value);

/** Whether a column holds text only; one that holds both text and numbers is refused. */
export function isText(column: Column): boolean {
  const isOdd = (value: string | null): boolean => value !== null && !isNumber(value);
  const odd = column.values.findIndex(isOdd);
  if (odd < 0) return false;
  const commas = column.values.find((value) => isOdd(value) && !NUMBER_WITH_COMMA.test(value!)) === undefined;
  if (commas)
    throw refusal(column, odd, "must write its numbers with a decimal point and without thousands separators");
  const number = column.values.findIndex(isNumber);
  if (number < 0) return true;
  const numbers = column.values.filter(isNumber).length;
  const texts = column.values.filter(isOdd).length;
  throw refusal(column, numbers >= texts ? odd : number,
    "must hold numbers or text, not both; missingValues names what stands for a missing value, categorical takes the "
    + "column as names, ignore leaves it out");
}

function refusal({ name, values, lines, loader }: Column, row: number, rule: string): RangeError {
  return new RangeError(`${loader}: column ${name} ${rule}: got ${JSON.stringify(values[row])} in line ${lines[row]}`);
}

/** A column of numbers as one feature; what is missing is filled with the median, or kept as NaN. */
export function numericFeature(column: Column, keepMissing: boolean): EncodedColumn {
  const known = column.values.map((value) => (value === null ? NaN : Number(value)));
  known.forEach((value, i) => {
    if (Math.abs(value) === Infinity) throw refusal(column, i, "must hold finite numbers");
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(column.values[i]!))
      throw refusal(column, i, "must hold whole numbers up to 2⁵³ (is it an id? ignore or categorical takes it)");
  });
  const gaps = countMissing(column);
  if (gaps === known.length)
    throw new RangeError(`${column.loader}: column ${column.name} must have a value, got none: ignore it`);
  const filledWith = gaps && !keepMissing ? medianOf(known) : undefined;
  const feature = Float64Array.from(known, (value) => (Number.isNaN(value) ? filledWith ?? NaN : value));
  return {
    features: [feature], featureNames: [column.name],
    column: { name: column.name, kind: "numeric", missing: gaps, ...(filledWith !== undefined && { filledWith }) },
  };
}

/** A column of names as a feature for each: 1 where a row has it, 0 elsewhere. */
export function oneHotFeatures(column: Column, maxCategories: number, keepMissing: boolean): EncodedColumn {
  const categories = categoriesOf(column, maxCategories);
  const { values, filled } = keepMissing ? asTheyAre(column) : withFrequent(column);
  return {
    features: categories.map((category) => Float64Array.from(values, (value) => Number(value === category))),
    featureNames: categories.map((category) => `${column.name}=${category}`),
    column: { name: column.name, kind: "one-hot", categories, ...filled },
  };
}

/** A column of names that have an order as one feature. */
export function ordinalFeature(column: Column, order: readonly string[], keepMissing: boolean): EncodedColumn {
  const unknown = column.values.findIndex((value) => value !== null && !order.includes(value));
  if (unknown >= 0) throw refusal(column, unknown, `must hold what ordinal lists (${order.join(", ")})`);
  const { values, filled } = keepMissing ? asTheyAre(column) : withFrequent(column);
  return {
    features: [Float64Array.from(values, (value) => (value === null ? NaN : order.indexOf(value)))],
    featureNames: [column.name],
    column: { name: column.name, kind: "ordinal", categories: [...order], ...filled },
  };
}

/** The values with the most frequent one in each gap; of equally frequent ones, the one that comes first. */
function withFrequent(column: Column) {
  const missing = countMissing(column);
  const counts = new Map<string, number>();
  for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [frequent] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best));
  const values = column.values.map((value) => value ?? frequent);
  return { values, filled: { missing, ...(missing && { filledWith: frequent }) } };
}

const asTheyAre = (column: Column) => ({ values: column.values, filled: { missing: countMissing(column) } });

const countMissing = ({ values }: Column): number => values.reduce((sum, value) => sum + Number(value === null), 0);

/** The different values: as the file declares them, or else numbers by size, text by code points. */
export function categoriesOf(column: Column, maxCategories: number): string[] {
  const found = [...new Set(column.values.filter((value) => value !== null))] as string[];
  const { loader, name } = column;
  if (!found.length) throw new RangeError(`${loader}: column ${name} must have a value, got none: ignore it`);
  if (found.length > maxCategories)
    throw new RangeError(`${loader}: column ${name} must have at most maxCategories = ${maxCategories} different `
      + `values, got ${found.length}, such as ${found.slice(0, 2).map((value) => JSON.stringify(value)).join(", ")}; `
      + "ignore leaves a column out");
  if (column.declared) return column.declared.filter((category) => found.includes(category));
  return sortedNames(found);
}

/** Different names in the order that categories and classes have: numbers by size, text by code points. */
export function sortedNames(names: readonly string[]): string[] {
  const numeric = names.every(isNumber);
  return [...names].sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || (a < b ? -1 : 1));
}
