import { cpSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";
import { labEnvironment } from "./python.mjs";
import { step } from "./say.mjs";
import { filesBelow, readText } from "./stamp.mjs";

const source = join(root, "scripts", "lab-extension");
const installed = join(labEnvironment.venv, "share", "jupyter", "labextensions", "knowledge-hacking");

/** @returns {boolean} whether JupyterLab finds the project's extension as it is now */
export function labExtensionReady() {
  return filesBelow(source).every((file) => readText(join(installed, relative(source, file))) === readText(file));
}

/** Gives the project's environment the extension that shows figures at their own size and asks for no news. */
export async function installLabExtension() {
  await step("JupyterLab extension for figures", async () => {
    rmSync(installed, { recursive: true, force: true });
    cpSync(source, installed, { recursive: true });
  });
}
