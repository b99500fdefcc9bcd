import { cpSync, existsSync, lstatSync, readdirSync, rmSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { assignmentOf } from "./assignment.mjs";
import { committable, nameOf, notebookFile, readNotebook } from "./notebooks.mjs";
import { root, venvProgram } from "../bootstrap/paths.mjs";
import { environmentReady, labEnvironment, makeEnvironment } from "../bootstrap/python.mjs";
import { causeIn, run } from "../bootstrap/run.mjs";
import { SetupError } from "../bootstrap/say.mjs";
import { writeWhole } from "../bootstrap/stamp.mjs";

/** @type {import("../bootstrap/python.mjs").Environment} */
export const graderEnvironment = {
  title: "nbgrader",
  venv: join(root, ".venv-nbgrader"),
  requirements: join(root, "scripts", "nbgrader", "requirements.txt"),
  oldestPython: [3, 11],
};

const program = () => venvProgram(graderEnvironment.venv, "python");
const environment = () => ({
  // It looks for its database's programs there.
  PATH: [dirname(program()), process.env.PATH ?? ""].join(delimiter),
  JUPYTER_PATH: join(labEnvironment.venv, "share", "jupyter"), KH_HEADLESS: "1", KH_PROFILE: "quick",
});

/** Installs nbgrader where it is missing. */
export async function ensureGrader() {
  if (!environmentReady(graderEnvironment)) await makeEnvironment(graderEnvironment);
}

/**
 * @param {string} course its folder
 * @param {string[]} words
 * @returns {Promise<import("../bootstrap/run.mjs").RunResult>}
 */
const nbgrader = (course, words) =>
  run(program(), ["-m", "nbgrader", ...words], { cwd: course, env: environment() });

/** @param {string} course @param {number} seconds that a cell may take */
function writeConfig(course, seconds) {
  const [folder, from, to] = [join(root, "scripts", "nbgrader"), root, course].map((path) => JSON.stringify(path));
  writeWhole(join(course, "nbgrader_config.py"), [
    "# Written by `npm run assignment` and `npm run grade`. Settings of your own can follow in another file.",
    "import sys", "", `sys.path.insert(0, ${folder})`, "from course import configure  # noqa: E402", "",
    `configure(get_config(), ${from}, ${to}, ${seconds})  # noqa: F821`, "",
  ].join("\n"));
}

/**
 * Makes a notebook's exercises an assignment: the source with solutions and tests, and the release without.
 * @param {string} course the course's folder
 * @param {string} file the notebook
 * @param {{ points: number, checks: boolean, seconds: number }} options
 * @returns {Promise<string>} the release's file
 * @throws {SetupError} If nbgrader fails.
 */
export async function makeAssignment(course, file, { seconds, ...options }) {
  const name = nameOf(file);
  const solutions = readNotebook(join(root, "notebooks", "solutions", `${name}.ipynb`));
  const source = assignmentOf(readNotebook(file), solutions, options);
  writeConfig(course, seconds);
  writeWhole(join(course, "source", name, `${name}.ipynb`), committable(source));
  const { code, output } = await nbgrader(course, ["generate_assignment", name, "--force"]);
  if (code !== 0) throw new SetupError(`nbgrader could not make the release of ${name}:\n${causeIn(output)}`);
  return join(course, "release", name, `${name}.ipynb`);
}

/**
 * The releases that a course has.
 * @param {string} course
 * @returns {{ name: string, file: string }[]}
 */
export function releasesIn(course) {
  return foldersIn(join(course, "release"))
    .map((name) => ({ name, file: join(course, "release", name, `${name}.ipynb`) }))
    .filter(({ file }) => existsSync(file));
}

/** @param {string} folder @returns {string[]} */
const foldersIn = (folder) => (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
  .filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();

/** What a hub calls the copy of an assignment that learners write in. @param {string} name of the notebook */
export const handedOutName = (name) => `${name}-assignment.ipynb`;

/**
 * Copies what a hub's students have written into the course; what they have not opened is not there, and a link, a
 * folder or a pipe in its place is nobody's work.
 * @param {string} hub its folder
 * @param {string} course
 * @param {string} name of the assignment
 * @returns {string[]} whose work was found
 */
export function collect(hub, course, name) {
  const from = (/** @type {string} */ student) => join(hub, "students", student, "notebooks", handedOutName(name));
  const students = foldersIn(join(hub, "students")).filter((student) => {
    const work = lstatSync(from(student), { throwIfNoEntry: false });
    return work?.isFile();
  });
  for (const student of students)
    cpSync(from(student), join(course, "submitted", student, name, `${name}.ipynb`), { preserveTimestamps: true });
  return students;
}

/**
 * One learner's points by exercise, or why there are none.
 * @typedef {{ student: string, points: Record<string, { points: number, most: number }>, fault?: string }} Graded
 */

/** @param {string} output of nbgrader @returns {string} why it gave no points, in a sentence */
function faultIn(output) {
  if (/DeadKernelError|Kernel died/.test(output)) return "the kernel died: a cell ended it, or memory ran out";
  if (/UnresponsiveKernelError/.test(output)) return "a cell ran too long and could not be stopped";
  return causeIn(output, 5).trim().split("\n").pop() ?? "";
}

/**
 * Grades what has been handed in: one learner after the other, so that what one hands in can't stop the rest.
 * @param {string} course
 * @param {string} name of the assignment
 * @param {object} options
 * @param {boolean} options.force grades again what has not changed
 * @param {number} options.seconds that a cell may take
 * @param {(student: string, done: number, all: number) => void} [options.onStudent]
 * @returns {Promise<Graded[]>}
 * @throws {SetupError} If there is no such assignment, nothing was handed in, or the gradebook can't be read.
 */
export async function gradeAssignment(course, name, { force, seconds, onStudent }) {
  const database = join(course, "gradebook.db");
  if (!existsSync(database) || !existsSync(join(course, "source", name)))
    throw new SetupError(`${course} has no assignment ${name}`, `make it with \`npm run assignment -- ${name}\``);
  const work = (/** @type {string} */ step, /** @type {string} */ student) =>
    join(course, step, student, name, `${name}.ipynb`);
  const students = foldersIn(join(course, "submitted")).filter((student) => existsSync(work("submitted", student)));
  if (!students.length)
    throw new SetupError(`nobody has handed in ${name}`, `put their notebooks at ${work("submitted", "NAME")}`);
  writeConfig(course, seconds);
  /** @type {Map<string, string>} */
  const faults = new Map();
  for (const [i, student] of students.entries()) {
    onStudent?.(student, i, students.length);
    const done = work("autograded", student);
    if (!force && existsSync(done) && statSync(done).mtimeMs > statSync(work("submitted", student)).mtimeMs) continue;
    const { code, output } = await nbgrader(course, ["autograde", name, "--student", student, "--force"]);
    if (code !== 0) faults.set(student, faultIn(output));
    rmSync(join(course, "autograded", student, "tests"), { recursive: true, force: true });
  }
  const reader = join(root, "scripts", "nbgrader", "grades.py");
  const { code, stdout, output } = await run(program(), [reader, database, name]);
  if (code !== 0) throw new SetupError(`the gradebook could not be read:\n${causeIn(output)}`);
  const rows = JSON.parse(stdout);
  return students.map((student) => ({ student, points: rows[student] ?? {}, fault: faults.get(student) }));
}

/** @param {string} word the beginning of a notebook's name @returns {string} the assignment's name */
export const assignmentName = (word) => nameOf(notebookFile(word));
