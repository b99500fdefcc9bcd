/** The files that the library reads, in a browser: fetched from beside the scripts when first read, kept in memory. */

/** By path in the project as the library sees it, the address beside the scripts; put in by the bundler. */
declare const KH_FILES: Readonly<Record<string, string>>;

/** Where the library believes to stand. */
export const ROOT = "/kh";

const kept = new Map<string, Uint8Array>();
const made = new Set<string>();

const addressOf = (path: string): string | undefined => (Object.hasOwn(KH_FILES, path) ? KH_FILES[path] : undefined);

const notFound = (path: string): Error =>
  Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: "ENOENT" });

export function fileExists(path: string): boolean {
  return kept.has(path) || made.has(path) || addressOf(path) !== undefined
    || Object.keys(KH_FILES).some((file) => file.startsWith(`${path}/`));
}

/**
 * The bytes of a file, waited for: in a worker that is allowed.
 *
 * @throws {Error} With the code `ENOENT` if there is none, `EIO` if it can't be fetched.
 */
export function readBytes(path: string): Uint8Array {
  const known = kept.get(path);
  if (known) return known;
  const address = addressOf(path);
  if (address === undefined) throw notFound(path);
  const request = new XMLHttpRequest();
  request.open("GET", new URL(address, self.location.href), false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200)
    throw Object.assign(new Error(`${path} could not be fetched: status ${request.status}`), { code: "EIO" });
  const bytes = new Uint8Array(request.response as ArrayBuffer);
  kept.set(path, bytes);
  return bytes;
}

/** Keeps a file in memory, until the program is started anew. */
export function writeBytes(path: string, bytes: Uint8Array): void {
  kept.set(path, bytes.slice());
}

export const removeFile = (path: string): boolean => kept.delete(path);

export const makeDirectory = (path: string): void => void made.add(path);

export function filesIn(path: string): string[] {
  return [...kept.keys(), ...Object.keys(KH_FILES)].filter((file) => file.startsWith(`${path}/`))
    .map((file) => file.slice(path.length + 1).split("/")[0]);
}
