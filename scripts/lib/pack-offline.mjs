import { copyFileSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { keep, temporaryFolder } from "../bootstrap/cache.mjs";
import { nativeFiles } from "../bootstrap/native.mjs";
import { thisMachine } from "../bootstrap/offline.mjs";
import { keptPackages, npmCommand } from "../bootstrap/packages.mjs";
import { cacheDir, offlineFolder, root, venvProgram } from "../bootstrap/paths.mjs";
import { keptWheels, labEnvironment, minorOf, versionOf } from "../bootstrap/python.mjs";
import { causeIn, run } from "../bootstrap/run.mjs";
import { SetupError, step } from "../bootstrap/say.mjs";
import { filesBelow, makeFolder } from "../bootstrap/stamp.mjs";

/** @typedef {import("./zip.mjs").Entry} Entry */

/** @param {string} folder in the cache @returns {Entry[]} its files, below offline/ */
const below = (folder) => filesBelow(folder, ["_logs", "tmp"])
  .map((path) => ({ name: `offline/${relative(cacheDir(), path).split(sep).join("/")}`, path }));

/** @returns {Promise<Entry[]>} an npm cache with every locked package */
async function npmPackages() {
  const folder = keptPackages();
  if (!existsSync(folder)) {
    const temporary = temporaryFolder("npm");
    try {
      const project = join(temporary, "project");
      const cache = join(temporary, "cache");
      const npm = npmCommand();
      // An install beside the project, since only what passes through npm's cache stays in it.
      copyFilesTo(project, ["package.json", "package-lock.json"]);
      const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", cache];
      const { code, output } = await run(npm.program, [...npm.args, ...args], { cwd: project });
      if (code !== 0) {
        throw new SetupError(
          `npm could not fetch the packages of package-lock.json:\n${causeIn(output)}`,
          "check that the npm registry can be reached (`npm ping`) and that the disk has 1 GB free",
        );
      }
      keep(cache, folder);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  return below(folder);
}

/** @param {string} folder @param {string[]} names of files of the project */
function copyFilesTo(folder, names) {
  makeFolder(folder);
  for (const name of names) copyFileSync(join(root, name), join(folder, name));
}

/** @returns {Promise<Entry[]>} */
async function pythonWheels() {
  const folder = await keptWheels(venvProgram(labEnvironment.venv, "python"), labEnvironment.requirements);
  if (folder) return below(folder);
  throw new SetupError(
    "some Python packages of requirements.txt can't be had as wheels for this machine",
    "check that the Python package index can be reached (`pip download six`), or take a Python that has wheels (3.11)",
  );
}

/** @returns {Promise<Entry[]>} MNIST, CIFAR-10 and the UCI tables, each with its checksum verified */
async function dataSets() {
  const dist = join(root, "lib", "dist", "data", "files");
  const require = createRequire(import.meta.url);
  /** @type {{ name: string }[]} */
  const files = require(join(dist, "data-files.js")).fetchedFiles();
  const { provide } = require(join(dist, "provide.js"));
  /** @type {Entry[]} */
  const entries = [];
  for (const file of files) entries.push({ name: `offline/data/${file.name}`, path: await provide(file) });
  return entries;
}

/**
 * Everything that the set-up and the notebooks would fetch, laid out as the cache that an offline bundle brings.
 * @returns {Promise<Entry[]>}
 * @throws {SetupError} naming the part that can't be had
 */
export async function offlineEntries() {
  const python = minorOf(await versionOf(venvProgram(labEnvironment.venv, "python")));
  const bundle = { ...thisMachine(), python };
  return [
    { name: `${relative(root, offlineFolder)}/machine.json`, text: `${JSON.stringify(bundle, null, 2)}\n` },
    ...(await step("npm packages for the bundle", npmPackages)),
    ...(await step("Python packages for the bundle", pythonWheels)),
    ...nativeFiles().map(({ name, from }) => ({ name: `offline/${name}`, path: from })),
    ...(await step("data sets for the bundle", dataSets)),
  ];
}
