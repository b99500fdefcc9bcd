import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { anyPath, integer, readArguments } from "./bootstrap/arguments.mjs";
import { assignmentName, collect, ensureGrader, gradeAssignment } from "./lib/nbgrader.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main, say } from "./bootstrap/say.mjs";
import { writeWhole } from "./bootstrap/stamp.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

/** @typedef {import("./lib/nbgrader.mjs").Graded} Graded */

/** @param {Graded[]} rows @returns {string[][]} a row for each learner, under headings */
function gradeTable(rows) {
  const exercises = [...new Set(rows.flatMap(({ points }) => Object.keys(points)))].sort();
  const cells = rows.map(({ student, points, fault }) => {
    const each = exercises.map((exercise) => (fault ? "" : String(points[exercise]?.points ?? "")));
    const all = Object.values(points).reduce((sum, one) => sum + one.points, 0);
    return [student, ...each, fault ? "" : String(all), fault ? `no points yet: ${fault}` : ""];
  });
  return [["student", ...exercises, "points", ""], ...cells];
}

/** @param {string} text @returns {string} as a field of a CSV file */
const field = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function grade() {
  const { values, words, refuse } = readArguments("grade", { words: "07", options: {
    folder: { value: "FOLDER", read: anyPath, default: join(root, "results", "nbgrader") },
    hub: { value: "FOLDER", read: anyPath },
    seconds: { value: "N", read: integer(1), default: "600" },
    force: {},
  } });
  const { folder, hub, force, seconds } = values;
  if (words.length !== 1) refuse("name one assignment, as in npm run grade -- 07");
  const name = assignmentName(words[0]);
  await ensureSetup();
  await ensureGrader();
  if (hub) say(`collected from the hub: ${collect(hub, folder, name).join(", ") || "nobody's"}`);
  const rows = await gradeAssignment(folder, name, {
    force, seconds, onStudent: (student, done, all) => say(`${student} (${done + 1} of ${all}) …`),
  });
  const table = gradeTable(rows);
  const file = join(folder, `${name}.csv`);
  writeWhole(file, table.map((row) => `${row.map(field).join(",")}\n`).join(""));
  process.stdout.write(`${textTable(table)}\n${relative(process.cwd(), file)} has this table\n`);
  return rows.some(({ fault }) => fault) ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(grade);
