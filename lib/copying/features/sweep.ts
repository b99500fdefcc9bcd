import { matrix, rowOf, type Matrix } from "../../matrix";
import { requireFinite, requireInteger, requirePositive } from "../../validate";
import type { BlackBox } from "../black-box";

/** A change of label met when one feature moves and the others stand. */
export interface LabelChange {
  readonly feature: number;
  /** The row of `bases` it was met from. */
  readonly base: number;
  /** Values of the feature on both sides, and their labels; `inner` is the side of the base. */
  readonly inner: number;
  readonly outer: number;
  readonly innerLabel: number;
  readonly outerLabel: number;
}

export interface SweepOptions {
  /** Points to start from, shape [n, d]. */
  bases: Matrix;
  /** First guess of each feature's scale, above 0, shape [d]. */
  scale: ArrayLike<number>;
  /** Steps to both sides are 4^k scales, for k from −down to up; 4 and 6 unless said. */
  down?: number;
  up?: number;
  /** Halvings of the first change on each side, at least 0; 3 unless said. */
  halvings?: number;
}

export interface Sweep {
  /** The first change to either side of each base and feature, where there is one. */
  readonly changes: readonly LabelChange[];
  /** Rows asked. */
  readonly spent: number;
}

/** Halvings at most of a change met within the first step, until it has a distance to the base. */
const LOOSE_HALVINGS = 24;

async function askMoved(blackBox: BlackBox, bases: Matrix, moves: readonly (readonly [number, number, number])[]) {
  const d = bases.shape[1];
  const data = new Float64Array(moves.length * d);
  moves.forEach(([base, feature, value], i) => {
    data.set(rowOf(bases, base), i * d);
    data[i * d + feature] = value;
  });
  return moves.length ? blackBox.query(matrix(data, [moves.length, d])) : new Int32Array(0);
}

/** Halves each change once, by one query each: the half that still holds a change next to `inner` stays. */
export async function halveChanges(blackBox: BlackBox, bases: Matrix, changes: readonly LabelChange[]) {
  const middles = changes.map(({ inner, outer }) => (inner + outer) / 2);
  const moves = changes.map(({ base, feature }, i) => [base, feature, middles[i]] as const);
  const y = await askMoved(blackBox, bases, moves);
  return changes.map((change, i) =>
    y[i] === change.innerLabel
      ? { ...change, inner: middles[i] }
      : { ...change, outer: middles[i], outerLabel: y[i] },
  );
}

/**
 * Moves one feature at a time away from each base, in growing steps to both sides, until the label changes, and halves
 * the step of the first change. Costs n · (1 + 2 d (down + up + 1)) queries, and one for each change and halving; a
 * change within the very first step is halved on until it is clear of the base.
 *
 * @throws {RangeError} If an option is out of range.
 */
export async function sweepFeatures(
  blackBox: BlackBox,
  { bases, scale, down = 4, up = 6, halvings = 3 }: SweepOptions,
): Promise<Sweep> {
  const fn = "sweepFeatures";
  requireInteger(fn, "halvings", halvings, 0);
  requireInteger(fn, "down", down, 0);
  requireInteger(fn, "up", up, 0);
  const [n, d] = bases.shape;
  if (scale.length !== d) throw new RangeError(`${fn}: scale must have ${d} values, got ${scale.length}`);
  requireInteger(fn, "rows of bases", n, 1);
  requireFinite(fn, "bases", bases.data);
  for (let j = 0; j < d; j++) requirePositive(fn, "scale", scale[j]);
  const before = blackBox.used;
  const own = await blackBox.query(bases);
  const steps = Array.from({ length: down + up + 1 }, (_, k) => 4 ** (k - down));
  const moves: [number, number, number][] = [];
  for (let base = 0; base < n; base++)
    for (let j = 0; j < d; j++)
      for (const sign of [-1, 1])
        for (const step of steps) moves.push([base, j, bases.data[base * d + j] + sign * step * scale[j]]);
  const y = await askMoved(blackBox, bases, moves);
  let changes: LabelChange[] = [];
  for (let start = 0; start < moves.length; start += steps.length) {
    const [base, feature] = moves[start];
    const innerLabel = own[base];
    const k = steps.findIndex((_, i) => y[start + i] !== innerLabel);
    if (k < 0) continue;
    const inner = k ? moves[start + k - 1][2] : bases.data[base * d + feature];
    changes.push({ feature, base, inner, outer: moves[start + k][2], innerLabel, outerLabel: y[start + k] });
  }
  for (let h = 0; h < halvings; h++) changes = await halveChanges(blackBox, bases, changes);
  const isLoose = ({ base, feature, inner }: LabelChange): boolean => inner === bases.data[base * d + feature];
  for (let h = 0; h < LOOSE_HALVINGS && changes.some(isLoose); h++)
    changes = [
      ...changes.filter((change) => !isLoose(change)),
      ...(await halveChanges(blackBox, bases, changes.filter(isLoose))),
    ];
  return { changes, spent: blackBox.used - before };
}
