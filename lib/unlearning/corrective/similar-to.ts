import { selectRows, type Matrix } from "../../matrix";
import { requireFinite, requireInteger } from "../../validate";
import { dot } from "../../math/linear-algebra";

export interface Likeness {
  /** How far each candidate lies towards the known ones, shape [candidates]. */
  readonly scores: Float64Array;
  /** The same for each known one, by a direction in which it has no part, shape [known]. */
  readonly leaveOneOut: Float64Array;
}

function meanRow({ data, shape: [n, d] }: Matrix): Float64Array {
  const mean = new Float64Array(d);
  for (let j = 0; j < data.length; j++) mean[j % d] += data[j] / n;
  return mean;
}

/**
 * How much examples look like known ones of a group: their place along the direction from the mean of the other
 * candidates to the mean of the known ones.
 *
 * @param features Of all examples, finite, shape [n, d].
 * @param candidates Positions to judge, the known ones among them.
 * @param known Positions known to be poisoned, at least two.
 * @throws {RangeError} If a known position is no candidate, none other is left, or a feature is not finite.
 * @see Tran, Li & Madry, NeurIPS 2018, §3, for the direction in which a backdoor's examples stand out; there it is
 * found without known ones.
 * @example
 * const { scores } = similarTo(X, [0, 1, 2, 3, 4], [0, 1]);
 */
export function similarTo(features: Matrix, candidates: ArrayLike<number>, known: ArrayLike<number>): Likeness {
  requireFinite("similarTo", "features", features.data);
  requireInteger("similarTo", "number of known", known.length, 2);
  const among = new Set(Array.from(candidates));
  const named = new Set(Array.from(known));
  for (const i of named)
    if (!among.has(i)) throw new RangeError(`similarTo: known positions must be candidates, got ${i}`);
  requireInteger("similarTo", "number of other candidates", among.size - named.size, 1);
  const others = meanRow(selectRows(features, Array.from(among).filter((i) => !named.has(i))));
  const rows = selectRows(features, known);
  const [count, d] = rows.shape;
  const mean = meanRow(rows);
  const row = (i: number): Float64Array => Float64Array.from(features.data.subarray(i * d, (i + 1) * d));
  const place = (i: number, direction: Float64Array): number =>
    dot(row(i).map((value, j) => value - others[j]), direction) / Math.max(dot(direction, direction), 1e-12);
  const towards = mean.map((value, j) => value - others[j]);
  return {
    scores: Float64Array.from(candidates, (i) => place(i, towards)),
    leaveOneOut: Float64Array.from(known, (i) => {
      const own = row(i);
      return place(i, mean.map((value, j) => (value * count - own[j]) / (count - 1) - others[j]));
    }),
  };
}
