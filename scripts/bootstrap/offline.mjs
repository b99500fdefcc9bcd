import { join } from "node:path";
import { offlineFolder } from "./paths.mjs";
import { SetupError } from "./say.mjs";
import { readText } from "./stamp.mjs";

/**
 * The kind of machine that compiled parts were made on and that they run on: `offline/machine.json` of a bundle.
 * @typedef {object} Machine
 * @property {string} platform as Node calls it
 * @property {string} arch
 * @property {string | null} glibc on Linux its version, null for another C library or system
 */

/** @typedef {Machine & { python: string }} Bundle its packages are for one Python, as "3.11" */

/** @returns {Machine} */
export function thisMachine() {
  const report = /** @type {any} */ (process.report);
  report.excludeNetwork = true;
  const { header } = /** @type {any} */ (report.getReport());
  return { platform: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime ?? null };
}

/**
 * What the offline bundle that was unpacked here was made for; undefined in a clone.
 * @returns {Bundle | undefined}
 */
export function offlineBundle() {
  const text = readText(join(offlineFolder, "machine.json"));
  return text === undefined ? undefined : JSON.parse(text);
}

/** @param {Machine} machine @returns {string} */
const described = ({ platform, arch, glibc }) => `${platform} ${arch}${glibc ? ` with glibc ${glibc}` : ""}`;

/** @param {string} a @param {string} b @returns {boolean} whether version a is b or later */
function atLeast(a, b) {
  const [x, y] = [a, b].map((version) => version.split(".").map(Number));
  return x[0] !== y[0] ? x[0] > y[0] : x[1] >= y[1];
}

/**
 * Refuses an offline bundle that was made for another kind of machine.
 * @param {Machine | undefined} [bundle]
 * @param {Machine} [here]
 * @throws {SetupError}
 */
export function checkOffline(bundle = offlineBundle(), here) {
  if (!bundle) return;
  here ??= thisMachine();
  const { platform, arch, glibc } = bundle;
  const fits = here.platform === platform && here.arch === arch
    && (glibc === null) === (here.glibc === null) && (!glibc || !here.glibc || atLeast(here.glibc, glibc));
  if (fits) return;
  throw new SetupError(
    `this offline bundle was made for ${described(bundle)}${glibc ? " or later" : ""}, this is ${described(here)}`,
    "make one on a machine of this kind with `npm run classroom -- --offline`, or take the bundle without "
      + "`--offline` and set it up with a network",
  );
}
