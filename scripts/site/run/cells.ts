/**
 * What makes cells of a notebook one program: a cell becomes a module, whose top-level declarations are exports that
 * all cells share, and the names of earlier cells are its imports. The compiler's own way with imports and exports then
 * takes care of shorthand, destructuring, assignments and shadowed names.
 */
import type ts from "typescript";
import { mappedLines, type Place } from "./source-map";

/** Where the shared names live, as a module that cells import. */
export const SCOPE_MODULE = "cells:shared";
/** What the changed source calls to show a value and to wait: a parameter of the function around it. */
export const HELPER = "__cell";

type Compiler = typeof ts;

/** Where a name of an earlier cell comes from. */
type Origin = { kind: "cell"; cell: number } | { kind: "import"; statement: string };

/** Text that is put into a source; none holds a line break. */
interface Insertion {
  at: number;
  text: string;
}

export interface CellNames {
  /** Variables, functions, classes and enums: what there is when the cell has run. */
  values: string[];
  /** Interfaces and type aliases. */
  types: string[];
  /** Imported names, each with an import of it alone. */
  imports: Map<string, string>;
}

/** What is wrong with a cell, at a place of its own; lines and columns from 1. */
export interface Fault extends Place {
  kind: "syntax error" | "type error";
  message: string;
}

export interface CompiledCell {
  names: CellNames;
  faults: Fault[];
  /** The body of an async function of `exports`, `require` and the helper. */
  code: string;
  /** For each line of the code, the places that its columns come from. */
  places: [column: number, place: Place][][];
}

const VALUE_STATEMENTS = ["FunctionDeclaration", "ClassDeclaration", "EnumDeclaration", "ModuleDeclaration"] as const;
const TYPE_STATEMENTS = ["InterfaceDeclaration", "TypeAliasDeclaration"] as const;

/** The line with which compiled code sets its exports to undefined; a name keeps its value until it gets a new one. */
const HOISTED = /^(?:exports\.[^\s=]+ = )+void 0;$/m;

/** A source with insertions, and the way back from its places. */
export class EditedSource {
  readonly text: string;
  private readonly insertions: Insertion[];

  /** @param head A line to stand before the source. */
  constructor(readonly source: string, insertions: readonly Insertion[], readonly head: string) {
    this.insertions = insertions.map((insertion, i) => ({ insertion, i }))
      .sort((a, b) => a.insertion.at - b.insertion.at || a.i - b.i).map(({ insertion }) => insertion);
    let text = "";
    let from = 0;
    for (const { at, text: inserted } of this.insertions) {
      text += source.slice(from, at) + inserted;
      from = at;
    }
    this.text = `${head}\n${text}${source.slice(from)}`;
  }

  /** The place in the source of a position in the text. */
  placeAt(position: number): Place {
    let at = Math.max(0, position - this.head.length - 1);
    for (const insertion of this.insertions) {
      if (insertion.at >= at) break;
      at = Math.max(insertion.at, at - insertion.text.length);
    }
    at = Math.min(at, this.source.length);
    const before = this.source.slice(0, at).split("\n");
    return { line: before.length, column: before[before.length - 1].length + 1 };
  }
}

/** The names that earlier cells have declared, and how a cell that uses them is compiled. */
export class Cells {
  private readonly origins = new Map<string, Origin>();

  constructor(private readonly compiler: Compiler) {}

  /** Forgets all names: the program was started anew. */
  clear(): void {
    this.origins.clear();
  }

  /**
   * Keeps the names of a cell that has run.
   *
   * @param missing Values that it did not come to.
   */
  keep(cell: number, { values, types, imports }: CellNames, missing: ReadonlySet<string> = new Set()): void {
    for (const name of [...types, ...values])
      if (!missing.has(name)) this.origins.set(name, { kind: "cell", cell });
      else if (!types.includes(name)) this.origins.delete(name);
    for (const [name, statement] of imports) this.origins.set(name, { kind: "import", statement });
  }

  compile(source: string): CompiledCell {
    const ts = this.compiler;
    const file = this.parse(source);
    const names = namesOf(ts, file);
    const insertions = [...exportsOf(ts, file), ...runtimeInsertions(ts, file)];
    const edited = new EditedSource(source, insertions, this.importsFor(file, names, () => SCOPE_MODULE));
    const { outputText, sourceMapText = "", diagnostics = [] } = ts.transpileModule(edited.text, {
      reportDiagnostics: true, fileName: "cell.ts",
      compilerOptions: {
        target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true, sourceMap: true,
        experimentalDecorators: true,
      },
    });
    // Of the source as it was written, where it can't be read; what was put in may have made more of its faults.
    const own = (file as unknown as { parseDiagnostics?: ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
    const faults = own.length ? own.map((one) => faultOf(ts, one, new EditedSource(source, [], ""), one.start + 1))
      : diagnostics.map((one) => faultOf(ts, one, edited, one.start ?? 0));
    const lines = edited.text.split("\n");
    const starts = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + line.length + 1, 0));
    const places = mappedLines(JSON.parse(sourceMapText).mappings as string).map((segments) =>
      segments.map(({ column, sourceLine, sourceColumn }): [number, Place] =>
        [column, edited.placeAt((starts[sourceLine] ?? 0) + sourceColumn)]));
    const code = outputText.replace(HOISTED, "").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "");
    return { names, faults, code, places };
  }

  /** A cell as a module beside those of the cells before it, for the type checker. */
  module(source: string, pathOf: (cell: number) => string): EditedSource {
    const file = this.parse(source);
    const head = this.importsFor(file, namesOf(this.compiler, file), pathOf);
    return new EditedSource(source, exportsOf(this.compiler, file), `${head} export {};`);
  }

  private parse(source: string): ts.SourceFile {
    return this.compiler.createSourceFile("cell.ts", source, this.compiler.ScriptTarget.ES2022, true);
  }

  /** Imports, in one line, of the names that a cell uses and does not declare. */
  private importsFor(file: ts.SourceFile, { values, types, imports }: CellNames,
    moduleOf: (cell: number) => string): string {
    const own = new Set([...values, ...types, ...imports.keys()]);
    const used = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (this.compiler.isIdentifier(node)) used.add(node.text);
      this.compiler.forEachChild(node, visit);
    };
    visit(file);
    const statements: string[] = [];
    for (const name of used) {
      const origin = own.has(name) ? undefined : this.origins.get(name);
      if (origin?.kind === "import") statements.push(origin.statement);
      else if (origin) statements.push(`import { ${name} } from ${JSON.stringify(moduleOf(origin.cell))};`);
    }
    return statements.join(" ");
  }
}

function faultOf(ts: Compiler, diagnostic: ts.Diagnostic, edited: EditedSource, start: number): Fault {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  return { kind: "syntax error", message, ...edited.placeAt(start) };
}

const isKind = (ts: Compiler, node: ts.Node, kinds: readonly (keyof typeof ts.SyntaxKind)[]): boolean =>
  kinds.some((kind) => node.kind === ts.SyntaxKind[kind]);

const hasModifier = (ts: Compiler, node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);

function boundNames(ts: Compiler, name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(ts, element.name) : []));
}

/** An import statement for each name that a statement imports, alone. */
function importsOf(ts: Compiler, statement: ts.ImportDeclaration): [string, string][] {
  const { importClause: clause, moduleSpecifier } = statement;
  if (!clause) return [];
  const from = `from ${moduleSpecifier.getText()};`;
  const word = clause.isTypeOnly ? "import type" : "import";
  const found: [string, string][] = clause.name ? [[clause.name.text, `${word} ${clause.name.text} ${from}`]] : [];
  const { namedBindings: bindings } = clause;
  if (!bindings) return found;
  if (ts.isNamespaceImport(bindings)) return [...found, [bindings.name.text, `${word} ${bindings.getText()} ${from}`]];
  const named = bindings.elements.map((element): [string, string] =>
    [element.name.text, `${word} { ${element.getText().replace(/\s+/g, " ")} } ${from}`]);
  return [...found, ...named];
}

function namesOf(ts: Compiler, file: ts.SourceFile): CellNames {
  const values = new Set<string>();
  const types = new Set<string>();
  const imports = new Map<string, string>();
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement))
      for (const [name, text] of importsOf(ts, statement)) imports.set(name, text);
    else if (hasModifier(ts, statement, ts.SyntaxKind.DeclareKeyword)) continue;
    else if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations)
        for (const bound of boundNames(ts, name)) values.add(bound);
    else {
      const { name } = statement as unknown as { name?: ts.Node };
      if (!name || !ts.isIdentifier(name)) continue;
      if (isKind(ts, statement, VALUE_STATEMENTS)) values.add(name.text);
      if (isKind(ts, statement, TYPE_STATEMENTS)) types.add(name.text);
    }
  }
  return { values: [...values], types: [...types], imports };
}

/** The word `export` before every declaration that has none. */
function exportsOf(ts: Compiler, file: ts.SourceFile): Insertion[] {
  return file.statements.flatMap((statement) => {
    const isDeclaration = ts.isVariableStatement(statement)
      || isKind(ts, statement, VALUE_STATEMENTS) || isKind(ts, statement, TYPE_STATEMENTS);
    const isLeft = hasModifier(ts, statement, ts.SyntaxKind.ExportKeyword)
      || hasModifier(ts, statement, ts.SyntaxKind.DeclareKeyword);
    return isDeclaration && !isLeft ? [{ at: statement.getStart(), text: "export " }] : [];
  });
}

/** What is put in to show the last value, to end loops and waits by ■, and for variables without a value. */
function runtimeInsertions(ts: Compiler, file: ts.SourceFile): Insertion[] {
  const found: Insertion[] = [];
  const around = (node: ts.Node, before: string, after: string): void => {
    found.push({ at: node.getStart(), text: before }, { at: node.getEnd(), text: after });
  };
  const last = file.statements[file.statements.length - 1];
  const shown = last && ts.isExpressionStatement(last) ? last.expression : undefined;
  if (shown) found.push({ at: shown.getStart(), text: `${HELPER}.value((` });
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement) || hasModifier(ts, statement, ts.SyntaxKind.DeclareKeyword)) continue;
    for (const declaration of statement.declarationList.declarations)
      if (!declaration.initializer && ts.isIdentifier(declaration.name) && !declaration.exclamationToken)
        found.push({ at: declaration.getEnd(), text: " = void 0" });
  }
  const visit = (node: ts.Node, isTop: boolean): void => {
    const isOwn = ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isPropertyDeclaration(node);
    const inside = isTop && !isOwn;
    if (inside && ts.isAwaitExpression(node)) around(node.expression, `${HELPER}.wait((`, "))");
    if (inside && ts.isForOfStatement(node) && node.awaitModifier)
      around(node.expression, `${HELPER}.waitEach((`, "))");
    const body = ts.isIterationStatement(node, false) ? node.statement : undefined;
    const isBlock = body !== undefined && ts.isBlock(body);
    if (body) found.push({ at: body.getStart() + (isBlock ? 1 : 0), text: `${isBlock ? "" : "{"}${HELPER}.tick();` });
    ts.forEachChild(node, (child) => visit(child, inside));
    if (body && !isBlock) found.push({ at: body.getEnd(), text: "}" });
  };
  visit(file, true);
  if (shown) found.push({ at: shown.getEnd(), text: "))" });
  return found;
}
