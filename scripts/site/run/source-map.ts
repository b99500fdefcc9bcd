/** A place in a cell; lines and columns from 1. */
export interface Place {
  line: number;
  column: number;
}

/** From a column of a compiled line to a place in what it was compiled from; all from 0. */
export interface Segment {
  column: number;
  sourceLine: number;
  sourceColumn: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Numbers in base 64 with variable length, five bits a digit, the sign in the lowest bit. */
function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return numbers;
}

/**
 * The mappings of a source map of one source, line by line.
 *
 * @see https://tc39.es/ecma426, mappings
 */
export function mappedLines(mappings: string): Segment[][] {
  let sourceLine = 0;
  let sourceColumn = 0;
  return mappings.split(";").map((line) => {
    let column = 0;
    return line.split(",").filter(Boolean).map((text) => {
      const [columns, , lines = 0, sourceColumns = 0] = numbersIn(text);
      column += columns;
      sourceLine += lines;
      sourceColumn += sourceColumns;
      return { column, sourceLine, sourceColumn };
    });
  });
}

/** The place that a line and column of compiled code come from, both from 1. */
export function placeOf(places: readonly [number, Place][][], line: number, column: number): Place | undefined {
  const segments = places[line - 1] ?? [];
  let found: Place | undefined;
  for (const [from, place] of segments) if (from < column) found = place;
  return found ?? segments[0]?.[1];
}
