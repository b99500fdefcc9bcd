import { existsSync } from "node:fs";
import { join } from "node:path";
import { offlineBundle } from "./offline.mjs";
import { cacheDir, root } from "./paths.mjs";
import { causeIn, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { digest, dropLink, readText, writeWhole } from "./stamp.mjs";

const oldestNode = 20;
const packages = join(root, "node_modules");
const stamp = join(packages, ".kh-packages");

/**
 * Refuses a Node that is too old.
 * @param {string} [version]
 * @throws {SetupError}
 */
export function checkNode(version = process.versions.node) {
  if (Number(version.split(".")[0]) >= oldestNode) return;
  throw new SetupError(
    `Node ${oldestNode} or later is needed, this is ${version}`,
    "install Node 22 or 24 from your package manager, nvm (`nvm install 22`) or nodejs.org, then run the command again",
  );
}

const wanted = () => digest([], [join(root, "package-lock.json")]);

/** @returns {boolean} whether the locked packages are installed, and none of them has gone since */
export function packagesReady() {
  return readText(stamp) === wanted() && missingPackages().length === 0;
}

/** @returns {string[]} packages that npm installed, by its own list, and that are not there */
export function missingPackages() {
  const list = readText(join(packages, ".package-lock.json"));
  if (list === undefined) return ["all"];
  return Object.keys(JSON.parse(list).packages).filter((path) => !existsSync(join(root, path, "package.json")))
    .map((path) => path.replace(/^.*node_modules\//, ""));
}

/**
 * Installs exactly the packages of package-lock.json, without their install scripts.
 * @throws {SetupError}
 */
export async function installPackages() {
  await step("npm packages (npm ci)", async () => {
    const bundle = offlineBundle();
    const source = bundle ? ["--offline", "--cache", keptPackages()] : ["--prefer-offline"];
    const args = ["ci", "--ignore-scripts", ...source, "--no-audit", "--no-fund"];
    const npm = npmCommand();
    dropLink(packages);
    const { code, output } = await run(npm.program, [...npm.args, ...args]);
    if (code !== 0) {
      throw new SetupError(
        `npm could not install the packages of package-lock.json:\n${causeIn(output)}`,
        bundle
          ? "free 1 GB of disk space, or unpack the offline bundle again, and run the command again"
          : "check that the npm registry can be reached (`npm ping`) and that the disk has 1 GB free; run it again",
      );
    }
    writeWhole(stamp, wanted());
  });
}

/** @returns {string} the npm cache in our own cache that holds all locked packages, where one was filled */
export const keptPackages = () => join(cacheDir(), `npm-${wanted().slice(0, 12)}`);

/**
 * The npm that called us, else the one beside this Node, else the one on PATH.
 * @returns {{ program: string, args: string[] }}
 */
export function npmCommand() {
  const caller = process.env.npm_execpath ?? "";
  if (/npm-cli\.c?js$/.test(caller) && existsSync(caller)) return { program: process.execPath, args: [caller] };
  return { program: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}
