import { fromRows } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInRange, requireInteger, requirePositive, requireSameLength } from "../../validate";
import type { BlackBox } from "../black-box";
import type { LabeledQueries } from "../queries";

export interface GeneticSearchOptions {
  numFeatures: number;
  /** Middle of the first population, shape [numFeatures]; the origin unless said. */
  center?: ArrayLike<number>;
  /** Rows of the first population lie in center ± size; 1 unless said. */
  size?: number;
  /** Rows of each generation, at least 4; 120 unless said. */
  population?: number;
  /** At least 1; 10 unless said. */
  generations?: number;
  /** Share of genes that mutate, in [0, 1]; 0.1 unless said. */
  mutationRate?: number;
  /** Deviation of a mutation, above 0; a tenth of `size` unless said. */
  mutationSize?: number;
  rng: Rng;
}

export interface GeneticSearch {
  /** Each population with its answers. */
  readonly generations: readonly LabeledQueries[];
  /** Rows asked. */
  readonly spent: number;
}

/**
 * A plain genetic algorithm over rows: the rarer a row's label in its population, the fitter it is; the fitter half
 * lives on, children mix the features of two of them and mutate by a fixed amount. It has no notion of scale: that it
 * "did not work well" for the source can be measured with it.
 *
 * @throws {RangeError} If an option is out of range.
 * @see The source's notebook on genetic search, of which only the remark is known; the details are ours.
 */
export async function geneticSearch(
  blackBox: BlackBox,
  {
    numFeatures: d, center = new Float64Array(d), size = 1, population = 120, generations = 10, mutationRate = 0.1,
    mutationSize = size / 10, rng,
  }: GeneticSearchOptions,
): Promise<GeneticSearch> {
  const fn = "geneticSearch";
  requireInteger(fn, "numFeatures", d, 1);
  requireSameLength(fn, "center", center.length, "a row", d);
  requireFinite(fn, "center", center);
  requirePositive(fn, "size", size);
  requireInteger(fn, "population", population, 4);
  requireInteger(fn, "generations", generations, 1);
  requireInRange(fn, "mutationRate", mutationRate, 0, 1);
  requirePositive(fn, "mutationSize", mutationSize);
  const before = blackBox.used;
  const history: LabeledQueries[] = [];
  let rows = Array.from({ length: population }, () =>
    Float64Array.from(center, (value) => value + size * (2 * rng.uniform() - 1)),
  );
  for (let g = 0; g < generations; g++) {
    const X = fromRows(rows);
    const y = await blackBox.query(X);
    history.push({ X, y });
    const counts = new Map<number, number>();
    for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
    const order = Array.from(rng.permutation(population)).sort((a, b) => counts.get(y[a])! - counts.get(y[b])!);
    const parents = order.slice(0, Math.ceil(population / 2)).map((i) => rows[i]);
    const child = (): Float64Array => {
      const [a, b] = [parents[rng.integer(parents.length)], parents[rng.integer(parents.length)]];
      return a.map((value, j) => {
        const gene = rng.uniform() < 0.5 ? value : b[j];
        return rng.uniform() < mutationRate ? gene + mutationSize * rng.normal() : gene;
      });
    };
    rows = [...parents, ...Array.from({ length: population - parents.length }, child)];
  }
  return { generations: history, spent: blackBox.used - before };
}
