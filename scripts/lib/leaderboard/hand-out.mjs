import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../bootstrap/paths.mjs";
import { writeWhole } from "../../bootstrap/stamp.mjs";

const examples = join(root, "scripts", "leaderboard", "examples");

/**
 * Puts an example of each game into a folder, where they are no entries yet. What is there stays.
 * @param {string} folder
 */
export function handOutExamples(folder) {
  for (const name of readdirSync(examples)) {
    const target = join(folder, "examples", name);
    if (!existsSync(target)) writeWhole(target, readFileSync(join(examples, name), "utf8"));
  }
}
