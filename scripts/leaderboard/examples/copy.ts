// Copies a model that you can only ask. Change this file: it is run with 30, 100, 300 and 1,000 questions.
import {
  copy, pipeline, standardScaler, svc, uniformSampler, type BlackBox, type NumericRange, type Rng,
} from "../lib";

/** `box` answers questions, `ranges` says between which values each feature lies. Give back your copy. */
export async function entry({ box, ranges, rng }: { box: BlackBox; ranges: NumericRange[]; rng: Rng }) {
  const { classifier } = await copy(box, {
    sampler: uniformSampler(ranges), estimator: pipeline(standardScaler(), svc()), budget: box.budget, rng,
  });
  return classifier;
}
