import { matrix, type Matrix } from "../../matrix";
import { requireFinite, requireInteger } from "../../validate";
import type { Sampler } from "./sampler";

/**
 * Rows that are at hand, such as a thief's own pictures: each at most once in one draw, in random order.
 *
 * @param X Rows without labels, shape [n, d], n ≥ 1; not copied.
 * @throws {RangeError} If there is no row or a number is not finite; in `sample`, if more rows are wanted than there
 *   are.
 * @see Orekondy, Schiele & Fritz, CVPR 2019, the "random" choice; Correia-Silva et al., IJCNN 2018.
 * @example
 * poolSampler(fromRows([[1], [2], [3]])).sample(2, seededRng(1)).shape; // [2, 1]
 */
export function poolSampler(X: Matrix): Sampler {
  const [n, d] = X.shape;
  requireInteger("poolSampler", "rows of X", n, 1);
  requireFinite("poolSampler", "X", X.data);
  return {
    name: "poolSampler",
    numFeatures: d,
    sample(wanted, rng) {
      requireInteger("poolSampler", "n", wanted, 0, n);
      const data = new Float64Array(wanted * d);
      const order = rng.permutation(n);
      for (let i = 0; i < wanted; i++) data.set(X.data.subarray(order[i] * d, (order[i] + 1) * d), i * d);
      return matrix(data, [wanted, d]);
    },
  };
}
