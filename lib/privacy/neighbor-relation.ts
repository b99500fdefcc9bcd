import { requireOneOf } from "../validate";

/**
 * Which two data sets a guarantee compares.
 * - `replace-one`: one record is exchanged for another (two unit-norm images differ by up to 2, non-negative ones
 *   by √2).
 * - `add-remove`: one record is there or not (a unit-norm image moves a sum by up to 1).
 */
export type NeighborRelation = "replace-one" | "add-remove";

/** Requires one of the two neighbouring relations. */
export function requireNeighborRelation(fn: string, neighbors: NeighborRelation): void {
  requireOneOf(fn, "neighbors", neighbors, ["replace-one", "add-remove"]);
}
