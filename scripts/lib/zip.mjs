import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./cache.mjs";
import { venvProgram } from "./paths.mjs";
import { labEnvironment } from "./python.mjs";
import { run, tail } from "./run.mjs";
import { SetupError } from "./say.mjs";
import { writeWhole } from "./stamp.mjs";

/** @typedef {{ name: string } & ({ path: string } | { text: string })} Entry a file of a zip: a copy, or a text */

const program = join(dirname(fileURLToPath(import.meta.url)), "zip_files.py");

/**
 * Writes a zip, whole or not at all; the same entries give the same bytes.
 * @param {string} target
 * @param {Entry[]} entries
 * @throws {SetupError}
 */
export async function writeZip(target, entries) {
  const temporary = temporaryFolder("zip");
  try {
    const list = join(temporary, "list.json");
    writeWhole(list, JSON.stringify(entries));
    mkdirSync(dirname(target), { recursive: true });
    const { code, output } = await run(venvProgram(labEnvironment.venv, "python"), [program, list, target]);
    if (code !== 0) {
      throw new SetupError(
        `${target} could not be written: ${tail(output, 1).trim()}`,
        "an offline bundle needs 2 GB of free disk space, one without packages 10 MB",
      );
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
