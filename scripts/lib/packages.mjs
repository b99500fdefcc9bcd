import { existsSync, lstatSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run, tail } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { digest, readText, writeWhole } from "./stamp.mjs";

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

/** @returns {boolean} whether the locked packages are installed */
export function packagesReady() {
  return readText(stamp) === wanted();
}

/**
 * Installs exactly the packages of package-lock.json, without their install scripts.
 * @throws {SetupError}
 */
export async function installPackages() {
  await step("npm packages (npm ci)", async () => {
    const args = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    const npm = npmCommand();
    // npm ci empties the folder: one that is only linked here belongs to somebody else.
    if (lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(packages);
    const { code, output } = await run(npm.program, [...npm.args, ...args]);
    if (code !== 0) {
      throw new SetupError(
        `npm could not install the packages of package-lock.json:\n${tail(output)}`,
        "check that the npm registry can be reached (`npm ping`) and that the disk has 1 GB free, then run it again",
      );
    }
    writeWhole(stamp, wanted());
  });
}

/**
 * The npm that called us, else the one beside this Node, else the one on PATH.
 * @returns {{ program: string, args: string[] }}
 */
export function npmCommand() {
  const caller = process.env.npm_execpath ?? "";
  if (/npm-cli\.c?js$/.test(caller) && existsSync(caller)) return { program: process.execPath, args: [caller] };
  return { program: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}
