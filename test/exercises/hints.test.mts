import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { typeErrors } from "../../scripts/check-notebooks.mjs";
import { nameOf, notebookFiles, readNotebook, textOf } from "../../scripts/lib/notebooks.mjs";
import { publicNames } from "../../scripts/lib/task-index.mjs";

const exported = new Set(Object.values(publicNames()).flat().map(({ name }) => name));
const globals = new Set(["Math", "Number", "Object", "Array", "Int32Array", "undefined"]);
/** Words that stand for a value of the reader's. */
const standIns = ["positions", "step"];

interface Hint { exercise: string; code: string[] }

/** The hints of a notebook, and the code that each names. */
function hintsOf(file: string): Hint[] {
  const text = readNotebook(file).cells.filter(({ cell_type: type }) => type === "markdown")
    .map(({ source }) => textOf(source)).join("\n\n");
  const pattern = /\*\*(\d)\*\*(?:(?!<details>)[\s\S])*<details><summary>Hint<\/summary>([\s\S]*?)<\/details>/g;
  return [...text.matchAll(pattern)].map(([, number, hint]) => ({
    exercise: `${nameOf(file).slice(0, 2)}-${number}`, code: [...hint.matchAll(/`([^`]+)`/g)].map(([, code]) => code),
  }));
}

const cellsOf = (file: string): string[] => readNotebook(file).cells
  .filter(({ cell_type: type }) => type === "code").map(({ source }) => textOf(source));

const parsed = (code: string): ts.SourceFile => ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);

const wordsIn = (text: string): Set<string> => new Set(text.match(/[A-Za-z_]\w*/g) ?? []);

/** The names that cells declare for the cells after them. */
function declaredIn(cells: readonly string[]): Set<string> {
  const names = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  for (const statement of cells.flatMap((cell) => [...parsed(cell).statements])) {
    if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach(({ name }) => bind(name));
    if (ts.isFunctionDeclaration(statement) && statement.name) names.add(statement.name.text);
    const imports = ts.isImportDeclaration(statement) && statement.importClause?.namedBindings;
    if (imports && ts.isNamedImports(imports)) imports.elements.forEach(({ name }) => names.add(name.text));
  }
  return names;
}

/** A fragment as a statement: … stands for what the reader must find, `name: value` for an option. */
function statementOf(code: string): string {
  const whole = code.replace(/\s+/g, " ").replaceAll("…", "hole");
  if (/^\w+: /.test(whole)) return `({ ${whole} });`;
  return /^for /.test(whole) ? `${whole} void step;` : `(${whole});`;
}

/** The names that a statement uses and does not declare itself; those that it calls. */
function namesOf(statement: string): { used: Set<string>; called: Set<string> } {
  const [declared, used, called] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const visit = (node: ts.Node): void => {
    if ((ts.isParameter(node) || ts.isVariableDeclaration(node)) && ts.isIdentifier(node.name))
      declared.add(node.name.text);
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) called.add(node.expression.text);
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
      const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
      if (!isMember && !isKey) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed(statement));
  for (const name of declared) used.delete(name);
  return { used, called };
}

/** A fragment as a reader would type it at the end of a notebook that declares these names. */
function cellOf(fragment: string, declared: ReadonlySet<string>) {
  const statement = statementOf(fragment);
  const { used } = namesOf(statement);
  const absent = [...used].filter((name) => !declared.has(name) && !globals.has(name));
  const imported = absent.filter((name) => exported.has(name));
  const open = new Set([...absent.filter((name) => !exported.has(name)), "hole"]);
  const source = [
    ...(imported.length ? [`import { ${imported.join(", ")} } from "../lib";`] : []),
    ...[...open].map((name) => `const ${name}: any = undefined;`), statement,
  ].join("\n");
  return { id: "hint", cell_type: "code" as const, metadata: {}, source, outputs: [], execution_count: 1 };
}

const isCode = (fragment: string): boolean => /[([]/.test(fragment) || /^\w+: /.test(fragment);

for (const file of notebookFiles()) {
  const notebook = readNotebook(file);
  const cells = cellsOf(file);
  const declared = declaredIn(cells);
  const solutions = notebookFiles(true).find((other) => nameOf(other) === nameOf(file));
  const words = wordsIn([...cells, ...(solutions ? cellsOf(solutions) : [])].join("\n"));
  const hints = hintsOf(file);

  test(`${nameOf(file)}: hints name what there is, and call only what a reader can call`, () => {
    assert.ok(hints.length >= 3);
    const known = new Set([...words, ...exported, ...globals, ...standIns]);
    const faults = hints.flatMap(({ exercise, code }) => code.flatMap((fragment) => {
      const named = [...wordsIn(fragment.replace(/"[^"]*"/g, ""))];
      const unknown = named.filter((word) => word.length > 1 && !known.has(word));
      const { called } = namesOf(statementOf(fragment));
      const beyond = [...called].filter((name) => !declared.has(name) && !exported.has(name) && name !== "hole");
      return [...unknown, ...beyond].map((name) => `${exercise}: ${name} in ${fragment}`);
    }));
    assert.deepEqual(faults, []);
  });

  test(`${nameOf(file)}: the code of its hints compiles where a reader puts it`, () => {
    const added = hints.flatMap(({ code }) => code.filter(isCode)).map((fragment) => cellOf(fragment, declared));
    const errors = typeErrors([file], () => ({ ...notebook, cells: [...notebook.cells, ...added] }));
    const faults = errors.filter((error) => {
      const hint = added[Number(/, cell (\d+)/.exec(error)?.[1] ?? 0) - notebook.cells.length - 1];
      // One … may stand for several arguments.
      return hint && !(hint.source.includes(", hole)") && error.endsWith("(TS2554)"));
    });
    assert.deepEqual(faults, []);
  });
}

test("a hint that calls what is not exported, or gives an option that is not there, is found", () => {
  assert.deepEqual([...namesOf(statementOf("inferThem(softmaxRows(…))")).called], ["inferThem", "softmaxRows"]);
  const file = notebookFiles()[0];
  const notebook = readNotebook(file);
  const bad = cellOf("knn({ neighbours: 5 })", declaredIn(cellsOf(file)));
  assert.match(typeErrors([file], () => ({ ...notebook, cells: [...notebook.cells, bad] })).join("\n"), /neighbours/);
});
