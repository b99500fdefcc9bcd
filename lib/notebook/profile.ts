import { requireInteger, requireOneOf } from "../validate";
import { warmFigureRenderer } from "./figure/render";
import { inNotebook } from "./display";
import { type NotebookName, type ProfileName, profileNames, profiles } from "./profiles";

export interface Profile<N extends NotebookName> {
  readonly name: ProfileName;
  /** 42 unless `KH_SEED` says otherwise. */
  readonly seed: number;
  readonly sizes: (typeof profiles)[N][ProfileName];
}

/**
 * The sizes and the seed a notebook runs with: those of `KH_PROFILE` (quick, standard, full), or of quick.
 *
 * @param notebook The notebook's name, as its file without `.ipynb`.
 * @throws {RangeError} If the notebook or the profile is unknown, or `KH_SEED` is not an integer in [0, 2³² − 1].
 * @example
 * const { seed, sizes } = profile("00-start-here");
 */
export function profile<N extends NotebookName>(notebook: N): Profile<N> {
  requireOneOf("profile", "notebook", notebook, Object.keys(profiles) as NotebookName[]);
  const name = (process.env.KH_PROFILE || "quick") as ProfileName;
  requireOneOf("profile", "KH_PROFILE", name, profileNames);
  const seed = Number(process.env.KH_SEED || 42);
  requireInteger("profile", "KH_SEED", seed, 0, 2 ** 32 - 1);
  if (inNotebook()) warmFigureRenderer();
  return { name, seed, sizes: profiles[notebook][name] };
}
