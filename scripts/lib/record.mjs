import { join } from "node:path";
import { profiles } from "../bootstrap/arguments.mjs";
import { root } from "../bootstrap/paths.mjs";
import { makeFolder, readText, writeWhole } from "../bootstrap/stamp.mjs";

/**
 * What a notebook measured at one profile, and on what: kept in the repository, beside the notebook. The README and
 * docs/CLAIMS.md show it. A claim that only larger profiles make brings its words along; those of the others stand in
 * the notebook's outputs.
 *
 * @typedef {import("./ledger.mjs").Run} Run
 * @typedef {{ statement: string, expected: string, reason: string | null }} ClaimWords
 * @typedef {{ id: string, reproduced: number, verdict: string } & Partial<ClaimWords>} RecordedClaim
 * @typedef {Pick<Run, "profile" | "seed" | "commit" | "changed" | "versions" | "processor" | "threads" | "precision">
 *   & { seconds: number, claims: RecordedClaim[] }} Recorded
 */

/** @param {string} name @param {string} profile @returns {string} */
const recordFile = (name, profile) => join(root, "notebooks", name, "record", `${profile}.json`);

/** @param {string} name @param {string} profile @returns {Recorded | undefined} undefined where it was not yet run */
export function readRecord(name, profile) {
  const text = readText(recordFile(name, profile));
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * Keeps what a run measured of one notebook; nothing where single sizes were replaced, which are no profile.
 * @param {Run} run
 * @param {string} name
 * @param {import("./ledger.mjs").Measured} measured
 */
export function writeRecord(run, name, { seconds, claims }) {
  if (Object.keys(run.sizes).length) return;
  const { profile, seed, commit, changed, versions, processor, threads, precision } = run;
  const [smallest] = profiles;
  const shown = new Set((profile === smallest ? claims : readRecord(name, smallest)?.claims ?? []).map(({ id }) => id));
  /** @type {Recorded} */
  const recorded = {
    profile, seed, seconds: Math.round(seconds), commit, changed, versions, processor, threads, precision,
    claims: claims.map(({ id, reproduced, verdict, statement, expected, reason }) =>
      ({ id, reproduced, verdict, ...(shown.has(id) ? {} : { statement, expected, reason }) })),
  };
  const file = recordFile(name, profile);
  makeFolder(join(file, ".."));
  writeWhole(file, `${JSON.stringify(recorded, null, 2)}\n`);
}

/** @param {number} seconds @returns {string} minutes as a person says them: ½, 1, 2½, 30 */
export function inMinutes(seconds) {
  const halves = Math.max(1, Math.round(seconds / 30));
  if (halves >= 20) return String(Math.round(seconds / 60));
  return `${halves > 1 ? Math.floor(halves / 2) : ""}${halves % 2 ? "½" : ""}`;
}
