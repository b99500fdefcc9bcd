import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { privacyBudget } from "../accounting/budget";
import { gaussianNoiseMultiplier } from "../accounting/composition";
import { gdpEpsilon } from "../accounting/gdp";
import { trainPrivateLinear } from "../learners/private-linear";
import type { PrivateLinear } from "../learners/private-linear-model";
import { bendImages, type BendReleases, type Bends, LOOKS_REACH } from "./bends";
import { type CentralImages, COUNT_WEIGHT, fitCentralImages } from "./central-images";
import type { PrivateDigitsPlan } from "./digits-plan";
import { privateGroupSums } from "./group-sums";
import { privateGroupSquares } from "./modes";
import { fitPoseLaw, type PoseLaw } from "./pose";
import type { PlannedRelease } from "./release-plan";
import { uprightImages } from "../../images/upright";

/** Greatest length of one record's gradient in the private models. */
const CLIP_NORM = 0.01;

/** All that may be asked of the records. Each answer is spent from the budget before a record is read. */
export interface DigitReleases {
  central(): CentralImages;
  pose(): PoseLaw;
  /** Templates in place of central images, and how images are bent, from both earlier answers. */
  bends(central: CentralImages, pose: PoseLaw): { central: CentralImages; bends: Bends };
  /**
   * A private model of the records as `features` shows them.
   *
   * @param features Makes each row from its own image, and from earlier releases.
   */
  head(features: (X: Matrix) => Matrix): PrivateLinear;
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
 * The only door to the records: Gaussian releases of several kinds, each with its own stream of noise.
 *
 * @param X Grey values in [0, 255], shape [n, side²], none of the images black; not modified.
 * @param y Classes, shape [n].
 * @returns Its methods throw `BudgetExceededError` if they are called more often than planned.
 */
export function digitReleases(X: Matrix, y: Int32Array, options: DigitReleasesOptions): DigitReleases {
  const { epsilon, delta, numClasses, plan, rng } = options;
  const [images, modes, poses, templates, bends, looks, labels] = options.planned;
  const budget = privacyBudget({ epsilon, delta, neighbors: "add-remove" });
  const spend = (noiseMultiplier: number, count: number): number =>
    budget.spend({ kind: "gaussian", noiseMultiplier, count }, { neighbors: "add-remove" });
  const upright = uprightImages(X);
  return {
    central() {
      spend(images.noiseMultiplier, images.count);
      spend(modes.noiseMultiplier, modes.count);
      const { centersPerClass, kMeansRounds: rounds, modesPerClass } = plan;
      return fitCentralImages(upright.X, y, {
        numClasses, centersPerClass, rounds, modesPerClass, noiseMultiplier: images.noiseMultiplier,
        modesNoiseMultiplier: modes.noiseMultiplier, rng: rng.spawn(0),
      });
    },
    pose() {
      spend(poses.noiseMultiplier, poses.count);
      return fitPoseLaw(X, upright.slants, y, {
        numClasses, noiseMultiplier: poses.noiseMultiplier, rng: rng.spawn(1),
      });
    },
    bends(central, pose) {
      for (const { noiseMultiplier, count } of [templates, bends, looks]) spend(noiseMultiplier, count);
      const noise = rng.spawn(2);
      const sums = ({ noiseMultiplier }: PlannedRelease): BendReleases["bends"] => (Z, groups, numGroups) =>
        privateGroupSums(Z, groups, { numGroups, countWeight: COUNT_WEIGHT, noiseMultiplier, rng: noise });
      const squares = ({ noiseMultiplier }: PlannedRelease, reach: number): BendReleases["looks"] =>
        (R, groups, numGroups) => privateGroupSquares(R, groups, { numGroups, reach, noiseMultiplier, rng: noise });
      return bendImages(upright.X, y, central, {
        pose, modesPerClass: plan.modesPerClass, releases: {
          templates: sums(templates), bends: sums(bends), bendSquares: squares(bends, 1),
          looks: squares(looks, LOOKS_REACH),
        },
      });
    },
    head(features) {
      const { noiseMultiplier, count: steps } = labels;
      const own = gdpEpsilon({ mu: Math.sqrt(steps) / noiseMultiplier, delta });
      spend(gaussianNoiseMultiplier({ epsilon: own, delta, count: steps }), steps);
      return trainPrivateLinear(features(X), y, {
        numClasses, epsilon: own, delta, steps, clipNorm: CLIP_NORM, learningRate: plan.teacher.learningRate,
        rng: rng.spawn(3),
      });
    },
  };
}
