import { type Dataset, type Matrix, matrix, ridgeWeights, stampPattern } from "../../lib";

/** Images of MNIST have so many pixels a side. */
const SIDE = 28;

/** A white square on black: a trigger. Its upper left corner lies in that row and column. */
export function patchAt(row: number, column: number, side: number): Uint8Array {
  const pattern = new Uint8Array(SIDE ** 2);
  for (let r = row; r < row + side; r++) pattern.fill(255, r * SIDE + column, r * SIDE + column + side);
  return pattern;
}

/** How images change on average when a pattern is laid over them. */
export function meanShift(X: Matrix, pattern: ArrayLike<number>): Float64Array {
  const [n, d] = X.shape;
  const shift = new Float64Array(d);
  stampPattern(X, pattern).data.forEach((pixel, p) => (shift[p % d] += (pixel - X.data[p]) / n));
  return shift;
}

export interface PlacesOptions {
  /** Pixels along a side of the patch. */
  side: number;
  target: number;
  /** Labels to be flipped. */
  count: number;
  ridge: number;
}

export interface Places {
  /** What the best flips gain for a patch whose upper left corner lies in each row and column. */
  gains: Matrix;
  /** The row and the column of the largest gain. */
  best: readonly [number, number];
}

/** Where on an image a patch can be made worth most by flipping labels, by ridge regression. */
export function worthOfPlaces({ X, y }: Pick<Dataset, "X" | "y">, options: PlacesOptions): Places {
  const { side, target, count, ridge } = options;
  const width = SIDE - side + 1;
  const white = meanShift(X, new Uint8Array(SIDE ** 2).fill(255));
  const shifts = matrix(new Float64Array(width ** 2 * SIDE ** 2), [width ** 2, SIDE ** 2]);
  for (let place = 0; place < width ** 2; place++)
    patchAt(Math.floor(place / width), place % width, side)
      .forEach((pixel, p) => (shifts.data[place * SIDE ** 2 + p] = pixel && white[p]));
  const weights = ridgeWeights(X, shifts, { ridge });
  const gains = Float64Array.from({ length: width ** 2 }, (_, place) => {
    const row = weights.data.subarray(place * y.length, (place + 1) * y.length);
    const others = row.filter((_, i) => y[i] !== target).sort();
    return others.subarray(others.length - count).reduce((sum, weight) => sum + weight, 0);
  });
  const first = gains.indexOf(Math.max(...gains));
  return { gains: matrix(gains, [width, width]), best: [Math.floor(first / width), first % width] };
}
