import { requirePositive } from "../validate";

/** Requires a finite ε above 0. */
export function requireEpsilon(fn: string, epsilon: number): void {
  requirePositive(fn, "epsilon", epsilon);
}

/** Requires a number strictly between 0 and 1, such as δ or a probability that must leave both outcomes possible. */
export function requireOpenUnit(fn: string, name: string, value: number): void {
  if (!(typeof value === "number" && value > 0 && value < 1))
    throw new RangeError(`${fn}: ${name} must be above 0 and below 1, got ${String(value)}`);
}

/** Requires δ strictly between 0 and 1. */
export function requireDelta(fn: string, delta: number): void {
  requireOpenUnit(fn, "delta", delta);
}
