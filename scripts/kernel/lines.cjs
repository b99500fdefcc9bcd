// From the compiled code of a cell back to the line that its author wrote.
"use strict";
const { SourceMap } = require("node:module");
const ts = require("@tslab/typescript-for-tslab");

/** @typedef {(line: number, column: number) => { line: number, column: number } | undefined} PlaceOf all from 1 */

/** What tslab's compiler puts before the source. */
const SOURCE_LINES_BEFORE = 1;

/**
 * @param {string | undefined} toModule the map of the compiler's output
 * @param {string | undefined} toCommonJS the map of what was made of that
 * @returns {PlaceOf}
 */
function placesBy(toModule, toCommonJS) {
  /** @type {SourceMap[] | undefined} */
  let maps;
  return (line, column) => {
    maps ??= [toCommonJS, toModule].map((map) => new SourceMap(JSON.parse(map ?? "")));
    let at = { line: line - 1, column: column - 1 };
    for (const map of maps) {
      const entry = map.findEntry(at.line, at.column);
      if (!("originalLine" in entry)) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    return { line: at.line + 1 - SOURCE_LINES_BEFORE, column: at.column + 1 };
  };
}

/**
 * Whether code awaits outside of every function.
 * @param {import("@tslab/typescript-for-tslab").Node} node
 * @returns {boolean}
 */
function awaitsAtTop(node) {
  if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return false;
  if (ts.isPropertyDeclaration(node) && node.initializer)
    return ts.isComputedPropertyName(node.name) && awaitsAtTop(node.name);
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, (child) => awaitsAtTop(child) || undefined) ?? false;
}

/**
 * The variables that a cell declares and that can get another value.
 * @param {string} source
 * @returns {string[]}
 */
function variablesOf(source) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest);
  /** @param {import("@tslab/typescript-for-tslab").BindingName} name @returns {string[]} */
  const namesIn = (name) => ts.isIdentifier(name) ? [name.text]
    : name.elements.flatMap((element) => ts.isBindingElement(element) ? namesIn(element.name) : []);
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    const { declarationList: list, modifiers = [] } = statement;
    const isDeclare = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
    return isDeclare || list.flags & ts.NodeFlags.Const ? [] : list.declarations.flatMap(({ name }) => namesIn(name));
  });
}

/**
 * A cell's source without the word `export` before its declarations: all of them are there for the next cells anyway.
 * @param {string} source
 * @returns {string} as long as before
 */
function withoutExports(source) {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  const isExport = (/** @type {import("@tslab/typescript-for-tslab").Node} */ node) =>
    node.kind === ts.SyntaxKind.ExportKeyword;
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) ?? [] : [];
    const word = modifiers.find(isExport);
    if (!word || modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) continue;
    source = source.slice(0, word.getStart()) + " ".repeat(word.getWidth()) + source.slice(word.end);
  }
  return source;
}

/**
 * A cell's declarations without those that it did not come to.
 * @param {string} declarations as TypeScript declares them to others
 * @param {{ has(name: string): boolean }} kept
 * @returns {string}
 */
function declarationsOf(declarations, kept) {
  const { factory } = ts;
  const file = ts.createSourceFile("cell.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const printer = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed });
  const isKept = (/** @type {import("@tslab/typescript-for-tslab").Node | undefined} */ name) =>
    name !== undefined && ts.isIdentifier(name) && kept.has(name.text);
  /** @param {import("@tslab/typescript-for-tslab").ImportClause} clause */
  const importsOf = (clause) => {
    const { isTypeOnly, namedBindings: bindings } = clause;
    const isNamed = bindings && ts.isNamedImports(bindings);
    const elements = isNamed ? bindings.elements.filter(({ name }) => isKept(name)) : [];
    const isWhole = bindings && ts.isNamespaceImport(bindings) && isKept(bindings.name);
    const named = isWhole ? bindings : elements.length ? factory.createNamedImports(elements) : undefined;
    const name = isKept(clause.name) ? clause.name : undefined;
    return name || named ? factory.updateImportClause(clause, isTypeOnly, name, named) : undefined;
  };
  const statements = file.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      const { declarationList: list } = statement;
      const reached = list.declarations.filter(({ name }) => isKept(name));
      const updated = factory.updateVariableDeclarationList(list, reached);
      return reached.length ? [factory.updateVariableStatement(statement, statement.modifiers, updated)] : [];
    }
    if (ts.isImportDeclaration(statement) && statement.importClause) {
      const clause = importsOf(statement.importClause);
      const { modifiers, moduleSpecifier, assertClause } = statement;
      return clause
        ? [factory.updateImportDeclaration(statement, modifiers, clause, moduleSpecifier, assertClause)] : [];
    }
    const isValue = ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
    return isValue && !isKept(statement.name) ? [] : [statement];
  });
  return statements.map((statement) => `${printer.printNode(ts.EmitHint.Unspecified, statement, file)}\n`).join("");
}

module.exports = { awaitsAtTop, declarationsOf, placesBy, variablesOf, withoutExports };
