export interface KinkOptions {
  /** Who asks, for what errors say. */
  readonly fn: string;
  readonly from: number;
  readonly to: number;
  /** How far a value may be off by rounding; asked after the first values. */
  readonly tolerance: () => number;
}

/** A piece of a line, with values at its ends and in the middle. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly values: readonly [number, number, number];
  /** The bent piece that this is a half of. */
  readonly parent: Piece | null;
}

const PIECES = 64;
const HALVINGS = 20;
/** More bent pieces than kinks can make: then it is the error of the values that bends them. */
const MOST_PIECES = 2 ** 13;

/** Where two straight lines meet that are each known at two places. */
function meeting([a, b, c, d]: number[], [va, vb, vc, vd]: ArrayLike<number> & Iterable<number>): number {
  const left = (vb - va) / (b - a);
  const right = (vd - vc) / (d - c);
  return b + (vc - vb - right * (c - b)) / (left - right);
}

/**
 * Halves pieces that are not straight until they are short. A piece whose halves both look straight holds a kink that
 * is too faint to be seen in less: it stays whole.
 */
async function bentPieces(
  valuesAt: (ts: Float64Array) => Promise<Float64Array>, start: readonly Piece[], leastBend: number, fn: string,
): Promise<Piece[]> {
  const found: Piece[] = [];
  let pieces = start;
  for (let halving = 0; halving <= HALVINGS && pieces.length; halving++) {
    if (pieces.length > MOST_PIECES)
      throw new RangeError(`${fn}: noise must be at least the answers' own error; now nothing is straight`);
    const quarters = pieces.flatMap(({ from, to }) => [(3 * from + to) / 4, (from + 3 * to) / 4]);
    const asked = await valuesAt(Float64Array.from(quarters));
    const parents = new Set(pieces.map(({ parent }) => parent));
    const halves: Piece[] = [];
    pieces.forEach((piece, k) => {
      const { from, to, values: [left, middle, right] } = piece;
      const [first, third] = [asked[2 * k], asked[2 * k + 1]];
      const bends = [left - 2 * middle + right, left - 2 * first + middle, middle - 2 * third + right];
      if (bends.every((bend) => Math.abs(bend) <= leastBend)) return;
      parents.delete(piece.parent);
      const half = (from + to) / 2;
      if (halving === HALVINGS) found.push(piece);
      else halves.push({ from, to: half, values: [left, first, middle], parent: piece },
        { from: half, to, values: [middle, third, right], parent: piece });
    });
    for (const parent of parents) if (parent) found.push(parent);
    pieces = halves;
  }
  return found.sort((a, b) => a.from - b.from);
}

/** Neighbouring pieces as one: a kink on their border bends both. */
function mergedCells(pieces: readonly Piece[]): { from: number; to: number }[] {
  const cells: { from: number; to: number }[] = [];
  for (const { from, to } of pieces) {
    const last = cells.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else cells.push({ from, to });
  }
  return cells;
}

/**
 * Where a function that is made of straight pieces changes its slope: pieces that are not straight are halved, all at
 * once, until they are short; then the straight lines on both sides are made to meet.
 *
 * @param valuesAt The function, at many places at once.
 * @returns Where the slope changes, ascending.
 * @throws {RangeError} If nothing is straight within the tolerance.
 */
export async function kinksAlong(
  valuesAt: (ts: Float64Array) => Promise<Float64Array>, { fn, from, to, tolerance: allowed }: KinkOptions,
): Promise<number[]> {
  const grid = Float64Array.from({ length: 2 * PIECES + 1 }, (_, k) => from + ((to - from) * k) / (2 * PIECES));
  const values = await valuesAt(grid);
  const tolerance = allowed();
  const cells = mergedCells(await bentPieces(valuesAt, Array.from({ length: PIECES }, (_, k) => ({
    from: grid[2 * k], to: grid[2 * k + 2], values: [values[2 * k], values[2 * k + 1], values[2 * k + 2]], parent: null,
  })), 4 * tolerance, fn));
  if (!cells.length) return [];
  const ends = [from, ...cells.flatMap((cell) => [cell.from, cell.to]), to];
  const places = cells.map((cell, k) => {
    const [before, after] = [cell.from - ends[2 * k], ends[2 * k + 3] - cell.to];
    return [cell.from - 0.9 * before, cell.from - 0.1 * before, cell.to + 0.1 * after, cell.to + 0.9 * after];
  });
  const around = await valuesAt(Float64Array.from(places.flat()));
  return cells.map((cell, k) => {
    const exact = meeting(places[k], around.subarray(4 * k, 4 * k + 4));
    return exact >= cell.from - (cell.to - cell.from) && exact <= cell.to + (cell.to - cell.from)
      ? exact : (cell.from + cell.to) / 2;
  });
}
