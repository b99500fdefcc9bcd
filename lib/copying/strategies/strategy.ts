import type { Classifier } from "../../classifiers/classifier";
import type { Rng } from "../../random";
import type { BlackBox } from "../black-box";
import type { LabeledQueries } from "../queries";
import type { Sampler } from "../samplers/sampler";

export interface CollectOptions {
  /** Rows it may ask, at most. */
  budget: number;
  rng: Rng;
}

export interface Collected {
  readonly queries: LabeledQueries;
  /** The model itself, where the strategy rebuilds one rather than only gathering points. */
  readonly classifier?: Classifier;
  /** What a strategy that chooses among others has chosen. */
  readonly chosen?: string;
}

/** Decides which points to ask, in one go or answer by answer. */
export interface QueryStrategy {
  readonly name: string;
  /** True where only rows are gathered, so that `copy` needs a family to fit to them. */
  readonly gathersOnly?: boolean;
  collect(blackBox: BlackBox, options: CollectOptions): Promise<Collected>;
}

/** Asks everything at once, wherever a sampler points: uniform, normal and the other fixed designs. */
export function samplerStrategy(sampler: Sampler): QueryStrategy {
  return {
    name: sampler.name,
    gathersOnly: true,
    async collect(blackBox, { budget, rng }) {
      const X = sampler.sample(budget, rng);
      return { queries: { X, y: await blackBox.query(X) } };
    },
  };
}
