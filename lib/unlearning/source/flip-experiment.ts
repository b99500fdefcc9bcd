import type { TrainTest } from "../../data/dataset";
import { selectLabels, selectRows } from "../../matrix";
import { seededRng } from "../../random";
import { trainCached } from "../../training/cached";
import type { Architecture } from "../../training/layers";
import { numClassesOf, type Network } from "../../training/network";
import { adam } from "../../training/optimizers";
import { evaluateNetwork } from "../../training/predict";
import { requireInteger, requireOneOf } from "../../validate";
import { memorizedShare, membershipScore, type LabeledExamples } from "../memorization";
import { flipToOpposite } from "./opposite-labels";

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
  /** Of the draw of the images and of the training. The flips are always those of seed 42, the unlearning source's. */
  seed: number;
  /** Where trained networks are kept. */
  directory: string;
}

/** What a network knows: how well it reads, and what it still knows of the flips. */
export interface UnlearningScores {
  /** Share of unseen images that it reads right. */
  readonly accuracy: number;
  /** Share of flipped images that it still calls by their wrong label. */
  readonly memorized: number;
  /** `membershipScore` of the wrong labels: 0.5 or less tells nothing. */
  readonly membership: number;
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
      epochs,
      rng: seededRng(seed),
      optimizer: adam({ amsgrad: true }),
      directory,
    });
    return network;
  };
  const members: LabeledExamples = { X: selectRows(train.X, flipped), y: selectLabels(given, flipped) };
  const turned = ({ X, y }: LabeledExamples): LabeledExamples => ({ X, y: y.map((s) => numClasses - 1 - s) });
  return {
    train,
    given,
    flipped,
    validation: held,
    test,
    poisoned: await fit(given),
    clean: await fit(train.y),
    trainingGradients: images * epochs,
    scores(network, on) {
      const unseen = on === "test" ? test : held;
      return {
        accuracy: evaluateNetwork(network, unseen.X, unseen.y).accuracy,
        memorized: memorizedShare(network, members.X, members.y),
        membership: membershipScore(network, members, turned(unseen)),
      };
    },
  };
}
