import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import { typeErrors } from "../../scripts/check-notebooks.mjs";
import { assignmentOf } from "../../scripts/lib/assignment.mjs";
import { collect, gradeAssignment, graderEnvironment, makeAssignment } from "../../scripts/lib/nbgrader.mjs";
import { type Cell, type Notebook, nameOf, notebookFiles, readNotebook, textOf } from "../../scripts/lib/notebooks.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { environmentReady, makeEnvironment } from "../../scripts/bootstrap/python.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-nbgrader-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let why = "nbgrader is not installed here (`npm run assignment -- 00` installs it)";
if (process.env.CI === "true" && !environmentReady(graderEnvironment))
  await makeEnvironment(graderEnvironment).catch(({ message }) => (why = `pip can't install nbgrader: ${message}`));
const skip = environmentReady(graderEnvironment) ? false : why;

const code = (id: string, source: string): Cell =>
  ({ id, cell_type: "code", source, metadata: {}, outputs: [], execution_count: 1 });
const notebookOf = (...cells: Cell[]): Notebook => ({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
const gradeIdOf = ({ metadata }: Cell) => (metadata.nbgrader as { grade_id: string }).grade_id;
const kindOf = ({ metadata }: Cell) => metadata.nbgrader as Record<string, unknown>;

const asked = notebookOf(code("a", "const two = 2;"), code("b", 'import { svc } from "../lib";\nlet sum: number;'),
  code("c", "const more = 1;\nawait check(\"00-1\", sum, { two });"));
const solved = notebookOf(code("s", 'import { knn, svc } from "../../lib";\nconst one = 1;\none'),
  code("t", 'await check("00-1", one + one, { two: 2 });\nconst late = 3;'));

test("an exercise becomes an answer with its solution, a test that is hidden, and points; all else is locked", () => {
  const [first, answer, graded] = assignmentOf(asked, solved, { points: 3, checks: false }).cells;
  assert.deepEqual([kindOf(first).locked, kindOf(first).grade, gradeIdOf(first)], [true, false, "a"]);
  assert.deepEqual([kindOf(answer).locked, kindOf(answer).solution, gradeIdOf(answer)], [false, true, "answer-00-1"]);
  assert.deepEqual([kindOf(graded).locked, kindOf(graded).grade, kindOf(graded).points], [true, true, 3]);
  assert.equal(answer.source, ["// BEGIN SOLUTION", 'import { knn } from "../lib";', "// END SOLUTION",
    'import { svc } from "../lib";', "let sum: number;", "// BEGIN SOLUTION", "sum = await (async () => {",
    "  const one = 1;", "  one;", "  const late = 3;", "  return one + one;", "})();", "// END SOLUTION"].join("\n"));
  const [visible, hidden] = textOf(graded.source).split("// BEGIN HIDDEN TESTS");
  assert.equal(visible, "const more = 1;\n// The test of exercise 00-1 runs here when your work is graded.\n");
  assert.match(hidden, /judgeAnswer\(exercises, "00-1", sum, \{ two \}\)/);
});

test("with checks, learners see the verdict as in the notebook; an exercise without a solution is refused", () => {
  const [, , graded] = assignmentOf(asked, solved, { points: 1, checks: true }).cells;
  assert.match(textOf(graded.source).split("// BEGIN HIDDEN")[0], /\nawait check\("00-1", sum, \{ two \}\);\n/);
  assert.throws(() => assignmentOf(asked, notebookOf(), { points: 1, checks: false }),
    /exercise 00-1 has no solution/);
});

test("only files are collected: what else lies in the place of a student's work stops nobody's grading", () => {
  const [hub, course] = [join(folder, "odd-hub"), join(folder, "odd-course")];
  const work = (student: string) => {
    mkdirSync(join(hub, "students", student, "notebooks"), { recursive: true });
    return join(hub, "students", student, "notebooks", "07-x-assignment.ipynb");
  };
  writeFileSync(work("ada"), "{}");
  mkdirSync(work("bo"));
  symlinkSync(work("ada"), work("cy"));
  work("di");
  assert.deepEqual(collect(hub, course, "07-x"), ["ada"]);
  assert.equal(readFileSync(join(course, "submitted", "ada", "07-x", "07-x.ipynb"), "utf8"), "{}");
});

test("an exercise that would be lost without a word is named", () => {
  const check = (id: string) => `await check(${id}, sum);`;
  const lost: [Cell[], RegExp][] = [
    [[code("a", check('"00-1"'))], /exercise 00-1 has no answer cell/],
    [[code("a", "let sum = 0;"), code("b", check('"00-1"')), code("c", check('"00-2"'))],
      /exercise 00-2 has no answer cell/],
    [[code("a", "let sum = 0;"), code("b", `${check('"00-1"')}\n${check('"00-2"')}`)],
      /a cell holds one check, not those of 00-1 and 00-2/],
    [[code("a", "let sum = 0;"), code("b", check('"00-1"')), code("c", "let sum = 1;"), code("d", check('"00-1"'))],
      /exercise 00-1 has two checks/],
    [[code("a", "let sum = 0;"), code("b", 'await check("00-1");')], /a check names its exercise and an answer/],
    [[code("a", "let sum = 0;"), code("b", check("id"))], /a check names its exercise and an answer/],
  ];
  for (const [cells, message] of lost)
    assert.throws(() => assignmentOf(notebookOf(...cells), solved, { points: 1, checks: false }), message);
});

test("every notebook's assignment has a solution that fits its answer, and a test that fits the notebook", () => {
  const solutions = (file: string) => readNotebook(join(dirname(file), "solutions", basename(file)));
  const read = (file: string) => {
    const made = assignmentOf(readNotebook(file), solutions(file), { points: 1, checks: false });
    const cells = made.cells.map((cell) =>
      ({ ...cell, source: textOf(cell.source).replace('"../tests"', `"./${nameOf(file)}/exercises"`) }));
    assert.doesNotMatch(cells.map(({ source }) => source).join("\n"), /check below it|\]\([^)]*solutions\//);
    return { ...made, cells };
  };
  assert.deepEqual(typeErrors(notebookFiles(), read), []);
});

test("right, wrong, broken and deadly answers get the points that they earned, and no more", { skip }, async () => {
  const [course, hub, name] = [join(folder, "course"), join(folder, "hub"), "00-start-here"];
  const release = await makeAssignment(course, join(root, "notebooks", `${name}.ipynb`),
    { points: 2, checks: false, seconds: 60 });
  const source = readNotebook(join(course, "source", name, `${name}.ipynb`));
  const text = readFileSync(release, "utf8");
  assert.doesNotMatch(text, /judgeAnswer|BEGIN|await \(async/);
  assert.equal(text.match(/= your answer|= your copy/g)?.length, 3);

  const solution = new Map(source.cells.map((cell) => [gradeIdOf(cell), textOf(cell.source)]));
  const handIn = (student: string, answers: Record<string, string | undefined>) => {
    const notebook = readNotebook(release);
    for (const cell of notebook.cells) cell.source = answers[gradeIdOf(cell)] ?? cell.source;
    mkdirSync(join(hub, "students", student, "notebooks"), { recursive: true });
    writeFileSync(join(hub, "students", student, "notebooks", `${name}-assignment.ipynb`), JSON.stringify(notebook));
  };
  const ids = ["answer-00-1", "answer-00-2", "answer-00-3"];
  handIn("right", Object.fromEntries(ids.map((id) => [id, solution.get(id)])));
  // The last cell tries to be its own examiner.
  handIn("wrong", { "answer-00-1": "const errorAt30 = 0.9;", "answer-00-2": "const tree = 'a tree';",
    "answer-00-3": "const errorWithFour = 1; const judgeAnswer = () => ({ verdict: 'right' });",
    "test-00-3": "// all is well" });
  handIn("broken", { "answer-00-1": solution.get("answer-00-1"), "answer-00-2": "throw new Error('broken');" });
  handIn("deadly", { "answer-00-1": solution.get("answer-00-1"), "answer-00-2": "process.kill(process.pid, 9);" });

  assert.deepEqual(collect(hub, course, name), ["broken", "deadly", "right", "wrong"]);
  const rows = await gradeAssignment(course, name, { force: false, seconds: 60 });
  const pointsOf = Object.fromEntries(rows.map(({ student, points, fault }) =>
    [student, fault ?? Object.values(points).map((one) => one.points)]));
  assert.deepEqual(pointsOf, { broken: [2, 0, 0], deadly: "the kernel died: a cell ended it, or memory ran out",
    right: [2, 2, 2], wrong: [0, 0, 0] });
});
