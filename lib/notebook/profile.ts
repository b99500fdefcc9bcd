import { requireInteger } from "../validate";
import { warmFigureRenderer } from "./figure/render";
import { inNotebook } from "./display";
import { overriddenSizes, parseOverrides } from "./overrides";
import type { NotebookName, ProfileName, profiles } from "./profiles";

export interface Profile<N extends NotebookName> {
  readonly name: ProfileName;
  /** 42 unless `KH_SEED` says otherwise. */
  readonly seed: number;
  readonly sizes: (typeof profiles)[N][ProfileName];
}

/**
 * The sizes and the seed a notebook runs with: those of `KH_PROFILE` (quick, standard, full), or of quick.
 * `KH_SIZES` replaces some of them, as in `{"queries": 250, "mnist.images": 500}`; this is how a sweep sets them.
 *
 * @param notebook The notebook's name, as its file without `.ipynb`.
 * @throws {RangeError} If the notebook or the profile is unknown, `KH_SEED` is not an integer in [0, 2³² − 1], or
 *   `KH_SIZES` names a size that the notebook does not have or gives it a value of another form.
 * @example
 * const { seed, sizes } = profile("00-start-here");
 */
export function profile<N extends NotebookName>(notebook: N): Profile<N> {
  const name = (process.env.KH_PROFILE || "quick") as ProfileName;
  const sizes = overriddenSizes(notebook, name, parseOverrides(process.env.KH_SIZES));
  const seed = Number(process.env.KH_SEED || 42);
  requireInteger("profile", "KH_SEED", seed, 0, 2 ** 32 - 1);
  if (inNotebook()) warmFigureRenderer();
  return { name, seed, sizes };
}
