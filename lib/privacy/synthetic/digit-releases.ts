import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { privacyBudget } from "../accounting/budget";
import { gaussianNoiseMultiplier } from "../accounting/composition";
import { gdpEpsilon } from "../accounting/gdp";
import { trainPrivateLinear } from "../learners/private-linear";
import type { PrivateLinear } from "../learners/private-linear-model";
import { type CentralImages, fitCentralImages } from "./central-images";
import type { PrivateDigitsPlan } from "./digits-plan";
import { fitInkLaw, type InkLaw } from "./ink";
import type { PlannedRelease } from "./release-plan";

/** Greatest length of one record's gradient in the private models. */
const CLIP_NORM = 0.01;

/** All that may be asked of the records. Each answer is spent from the budget before a record is read. */
export interface DigitReleases {
  central(): CentralImages;
  ink(): InkLaw;
  /**
   * A private model of the records as `features` shows them.
   *
   * @param round From 0.
   * @param features Makes each row from its own image, and from earlier releases.
   */
  head(round: number, features: (X: Matrix) => Matrix): PrivateLinear;
}

export interface DigitReleasesOptions {
  readonly epsilon: number;
  readonly delta: number;
  readonly numClasses: number;
  readonly plan: PrivateDigitsPlan;
  /** What `planReleases` made of the plan. */
  readonly planned: readonly PlannedRelease[];
  /** All noise. */
  readonly rng: Rng;
}

/**
 * The only door to the records: three kinds of Gaussian releases, each with its own stream of noise.
 *
 * @param X Grey values in [0, 255], shape [n, side²], none of the images black; not modified.
 * @param y Classes, shape [n].
 * @returns Its methods throw `BudgetExceededError` if they are called more often than planned.
 */
export function digitReleases(X: Matrix, y: Int32Array, options: DigitReleasesOptions): DigitReleases {
  const { epsilon, delta, numClasses, plan, rng } = options;
  const [images, amounts, ...heads] = options.planned;
  const budget = privacyBudget({ epsilon, delta, neighbors: "add-remove" });
  const spend = (noiseMultiplier: number, count: number): number =>
    budget.spend({ kind: "gaussian", noiseMultiplier, count }, { neighbors: "add-remove" });
  return {
    central() {
      const { noiseMultiplier, count } = images;
      spend(noiseMultiplier, count);
      const { centersPerClass, kMeansRounds: rounds } = plan;
      return fitCentralImages(X, y, { numClasses, centersPerClass, rounds, noiseMultiplier, rng: rng.spawn(0) });
    },
    ink() {
      const { noiseMultiplier, count } = amounts;
      spend(noiseMultiplier, count);
      return fitInkLaw(X, y, { numClasses, noiseMultiplier, rng: rng.spawn(1) });
    },
    head(round, features) {
      const { noiseMultiplier, count: steps } = heads[round];
      const own = gdpEpsilon({ mu: Math.sqrt(steps) / noiseMultiplier, delta });
      spend(gaussianNoiseMultiplier({ epsilon: own, delta, count: steps }), steps);
      return trainPrivateLinear(features(X), y, {
        numClasses, epsilon: own, delta, steps, clipNorm: CLIP_NORM, learningRate: plan.rounds[round].learningRate,
        rng: rng.spawn(2 + round),
      });
    },
  };
}
