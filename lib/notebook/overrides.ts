type Value = number | string | boolean | readonly unknown[];
interface Sizes { readonly [key: string]: Value | Sizes }

const isGroup = (value: unknown): value is Sizes =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every size of a table by its path, as in `mnist.images`. */
function leaves(sizes: Sizes, prefix = ""): [path: string, value: Value][] {
  return Object.entries(sizes).flatMap(([key, value]) =>
    isGroup(value) ? leaves(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value] as [string, Value]]);
}

/** What a size may be, in words, after the value that stands in the table. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return value.length ? `a list, each ${kindOf(value[0])}` : "a list";
  if (isGroup(value)) return `an object with ${Object.keys(value).join(", ")}`;
  return typeof value === "number" ? "a finite number of at least 0" : `a ${typeof value}`;
}

/** Whether a given value has the form of the one in the table: a list of numbers for a list of numbers, and so on. */
function fits(given: unknown, known: unknown): boolean {
  if (Array.isArray(known))
    return Array.isArray(given) && (!known.length || (given.length > 0 && given.every((x) => fits(x, known[0]))));
  if (isGroup(known))
    return isGroup(given) && Object.keys(given).sort().join() === Object.keys(known).sort().join()
      && Object.entries(known).every(([key, value]) => fits(given[key], value));
  if (typeof known === "number") return typeof given === "number" && Number.isFinite(given) && given >= 0;
  return typeof given === typeof known;
}

/** A copy of a table with one size replaced. */
function withSize(sizes: Sizes, [key, ...rest]: string[], value: Value): Sizes {
  const inner = rest.length ? withSize(sizes[key] as Sizes, rest, value) : value;
  return { ...sizes, [key]: inner };
}

/**
 * The sizes of a profile, some of them replaced.
 *
 * @param overrides New values by the size's name, those in a group by their path, as in `{ "mnist.images": 500 }`.
 * @param options.notebook The name that messages give the notebook.
 * @throws {RangeError} If a size is unknown, or a value has another form than the profile's own; the message names what
 *   is allowed.
 * @example
 * overriddenSizes({ queries: 1000 }, { queries: 250 }, { notebook: "00-start-here" }).queries; // 250
 */
export function overriddenSizes<S extends object>(
  sizes: S, overrides: Readonly<Record<string, unknown>>, { notebook }: { notebook: string },
): S {
  let replaced = sizes as Sizes;
  const known = new Map(leaves(replaced));
  for (const [path, value] of Object.entries(overrides)) {
    const present = known.get(path);
    if (present === undefined)
      throw new RangeError(
        `profile: a size of ${notebook} must be one of ${[...known.keys()].join(", ")}, got ${path}`);
    if (!fits(value, present))
      throw new RangeError(`profile: ${path} of ${notebook} must be ${kindOf(present)}, got ${JSON.stringify(value)}`);
    replaced = withSize(replaced, path.split("."), value as Value);
  }
  return replaced as S;
}

/**
 * The overrides that an environment variable holds as JSON; none if it is empty.
 *
 * @throws {RangeError} If the text is not a JSON object.
 */
export function parseOverrides(text: string | undefined): Record<string, unknown> {
  if (!text) return {};
  const refused = () => new RangeError(`profile: KH_SIZES must be a JSON object of sizes, got ${text}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refused();
  }
  if (!isGroup(parsed)) throw refused();
  return parsed;
}
