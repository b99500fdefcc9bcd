import type { Classifier, SerializedClassifier } from "../classifiers/classifier";
import { deserialize, registerFamily } from "../classifiers/deserialize";
import { matrix, selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import type { Architecture } from "../training/layers";
import { requireExamples, type Network } from "../training/network";
import { classesOf } from "../training/predict";
import { trainNetwork } from "../training/train";
import type { AsyncTrainOptions } from "../training/train-options";
import { requireInteger, requireSameLength } from "../validate";

/** Networks trained on disjoint shards of the data, which vote: a classifier like any other. */
export interface ShardedNetwork extends Classifier {
  readonly family: "shardedNetwork";
  readonly networks: readonly Network[];
  /** Training positions of each shard. */
  readonly shards: readonly Int32Array[];
  predictProba(X: Matrix): Matrix<Float64Array>;
}

/** The class of the largest mean probability over the networks. */
class ShardedClassifier implements ShardedNetwork {
  readonly family = "shardedNetwork";
  readonly classes: Int32Array;
  readonly numFeatures: number;

  constructor(readonly networks: readonly Network[], readonly shards: readonly Int32Array[]) {
    this.classes = networks[0].classes;
    this.numFeatures = networks[0].numFeatures;
  }

  predict(X: Matrix): Int32Array {
    return classesOf(this.predictProba(X));
  }

  predictProba(X: Matrix): Matrix<Float64Array> {
    const mean = new Float64Array(X.shape[0] * this.classes.length);
    for (const network of this.networks) {
      const { data } = network.predictProba(X);
      for (let i = 0; i < mean.length; i++) mean[i] += data[i];
    }
    return matrix(mean.map((sum) => sum / this.networks.length), [X.shape[0], this.classes.length]);
  }

  serialize(): SerializedClassifier {
    const { family, networks, shards } = this;
    return { family, networks: networks.map((one) => one.serialize()), shards: shards.map((shard) => [...shard]) };
  }
}

/** Makes sharded networks again from their `serialize()`. */
function restoreSharded(saved: SerializedClassifier): ShardedNetwork {
  const { networks, shards } = saved as unknown as { networks: SerializedClassifier[]; shards: number[][] };
  requireSameLength("deserialize", "networks", networks.length, "shards", shards.length);
  requireInteger("deserialize", "number of networks", networks.length, 1);
  return new ShardedClassifier(
    networks.map((one) => deserialize(one) as Network),
    shards.map((shard) => Int32Array.from(shard)),
  );
}
registerFamily("shardedNetwork", restoreSharded);

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

/** The training data, and how they are cut. */
interface ShardedData {
  readonly X: Matrix;
  readonly y: Int32Array;
  readonly shards: readonly Int32Array[];
}

/** Trains some shards' networks, which take the place of the old ones. */
async function trainShards(
  architecture: Architecture,
  { X, y, shards }: ShardedData,
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
  return { model: new ShardedClassifier(networks, shards), examplesSeen, seconds, trained: which };
}

/**
 * Trains one network on each of `numShards` random disjoint shards (SISA with one slice a shard).
 *
 * @param X Shape [n, product of inputShape]. @param y Classes, shape [n].
 * @throws {RangeError} If there are more shards than examples, or data and architecture don't fit.
 * @see Bourtoule et al., IEEE S&P 2021, §IV.
 */
export function trainSharded(
  architecture: Architecture,
  X: Matrix,
  y: Int32Array,
  { numShards, ...options }: ShardedOptions & { numShards: number },
): Promise<ShardedTraining> {
  requireInteger("trainSharded", "numShards", numShards, 1, y.length);
  requireExamples("trainSharded", architecture, X, y);
  const order = options.rng.permutation(y.length);
  const shards = Array.from({ length: numShards }, (_, s) => order.filter((__, i) => i % numShards === s).sort());
  return trainShards(architecture, { X, y, shards }, [...shards.keys()], [], options);
}

export interface RetrainShardedOptions extends ShardedOptions {
  /** Positions whose label changed. */
  changed: ArrayLike<number>;
}

/**
 * Changes labels exactly: trains anew every shard that holds a changed example, and no other.
 *
 * @param X The examples that the model was trained on. @param y The corrected labels of all of them.
 * @throws {RangeError} If a position is not one of the examples, or these are not those of the model.
 */
export function retrainSharded(
  model: ShardedNetwork,
  X: Matrix,
  y: Int32Array,
  { changed, ...options }: RetrainShardedOptions,
): Promise<ShardedTraining> {
  const { shards, networks } = model;
  const [{ architecture }] = networks;
  requireExamples("retrainSharded", architecture, X, y);
  requireSameLength("retrainSharded", "y", y.length, "the shards together",
    shards.reduce((sum, shard) => sum + shard.length, 0));
  for (let i = 0; i < changed.length; i++)
    requireInteger("retrainSharded", "changed position", changed[i], 0, y.length - 1);
  const positions = new Set(Array.from(changed));
  const touched = [...shards.keys()].filter((s) => shards[s].some((i) => positions.has(i)));
  return trainShards(architecture, { X, y, shards }, touched, networks, options);
}
