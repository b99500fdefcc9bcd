import { requireInRange } from "../validate";

/** How the learning rate moves over a run, as plain data. */
export interface OneCycleSchedule {
  readonly kind: "oneCycle";
  readonly warmUp: number;
  readonly last: number;
}

export type Schedule = OneCycleSchedule;

export interface OneCycleOptions {
  /**
   * Share of the steps over which the rate rises, in [0, 1].
   * @defaultValue 0.2
   */
  warmUp?: number;
  /**
   * Share of the optimiser's rate towards which it falls, in [0, 1]; the last step is made one step above.
   * @defaultValue 0
   */
  last?: number;
}

/**
 * One cycle: the learning rate rises in a straight line from near 0 to the optimiser's own, and falls in another one to
 * the end of the run. A short run learns more under it than at any one rate.
 *
 * @throws {RangeError} If a share is not in [0, 1].
 * @see Smith & Topin, "Super-convergence", arXiv 1708.07120, §3; there the fall is followed by a third, flatter line.
 * @example
 * oneCycle({ warmUp: 0.25 }); // { kind: "oneCycle", warmUp: 0.25, last: 0 }
 */
export function oneCycle({ warmUp = 0.2, last = 0 }: OneCycleOptions = {}): OneCycleSchedule {
  requireInRange("oneCycle", "warmUp", warmUp, 0, 1);
  requireInRange("oneCycle", "last", last, 0, 1);
  return { kind: "oneCycle", warmUp, last };
}

/**
 * What the optimiser's learning rate is multiplied by at a step.
 *
 * @param step In [1, steps]. @param steps Of the whole run.
 * @internal
 */
export function rateFactor(schedule: Schedule | undefined, step: number, steps: number): number {
  if (!schedule) return 1;
  const { warmUp, last } = schedule;
  const peak = warmUp * steps;
  if (step <= peak) return step / peak;
  return steps === peak ? 1 : 1 - ((1 - last) * (step - peak)) / (steps - peak + 1);
}
