import type { Estimator } from "../../classifiers/classifier";
import { matrix, selectRows, type Matrix } from "../../matrix";
import { requireInRange, requirePositive } from "../../validate";
import { concatQueries } from "../queries";
import { requireNumericRanges, requireWidth, type FeatureRange } from "../ranges";
import type { Sampler } from "../samplers/sampler";
import { rangeTransformer } from "../scaling";
import { samplerStrategy, type QueryStrategy } from "./strategy";

export interface JacobianOptions {
  ranges: readonly FeatureRange[];
  /** Where the first points come from. */
  sampler: Sampler;
  /** Model whose slopes are followed: it must give probabilities; it is fitted in deviations from the means. */
  learner: Estimator;
  /** Share of the budget for the first points, in (0, 1]; .1 unless said. */
  firstShare?: number;
  /** Length of a step in each feature, in deviations, above 0; .5 unless said. */
  step?: number;
}

/**
 * Grows a set of points as Papernot did: each known point takes a step in every feature in the direction in which the
 * copy's probability of its label changes, and the new points are asked. The copy's slopes are central differences.
 *
 * @throws {RangeError} If an option is out of range, or the learner has no probabilities.
 * @see Papernot et al., ASIA CCS 2017, §4.2: steps x + λ sign(∂F_label/∂x), λ alternating in sign by round.
 */
export function jacobianStrategy(options: JacobianOptions): QueryStrategy {
  const { ranges, sampler, learner, firstShare = 0.1, step = 0.5 } = options;
  requireNumericRanges("jacobianStrategy", ranges);
  requireWidth("jacobianStrategy", ranges, sampler.name, sampler.numFeatures);
  requireInRange("jacobianStrategy", "firstShare", firstShare, Number.EPSILON, 1);
  requirePositive("jacobianStrategy", "step", step);
  const { transform } = rangeTransformer(ranges);
  const d = ranges.length;

  const stepped = (X: Matrix<Float64Array>, y: Int32Array, Z: Matrix, labels: Int32Array, sign: number) => {
    const model = learner.fit(Z, labels);
    if (!model.predictProba)
      throw new RangeError(`jacobianStrategy: learner must give probabilities, ${model.family} does not`);
    const column = new Map(Array.from(model.classes, (label, k) => [label, k]));
    const n = X.shape[0];
    const k = model.classes.length;
    const standard = transform(X);
    const result = X.data.slice();
    for (let j = 0; j < d; j++) {
      const shift = (by: number): Matrix<Float64Array> => {
        const data = standard.data.slice();
        for (let i = 0; i < n; i++) data[i * d + j] += by;
        return model.predictProba!(matrix(data, [n, d]));
      };
      const up = shift(1e-2);
      const down = shift(-1e-2);
      for (let i = 0; i < n; i++) {
        const at = i * k + column.get(y[i])!;
        const slope = Math.sign(up.data[at] - down.data[at]);
        const value = X.data[i * d + j] + sign * slope * step * ranges[j].deviation;
        result[i * d + j] = Math.min(ranges[j].max, Math.max(ranges[j].min, value));
      }
    }
    return matrix(result, [n, d]);
  };

  return {
    name: `jacobian(${sampler.name}, ${learner.family})`,
    async collect(blackBox, { budget, rng }) {
      const plain = samplerStrategy(sampler);
      const first = Math.max(1, Math.round(firstShare * budget));
      let { queries } = await plain.collect(blackBox, { budget: first, rng });
      for (let round = 0; queries.y.length < budget; round++) {
        const n = Math.min(queries.y.length, budget - queries.y.length);
        const rows = rng.permutation(queries.y.length).slice(0, n);
        const y = rows.map((i) => queries.y[i]);
        const sign = round % 2 === 0 ? -1 : 1;
        const X = stepped(selectRows(queries.X, rows), y, transform(queries.X), queries.y, sign);
        queries = concatQueries(queries, { X, y: await blackBox.query(X) });
      }
      return { queries };
    },
  };
}
