import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { digest, filesBelow, readText, writeWhole } from "./stamp.mjs";

const lib = join(root, "lib");
const dist = join(lib, "dist");
const stamp = join(dist, ".kh-sources");

const sources = () => filesBelow(lib, ["dist"]);
const wanted = () => digest([], [...sources(), join(root, "tsconfig.json")]);

/** @returns {boolean} whether lib/dist was compiled from the sources as they are now */
export function libReady() {
  return existsSync(join(dist, "index.js")) && readText(stamp) === wanted();
}

/**
 * Compiles lib/ to lib/dist and removes what sources that are gone had left there.
 * @throws {SetupError} with the compiler's messages
 */
export async function compileLib() {
  await step("compiling lib (tsc)", async () => {
    const before = wanted();
    const names = new Set(sources().map((file) => relative(lib, file).replace(/\.ts$/, "")));
    for (const file of filesBelow(dist)) {
      const match = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(relative(dist, file));
      if (match && !names.has(match[1])) rmSync(file);
    }
    if (!existsSync(join(dist, "index.js"))) rmSync(join(dist, ".tsbuildinfo"), { force: true });
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { code, output } = await run(process.execPath, [tsc, "-p", lib]);
    if (code !== 0) throw new SetupError(`lib does not compile:\n${output.trim()}`);
    writeWhole(stamp, before);
  });
}
