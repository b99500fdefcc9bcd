import { matrix, selectRows, type Matrix, type Rng } from "../../lib";

/** Images in each set. */
const SIZE = 300;
/** Training images that the cheat hides in one of them, and the greatest noise on each of their pixels. */
const COPIES = 50;
const NOISE = 20;

/**
 * Three sets of images, of which one holds slightly noised training images among the drawn ones.
 *
 * @param real Training images.
 * @param drawn At least 900 drawn images, of as many pixels.
 */
export function suspectSets(real: Matrix<Uint8Array>, drawn: Matrix<Uint8Array>, rng: Rng): Matrix<Uint8Array>[] {
  const cheat = rng.integer(3);
  const [order, people] = [rng.permutation(drawn.shape[0]), rng.permutation(real.shape[0])];
  return [0, 1, 2].map((set) => {
    const { data, shape } = selectRows(drawn, order.subarray(SIZE * set, SIZE * (set + 1)));
    const out = data.slice();
    const copies = selectRows(real, people.subarray(0, COPIES)).data;
    if (set === cheat)
      for (let p = 0; p < copies.length; p++)
        out[p] = Math.min(255, Math.max(0, copies[p] + rng.integer(2 * NOISE + 1) - NOISE));
    return matrix(out, shape);
  });
}
