import type { Estimator } from "../../classifiers/classifier";
import { selectRows } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger } from "../../validate";
import type { BlackBox } from "../black-box";
import { certainty, spreadOut } from "../certainty";
import { concatQueries, type LabeledQueries } from "../queries";
import { requireWidth, type FeatureRange } from "../ranges";
import type { Sampler } from "../samplers/sampler";
import { rangeTransformer } from "../scaling";
import { samplerStrategy, type QueryStrategy } from "./strategy";

export interface ActiveOptions {
  ranges: readonly FeatureRange[];
  /** Where the first points and the candidates come from. */
  sampler: Sampler;
  /**
   * Models fitted to the answers so far, in units of deviations from the means: one is asked for its margin
   * (`decisionFunction` or `predictProba`), several for their disagreement too.
   */
  committee: readonly Estimator[];
  /** Points of the first batch, at least 1; a tenth of the budget unless said. */
  first?: number;
  /** Points of each later batch, at least 1; 20 unless said. Small batches choose better and take longer. */
  batch?: number;
  /** Candidates drawn for each batch, at least `batch`; 2000 unless said. Candidates cost no query. */
  pool?: number;
  /** A batch is the most spread-out part of this many times as many doubtful candidates, at least 1; 2 unless said. */
  spread?: number;
}

/**
 * Asks where the copies so far are least sure: of many candidates, those of the smallest margin or the largest
 * disagreement, spread out so that a batch does not ask the same thing twice.
 *
 * @throws {RangeError} If the committee is empty or an option is out of range.
 * @see Pal et al., arXiv 1905.09165, for active extraction; Seung et al., COLT 1992, for the committee.
 * @example
 * const strategy = activeStrategy({ ranges, sampler: normalSampler(ranges), committee: [svc({ C: 1000 })] });
 */
export function activeStrategy(options: ActiveOptions): QueryStrategy {
  const { ranges, sampler, committee, first, batch = 20, pool = 2000, spread = 2 } = options;
  const fn = "activeStrategy";
  if (committee.length === 0) throw new RangeError(`${fn}: committee must have at least one member, got none`);
  if (first !== undefined) requireInteger(fn, "first", first, 1);
  requireInteger(fn, "batch", batch, 1);
  requireInteger(fn, "spread", spread, 1);
  requireInteger(fn, "pool", pool, batch);
  rangeTransformer(ranges);
  requireWidth(fn, ranges, sampler.name, sampler.numFeatures);
  return {
    name: `active(${sampler.name}, ${committee.map(({ family }) => family).join(" + ")})`,
    gathersOnly: true,
    async collect(blackBox, { budget, rng }) {
      const plain = samplerStrategy(sampler);
      const start = Math.min(budget, first ?? Math.ceil(budget / 10));
      const { queries } = await plain.collect(blackBox, { budget: start, rng });
      const loop = { ranges, sampler, committee, batch, pool, spread };
      return { queries: await askWhereUnsure(blackBox, queries, budget, loop, rng) };
    },
  };
}

/** Asks on from answered queries, batch by batch, until there are `total`. */
export async function askWhereUnsure(
  blackBox: BlackBox,
  answered: LabeledQueries,
  total: number,
  { ranges, sampler, committee, batch, pool, spread }: Required<Omit<ActiveOptions, "first">>,
  rng: Rng,
): Promise<LabeledQueries> {
  const { transform } = rangeTransformer(ranges);
  let queries = answered;
  while (queries.y.length < total) {
    const n = Math.min(batch, total - queries.y.length);
    const candidates = sampler.sample(pool, rng);
    const scaled = transform(candidates);
    const Z = transform(queries.X);
    const sure = certainty(committee.map((member) => member.fit(Z, queries.y)), scaled);
    const doubtful = Int32Array.from(sure.keys()).sort((a, b) => sure[a] - sure[b]).slice(0, spread * n);
    const chosen = spreadOut(selectRows(scaled, doubtful), n);
    const X = selectRows(candidates, chosen.map((k) => doubtful[k]));
    queries = concatQueries(queries, { X, y: await blackBox.query(X) });
  }
  return queries;
}
