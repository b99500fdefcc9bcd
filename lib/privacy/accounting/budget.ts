import { composedEpsilon } from "./composition";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";
import { requireDelta, requireEpsilon } from "../parameters";
import type { PrivacyEvent } from "./events";

export interface BudgetOptions {
  /** Total ε that may be spent, above 0. */
  epsilon: number;
  /** Total δ, in (0, 1). */
  delta: number;
  /** The neighbouring relation of the guarantee; every release must state the same. */
  neighbors: NeighborRelation;
}

/** Thrown when a release would cost more than is left; nothing has been spent then. */
export class BudgetExceededError extends Error {
  override readonly name = "BudgetExceededError";
}

/** Units in the last place by which a sum of doubles may miss a total that it equals on paper. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * A total (ε, δ) for all releases made from the same records; it refuses the release that would overspend it. It can be
 * spent to the last bit: pure guarantees add up as decimals, and a total that passes the budget by no more than the
 * rounding of doubles counts as the budget.
 */
export class PrivacyBudget {
  readonly epsilon: number;
  readonly delta: number;
  readonly neighbors: NeighborRelation;
  private readonly events: PrivacyEvent[] = [];

  /** @throws {RangeError} If epsilon or delta is out of range, or the neighbouring relation is unknown. */
  constructor({ epsilon, delta, neighbors }: BudgetOptions) {
    requireEpsilon("PrivacyBudget", epsilon);
    requireDelta("PrivacyBudget", delta);
    requireNeighborRelation("PrivacyBudget", neighbors);
    this.epsilon = epsilon;
    this.delta = delta;
    this.neighbors = neighbors;
  }

  /** ε spent so far, at the budget's δ: the tight composition of all releases, not their sum. */
  spent(): number {
    return this.events.length ? Math.min(this.epsilon, composedEpsilon(this.events, { delta: this.delta })) : 0;
  }

  /** What a release would bring the total to, without making it. */
  spentAfter(event: PrivacyEvent, { neighbors }: { neighbors: NeighborRelation }): number {
    if (neighbors !== this.neighbors)
      throw new RangeError(`PrivacyBudget: neighbors must be ${this.neighbors} as the budget's, got ${neighbors}`);
    if (event.kind === "subsampled-gaussian" && event.samplingRate < 1 && neighbors !== "add-remove")
      throw new RangeError("PrivacyBudget: a subsampled Gaussian is accounted for add-remove neighbours only");
    return composedEpsilon([...this.events, event], { delta: this.delta });
  }

  /**
   * Records a release; call it before making the release.
   *
   * @returns ε spent in total, this release included.
   * @throws {BudgetExceededError} If the total would pass the budget.
   * @throws {RangeError} If the event is out of range or made for another neighbouring relation.
   */
  spend(event: PrivacyEvent, relation: { neighbors: NeighborRelation }): number {
    const total = this.spentAfter(event, relation);
    if (!(total <= this.epsilon * (1 + ROUNDING)))
      throw new BudgetExceededError(
        `PrivacyBudget: this release would bring epsilon to ${total.toPrecision(6)} at delta ${this.delta}, ` +
          `the budget is ${this.epsilon}; spent so far: ${this.spent().toPrecision(6)}`,
      );
    this.events.push({ ...event });
    return Math.min(this.epsilon, total);
  }
}

/**
 * Opens a privacy budget.
 *
 * @throws {RangeError} If epsilon or delta is out of range, or the neighbouring relation is unknown.
 * @example
 * const budget = privacyBudget({ epsilon: 1, delta: 1e-5, neighbors: "add-remove" });
 * budget.spend({ kind: "gaussian", noiseMultiplier: 8 }, { neighbors: "add-remove" }); // 0.435…
 */
export function privacyBudget(options: BudgetOptions): PrivacyBudget {
  return new PrivacyBudget(options);
}
