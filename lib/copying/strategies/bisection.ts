import { matrix } from "../../matrix";
import { requireInRange, requireInteger } from "../../validate";
import { crossingSegments, halveSegments } from "../boundary";
import { concatQueries } from "../queries";
import type { Sampler } from "../samplers/sampler";
import { samplerStrategy, type QueryStrategy } from "./strategy";

export interface BisectionOptions {
  /** Where the first points come from. */
  sampler: Sampler;
  /** Share of the budget for them, in (0, 1]; .5 unless said. */
  firstShare?: number;
  /** Halvings of each segment, at least 1; 6 unless said: 1/64 of the segment. */
  halvings?: number;
}

/**
 * Spends a part of the budget on a sampler's points and the rest on midpoints of segments between points of different
 * label, which close in on the class boundary. With one label only, all goes to the sampler.
 *
 * @throws {RangeError} If an option is out of range.
 * @see arXiv 1910.00237, boundary sampling.
 */
export function bisectionStrategy({ sampler, firstShare = 0.5, halvings = 6 }: BisectionOptions): QueryStrategy {
  requireInRange("bisectionStrategy", "firstShare", firstShare, Number.EPSILON, 1);
  requireInteger("bisectionStrategy", "halvings", halvings, 1);
  return {
    name: `bisection(${sampler.name})`,
    gathersOnly: true,
    async collect(blackBox, { budget, rng }) {
      const plain = samplerStrategy(sampler);
      const first = Math.max(1, Math.round(firstShare * budget));
      let { queries } = await plain.collect(blackBox, { budget: first, rng });
      let left = budget - first;
      if (queries.y.every((label) => label === queries.y[0])) {
        if (left === 0) return { queries };
        const more = await plain.collect(blackBox, { budget: left, rng });
        return { queries: concatQueries(queries, more.queries) };
      }
      let segments = crossingSegments(queries, Math.min(left, Math.ceil(left / halvings)), rng);
      while (left > 0) {
        const n = Math.min(left, segments.labels.length);
        const d = segments.from.shape[1];
        const part = {
          from: matrix(segments.from.data.slice(0, n * d), [n, d]),
          to: matrix(segments.to.data.slice(0, n * d), [n, d]),
          labels: segments.labels.slice(0, n),
          otherLabels: segments.otherLabels.slice(0, n),
        };
        const { segments: halved, asked } = await halveSegments(blackBox, part);
        queries = concatQueries(queries, asked);
        segments = halved;
        left -= n;
      }
      return { queries };
    },
  };
}
