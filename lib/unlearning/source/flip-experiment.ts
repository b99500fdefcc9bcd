import type { TrainTest } from "../../data/dataset";
import { selectLabels, selectRows } from "../../matrix";
import { seededRng } from "../../random";
import { trainCached } from "../../training/cached";
import type { Architecture } from "../../training/layers";
import { numClassesOf, type Network } from "../../training/network";
import { adam } from "../../training/optimizers";
import type { TrainOptions } from "../../training/train-options";
import { requireInteger, requireOneOf } from "../../validate";
import type { LabeledExamples } from "../memorization";
import { flipToOpposite } from "./opposite-labels";
import { unlearningScores, type UnlearningScores } from "./unlearning-scores";

export type { UnlearningScores };

export interface FlipExperimentOptions {
  architecture: Architecture;
  /** Training images, drawn from the training half. */
  images: number;
  /** Images kept aside to choose settings on. */
  validation: number;
  /**
   * Where those come from: other training images, or, as in the unlearning source, part of the test half, which is not
   * tested on then.
   * @defaultValue "train"
   */
  validationFrom?: "train" | "test";
  /** Labels flipped, a multiple of the number of classes. */
  budget: number;
  epochs: number;
  /**
   * How both networks are trained.
   * @defaultValue batches of 64 and `adam({ amsgrad: true })`, as in the unlearning source
   */
  training?: Pick<TrainOptions, "batchSize" | "optimizer" | "schedule">;
  /** Of the draw of the images and of the training. The flips are always those of seed 42, the unlearning source's. */
  seed: number;
  /** Where trained networks are kept. */
  directory: string;
}

/** A poisoned network, its clean twin, and everything needed to judge what lies between. */
export interface FlipExperiment {
  readonly train: LabeledExamples;
  /** Labels with the flips, shape [images]. */
  readonly given: Int32Array;
  readonly flipped: Int32Array;
  readonly validation: LabeledExamples;
  readonly test: LabeledExamples;
  readonly poisoned: Network;
  readonly clean: Network;
  /** Gradients of one training, in examples. */
  readonly trainingGradients: number;
  scores(network: Network, on: "validation" | "test"): UnlearningScores;
}

/**
 * Trains the same network twice, on flipped and on true labels, and holds what is needed to judge attempts to get from
 * the one to the other. Trained networks are remembered.
 *
 * @throws {RangeError} If the images don't suffice, or the budget is not a multiple of the number of classes.
 * @example
 * const data = await loadMnist({ train: 10000, test: 2000 });
 * const experiment = await flipExperiment(data, { architecture: leNet(), images: 2000, validation: 1000,
 *   budget: 400, epochs: 20, seed: 7, directory: "results/models" });
 */
export async function flipExperiment(data: TrainTest, options: FlipExperimentOptions): Promise<FlipExperiment> {
  const { architecture, images, validation, validationFrom = "train", budget, epochs, seed, directory } = options;
  const training = { optimizer: adam({ amsgrad: true }), ...options.training };
  const pick = (half: "train" | "test", positions: Int32Array): LabeledExamples => ({
    X: selectRows(data[half].X, positions),
    y: selectLabels(data[half].y, positions),
  });
  requireOneOf("flipExperiment", "validationFrom", validationFrom, ["train", "test"]);
  const spare = { train: data.train.y.length - images, test: data.test.y.length - 1 }[validationFrom];
  requireInteger("flipExperiment", "images", images, 1, data.train.y.length);
  requireInteger("flipExperiment", "validation", validation, 1, spare);
  const order = seededRng(seed).permutation(data.train.y.length);
  const halves = seededRng(42).permutation(data.test.y.length);
  const fromTest = validationFrom === "test" ? validation : 0;
  const train = pick("train", order.slice(0, images));
  const held = fromTest
    ? pick("test", halves.slice(-fromTest))
    : pick("train", order.slice(images, images + validation));
  const test = pick("test", halves.slice(0, halves.length - fromTest));
  const numClasses = numClassesOf(architecture);
  const { y: given, flipped } = flipToOpposite(train.y, { budget, numClasses, rng: seededRng(42) });

  const fit = async (y: Int32Array): Promise<Network> => {
    const { network } = await trainCached(architecture, train.X, y, {
      ...training,
      epochs,
      rng: seededRng(seed),
      directory,
    });
    return network;
  };
  const members: LabeledExamples = { X: selectRows(train.X, flipped), y: selectLabels(given, flipped) };
  return {
    train,
    given,
    flipped,
    validation: held,
    test,
    poisoned: await fit(given),
    clean: await fit(train.y),
    trainingGradients: images * epochs,
    scores: (network, on) => unlearningScores(network, members, on === "test" ? test : held),
  };
}
