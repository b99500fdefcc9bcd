/** The worker that compiles cells and, once it has read the declarations, checks their types. */
import type ts from "typescript";
import { Cells, type EditedSource, type Fault } from "./cells";
import type { FromCompiler, ToCompiler } from "./messages";

declare const importScripts: (...addresses: string[]) => void;

const say = (message: FromCompiler): void => self.postMessage(message);
const beside = (name: string): string => new URL(name, self.location.href).href;

importScripts(beside("typescript.js"));
const compiler = (globalThis as unknown as { ts: typeof ts }).ts;
const cells = new Cells(compiler);

const FOLDER = "/kh/notebooks";
const pathOf = (number: number): string => `${FOLDER}/cell_${number}.ts`;

/** The cells as modules, by path; each run of a cell has one of its own. */
const modules = new Map<string, EditedSource>();

/** Checks a cell as a module beside those of the cells before it. */
class Checker {
  private readonly folders: Set<string>;
  private path = "";
  private readonly service: ts.LanguageService;

  /** @param declarations By path, those of the library, the notebooks' folders and the language. */
  constructor(declarations: Readonly<Record<string, string>>) {
    const parents = (path: string): string[] => path.split("/").slice(1, -1).map((_, i, parts) =>
      `/${parts.slice(0, i + 1).join("/")}`);
    this.folders = new Set(Object.keys(declarations).flatMap(parents));
    const read = (path: string): string | undefined => modules.get(path)?.text ?? declarations[path];
    const options: ts.CompilerOptions = {
      target: compiler.ScriptTarget.ES2022, module: compiler.ModuleKind.ESNext,
      moduleResolution: compiler.ModuleResolutionKind.Node10, lib: ["lib.es2022.d.ts"], types: [], noEmit: true,
      skipLibCheck: true, esModuleInterop: true, experimentalDecorators: true,
    };
    this.service = compiler.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => ["/kh/globals.d.ts", this.path],
      getScriptVersion: () => "1",
      getScriptSnapshot: (path) => {
        const text = read(path);
        return text === undefined ? undefined : compiler.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => FOLDER,
      getDefaultLibFileName: () => "/types/lib.es2022.d.ts",
      fileExists: (path) => read(path) !== undefined,
      readFile: read,
      directoryExists: (path) => this.folders.has(path),
      getDirectories: () => [],
    });
  }

  check(number: number): Fault[] {
    this.path = pathOf(number);
    const edited = modules.get(this.path);
    if (!edited) return [];
    return this.service.getSemanticDiagnostics(this.path)
      .filter(({ code, category }) => category === compiler.DiagnosticCategory.Error && code !== ASSIGNED_IMPORT)
      .map((one): Fault => ({
        kind: "type error", message: compiler.flattenDiagnosticMessageText(one.messageText, "\n"),
        ...edited.placeAt(one.start ?? 0),
      }));
  }
}

/** A name of an earlier cell may get another value, though an imported one may not. */
const ASSIGNED_IMPORT = 2632;

let checker: Checker | undefined;

/** Reads the declarations after the first cell has gone out: it need not wait for them. */
async function startChecker(): Promise<void> {
  const reply = await fetch(beside("types.json"));
  if (!reply.ok) return;
  const made = new Checker((await reply.json()) as Record<string, string>);
  // The first check takes a second.
  made.check(1);
  checker = made;
  say({ kind: "checks" });
}

function compile(number: number, source: string): void {
  const { names, faults, code, places } = cells.compile(source);
  modules.set(pathOf(number), cells.module(source, (cell) => `./cell_${cell}`));
  if (!faults.length && checker) faults.push(...checker.check(number));
  say({ kind: "compiled", number, names, faults, code, places });
}

let isStarted = false;

self.onmessage = ({ data }: MessageEvent<ToCompiler>) => {
  if (data.kind === "clear") cells.clear();
  else if (data.kind === "compile") compile(data.number, data.source);
  else {
    cells.keep(data.number, data.names, new Set(data.missing));
    if (!isStarted) {
      isStarted = true;
      void startChecker();
    }
  }
};

say({ kind: "ready" });
