import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { anyPath, integer, readArguments } from "./bootstrap/arguments.mjs";
import { ensureGrader, makeAssignment } from "./lib/nbgrader.mjs";
import { notebookFile } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main } from "./bootstrap/say.mjs";
import { checkWritable } from "./bootstrap/stamp.mjs";
import { ensureSetup } from "./setup.mjs";

async function assignment() {
  const { values, words, refuse } = readArguments("assignment", { words: "07 …", options: {
    folder: { value: "FOLDER", read: anyPath, default: join(root, "results", "nbgrader") },
    points: { value: "N", read: integer(1), default: "1" },
    seconds: { value: "N", read: integer(1), default: "600" },
    checks: {},
  } });
  const { folder, ...options } = values;
  if (!words.length) refuse("name a notebook, as in npm run assignment -- 07");
  const files = words.map(notebookFile);
  checkWritable(folder);
  await ensureSetup();
  await ensureGrader();
  for (const file of files) {
    const release = await makeAssignment(folder, file, options);
    process.stdout.write(`${relative(process.cwd(), release)}: for learners, without solutions and tests\n`);
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(assignment);
