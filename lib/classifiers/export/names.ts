import { requireSameLength } from "../../validate";
import type { Classifier } from "../classifier";

/** Names that are written into an exported file. */
interface Names {
  readonly featureNames?: readonly string[];
  readonly classNames?: readonly string[];
}

/**
 * Requires texts: one a feature, or none at all, and any number of classes' names.
 *
 * @throws {RangeError} If there are more or fewer names than features, or a name is no text.
 */
export function requireNames(fn: string, { numFeatures }: Classifier, { featureNames = [], classNames = [] }: Names,
): void {
  if (featureNames.length) requireSameLength(fn, "featureNames", featureNames.length, "features", numFeatures);
  for (const name of [...featureNames, ...classNames])
    if (typeof name !== "string") throw new RangeError(`${fn}: names must be texts, got ${String(name)}`);
}
