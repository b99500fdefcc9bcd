import { selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import type { Architecture } from "../training/layers";
import type { Network } from "../training/network";
import { argMax, networkOutputs, softmaxRows } from "../training/predict";
import { trainNetwork, type AsyncTrainOptions } from "../training/train";
import { requireInteger } from "../validate";

/** Networks trained on disjoint shards of the data, which vote. */
export interface ShardedNetwork {
  readonly networks: readonly Network[];
  /** Training positions of each shard. */
  readonly shards: readonly Int32Array[];
}

export interface ShardedTraining {
  readonly model: ShardedNetwork;
  /** Work of this call: gradients in examples, and seconds. */
  readonly examplesSeen: number;
  readonly seconds: number;
  /** Shards trained in this call. */
  readonly trained: readonly number[];
}

export interface ShardedOptions extends Omit<AsyncTrainOptions, "checkpoint" | "rng"> {
  rng: Rng;
}

async function trainShards(
  architecture: Architecture,
  X: Matrix,
  y: Int32Array,
  shards: readonly Int32Array[],
  which: readonly number[],
  old: readonly Network[],
  options: ShardedOptions,
): Promise<ShardedTraining> {
  const networks = [...old];
  let [examplesSeen, seconds] = [0, 0];
  for (const shard of which) {
    const positions = shards[shard];
    const result = await trainNetwork(architecture, selectRows(X, positions), selectLabels(y, positions), {
      ...options,
      rng: options.rng.spawn(shard),
    });
    networks[shard] = result.network;
    examplesSeen += result.examplesSeen;
    seconds += result.seconds;
  }
  return { model: { networks, shards }, examplesSeen, seconds, trained: which };
}

/**
 * Trains one network on each of `numShards` random disjoint shards (SISA with one slice a shard).
 *
 * @see Bourtoule et al., IEEE S&P 2021, §IV.
 */
export function trainSharded(
  architecture: Architecture,
  X: Matrix,
  y: Int32Array,
  { numShards, ...options }: ShardedOptions & { numShards: number },
): Promise<ShardedTraining> {
  requireInteger("trainSharded", "numShards", numShards, 1, y.length);
  const order = options.rng.permutation(y.length);
  const shards = Array.from({ length: numShards }, (_, s) => order.filter((__, i) => i % numShards === s).sort());
  return trainShards(architecture, X, y, shards, [...shards.keys()], [], options);
}

/**
 * Changes labels exactly: trains anew every shard that holds a changed example, and no other.
 *
 * @param y The corrected labels of all examples. @param changed Positions whose label changed.
 */
export function retrainSharded(
  architecture: Architecture,
  model: ShardedNetwork,
  X: Matrix,
  y: Int32Array,
  changed: ArrayLike<number>,
  options: ShardedOptions,
): Promise<ShardedTraining> {
  const positions = new Set(Array.from(changed));
  const touched = [...model.shards.keys()].filter((s) => model.shards[s].some((i) => positions.has(i)));
  return trainShards(architecture, X, y, model.shards, touched, model.networks, options);
}

/** Classes of the largest mean probability over the shards' networks, shape [n]. */
export function predictSharded({ networks }: ShardedNetwork, X: Matrix): Int32Array {
  const [n] = X.shape;
  const each = networks.map((network) => softmaxRows(networkOutputs(network, X)));
  const [, k] = each[0].shape;
  const sum = each[0].data.map((_, i) => each.reduce((total, { data }) => total + data[i], 0));
  return Int32Array.from({ length: n }, (_, i) => argMax(sum, i * k, k));
}
