/** Rows whose columns hold codes 0 … size − 1. */
export interface CodedTable {
  /** One array of codes a column, each of `rows` codes. */
  readonly codes: readonly Uint16Array[];
  /** How many codes each column has. */
  readonly sizes: readonly number[];
  readonly rows: number;
}

/** Positions of some columns, ascending. */
export type ColumnSet = readonly number[];

/** A marginal that may be measured next. */
export interface Candidate {
  readonly columns: ColumnSet;
  /** What the model expects, in rows. */
  readonly expected: Float64Array;
  /** How much its error counts, above 0. */
  readonly weight: number;
  /** Error that its noise would bring in, in rows. */
  readonly penalty: number;
}

/** Cells of the table of counts that some columns make: the product of their sizes. */
export function cellsOf(columns: ColumnSet, sizes: readonly number[]): number {
  return columns.reduce((cells, column) => cells * sizes[column], 1);
}

/** True where each column of the first set is in the second. */
export function isSubset(columns: ColumnSet, of: ColumnSet): boolean {
  return columns.every((column) => of.includes(column));
}

/** The cell of each row in the marginal of some columns; the last column changes fastest. */
export function rowCells({ codes, sizes, rows }: CodedTable, columns: ColumnSet): Int32Array {
  const cells = new Int32Array(rows);
  for (const column of columns) {
    const [values, size] = [codes[column], sizes[column]];
    for (let i = 0; i < rows; i++) cells[i] = cells[i] * size + values[i];
  }
  return cells;
}

/** How many rows fall into each cell of the marginal of some columns. */
export function countMarginal(table: CodedTable, columns: ColumnSet): Float64Array {
  const counts = new Float64Array(cellsOf(columns, table.sizes));
  const { codes, sizes, rows } = table;
  if (columns.length <= 3) {
    // The same without a pass over the rows for each column: this is where the time goes.
    const [a, b, c] = [0, 1, 2].map((k) => (k < columns.length ? codes[columns[k]] : new Uint16Array(rows)));
    const [sizeB, sizeC] = [1, 2].map((k) => (k < columns.length ? sizes[columns[k]] : 1));
    for (let i = 0; i < rows; i++) counts[(a[i] * sizeB + b[i]) * sizeC + c[i]]++;
    return counts;
  }
  const cells = rowCells(table, columns);
  for (let i = 0; i < rows; i++) counts[cells[i]]++;
  return counts;
}

/** For each cell of a marginal, the cell that it falls into when only some of its columns are kept. */
export function cellMap(columns: ColumnSet, kept: ColumnSet, sizes: readonly number[]): Int32Array {
  let map = Int32Array.of(0);
  for (const column of columns) {
    const [size, isKept] = [sizes[column], kept.includes(column)];
    const wider = new Int32Array(map.length * size);
    for (let i = 0, p = 0; i < map.length; i++)
      for (let value = 0; value < size; value++) wider[p++] = isKept ? map[i] * size + value : map[i];
    map = wider;
  }
  return map;
}

/** All sets of one to `ways` columns, small sets first. */
export function columnSets(columns: number, ways: number): ColumnSet[] {
  let sets: number[][] = [];
  let last: number[][] = [[]];
  for (let way = 1; way <= Math.min(ways, columns); way++) {
    last = last.flatMap((set) => {
      const from = set.length ? set[set.length - 1] + 1 : 0;
      return Array.from({ length: columns - from }, (_, k) => [...set, from + k]);
    });
    sets = sets.concat(last);
  }
  return sets;
}
