/** A notebook's page with cells that run: it starts the compiler and the runner, and goes between them. */
import { CellView, type CellActions } from "./cell-view";
import { explainFaults, INTERRUPTED } from "./errors";
import type { FromCompiler, FromRunner, ToCompiler, ToRunner } from "./messages";
import { keepWork, notebookOf, readWork, type NotebookFile } from "./work";

/** How long a cell has to end by itself before its worker is ended. */
const GRACE_MS = 3000;
const CHECK = "application/vnd.knowledge-hacking.check+json";

const place = document.querySelector<HTMLElement>("[data-run]")!;
const notebook = place.dataset.run!;
const folder = new URL(`${document.body.dataset.base}run/`, location.href);
const work = readWork(notebook);

const cells: CellView[] = [];
const queue: CellView[] = [];
interface Running {
  cell: CellView;
  number: number;
  lifeline: string;
  /** Whether ■ was pressed. */
  stopped: boolean;
  compiled?: FromCompiler & { kind: "compiled" };
}

let running: Running | null = null;
let count = 0;
let isReady = false;
let forced: ReturnType<typeof setTimeout> | undefined;

const startWorker = (name: string): Worker => new Worker(new URL(name, folder));
let runner = startWorker("runner.js");
const compiler = startWorker("compiler.js");
const toRunner = (message: ToRunner): void => runner.postMessage(message);
const toCompiler = (message: ToCompiler): void => compiler.postMessage(message);

const status = Object.assign(document.createElement("span"), { className: "run-status" });
status.setAttribute("role", "status");
const exercises = document.createElement("span");
const tell = (text: string): void => void (status.textContent = text);

function next(): void {
  if (running || !isReady) return;
  const cell = queue.shift();
  interruptButton.disabled = !cell;
  if (!cell) return;
  const number = ++count;
  running = { cell, number, lifeline: URL.createObjectURL(new Blob([""])), stopped: false };
  cell.count = number;
  cell.state = "runs";
  cell.outputs.clear();
  toCompiler({ kind: "compile", number, source: cell.source });
}

/** A cell has ended; what waits behind one that failed is not run. */
function finish(failed: boolean): void {
  if (!running) return;
  clearTimeout(forced);
  URL.revokeObjectURL(running.lifeline);
  running.cell.state = failed ? "failed" : "done";
  running = null;
  if (failed) emptyQueue();
  next();
}

function emptyQueue(): void {
  for (const cell of queue.splice(0)) cell.state = "";
}

function compiled(message: FromCompiler & { kind: "compiled" }): void {
  if (running?.number !== message.number) return;
  const { cell, number, lifeline } = running;
  const { names, faults, code, places } = message;
  if (faults.length || running.stopped) {
    const output = faults.length ? explainFaults(number, cell.source, faults) : INTERRUPTED;
    cell.outputs.add({ kind: "output", number, output });
    return finish(true);
  }
  running.compiled = message;
  toRunner({ kind: "run", number, source: cell.source, code, places, values: names.values, lifeline });
}

function done({ number, failed, interrupted, missing, milliseconds }: FromRunner & { kind: "done" }): void {
  if (running?.number !== number || !running.compiled) return;
  toCompiler({ kind: "keep", number, names: running.compiled.names, missing });
  if (interrupted) tell("Interrupted. The variables are kept.");
  else tell(failed ? `Cell [${number}] stopped.` : `Cell [${number}] took ${(milliseconds / 1000).toFixed(1)} s.`);
  finish(failed);
}

function output(message: FromRunner & { kind: "output" }): void {
  // A figure or a bar may come after its cell's end.
  const cell = cells.find((one) => one.count === message.number);
  cell?.outputs.add(message);
  if (message.output.output_type !== "display_data") return;
  const checked = message.output.data[CHECK] as { id: string; verdict: string } | undefined;
  if (!checked) return;
  work.verdicts[checked.id] = checked.verdict;
  keep();
  countExercises();
}

function listen(): void {
  runner.onmessage = ({ data }: MessageEvent<FromRunner>) => {
    if (data.kind === "output") output(data);
    else if (data.kind === "done") done(data);
    else {
      isReady = true;
      tell("Ready. Shift+Enter runs a cell.");
      next();
    }
  };
  runner.onerror = (event) => {
    tell(`The library could not be started: ${event.message || "a file could not be fetched"}.`);
  };
}

compiler.onmessage = ({ data }: MessageEvent<FromCompiler>) => {
  if (data.kind === "compiled") compiled(data);
  if (data.kind === "checks") place.dataset.checks = "";
};

compiler.onerror = (event) => {
  tell(`The compiler could not be started: ${event.message || "a file could not be fetched"}.`);
  finish(true);
};

/** Starts the program anew: all variables are gone. */
function restart(why: string): void {
  runner.terminate();
  runner = startWorker("runner.js");
  isReady = false;
  listen();
  toCompiler({ kind: "clear" });
  emptyQueue();
  for (const cell of cells) if (cell !== running?.cell) cell.state = "";
  if (running) {
    const { cell, number } = running;
    cell.outputs.add({ kind: "output", number, output: {
      output_type: "error", ename: "Interrupted", evalue: why, traceback: [`interrupted: ${why}`],
    } });
    finish(true);
  }
  tell(why);
}

function interrupt(): void {
  if (!running) return;
  emptyQueue();
  running.stopped = true;
  URL.revokeObjectURL(running.lifeline);
  toRunner({ kind: "interrupt", number: running.number });
  tell("Interrupting …");
  clearTimeout(forced);
  forced = setTimeout(() => {
    restart("the cell did not end by itself, so the program was started anew: its variables are gone.");
  }, GRACE_MS);
}

function keep(): void {
  work.sources = Object.fromEntries(cells.filter((cell) => cell.isChanged || cell.original === null)
    .map((cell) => [cell.id, cell.source]));
  work.added = cells.flatMap(({ id, original }, i) => (original === null ? [{ id, after: cells[i - 1].id }] : []));
  if (!keepWork(notebook, work)) tell("This browser keeps nothing: download your work before you leave.");
}

const exerciseIds = (): string[] => [...new Set(cells.flatMap(({ original }) =>
  [...(original ?? "").matchAll(/\bcheck\("([\w-]+)"/g)].map(([, id]) => id)))];

function countExercises(): void {
  const ids = exerciseIds();
  const right = ids.filter((id) => work.verdicts[id] === "right").length;
  exercises.textContent = ids.length ? `Exercises: ${right} of ${ids.length} right` : "";
}

function enqueue(some: readonly CellView[]): void {
  for (const cell of some) {
    if (queue.includes(cell) || running?.cell === cell) continue;
    queue.push(cell);
    cell.state = "waits";
  }
  if (!isReady) tell("Loading the library …");
  next();
}

function numberCells(): void {
  cells.forEach((cell, i) => (cell.place = i + 1));
}

function addCell(after: CellView, id: string, source: string): CellView {
  const node = Object.assign(document.createElement("div"), { className: "cell" });
  node.append(Object.assign(document.createElement("pre"), { className: "code" }),
    Object.assign(document.createElement("div"), { className: "results" }));
  after.node.after(node);
  const cell = new CellView(node, id, null, actions);
  cell.source = source;
  cells.splice(cells.indexOf(after) + 1, 0, cell);
  numberCells();
  return cell;
}

const actions: CellActions = {
  run(cell, thenNext) {
    enqueue([cell]);
    if (thenNext) cells[cells.indexOf(cell) + 1]?.focus();
  },
  changed: keep,
  addBelow(cell) {
    addCell(cell, `own-${Date.now().toString(36)}`, "").focus();
    keep();
  },
  remove(cell) {
    cells.splice(cells.indexOf(cell), 1);
    cell.node.remove();
    numberCells();
    keep();
  },
};

async function download(): Promise<void> {
  const reply = await fetch(new URL(`notebooks/${notebook}.json`, folder));
  const live = await Promise.all(cells.map(async (cell) => (
    { id: cell.id, source: cell.source, count: cell.count, outputs: await cell.outputs.withPictures() })));
  const file = notebookOf((await reply.json()) as NotebookFile, live);
  const text = `${JSON.stringify(file, null, 1)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  Object.assign(document.createElement("a"), { href: address, download: `${notebook}.ipynb` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const button = (text: string, title: string, onclick: () => void): HTMLButtonElement =>
  Object.assign(document.createElement("button"), { type: "button", textContent: text, title, onclick });

const interruptButton = button("■ Interrupt", "End the cell that runs", interrupt);

function start(): void {
  for (const node of document.querySelectorAll<HTMLElement>(".cell[data-id]"))
    cells.push(new CellView(node, node.dataset.id!, node.querySelector("pre.code")!.textContent ?? "", actions));
  for (const { id, after } of work.added) {
    const before = cells.find((cell) => cell.id === after);
    if (before) addCell(before, id, "");
  }
  for (const cell of cells) if (Object.hasOwn(work.sources, cell.id)) cell.source = work.sources[cell.id];
  numberCells();
  countExercises();
  const bar = Object.assign(document.createElement("div"), { className: "run-bar" });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "The notebook");
  interruptButton.disabled = true;
  const goOn = document.createElement("span");
  goOn.className = "run-buttons";
  goOn.append(button("▶▶ Run all", "Run all cells from the top", () => enqueue(cells)), interruptButton,
    button("↻ Restart", "Start the program anew: variables are gone, code and results stay",
      () => restart("Started anew: variables are gone, code and results are kept.")),
    button("↓ .ipynb", "Take the notebook home, with your code and its results", () => void download()));
  goOn.lastElementChild!.setAttribute("aria-label", "Download .ipynb");
  bar.append(goOn, exercises, status);
  place.replaceChildren(bar);
  place.dataset.live = "";
  listen();
  tell("Loading the library …");
  goOn.querySelector("button")?.focus();
}

start();
