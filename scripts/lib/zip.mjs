import { createWriteStream, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { SetupError, sentenceOf } from "../bootstrap/say.mjs";
import { makeFolder } from "../bootstrap/stamp.mjs";

/** @typedef {{ name: string } & ({ path: string } | { text: string })} Entry a file of a zip: a copy, or a text */

/** The same for every file, whenever and wherever it is packed. */
const fixed = { mtime: new Date(2020, 0, 1), mode: 0o100644, forceDosTimestamp: true };
const packed = /\.(?:gz|png|whl|zip)$|\/content-v2\//;

/**
 * Writes a zip, whole or not at all; the same entries give the same bytes.
 * @param {string} target
 * @param {Entry[]} entries
 * @throws {SetupError}
 */
export async function writeZip(target, entries) {
  const { ZipFile } = await import("yazl");
  const part = `${target}.${process.pid}.part`;
  const archive = new ZipFile();
  archive.on("error", (error) => /** @type {import("node:stream").Readable} */ (archive.outputStream).destroy(error));
  try {
    for (const entry of entries) {
      const options = { ...fixed, compress: !packed.test(entry.name) };
      if ("path" in entry) archive.addFile(entry.path, entry.name, options);
      else archive.addBuffer(Buffer.from(entry.text), entry.name, options);
    }
    archive.end();
    makeFolder(dirname(target));
    await pipeline(archive.outputStream, createWriteStream(part));
    renameSync(part, target);
  } catch (error) {
    throw new SetupError(
      `${target} could not be written: ${sentenceOf(error)}`,
      "an offline bundle needs 2 GB of free disk space, one without packages 10 MB",
    );
  } finally {
    rmSync(part, { force: true });
  }
}
