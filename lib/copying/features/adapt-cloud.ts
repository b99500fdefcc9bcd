import { indexOfLargest } from "../../math/extremes";
import { concatRows, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../../validate";
import type { BlackBox } from "../black-box";
import type { LabeledQueries } from "../queries";
import { TUNED_CLOUD } from "../tuned-settings";
import { balancedWeights, commonLabel, drawCloud, labelEntropy, type Cloud } from "./cloud";

export interface AdaptCloudOptions {
  /** Where it starts. */
  cloud: Cloud;
  /** Points of each generation, at least 6; 120 unless said. */
  population?: number;
  /** At least 1; 10 unless said. */
  generations?: number;
  rng: Rng;
}

/** One generation: who was asked, and the cloud they came from. */
export interface Generation extends LabeledQueries {
  readonly cloud: Cloud;
  /** In nats. */
  readonly entropy: number;
}

export interface AdaptedCloud {
  readonly cloud: Cloud;
  readonly generations: readonly Generation[];
  /** Rows asked. */
  readonly spent: number;
}

const { widths: WIDTHS, clearly: CLEARLY, learnCenter: LEARN_CENTER, learnScale: LEARN_SCALE } = TUNED_CLOUD;

function nextScale(weighted: number, scale: number): number {
  return Math.sqrt((1 - LEARN_SCALE) * scale ** 2 + LEARN_SCALE * weighted);
}

/**
 * An evolution strategy that moves, widens and narrows a cloud until all answers come about equally often. Each
 * generation asks points of three widths. Every label gets the same weight, so that the rare ones pull: the weighted
 * mean is the next centre, the weighted variance the next deviation of each feature, and the width of the most even
 * answers sets the size of all.
 *
 * @throws {RangeError} If an option is out of range.
 * @see Ros and Hansen, "A simple modification in CMA-ES", PPSN 2008, for adaptation feature by feature. Ours has
 *   weights by label where theirs has ranks of an objective, and no evolution paths.
 */
export async function adaptCloud(
  blackBox: BlackBox,
  { cloud, population = 120, generations = 10, rng }: AdaptCloudOptions,
): Promise<AdaptedCloud> {
  requireInteger("adaptCloud", "population", population, 6);
  requireInteger("adaptCloud", "generations", generations, 1);
  const d = cloud.center.length;
  requireInteger("adaptCloud", "features of the cloud", d, 1);
  requireSameLength("adaptCloud", "scale", cloud.scale.length, "center", d);
  requireFinite("adaptCloud", "center", cloud.center);
  for (const scale of cloud.scale) requirePositive("adaptCloud", "scale", scale);
  const before = blackBox.used;
  const history: Generation[] = [];
  let { center, scale } = cloud;
  for (let g = 0; g < generations; g++) {
    const now: Cloud = { center, scale };
    const drawn = drawCloud(now, population - 1, rng, WIDTHS);
    const X = concatRows(drawn, matrix(center.slice(), [1, d]));
    const y = await blackBox.query(X);
    history.push({ cloud: now, X, y, entropy: labelEntropy(y) });
    const others = y.subarray(0, population - 1);
    if (labelEntropy(others) === 0) {
      const factor = commonLabel(others) === y[population - 1] ? 2 : 0.5;
      scale = scale.map((value) => value * factor);
      continue;
    }
    const entropies = WIDTHS.map((_, w) => labelEntropy(others.filter((_, i) => i % WIDTHS.length === w)));
    const best = indexOfLargest(entropies);
    const width = entropies[best] > entropies[1] + CLEARLY ? Math.sqrt(WIDTHS[best]) : 1;
    const weights = balancedWeights(others);
    const mean = new Float64Array(d);
    const variance = new Float64Array(d);
    weights.forEach((weight, i) => {
      const by = WIDTHS[i % WIDTHS.length];
      const row = rowOf(X, i);
      for (let j = 0; j < d; j++) {
        mean[j] += weight * row[j];
        variance[j] += weight * ((row[j] - center[j]) / by) ** 2;
      }
    });
    center = center.map((value, j) => value + LEARN_CENTER * (mean[j] - value));
    scale = scale.map((value, j) => width * nextScale(variance[j], value));
  }
  return { cloud: { center, scale }, generations: history, spent: blackBox.used - before };
}
