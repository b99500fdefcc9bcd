import { throwIfInterrupted } from "../../interrupt";
import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { privacyBudget } from "../accounting/budget";
import { gdpEpsilon } from "../accounting/gdp";
import { gaussianRho, zcdpEpsilon } from "../accounting/rdp";
import { runNoiseMultiplier } from "../learners/private-batches";
import { trainPrivateLinear } from "../learners/private-linear";
import type { PrivateLinear } from "../learners/private-linear-model";
import { type NoiseKind, unitsFor } from "../mechanisms/whole-vectors";
import { bendImages, type BendReleases, type Bends, LOOKS_REACH } from "./bends";
import { type CentralImages, COUNT_WEIGHT, fitCentralImages, KEPT_FREQUENCIES } from "./central-images";
import type { PrivateDigitsPlan } from "./digits-plan";
import { privateGroupSums } from "./group-sums";
import { privateGroupSquares } from "./modes";
import { fitPoseLaw, type PoseLaw } from "./pose";
import { type PlannedRelease, releaseEvent } from "./release-plan";
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
   * @param features Makes each row from its own image, by a rule that no record has a part in.
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
  readonly noise: NoiseKind;
  /** All noise. */
  readonly rng: Rng;
}

/** Features of each image by itself: in a batch, the last digit of one may hang on which others there are. */
function oneByOne(features: (X: Matrix) => Matrix, X: Matrix): Matrix<Float32Array> {
  const [n, d] = X.shape;
  let rows = new Float32Array(0);
  for (let i = 0; i < n; i++) {
    throwIfInterrupted();
    const { data } = features(matrix(rowOf(X, i), [1, d]));
    if (i === 0) rows = new Float32Array(n * data.length);
    rows.set(data, i * data.length);
  }
  return matrix(rows, [n, rows.length / n]);
}

/**
 * The only door to the records: Gaussian releases of several kinds, each with its own stream of noise.
 *
 * @param X Grey values in [0, 255], shape [n, side²], none of the images black; not modified.
 * @param y Classes, shape [n].
 * @returns Its methods throw `BudgetExceededError` if they are called more often than planned.
 */
export function digitReleases(X: Matrix, y: Int32Array, options: DigitReleasesOptions): DigitReleases {
  const { epsilon, delta, numClasses, plan, noise, rng } = options;
  const [images, modes, poses, templates, bends, looks, labels] = options.planned;
  const budget = privacyBudget({ epsilon, delta, neighbors: "add-remove" });
  const spend = (release: Pick<PlannedRelease, "noiseMultiplier" | "count">): number =>
    budget.spend(releaseEvent(release, noise), { neighbors: "add-remove" });
  const { noiseMultiplier: labelNoise, count: steps } = labels;
  const own = noise === "normal" ? gdpEpsilon({ mu: Math.sqrt(steps) / labelNoise, delta })
    : zcdpEpsilon({ rho: steps * gaussianRho({ sigma: labelNoise, sensitivity: 1 }), delta });
  const ownNoise = runNoiseMultiplier("fitPrivateDigits", { epsilon: own, delta, steps, samplingRate: 1, noise });
  if (noise === "discrete") {
    const squares = [KEPT_FREQUENCIES ** 2, KEPT_FREQUENCIES ** 2] as const;
    for (const release of [modes, looks]) unitsFor("fitPrivateDigits", release.noiseMultiplier, squares);
    unitsFor("fitPrivateDigits", ownNoise, [plan.teacher.features + 1, numClasses]);
  }
  const upright = uprightImages(X);
  return {
    central() {
      spend(images);
      spend(modes);
      const { centersPerClass, kMeansRounds: rounds, modesPerClass } = plan;
      return fitCentralImages(upright.X, y, {
        numClasses, centersPerClass, rounds, modesPerClass, noiseMultiplier: images.noiseMultiplier,
        modesNoiseMultiplier: modes.noiseMultiplier, noise, rng: rng.spawn(0),
      });
    },
    pose() {
      spend(poses);
      return fitPoseLaw(X, upright.slants, y, {
        numClasses, noiseMultiplier: poses.noiseMultiplier, noise, rng: rng.spawn(1),
      });
    },
    bends(central, pose) {
      for (const release of [templates, bends, looks]) spend(release);
      const source = { noise, rng: rng.spawn(2) };
      const sums = ({ noiseMultiplier }: PlannedRelease): BendReleases["bends"] => (Z, groups, numGroups) =>
        privateGroupSums(Z, groups, { numGroups, countWeight: COUNT_WEIGHT, noiseMultiplier, ...source });
      const squares = ({ noiseMultiplier }: PlannedRelease, reach: number): BendReleases["looks"] =>
        (R, groups, numGroups) => privateGroupSquares(R, groups, { numGroups, reach, noiseMultiplier, ...source });
      return bendImages(upright.X, y, central, {
        pose, modesPerClass: plan.modesPerClass, releases: {
          templates: sums(templates), bends: sums(bends), bendSquares: squares(bends, 1),
          looks: squares(looks, LOOKS_REACH),
        },
      });
    },
    head(features) {
      spend({ noiseMultiplier: ownNoise, count: steps });
      return trainPrivateLinear(noise === "normal" ? features(X) : oneByOne(features, X), y, {
        numClasses, epsilon: own, delta, steps, clipNorm: CLIP_NORM, learningRate: plan.teacher.learningRate, noise,
        rng: rng.spawn(3),
      });
    },
  };
}
