import { createRequire } from "node:module";
import { forClass } from "./classroom.mjs";
import { textOf } from "./notebooks.mjs";
import { SetupError } from "../bootstrap/say.mjs";

/**
 * @typedef {import("./notebooks.mjs").Notebook} Notebook
 * @typedef {import("./notebooks.mjs").Cell} Cell
 * An exercise's check, as it is written: `call` is what it hands on, `line` the whole statement, `before` what its cell
 * does first.
 * @typedef {{ id: string, answer: string, call: string, line: string, before: string }} Check
 */

/** Taken in when needed: before the set-up there are no packages. @returns {typeof import("typescript")} */
const typescript = () => createRequire(import.meta.url)("typescript");

/**
 * The check of an exercise that a cell holds.
 * @param {string} source
 * @returns {Check | undefined}
 * @throws {SetupError} If it holds two, or one that does not name its exercise and an answer.
 */
function checkIn(source) {
  const ts = typescript();
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
  const found = file.statements.flatMap((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isAwaitExpression(statement.expression)) return [];
    const call = statement.expression.expression;
    if (!ts.isCallExpression(call) || call.expression.getText(file) !== "check") return [];
    const [id, answer] = call.arguments;
    const last = call.arguments[call.arguments.length - 1];
    if (!answer || !ts.isStringLiteralLike(id))
      throw new SetupError(`a check names its exercise and an answer, not so ${statement.getText(file)}`);
    return [{
      id: id.text, answer: answer.getText(file),
      call: source.slice(id.getStart(file), last.getEnd()), line: statement.getText(file),
      before: source.slice(0, statement.getStart(file)).trim(),
    }];
  });
  if (found.length > 1)
    throw new SetupError(`a cell holds one check, not those of ${found.map(({ id }) => id).join(" and ")}`);
  return found[0];
}

/** @param {Cell} cell @returns {boolean} */
const isCode = (cell) => cell.cell_type === "code";

/**
 * A cell's code without its imports, and the names that these take, each with its module.
 * @param {string} source
 * @returns {{ code: string, imports: [string, string][] }}
 */
function apart(source) {
  const ts = typescript();
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
  const lines = file.statements.filter(ts.isImportDeclaration);
  const code = lines.reduceRight((rest, line) => rest.slice(0, line.getStart(file)) + rest.slice(line.getEnd()),
    source);
  const imports = lines.flatMap(({ importClause, moduleSpecifier: from }) => {
    const bindings = importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) throw new SetupError(`an import must name what it takes: ${source}`);
    const kind = importClause?.isTypeOnly ? "type " : "";
    return bindings.elements.map((name) => [`${kind}${name.getText(file)}`, from.getText(file)]);
  });
  return { code: code.trim(), imports: /** @type {[string, string][]} */ (imports) };
}

/**
 * The model solutions, by exercise: each one with all that comes before it in the solutions, on which it may build.
 * @typedef {{ imports: [string, string][], code: string, answer: string }} Solution
 * @param {Notebook} solutions
 * @returns {Map<string, Solution>}
 */
function solutionsOf(solutions) {
  /** @type {Map<string, Solution>} */
  const found = new Map();
  /** @type {Omit<Solution, "answer">} */
  let all = { imports: [], code: "" };
  for (const cell of solutions.cells.filter(isCode)) {
    const source = textOf(cell.source).replace(/ from "\.\.\/(\.\.\/lib)?/g, (_, lib) => ` from "${lib ?? "./"}`);
    const check = checkIn(source);
    const { code, imports } = apart(check ? source.replace(check.line, "") : source);
    // Where a cell ends without a semicolon, what follows would be read as part of it.
    const ended = /[;}]$/.test(code) ? code : `${code};`;
    all = { imports: [...all.imports, ...imports], code: `${all.code}\n${ended}`.replace(/\n{2,}/g, "\n").trim() };
    if (check) found.set(check.id, { ...all, answer: check.answer });
  }
  return found;
}

/**
 * A cell as nbgrader knows it.
 * @param {Cell} cell
 * @param {{ grade?: boolean, solution?: boolean, points?: number, id?: string }} [kind] without it: to be read and run,
 * and brought back before grading
 * @returns {Cell}
 */
function graderCell(cell, { grade = false, solution = false, points, id = cell.id } = {}) {
  const nbgrader = {
    cell_type: cell.cell_type, grade, grade_id: id, locked: !solution, schema_version: 3, solution, task: false,
    ...(points === undefined ? {} : { points }),
  };
  return { ...cell, metadata: { ...cell.metadata, nbgrader } };
}

/**
 * A learner's answer cell with the model solution, which assigns to what the learner's line declares. It is a function,
 * so none of its names is in the way of the notebook's.
 * @param {string} stub the learner's line
 * @param {string} name of the answer
 * @param {Solution} solution
 * @returns {string}
 */
function answerSource(stub, name, { imports, code, answer }) {
  const known = apart(stub).imports.map(([taken]) => taken);
  const modules = [...new Set(imports.map(([, from]) => from))].map((from) => ({
    from, names: new Set(imports.flatMap(([taken, its]) => (its === from && !known.includes(taken) ? [taken] : []))),
  }));
  // Imports stand first: what a cell uses before its import of it is not there yet in tslab.
  return [
    "// BEGIN SOLUTION",
    ...modules.map(({ from, names }) => `import { ${[...names].join(", ")} } from ${from};`),
    "// END SOLUTION",
    stub,
    "// BEGIN SOLUTION",
    `${name} = await (async () => {`,
    ...code.split("\n").map((line) => `  ${line}`),
    `  return ${answer};`,
    "})();",
    "// END SOLUTION",
  ].join("\n");
}

/**
 * The test of an exercise, which fails unless the answer is right. It asks the notebook's own check, from a folder that
 * exists only while nbgrader grades: nothing that was handed in has a part in it.
 * @param {Check} check
 * @param {boolean} shown whether learners see the check's verdict, too
 * @returns {string}
 */
const testSource = ({ id, call, line, before }, shown) => [
  ...(before ? [before] : []),
  ...(shown ? [line] : []),
  `// The test of exercise ${id} runs here when your work is graded.`,
  "// BEGIN HIDDEN TESTS",
  'import { judgeAnswer } from "../lib";',
  'import { exercises } from "../tests";',
  "{",
  `  const { verdict, finding } = await judgeAnswer(exercises, ${call});`,
  `  if (verdict !== "right") throw new Error(\`${id} is \${verdict}\${finding ? \`: \${finding}\` : ""}\`);`,
  "}",
  "// END HIDDEN TESTS",
].join("\n");

/**
 * Requires that each exercise has one check, and before it a cell to answer in.
 * @param {Cell[]} cells
 * @param {(Check | undefined)[]} checks of the cells
 */
function requireAnswerCells(cells, checks) {
  const known = new Set();
  checks.forEach((check, i) => {
    if (!check) return;
    if (known.has(check.id)) throw new SetupError(`exercise ${check.id} has two checks`);
    known.add(check.id);
    if (!i || checks[i - 1] || !isCode(cells[i - 1])) throw new SetupError(`exercise ${check.id} has no answer cell`);
  });
}

/**
 * A notebook as the source of an nbgrader assignment: model solutions, hidden tests, points, and all else locked.
 * @param {Notebook} notebook
 * @param {Notebook} solutions
 * @param {{ points: number, checks: boolean }} options `points` for each exercise; `checks`: learners see at once
 * whether they are right, as in the notebook itself
 * @returns {Notebook}
 * @throws {SetupError} If an exercise has no answer cell or no solution.
 */
export function assignmentOf(notebook, solutions, { points, checks }) {
  const withoutCheck = (/** @type {string} */ text) =>
    text.replace(", run the cell and then the check below it.", " and run the cell.");
  const cells = forClass(notebook).cells.map((cell) =>
    (checks || isCode(cell) ? cell : { ...cell, source: withoutCheck(textOf(cell.source)) }));
  const found = cells.map((cell) => (isCode(cell) ? checkIn(textOf(cell.source)) : undefined));
  requireAnswerCells(cells, found);
  const solved = solutionsOf(solutions);
  const made = cells.map((cell, i) => {
    const check = found[i];
    if (check)
      return graderCell({ ...cell, source: testSource(check, checks) },
        { grade: true, points, id: `test-${check.id}` });
    const next = found[i + 1];
    if (!next) return graderCell(cell);
    const solution = solved.get(next.id);
    if (!solution) throw new SetupError(`exercise ${next.id} has no solution`);
    const source = answerSource(textOf(cell.source), next.answer, solution);
    return graderCell({ ...cell, source }, { solution: true, id: `answer-${next.id}` });
  });
  return { ...notebook, cells: made };
}
