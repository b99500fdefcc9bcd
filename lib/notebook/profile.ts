import { requireInteger, requireOneOf } from "../validate";
import { warmFigureRenderer } from "./figure/render";
import { inNotebook } from "./display";
import { overriddenSizes, parseOverrides } from "./overrides";

export type ProfileName = "quick" | "standard" | "full";

/** All notebooks together: quick under 10 minutes on 2 cores, standard under 2 hours, full the published scale. */
export const profileNames: readonly ProfileName[] = ["quick", "standard", "full"];

/** A notebook's sizes. Its code is the same in all three profiles; a missing size is a type error. */
export type PerProfile<S extends object> = Readonly<Record<ProfileName, S>>;

export interface Profile<S extends object> {
  readonly name: ProfileName;
  /** 42 unless `KH_SEED` says otherwise. */
  readonly seed: number;
  readonly sizes: S;
}

/**
 * The sizes and the seed a notebook runs with: those of `KH_PROFILE` (quick, standard, full), or of quick.
 * `KH_SIZES` replaces some of them, as in `{"queries": 250, "mnist.images": 500}`; this is how a sweep sets them.
 *
 * @param table The notebook's sizes in each profile.
 * @param options.notebook The name that messages give it.
 * @throws {RangeError} If the profile is unknown, `KH_SEED` is not an integer in [0, 2³² − 1], or `KH_SIZES` names a
 *   size that the table does not have or gives it a value of another form.
 * @example
 * const small = { queries: 250 };
 * const table = { quick: small, standard: small, full: { queries: 1000 } };
 * const { seed, sizes } = readProfile(table, { notebook: "10-topic" });
 */
export function readProfile<S extends object>(table: PerProfile<S>, options: { notebook: string }): Profile<S> {
  const name = (process.env.KH_PROFILE || "quick") as ProfileName;
  requireOneOf("profile", "KH_PROFILE", name, profileNames);
  const sizes = overriddenSizes(table[name], parseOverrides(process.env.KH_SIZES), options);
  const seed = Number(process.env.KH_SEED || 42);
  requireInteger("profile", "KH_SEED", seed, 0, 2 ** 32 - 1);
  if (inNotebook()) warmFigureRenderer();
  return { name, seed, sizes };
}
