import type { Matrix } from "../../matrix";
import type { Kernel } from "./kernel";
import type { RowKernel } from "./kernel-tile";

const LANES = 8;
const PAIR_SHIFT = 2 ** 26;
const STEPS = 2048;
const STEP_HIGH = Math.fround(Math.LN2 / STEPS);
/** With what ln 2 has beyond `Math.LN2`. */
const STEP_LOW = Math.LN2 / STEPS - STEP_HIGH + 2.3190468138462996e-17 / STEPS;
const UNDERFLOW = -708;
const fractions = Float64Array.from({ length: STEPS }, (_, i) => 2 ** (-i / STEPS));
const powers = Float64Array.from({ length: 1024 }, (_, i) => 2 ** -i);

/** Replaces every x by eˣ, for x ≤ 0 (above 0 counts as 0); within 2⁻⁵¹ of the exact value, relative. */
function expInPlace(values: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const x = values[i];
    if (x >= 0) values[i] = 1;
    else if (x < UNDERFLOW) values[i] = 0;
    else {
      const m = (-x * (STEPS / Math.LN2) + 0.5) | 0;
      const r = x + m * STEP_HIGH + m * STEP_LOW;
      values[i] = powers[m >> 11] * fractions[m & (STEPS - 1)] * (1 + r * (1 + r * (0.5 + r * (1 / 6 + r / 24))));
    }
  }
}

/**
 * Lays rows out for `FastKernelRows`: blocks of eight numbers, the values of one feature in eight rows side by side.
 * With `perNumber` 2 each number carries two rows, the second times 2²⁶: whole numbers, so both dot products stay
 * exact.
 */
function packRows({ data, shape: [n, d] }: Matrix, perNumber: 1 | 2): Float64Array {
  const rowsPerBlock = LANES * perNumber;
  const blocks = new Float64Array(Math.ceil(n / rowsPerBlock) * LANES * d);
  for (let i = 0; i < n; i++) {
    const place = i % rowsPerBlock;
    const weight = place < LANES ? 1 : PAIR_SHIFT;
    const start = Math.floor(i / rowsPerBlock) * LANES * d + (place % LANES);
    for (let j = 0; j < d; j++) blocks[start + j * LANES] += weight * data[i * d + j];
  }
  return blocks;
}

/** The square of a row's length, or NaN where one of its numbers is not a whole number of at least 0. */
function wholeSquare(data: ArrayLike<number>, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const x = data[i];
    if (x < 0 || x !== Math.floor(x)) return NaN;
    sum += x * x;
  }
  return sum;
}

/** Whether every dot product of such rows is a whole number in [0, 2²⁶), so that two fit into one number. */
export function arePairable({ data, shape: [, d] }: Matrix, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!(wholeSquare(data, i * d, (i + 1) * d) < PAIR_SHIFT)) return false;
  return true;
}

/**
 * The kernel by dot products, eight fixed rows at once, zeros left out, with an exponential of our own. Distances are
 * ‖a‖² + ‖b‖² − 2 a·b, so rows must not lie far from 0 for the kernel's width (`allowsDotProducts`).
 *
 * @see `PlainKernelRows`, its plain twin.
 */
export class FastKernelRows implements RowKernel {
  /** The number of fixed rows, rounded up to whole blocks. */
  readonly width: number;
  private readonly fixedSquares: Float64Array;
  private readonly pairable: boolean;
  private readonly packed: Partial<Record<1 | 2, Float64Array>> = {};
  private readonly positions: Int32Array;
  private readonly values: Float64Array;
  private readonly ends: Int32Array;
  private readonly squares: Float64Array;

  /** @param mostRows Rows that `fill` is given at once, at most. */
  constructor(private readonly fixed: Matrix, private readonly kernel: Kernel, mostRows: number) {
    const { data, shape: [n, d] } = fixed;
    this.width = Math.ceil(n / (2 * LANES)) * 2 * LANES;
    this.positions = new Int32Array(mostRows * d);
    this.values = new Float64Array(mostRows * d);
    this.ends = new Int32Array(mostRows);
    this.squares = new Float64Array(mostRows);
    this.pairable = arePairable(fixed, 0, n);
    this.fixedSquares = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let at = i * d; at < (i + 1) * d; at++) this.fixedSquares[i] += data[at] * data[at];
  }

  fill(X: Matrix, start: number, end: number, out: Float64Array, from = 0): void {
    const { squares, fixedSquares, width, fixed: { shape: [n] } } = this;
    const perNumber = this.pairable && arePairable(X, start, end) ? 2 : 1;
    this.gather(X, start, end);
    const first = from - (from % (LANES * perNumber));
    this.dotProducts(end - start, perNumber, first, out);
    if (this.kernel.type === "linear") return;
    const { gamma } = this.kernel;
    for (let row = 0; row < end - start; row++) {
      const offset = row * width;
      for (let j = first; j < n; j++)
        out[offset + j] = -gamma * (squares[row] + fixedSquares[j] - 2 * out[offset + j]);
      expInPlace(out, offset + first, offset + n);
    }
  }

  /** Lists the numbers other than 0 of each row of the tile. */
  private gather({ data }: Matrix, start: number, end: number): void {
    const d = this.fixed.shape[1];
    for (let row = 0; row < end - start; row++) {
      let to = row * d;
      let square = 0;
      for (let j = 0, at = (start + row) * d; j < d; j++, at++) {
        const x = data[at];
        if (x === 0) continue;
        this.positions[to] = j * LANES;
        this.values[to++] = x;
        square += x * x;
      }
      this.ends[row] = to;
      this.squares[row] = square;
    }
  }

  private dotProducts(rows: number, perNumber: 1 | 2, first: number, out: Float64Array): void {
    const { positions, values, ends, width, fixed: { shape: [n, d] } } = this;
    const blocks = (this.packed[perNumber] ??= packRows(this.fixed, perNumber));
    const rowsPerBlock = LANES * perNumber;
    for (let j = first; j < n; j += rowsPerBlock) {
      const start = (j / perNumber) * d;
      const block = blocks.subarray(start, start + LANES * d);
      for (let row = 0; row < rows; row++) {
        let a = 0, b = 0, c = 0, e = 0, f = 0, g = 0, h = 0, k = 0;
        for (let p = row * d; p < ends[row]; p++) {
          const x = values[p];
          const at = positions[p];
          a += x * block[at];
          b += x * block[at + 1];
          c += x * block[at + 2];
          e += x * block[at + 3];
          f += x * block[at + 4];
          g += x * block[at + 5];
          h += x * block[at + 6];
          k += x * block[at + 7];
        }
        const to = row * width + j;
        out[to] = a;
        out[to + 1] = b;
        out[to + 2] = c;
        out[to + 3] = e;
        out[to + 4] = f;
        out[to + 5] = g;
        out[to + 6] = h;
        out[to + 7] = k;
        if (perNumber === 2)
          for (let lane = to; lane < to + LANES; lane++) {
            const high = Math.floor(out[lane] / PAIR_SHIFT);
            out[lane + LANES] = high;
            out[lane] -= high * PAIR_SHIFT;
          }
      }
    }
  }
}

