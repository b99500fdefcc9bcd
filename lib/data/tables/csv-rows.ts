import { CsvError, parse, type InfoRecord, type Options } from "csv-parse/sync";

export const csvDelimiters = [",", ";", "\t", "|"] as const;

/** What stands between two values of a line. */
export type CsvDelimiter = (typeof csvDelimiters)[number];

/** Values as they are written, with the line of the file on which each row begins, counted from 1. */
export interface CsvRows {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly lines: readonly number[];
  readonly loader: "loadCsv";
}

interface NumberedRow {
  readonly values: string[];
  readonly line: number;
}

/** Lines that are looked at to find the delimiter. */
const SAMPLE = 20;

/** How many faulty lines a message names. */
const NAMED = 3;

/**
 * Splits a table's text by RFC 4180: quoted values may hold delimiters, line breaks and doubled quotes. Spaces around a
 * value are dropped, empty lines passed over.
 *
 * @param columns Names of the columns, where the text has no line of names.
 * @throws {RangeError} If a quote is not closed or stands within a value, or a line has another number of values than
 *   there are columns; it names the line.
 */
export function csvRows(text: string, delimiter?: CsvDelimiter, columns?: readonly string[]): CsvRows {
  const all = numberedRows(text, delimiter ?? foundDelimiter(text));
  if (!all.length) throw new RangeError("loadCsv: source must hold lines, got none");
  const header = columns ?? (all.shift() as NumberedRow).values;
  const ragged = all.filter(({ values }) => values.length !== header.length);
  if (ragged.length) {
    const named = ragged.slice(0, NAMED).map(({ line, values }) => `line ${line} has ${values.length}`).join(", ");
    const more = ragged.length > NAMED ? `, and ${ragged.length - NAMED} more lines` : "";
    throw new RangeError(`loadCsv: each line must have ${header.length} values, one a column; ${named}${more}`);
  }
  return { header, rows: all.map(({ values }) => values), lines: all.map(({ line }) => line), loader: "loadCsv" };
}

function parsed(text: string, delimiter: CsvDelimiter, more: Options): { record: string[]; info: InfoRecord }[] {
  const options: Options = { delimiter, info: true, trim: true, skip_empty_lines: true, relax_column_count: true };
  return parse(text, { ...options, ...more }) as unknown as { record: string[]; info: InfoRecord }[];
}

function numberedRows(text: string, delimiter: CsvDelimiter): NumberedRow[] {
  try {
    return parsed(text, delimiter, {}).map(({ record, info }) => ({
      values: record, line: info.lines - lineBreaks(record),
    }));
  } catch (error) {
    if (error instanceof CsvError) throw new RangeError(`loadCsv: ${error.message}`, { cause: error });
    throw error;
  }
}

function lineBreaks(record: readonly string[]): number {
  return record.reduce((sum, value) => sum + (value.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
}

/** The delimiter that cuts the first lines into the most columns, all alike. */
function foundDelimiter(text: string): CsvDelimiter {
  const found = csvDelimiters.map((delimiter) => ({ delimiter, ...shapeBy(text, delimiter) }))
    .filter(({ width }) => width > 1)
    .sort((a, b) => Number(b.even) - Number(a.even) || b.width - a.width);
  const [best, second] = found;
  if (best && second && best.even === second.even && best.width === second.width) {
    const names = [best, second].map(({ delimiter }) => JSON.stringify(delimiter)).join(" or ");
    throw new RangeError(`loadCsv: delimiter must be given, since ${names} would both do`);
  }
  return best?.delimiter ?? ",";
}

function shapeBy(text: string, delimiter: CsvDelimiter): { width: number; even: boolean } {
  try {
    const widths = parsed(text, delimiter, { to: SAMPLE }).map(({ record }) => record.length);
    return { width: widths[0] ?? 0, even: widths.every((width) => width === widths[0]) };
  } catch {
    return { width: 0, even: false };
  }
}
