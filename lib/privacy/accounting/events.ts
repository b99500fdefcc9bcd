import { requireInRange, requireInteger, requireOneOf, requirePositive } from "../../validate";
import { requireEpsilon } from "../parameters";

/** Noise and sampling of one DP-SGD step: each record joins the batch by its own coin (Poisson sampling). */
export interface SubsampledGaussian {
  /** Standard deviation of the noise over the clipping norm, above 0. */
  noiseMultiplier: number;
  /** Probability that a record joins the batch, in (0, 1]. */
  samplingRate: number;
}

/** One kind of mechanism and how often it ran on the same records. */
export type PrivacyEvent =
  /** Gaussian noise: `noiseMultiplier` is σ over the sensitivity. */
  | { kind: "gaussian"; noiseMultiplier: number; count?: number }
  /** Gaussian noise on a Poisson sample, as in DP-SGD; neighbours by adding or removing one record. */
  | ({ kind: "subsampled-gaussian"; count?: number } & SubsampledGaussian)
  /** Laplace noise on one number: `noiseMultiplier` is the noise's scale over the sensitivity. */
  | { kind: "laplace"; noiseMultiplier: number; count?: number }
  /** A mechanism of ρ-zero-concentrated differential privacy, such as discrete Gaussian noise: ρ = 1 / (2 σ²). */
  | { kind: "zcdp"; rho: number; count?: number }
  /** Any mechanism that is (ε, δ)-differentially private; δ = 0 for pure ones. */
  | { kind: "guarantee"; epsilon: number; delta: number; count?: number };

/** An event whose privacy losses have a known law; of a zero-concentrated mechanism only their moments are bounded. */
export type LossEvent = Exclude<PrivacyEvent, { kind: "zcdp" }>;

/** True where every event's privacy losses have a known law. */
export const haveLosses = (events: readonly PrivacyEvent[]): events is readonly LossEvent[] =>
  events.every(({ kind }) => kind !== "zcdp");

/** Requires the settings of a subsampled Gaussian. */
export function requireSubsampledGaussian(fn: string, { noiseMultiplier, samplingRate }: SubsampledGaussian): void {
  requirePositive(fn, "noiseMultiplier", noiseMultiplier);
  requirePositive(fn, "samplingRate", samplingRate);
  requireInRange(fn, "samplingRate", samplingRate, 0, 1);
}

/** Requires at least one event, every one of a known kind with settings in range. */
export function requireEvents(fn: string, events: readonly PrivacyEvent[]): void {
  if (!events.length) throw new RangeError(`${fn}: needs at least one event, got none`);
  for (const event of events) {
    requireOneOf(fn, "kind", event.kind, ["gaussian", "subsampled-gaussian", "laplace", "zcdp", "guarantee"]);
    requireInteger(fn, "count", event.count ?? 1, 1);
    if (event.kind === "subsampled-gaussian") requireSubsampledGaussian(fn, event);
    else if (event.kind === "zcdp") requirePositive(fn, "rho", event.rho);
    else if (event.kind === "guarantee") {
      requireEpsilon(fn, event.epsilon);
      requireInRange(fn, "delta", event.delta, 0, 1);
    } else requirePositive(fn, "noiseMultiplier", event.noiseMultiplier);
  }
}

/** True where every record takes part, so that the event is a Gaussian. */
export const isGaussian = (event: PrivacyEvent): boolean =>
  event.kind === "gaussian" || (event.kind === "subsampled-gaussian" && event.samplingRate === 1);
