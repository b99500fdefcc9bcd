import {
  type CorrectionRule, type Finding, type FlipExperiment, type Matrix, type Network, correctLabels, cosineSimilarity,
  equalRounded, evaluateNetwork, notACount, notLabels, relearn, seededRng,
} from "../../lib";

/** What notebook 08 has made of its first repetition on MNIST: the twins, and the poisoned one cut after its trunk. */
export interface UnlearningSetting extends Pick<FlipExperiment, "train" | "flipped" | "validation" | "poisoned"
  | "trainingGradients"> {
  head: Network;
  features: Matrix;
  seed: number;
}

/** Labels with flips drawn at random, and what was taken for the true ones of the flipped images. */
export interface InferredAnswer {
  given: Int32Array;
  inferred: Int32Array;
}

/** A budget of gradients for `relearn`, and its learning rate. */
export interface CheapAnswer {
  gradients: number;
  learningRate: number;
}

function stepOf({ head, features, train, seed }: UnlearningSetting, rule: CorrectionRule): Float64Array {
  let taken = new Float64Array(0);
  correctLabels(head, features, train.y, { rule, samples: 1024, steps: 1, rng: seededRng(seed),
    onStep: ({ update }) => {
      taken = update;
    } });
  return taken;
}

/** Share of a training's gradients that 08-3 allows, and the accuracy it wants. */
const [CHEAP, GOOD] = [0.02, 0.91];

export const exercises = {
  /** Cosine between one Gauss–Newton step and one first-order step. */
  "08-1": (answer: number, setting: UnlearningSetting): Finding => {
    if (Number.isNaN(answer)) return "that is not a number";
    if (Math.abs(answer) > 1) return "a cosine lies between -1 and 1";
    const gaussNewton = stepOf(setting, { kind: "gaussNewton", damping: 0.1 });
    const first = stepOf(setting, { kind: "firstOrder", stepSize: 2e-5 });
    const truth = cosineSimilarity(gaussNewton, first);
    if (equalRounded(answer, truth, 2)) return null;
    if (equalRounded(answer, -truth, 2)) return "the sign is wrong: both updates are taken off the weights";
    const otherDamping = stepOf(setting, { kind: "gaussNewton", damping: 1 });
    if (equalRounded(answer, cosineSimilarity(otherDamping, first), 2)) return "that is the cosine at λ = 1";
    if (answer > 0.99) return "that is nearly one direction: did you compare a step with itself, or with LiSSA's?";
    return answer > truth ? "the two directions are further apart" : "the two directions are closer";
  },

  /** True labels inferred for images whose wrong labels were drawn at random. */
  "08-2": ({ given, inferred }: InferredAnswer, { train, flipped }: UnlearningSetting): Finding => {
    const wrong = notLabels(given, train.y);
    if (wrong) return `given: ${wrong}`;
    if (inferred.length !== flipped.length)
      return `inferred: it needs ${flipped.length} labels, one for each flipped image, and has ${inferred.length}`;
    const isFlipped = new Set(flipped);
    if (given.some((label, i) => (label === train.y[i]) === isFlipped.has(i)))
      return "every flipped image needs a wrong label, and every other image keeps its true one";
    const opposite = flipped.filter((i) => given[i] === 9 - train.y[i]).length / flipped.length;
    if (opposite > 0.5) return "the flips still follow the pattern 9 − s; draw them at random";
    if (flipped.some((i, k) => inferred[k] === given[i])) return "some image is taken for its wrong label itself";
    const right = inferred.filter((label, k) => label === train.y[flipped[k]]).length / flipped.length;
    if (right === 1) return "those are the true labels themselves";
    return right >= 0.5 ? null : `only ${(100 * right).toFixed(0)} % are right; is the network trained on these labels `
      + "and not on the others?";
  },

  /** A relearning of at most 2 % of a training that reads well. */
  "08-3": ({ gradients, learningRate }: CheapAnswer, setting: UnlearningSetting): Finding => {
    const { poisoned, train, flipped, validation, trainingGradients, seed } = setting;
    const most = Math.floor(CHEAP * trainingGradients);
    const wrong = notACount(gradients, trainingGradients, "gradients in a training");
    if (wrong) return wrong;
    if (gradients > most) return `2 % of a training are ${most} gradients`;
    if (gradients < 16) return "that is less than one batch of 16";
    const { network } = relearn(poisoned, train.X, train.y, flipped, { changedShare: 0.5, batchSize: 16, gradients,
      learningRate, rng: seededRng(seed) });
    const { accuracy } = evaluateNetwork(network, validation.X, validation.y);
    return accuracy >= GOOD ? null : `it reads ${(100 * accuracy).toFixed(1)} % of the validation images right, and `
      + `${100 * GOOD} % are wanted`;
  },
};
