import { availableParallelism } from "node:os";
import { join, relative, sep } from "node:path";
import { readArguments } from "./bootstrap/arguments.mjs";
import { root } from "./bootstrap/paths.mjs";
import { run } from "./bootstrap/run.mjs";
import { main, say, SetupError } from "./bootstrap/say.mjs";
import { filesBelow } from "./bootstrap/stamp.mjs";
import { ensureSetup } from "./setup.mjs";

const bin = (/** @type {string[]} */ ...parts) => join(root, "node_modules", ...parts);

/** Checks that are not tests: each prints its own messages and gives an exit code. */
const checks = [
  { title: "types", args: [bin("typescript", "bin", "tsc"), "--noEmit", "-p", root] },
  { title: "types of scripts", args: [bin("typescript", "bin", "tsc"), "-p", join(root, "scripts")] },
  { title: "types of notebook cells", args: [join(root, "scripts", "check-notebooks.mjs")] },
  { title: "lint", args: [bin("eslint", "bin", "eslint.js"), "--max-warnings=0", root] },
];

/** @param {(typeof checks)[number]} check @returns {Promise<boolean>} */
async function runCheck({ title, args }) {
  const start = Date.now();
  const { code, output } = await run(process.execPath, args);
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (code !== 0) process.stdout.write(`${output.trim()}\n`);
  process.stdout.write(`${code === 0 ? "passed" : "FAILED"}: ${title} (${seconds} s)\n`);
  return code === 0;
}

/** What starts kernels, browsers and set-ups, longest first; the rest takes seconds. */
const long = ["test/notebooks/", "test/browser/", "test/kernel/", "test/commands/", "test/setup/", "test/package/"];

/** @param {string} file @returns {number} its turn */
const turnOf = (file) => {
  const turn = long.findIndex((beginning) => file.startsWith(beginning));
  return turn < 0 ? long.length : turn;
};

/**
 * The test files, the longest first, those whose path contains one of the patterns if there are any.
 * @param {string[]} patterns
 * @returns {string[]}
 */
function testFiles(patterns) {
  const files = filesBelow(join(root, "test"))
    .filter((file) => /\.test\.m?ts$/.test(file))
    .map((file) => relative(root, file).split(sep).join("/"))
    .sort((a, b) => turnOf(a) - turnOf(b));
  if (patterns.length === 0) return files;
  const chosen = files.filter((file) => patterns.some((pattern) => file.includes(pattern)));
  if (chosen.length === 0) {
    const all = files.map((file) => `\n    ${file}`).join("");
    throw new SetupError(`no test file's path contains ${patterns.join(" or ")}; there are:${all}`);
  }
  return chosen;
}

main(async () => {
  const { words: patterns } = readArguments("test", { words: "[PATTERN …]" });
  const files = testFiles(patterns);
  await ensureSetup();
  let passed = true;
  if (patterns.length === 0) {
    passed = (await Promise.all(checks.map(runCheck))).every(Boolean);
    if (!passed) say("a check failed (see above); the tests run all the same, and the command will fail");
  }
  const concurrency = String(Math.min(4, availableParallelism()));
  const args = ["--import", "tsx", join(root, "scripts", "lib", "run-tests.mjs"), concurrency, ...files];
  const { code } = await run(process.execPath, args, { inherit: true });
  return passed ? code : code || 1;
});
