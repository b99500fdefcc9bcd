import { dot } from "../../math/linear-algebra";
import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import type { NumericRange } from "../ranges";
import type { Affine, Unit } from "./relu-units";

/** Ranges as a cube: − 1 to 1 in every feature. */
export class Cube {
  readonly middle: Float64Array;
  readonly half: Float64Array;

  constructor(ranges: readonly NumericRange[]) {
    this.middle = Float64Array.from(ranges, ({ min, max }) => min / 2 + max / 2);
    this.half = Float64Array.from(ranges, ({ min, max }) => max / 2 - min / 2);
  }

  /** Points of the cube as rows of features, shape [n, d]. */
  rowsOf({ data, shape: [n, d] }: Matrix<Float64Array>): Matrix<Float64Array> {
    const X = matrix(new Float64Array(n * d), [n, d]);
    for (let i = 0, p = 0; i < n; i++)
      for (let j = 0; j < d; j++, p++) X.data[p] = this.middle[j] + this.half[j] * data[p];
    return X;
  }

  /** A linear function of the cube's points, as one of the features. */
  affineOf({ slope, constant }: Affine): Affine {
    const own = slope.map((w, j) => (this.half[j] > 0 ? w / this.half[j] : 0));
    return { slope: own, constant: constant - dot(own, this.middle) };
  }

  /** A unit of the cube's points, as one of the features. */
  unitOf({ sign, weights, bias }: Unit): Unit {
    const { slope, constant } = this.affineOf({ slope: weights, constant: bias });
    return { sign, weights: slope, bias: constant };
  }
}

/** A point drawn evenly from a cube that is some times as large. */
export function scatter({ half }: Cube, size: number, rng: Rng): Float64Array {
  return half.map((one) => (one > 0 ? size * (2 * rng.uniform() - 1) : 0));
}
