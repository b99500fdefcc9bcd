import {
  accuracy, type Architecture, type Dataset, leNet, mean, mlp, type Rng, selectLabels, selectRows, stampPattern,
  trainNetworkSync,
} from "../../lib";

/** Networks that learn from poisoned labels. */
export type Learner = "dense" | "LeNet";

const learners: Record<Learner, Architecture> = {
  dense: mlp({ numFeatures: 784, hidden: [128], numClasses: 10, inputScale: 1 / 255 }),
  LeNet: leNet(),
};

export interface BackdoorSetting {
  train: Dataset;
  test: Dataset;
  /** The trigger, 28 × 28 pixels. */
  pattern: Uint8Array;
  target: number;
  /** How many of the first training images a network learns from, and how often. */
  images: number;
  epochs: number;
  rng: Rng;
}

/** Means over the runs, and the runs of the least and the most success. */
export interface BackdoorResult {
  /** Test images read rightly, without the trigger. */
  accuracy: number;
  /** Test images of other classes that are read as the target when they get the trigger. */
  success: number;
  lowest: number;
  highest: number;
}

/** The share of images of other classes that are read as the target. */
export function readAsTarget(predicted: Int32Array, y: Int32Array, target: number): number {
  const others = Array.from(y.keys()).filter((i) => y[i] !== target);
  return others.filter((i) => predicted[i] === target).length / others.length;
}

/** What networks of one kind have learned from each of the given labels, each run from another start. */
export function backdoorTrial(setting: BackdoorSetting): (kind: Learner, runs: Int32Array[]) => BackdoorResult {
  const { train, test, pattern, target, images, epochs, rng } = setting;
  const first = Int32Array.from({ length: images }, (_, i) => i);
  const X = selectRows(train.X, first);
  const stamped = stampPattern(test.X, pattern);
  return (kind, runs) => {
    const results = runs.map((labels, s) => {
      const { network } = trainNetworkSync(learners[kind], X, selectLabels(labels, first), {
        epochs, batchSize: 128, keep: "last", rng: rng.spawn(s) });
      return { right: accuracy(test.y, network.predict(test.X)),
        success: readAsTarget(network.predict(stamped), test.y, target) };
    });
    const successes = results.map(({ success }) => success);
    return { accuracy: mean(results.map(({ right }) => right)), success: mean(successes),
      lowest: Math.min(...successes), highest: Math.max(...successes) };
  };
}

/** Labels of which so many, drawn from all rows of other classes, are turned into the target. */
export function flipAtRandom(y: Int32Array, target: number, { count, rng }: { count: number; rng: Rng }): Int32Array {
  const others = Int32Array.from(y.keys()).filter((i) => y[i] !== target);
  const flipped = y.slice();
  for (const k of rng.permutation(others.length).subarray(0, count)) flipped[others[k]] = target;
  return flipped;
}
