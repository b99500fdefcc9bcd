import {
  type Classifier, type Dataset, type Finding, type Matrix, accuracy, agreementByClass, blackBox, calibrationError,
  confidences, copy, fidelityError, networkEstimator, notAShare, poolSampler, pradaWatcher, rowOf, seededRng,
} from "../../lib";
import { imageReader } from "./thieves";

/** A copy of what a model says, as section 5 makes it. */
async function copyOf(model: Classifier, pictures: Matrix, budget: number): Promise<Classifier> {
  const estimator = networkEstimator(imageReader(), { epochs: 6, minSteps: 300, rng: seededRng(1) });
  const { classifier } = await copy(blackBox(model, { probabilities: true }),
    { sampler: poolSampler(pictures), estimator, answers: "probabilities", budget, rng: seededRng(1) });
  return classifier;
}

const MOST = 600;
const LEAST_STEPS = 250;

export const exercises = {
  /** The digit that a copy knows worst, and its share of answers as the original's. */
  "20-1": (answer: { digit: number; agreement: number }, original: Int32Array, copied: Int32Array): Finding => {
    const wrong = notAShare(answer.agreement);
    if (wrong) return wrong;
    const by = agreementByClass(original, copied);
    const worst = by.reduce((least, one) => (one.agreement < least.agreement ? one : least));
    const best = by.reduce((most, one) => (one.agreement > most.agreement ? one : most));
    if (answer.digit === best.label && best.label !== worst.label) return "that is the digit it knows best";
    if (answer.digit !== worst.label) return "another digit is known worse: compare by what the original says";
    return Math.abs(answer.agreement - worst.agreement) <= 0.0001 ? null : "the digit is right, the share is not";
  },

  /** The share by which answers are smoothed, told from answers alone. */
  "20-2": (answer: number, share: number, classes: number): Finding => {
    const wrong = notAShare(answer);
    if (wrong || Math.abs(answer - share) <= 0.01) return wrong;
    if (Math.abs(answer - share / classes) <= 0.01) return "that is what each class gets of it: there are ten";
    return "what is left to a class that the original thinks impossible? Ask often enough to see such a one";
  },

  /** At most 600 queries, 250 of them the thief's steps, that raise no alarm at any time. */
  "20-3": (answer: Matrix, steps: Matrix, original: Classifier): Finding => {
    const [n, d] = answer.shape;
    if (d !== steps.shape[1]) return `a query has ${steps.shape[1]} pixels, and these have ${d}`;
    if (n > MOST) return `${n} queries are more than ${MOST}`;
    const own = new Set(Array.from({ length: steps.shape[0] }, (_, i) => rowOf(steps, i).join()));
    const asked = new Set(Array.from({ length: n }, (_, i) => rowOf(answer, i).join()));
    const kept = [...asked].filter((row) => own.has(row)).length;
    if (kept < LEAST_STEPS) return `only ${kept} of the steps are among them, and ${LEAST_STEPS} are asked for`;
    const { firstAlarm } = pradaWatcher().observe(answer, original.predict(answer));
    return firstAlarm === null ? null : `the alarm goes off at query ${firstAlarm}`;
  },

  /** A defence: labels kept, honest confidence kept, a thief of probabilities left with .1 less of agreement. */
  "20-4": async (
    answer: Classifier, original: Classifier, { test, pictures }: { test: Dataset; pictures: Matrix },
  ): Promise<Finding> => {
    if (!answer.predictProba) return "it gives no probabilities: that is a defence, but here somebody needs them";
    const said = original.predict(test.X);
    const labels = answer.predict(test.X);
    if (fidelityError(said, labels) > 0) return "some labels are not the original's";
    const right = labels.map((label, i) => Number(label === test.y[i]));
    const gap = calibrationError(right, confidences(answer.predictProba(test.X)));
    if (!(gap <= 0.05)) return `its confidence is wrong by ${gap.toFixed(3)} on average, and .05 is allowed`;
    const [before, after] = [await copyOf(original, pictures, 1000), await copyOf(answer, pictures, 1000)];
    const lost = accuracy(said, before.predict(test.X)) - accuracy(said, after.predict(test.X));
    return lost >= 0.1 ? null : `a copy of it agrees only ${lost.toFixed(3)} less with the original`;
  },
};
