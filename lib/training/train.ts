import { isInterrupted, throwIfInterrupted } from "../interrupt";
import type { Matrix } from "../matrix";
import type { Architecture } from "./layers";
import type { Network } from "./network";
import type { AsyncTrainOptions, TrainingResult, TrainOptions } from "./train-options";
import { TrainingRun } from "./training-run";

/**
 * Trains a network by mini-batches, blocking until it is done.
 *
 * @param start What to train: an architecture (fresh weights from `rng`), or a network to go on from.
 * @param X Shape [n, product of inputShape]; Uint8 pixels or any numbers, scaled by the architecture.
 * @param y Classes, shape [n].
 * @throws {RangeError} If data and architecture don't fit. @throws {Error} If the loss is not finite or diverges.
 * @example
 * const architecture = mlp({ numFeatures: X.shape[1], hidden: [16], numClasses: 10 });
 * const { network } = trainNetworkSync(architecture, X, y, { epochs: 20, rng: seededRng(1) });
 */
export function trainNetworkSync(
  start: Architecture | Network,
  X: Matrix,
  y: Int32Array,
  options: TrainOptions,
): TrainingResult {
  const loop = new TrainingRun(start, X, y, options).loop();
  try {
    for (;;) {
      throwIfInterrupted();
      const { done, value } = loop.next();
      if (done) return value;
      if (isInterrupted()) value();
    }
  } finally {
    loop.return(undefined as never);
  }
}

/**
 * Trains a network by mini-batches, leaving the event loop free at least ten times a second.
 * With a checkpoint it can be killed at any moment: the next call with the same arguments goes on and ends at the same
 * numbers.
 *
 * @param start What to train: an architecture (fresh weights from `rng`), or a network to go on from.
 * @param X Shape [n, product of inputShape]; Uint8 pixels or any numbers, scaled by the architecture.
 * @param y Classes, shape [n].
 * @throws {RangeError} If data and architecture don't fit. @throws {Error} If the loss is not finite or diverges.
 * @example
 * const { network } = await trainNetwork(vggLike({ filters: 16 }), X, y, { epochs: 20, rng: seededRng(42) });
 */
export async function trainNetwork(
  start: Architecture | Network,
  X: Matrix,
  y: Int32Array,
  options: AsyncTrainOptions,
): Promise<TrainingResult> {
  const { signal } = options;
  const loop = new TrainingRun(start, X, y, options).loop();
  let restedAt = performance.now();
  try {
    for (;;) {
      throwIfInterrupted(signal);
      const { done, value } = loop.next();
      if (done) return value;
      if (isInterrupted(signal)) value();
      if (performance.now() - restedAt > 100) {
        await new Promise((resolve) => setImmediate(resolve));
        restedAt = performance.now();
        if (isInterrupted(signal)) value();
      }
    }
  } finally {
    loop.return(undefined as never);
  }
}
