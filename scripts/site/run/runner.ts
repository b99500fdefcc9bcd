/** The worker that runs cells: the library is in it, and what the cells have declared. */
import "./setup";
import { modules } from "kh:modules";
import { HELPER, SCOPE_MODULE } from "./cells";
import { explain, fileOf, INTERRUPTED, type CellSource } from "./errors";
import { logged } from "./inspect";
import * as interruption from "./interrupt";
import type { FromRunner, Output, RunCell, ToRunner } from "./messages";
import { packages } from "./setup";

type Bundle = Record<string, unknown>;

const say = (message: FromRunner): void => self.postMessage(message);
/** What the cells have declared. */
const scope: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
Object.defineProperty(scope, "__esModule", { value: true });
const cells = new Map<number, CellSource>();
let current = 0;

const FLUSH_MS = 50;
const MOST_CHARACTERS = 1_000_000;
let pending: { name: "stdout" | "stderr"; text: string }[] = [];
let flushedAt = 0;
let characters = 0;

function flush(): void {
  const texts = pending;
  pending = [];
  flushedAt = performance.now();
  for (const { name, text } of texts) send({ output_type: "stream", name, text });
}

function send(output: Output, more: { displayId?: string; update?: boolean } = {}): void {
  say({ kind: "output", number: current, output, ...more });
}

function write(name: "stdout" | "stderr", text: string): void {
  if (characters > MOST_CHARACTERS) return;
  characters += text.length;
  const last = pending[pending.length - 1];
  const shown = characters > MOST_CHARACTERS ? "… (the rest of the output is left out)\n" : text;
  if (last?.name === name) last.text += shown;
  else pending.push({ name, text: shown });
  if (performance.now() - flushedAt > FLUSH_MS) flush();
  else if (pending.length === 1) setTimeout(flush, FLUSH_MS);
}

function display(data: Bundle, metadata: Bundle = {}, displayId?: string, update = false): void {
  flush();
  send({ output_type: "display_data", data, metadata }, displayId ? { displayId, update } : {});
}

/** What `lib/notebook/display.ts` finds. */
Object.assign(globalThis, {
  [Symbol.for("knowledge-hacking.output")]: (
    { data, metadata, transient }: { data: Bundle; metadata: Bundle; transient: { display_id?: string } },
    update: boolean,
  ) => display(data, metadata, transient.display_id, update),
});

for (const [method, name] of [["log", "stdout"], ["info", "stdout"], ["debug", "stdout"], ["table", "stdout"],
  ["warn", "stderr"], ["error", "stderr"], ["trace", "stderr"]] as const)
  console[method] = (...values: unknown[]) => write(name, `${logged(values)}\n`);

const short = (value: unknown): string =>
  String(typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value);

const FIRST_VALUES = 10;

/** A cell's last value, as the kernel shows it. */
function showValue(value: unknown): void {
  if (value === undefined) return;
  if (value instanceof Promise)
    return display({ "text/plain": "Promise { <pending> }\nA promise, not its result: did you forget `await`?" });
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const list = value as unknown as ArrayLike<unknown>;
    const first = Array.from({ length: Math.min(FIRST_VALUES, list.length) }, (_, i) => short(list[i])).join(", ");
    const count = `${list.length.toLocaleString("en-US")} ${list.length === 1 ? "value" : "values"}`;
    const more = list.length > FIRST_VALUES ? ", …" : "";
    return display({ "text/plain": `${value.constructor.name}, ${count}: [${first}${more}]` });
  }
  const library = (globalThis as { [key: symbol]: ((value: unknown) => Bundle | undefined) | undefined })[
    Symbol.for("knowledge-hacking.display")];
  const bundle = library?.(value);
  if (bundle) display(bundle);
  else write("stdout", `${logged([value])}\n`);
}

/** What a cell's `import` of a module gives. */
function load(name: string): unknown {
  if (name === SCOPE_MODULE) return scope;
  const known = modules[name] ?? packages[name];
  if (known) return known();
  const own = Object.keys(modules).filter((one) => one.split("/").length < 3);
  throw new Error(`in the browser a cell can import ${own.join(", ")}, not ${name}; JupyterLab has all packages`);
}

const { tick, wait, waitEach } = interruption;
const helper = { value: showValue, tick, wait, waitEach };

async function run({ number, source, code, places, values, lifeline }: RunCell): Promise<void> {
  cells.set(number, { source, places });
  current = number;
  characters = 0;
  const start = performance.now();
  interruption.begin(lifeline);
  let error: unknown;
  let failed = false;
  try {
    const cell = (0, eval)(`(async function (exports, require, ${HELPER}) {\n${code}\n})\n//# sourceURL=${
      fileOf(number)}`) as (exports: object, require: typeof load, helper: object) => Promise<void>;
    await cell(scope, load, helper);
  } catch (thrown) {
    failed = true;
    error = thrown;
  }
  const interrupted = failed && (interruption.requested()
    || (error instanceof Error && error.name === "InterruptedError"));
  if (failed) interruption.tellFailure();
  flush();
  if (failed) send(interrupted ? INTERRUPTED : explain(error, cells));
  interruption.end();
  const missing = values.filter((name) => !(name in scope));
  say({ kind: "done", number, failed, interrupted, missing, milliseconds: performance.now() - start });
}

self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  const reason: unknown = event.reason;
  if (reason instanceof Error && reason.name === "InterruptedError") return;
  const told = explain(reason, cells);
  write("stderr", `Uncaught: ${told.output_type === "error" ? told.traceback.join("\n") : ""}\n`);
});

self.onmessage = ({ data }: MessageEvent<ToRunner>) => {
  if (data.kind === "run") void run(data);
  else if (data.number === current) interruption.interrupt();
};

// The notebook's own folder sets its display up when it is first asked for; the library does so now.
modules["../lib"]();
say({ kind: "ready" });
