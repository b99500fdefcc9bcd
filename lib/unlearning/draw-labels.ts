import type { Matrix } from "../matrix";
import type { Rng } from "../random";

/** Draws one class a row from its probabilities, shape [n, classes]. */
export function drawLabels({ data, shape: [n, classes] }: Matrix, rng: Rng): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => {
    let left = rng.uniform();
    for (let c = 0; c < classes - 1; c++) if ((left -= data[i * classes + c]) < 0) return c;
    return classes - 1;
  });
}
