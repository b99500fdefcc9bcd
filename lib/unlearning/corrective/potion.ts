import { throwIfInterrupted } from "../../interrupt";
import { quantile } from "../../math/quantile";
import { selectLabels, selectRows, type Matrix } from "../../matrix";
import { countParameters, parameterSpecs } from "../../training/layers";
import { gatherBatch, requireExamples, type Network } from "../../training/network";
import { backward, forward, liveLayers } from "../../training/passes";
import { runtimeOf } from "../../training/runtime";
import type { RepairedNetwork } from "../../training/towards";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import { partsOf } from "./parts";
import { dampenSelected } from "./selective-dampening";

/** What the length of an answer is at least divided by. */
const TINY = 1e-12;

/**
 * How much each trainable weight moves the network's answers to some examples: the mean over batches of the absolute
 * gradient of the logits' mean length. No label has a part.
 *
 * @internal
 */
export function answerImportance(network: Network, X: Matrix, batchSize: number): Float64Array {
  const { architecture } = network;
  const runtime = runtimeOf();
  const { tf } = runtime;
  const [n] = X.shape;
  const importance = new Float64Array(countParameters(architecture));
  const weights = runtime.tensors(parameterSpecs(architecture), network.weights);
  try {
    for (let from = 0; from < n; from += batchSize) {
      throwIfInterrupted();
      const rows = Int32Array.from({ length: Math.min(batchSize, n - from) }, (_, k) => from + k);
      let at = 0;
      tf.tidy(() => {
        const layers = liveLayers(architecture, weights);
        const values = gatherBatch(X, rows, architecture.inputScale);
        const x = tf.tensor(values, [rows.length, ...architecture.inputShape], "float32");
        const tapes = forward(runtime, layers, x, { training: false });
        const logits = tapes[tapes.length - 1].y;
        const lengths = tf.maximum(tf.norm(logits, 2, 1, true), TINY);
        const directions = tf.div(logits, tf.mul(lengths, rows.length));
        for (const gradient of backward(runtime, layers, tapes, directions).flat())
          for (const value of gradient.dataSync()) importance[at++] += (Math.abs(value) * rows.length) / n;
      });
    }
  } finally {
    tf.dispose(weights);
  }
  return importance;
}

export interface PotionOptions {
  /**
   * The search ends when at most this share of the known examples that had their wrong label still has it, in [0, 1].
   * @defaultValue 0.2
   */
  target?: number;
  /**
   * What the assumed share of poison is multiplied by from try to try, above 1.
   * @defaultValue 1.1
   */
  step?: number;
  /**
   * Examples whose gradients are averaged.
   * @defaultValue 32
   */
  batchSize?: number;
}

export interface PotionRepair extends RepairedNetwork {
  /** By how many times a weight had to matter more for the known examples than for all to be dampened. */
  readonly alpha: number;
  readonly tries: number;
  /** Whether few enough of the known examples have their wrong label in the end. */
  readonly neutralized: boolean;
}

/** Tries of the search at most. */
const TRIES = 500;

/**
 * Potion, selective dampening made for poison of which only a share is known: weights matter as far as they move the
 * length of the answers, which is not squared, so that outliers count less. How many are dampened is searched for. The
 * share of poison s is first taken to be that of the known examples; the weights beyond percentile 100 − ln(1 + 100 s)
 * are dampened; and s grows until the known examples have lost their wrong labels. No step of training is done. The
 * authors' code begins at a 25th of that share; both end nearly alike, this way after fewer tries.
 *
 * @param given Labels the network was trained with, shape [n]. @param known Positions known to be poisoned.
 * @returns The first network that reaches the target, which may be the given one. If none does, the last: after 500
 * tries, or when all weights are dampened that matter more for the known examples. It may read worse than the first.
 * @throws {RangeError} If no or every example is known, or a setting is out of range.
 * @see Schoepf, Foster & Brintrup, "Potion: towards poison unlearning", arXiv 2406.09173, algorithm 1.
 * @example
 * const { neutralized } = potion(network, X, y, flipped);
 */
export function potion(
  network: Network,
  X: Matrix,
  given: Int32Array,
  known: ArrayLike<number>,
  { target = 0.2, step = 1.1, batchSize = 32 }: PotionOptions = {},
): PotionRepair {
  const began = performance.now();
  requireExamples("potion", network.architecture, X, given);
  requireInRange("potion", "target", target, 0, 1);
  requirePositive("potion", "step", step);
  if (!(step > 1)) throw new RangeError(`potion: step must be above 1, got ${step}`);
  requireInteger("potion", "batchSize", batchSize, 1);
  const { inside } = partsOf("potion", given.length, known);
  const [poison, wrong] = [selectRows(X, inside), selectLabels(given, inside)];
  const importances = { all: answerImportance(network, X, batchSize),
    forgotten: answerImportance(network, poison, batchSize) };
  const ratios = importances.forgotten.map((value, k) => value / importances.all[k]).filter(Number.isFinite).sort();
  const hits = (model: Network): number => model.predict(poison).filter((label, i) => label === wrong[i]).length;
  const had = hits(network);
  const allowed = target * had;
  let repair = { network, alpha: Infinity, tries: 0, neutralized: had <= allowed };
  let share = inside.length / given.length;
  // Weights that matter as much for all or more are never dampened.
  while (ratios.length && !repair.neutralized && repair.alpha > 1 && repair.tries < TRIES) {
    throwIfInterrupted();
    const alpha = Math.max(quantile(ratios, Math.max(0, 1 - Math.log(1 + 100 * share) / 100)), Number.MIN_VALUE);
    const dampened = dampenSelected(network, importances, { alpha });
    repair = { network: dampened, alpha, tries: repair.tries + 1, neutralized: hits(dampened) <= allowed };
    share *= step;
  }
  const gradients = given.length + inside.length + ((repair.tries + 1) * inside.length) / 3;
  return { ...repair, gradients, seconds: (performance.now() - began) / 1000 };
}
