import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "./bootstrap/arguments.mjs";
import { sweepCache } from "./bootstrap/cache.mjs";
import { compile, compiled } from "./bootstrap/compile.mjs";
import { kernelReady, registerKernel } from "./bootstrap/kernel.mjs";
import { installLabExtension, labExtensionReady } from "./bootstrap/lab-extension.mjs";
import { withLock } from "./bootstrap/lock.mjs";
import { checkBackend, checkNative, forcedLink, installNative, nativeReady } from "./bootstrap/native.mjs";
import { checkOffline } from "./bootstrap/offline.mjs";
import { checkNode, installPackages, packagesReady } from "./bootstrap/packages.mjs";
import { cacheDir, root } from "./bootstrap/paths.mjs";
import { environmentReady, labEnvironment, makeEnvironment, pythonFor } from "./bootstrap/python.mjs";
import { main, say } from "./bootstrap/say.mjs";
import { checkWritable } from "./bootstrap/stamp.mjs";

/** The steps, in order: a quick look whether one is done already, and what does it. */
const steps = [
  { ready: packagesReady, run: installPackages },
  { ready: () => environmentReady(labEnvironment), run: () => makeEnvironment(labEnvironment) },
  { ready: nativeReady, run: () => installNative() },
  { ready: kernelReady, run: registerKernel },
  { ready: labExtensionReady, run: installLabExtension },
  { ready: compiled, run: compile },
];

/**
 * Refuses what would fail later, before anything long begins: folders that can't be written, no Python, no compiler.
 * @throws {import("./bootstrap/say.mjs").SetupError}
 */
async function checkMachine() {
  for (const folder of [root, cacheDir()]) checkWritable(folder);
  if (!environmentReady(labEnvironment)) await pythonFor(labEnvironment);
  if (!nativeReady()) await checkNative();
}

/**
 * Brings the clone to where every command works: packages, Python environment, native TensorFlow, kernel, compiled lib.
 * Does only what is missing, and nothing at all (in well under a second) when all is there.
 * @returns {Promise<void>}
 * @throws {import("./bootstrap/say.mjs").SetupError} naming what is missing and its cure
 */
export async function ensureSetup() {
  checkNode();
  checkOffline();
  forcedLink();
  checkBackend();
  if (steps.every(({ ready }) => ready())) return;
  const start = Date.now();
  await checkMachine();
  await withLock(join(root, ".setup", "lock"), async () => {
    sweepCache();
    for (const { ready, run } of steps) if (!ready()) await run();
  });
  say(`ready after ${((Date.now() - start) / 1000).toFixed(0)} s`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    readArguments("setup");
    const start = Date.now();
    await ensureSetup();
    say(`everything is in place (${Date.now() - start} ms)`);
  });
}
