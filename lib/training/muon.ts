import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import type { Tensorflow } from "../tensorflow";
import type { Architecture, Layer } from "./layers";
import type { MuonOptimizer } from "./optimizers";

/** The odd polynomial x · (a + b x² + c x⁴) brings numbers of (0, 1] near 1 within few rounds. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ROUNDS = 5;
/** Added to a length that is divided by. */
const TINY = 1e-7;

/**
 * A matrix with the same directions and with singular values near 1, by Newton–Schulz rounds.
 *
 * @see Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024.
 */
export function orthogonalized(tf: Tensorflow, rows: Tensor2D): Tensor2D {
  const isTall = rows.shape[0] > rows.shape[1];
  let x: Tensor2D = tf.div(isTall ? rows.transpose() : rows, tf.add(tf.norm(rows), TINY));
  for (let round = 0; round < ROUNDS; round++) {
    const gram: Tensor2D = tf.matMul(x, x, false, true);
    const mixed: Tensor2D = tf.add(tf.mul(gram, B), tf.mul(tf.matMul(gram, gram), C));
    x = tf.add(tf.mul(x, A), tf.matMul(mixed, x));
  }
  return isTall ? x.transpose() : x;
}

/**
 * Requires a batch norm behind each hidden convolution, before other weights come: it makes good for the length of a
 * kernel, which Muon sets.
 */
export function requireNormedConvolutions(fn: string, { layers }: Architecture): void {
  const hasWeights = ({ kind }: Layer): boolean => kind === "conv2d" || kind === "dense" || kind === "batchNorm";
  const first = layers.findIndex(({ kind }) => kind === "conv2d");
  layers.forEach(({ kind }, i) => {
    if (kind !== "conv2d" || i === first) return;
    const next = layers.slice(i + 1).find(hasWeights);
    if (next?.kind !== "batchNorm")
      throw new RangeError(`${fn}: muon needs a batchNorm behind each convolution but the first, got `
        + `${next?.kind ?? "none"} behind layer ${i}; use adam`);
  });
}

/**
 * One step on a kernel [..., in, out], which is brought to length √out first: the new kernel, and its velocity. So a
 * step turns a kernel by as much in every epoch.
 */
export function muonStep(tf: Tensorflow, { learningRate, momentum }: MuonOptimizer, weight: Tensor, velocity: Tensor,
  gradient: Tensor): [Tensor, Tensor] {
  const filters = weight.shape[weight.shape.length - 1] as number;
  const moved = tf.add(tf.mul(velocity, momentum), gradient);
  const ahead = tf.add(gradient, tf.mul(moved, momentum));
  const update = orthogonalized(tf, ahead.reshape([-1, filters])).reshape(weight.shape);
  const scaled = tf.mul(weight, tf.div(Math.sqrt(filters), tf.add(tf.norm(weight), TINY)));
  return [tf.sub(scaled, tf.mul(update, learningRate)), moved];
}
