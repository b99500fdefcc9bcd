import * as path from "node:path";
import type { Matrix } from "../matrix";
import { removeLeftovers } from "./checkpoint";
import type { Architecture } from "./layers";
import type { Network } from "./network";
import { trainNetwork } from "./train";
import type { AsyncTrainOptions, TrainingResult } from "./train-options";
import { fingerprintOf } from "./training-run";

export interface CachedTrainOptions extends Omit<AsyncTrainOptions, "checkpoint"> {
  /** Where trained networks are kept, one file each, named by a hash of data, start, settings and seed. */
  directory: string;
}

/**
 * `trainNetwork` that remembers: the same call again returns at once, and a killed one goes on after its last whole
 * epoch.
 *
 * @example
 * const options = { epochs: 20, rng: seededRng(42), directory: "results/models" };
 * const { network } = await trainCached(vggLike({ filters: 16 }), X, y, options);
 */
export function trainCached(
  start: Architecture | Network,
  X: Matrix,
  y: Int32Array,
  { directory, ...options }: CachedTrainOptions,
): Promise<TrainingResult> {
  removeLeftovers(directory, (name) => /^[0-9a-f]{24}\.checkpoint$/.test(name));
  const file = path.join(directory, `${fingerprintOf(start, X, y, options).slice(0, 24)}.checkpoint`);
  return trainNetwork(start, X, y, { ...options, checkpoint: { path: file } });
}
