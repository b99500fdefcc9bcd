import { requireOneOf } from "../validate";

/**
 * Which two data sets a guarantee compares.
 * - `replace-one`: one record is exchanged for another (two unit-norm images differ by up to 2, non-negative ones
 *   by √2).
 * - `add-remove`: one record is there or not (a unit-norm image moves a sum by up to 1).
 */
export type Neighbours = "replace-one" | "add-remove";

/** Requires one of the two neighbouring relations. */
export function requireNeighbours(fn: string, neighbours: Neighbours): void {
  requireOneOf(fn, "neighbours", neighbours, ["replace-one", "add-remove"]);
}
