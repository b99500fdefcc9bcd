import type { Classifier, Estimator } from "../../classifiers/classifier";
import { matrix, selectRows, type Matrix } from "../../matrix";
import { requireInRange, requirePositive } from "../../validate";
import { concatQueries, type LabeledQueries } from "../queries";
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

/** A classifier that knows how each row's probability of a class changes with its features, as networks do. */
interface SlopedClassifier extends Classifier {
  labelSlopes(X: Matrix, y: Int32Array): Matrix;
}

const hasSlopes = (model: Classifier): model is SlopedClassifier =>
  typeof (model as Partial<SlopedClassifier>).labelSlopes === "function";

/** Slopes of each row's probability of its label, by the model itself or by central differences, shape [n · d]. */
function slopesOf(model: Classifier, Z: Matrix<Float64Array>, y: Int32Array): ArrayLike<number> {
  if (hasSlopes(model)) return model.labelSlopes(Z, y).data;
  if (!model.predictProba)
    throw new RangeError(`jacobianStrategy: learner must give probabilities, ${model.family} does not`);
  const column = new Map(Array.from(model.classes, (label, k) => [label, k]));
  const [n, d] = Z.shape;
  const k = model.classes.length;
  const slopes = new Float64Array(n * d);
  for (let j = 0; j < d; j++) {
    const shift = (by: number): Matrix<Float64Array> => {
      const data = Z.data.slice();
      for (let i = 0; i < n; i++) data[i * d + j] += by;
      return model.predictProba!(matrix(data, [n, d]));
    };
    const [up, down] = [shift(1e-2), shift(-1e-2)];
    for (let i = 0; i < n; i++) {
      const at = i * k + column.get(y[i])!;
      slopes[i * d + j] = up.data[at] - down.data[at];
    }
  }
  return slopes;
}

/**
 * Grows a set of points as Papernot did: each known point takes a step in every feature in the direction in which the
 * copy's probability of its label changes, and the new points are asked. A network knows its slopes; those of other
 * models are central differences.
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

  const stepped = (X: Matrix<Float64Array>, y: Int32Array, known: LabeledQueries, sign: number) => {
    const slopes = slopesOf(learner.fit(transform(known.X), known.y), transform(X), y);
    const data = X.data.map((value, at) => {
      const { min, max, deviation } = ranges[at % d];
      return Math.min(max, Math.max(min, value + sign * Math.sign(slopes[at]) * step * deviation));
    });
    return matrix(data, X.shape);
  };

  return {
    name: `jacobian(${sampler.name}, ${learner.family})`,
    gathersOnly: true,
    async collect(blackBox, { budget, rng }) {
      const plain = samplerStrategy(sampler);
      const first = Math.max(1, Math.round(firstShare * budget));
      let { queries } = await plain.collect(blackBox, { budget: first, rng });
      for (let round = 0; queries.y.length < budget; round++) {
        const n = Math.min(queries.y.length, budget - queries.y.length);
        const rows = rng.permutation(queries.y.length).slice(0, n);
        const y = rows.map((i) => queries.y[i]);
        const sign = round % 2 === 0 ? -1 : 1;
        const X = stepped(selectRows(queries.X, rows), y, queries, sign);
        queries = concatQueries(queries, { X, y: await blackBox.query(X) });
      }
      return { queries };
    },
  };
}
