import { cpSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";
import { labEnvironment } from "./python.mjs";
import { step } from "./say.mjs";
import { filesBelow, readText, writeWhole } from "./stamp.mjs";

const source = join(root, "scripts", "lab-extension");
const installed = join(labEnvironment.venv, "share", "jupyter", "labextensions", "knowledge-hacking");

const settingsFile = join(labEnvironment.venv, "share", "jupyter", "lab", "settings", "overrides.json");

/** The file browser has room for whole names, and notebooks come first. */
const settings = {
  "@jupyterlab/filebrowser-extension:browser": { showLastModifiedColumn: false, sortNotebooksFirst: true },
};
const wantedSettings = `${JSON.stringify(settings, null, 2)}\n`;

/** @returns {boolean} whether JupyterLab finds the project's extension as it is now */
export function labExtensionReady() {
  if (readText(settingsFile) !== wantedSettings) return false;
  return filesBelow(source).every((file) => readText(join(installed, relative(source, file))) === readText(file));
}

/** Gives the project's environment its extension and its settings. */
export async function installLabExtension() {
  await step("JupyterLab extension and settings", async () => {
    rmSync(installed, { recursive: true, force: true });
    cpSync(source, installed, { recursive: true });
    writeWhole(settingsFile, wantedSettings);
  });
}
