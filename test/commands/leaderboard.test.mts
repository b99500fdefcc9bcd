import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { findChromium } from "../../scripts/lib/browser.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import {
  type Result, entriesIn, freshSecret, judge, ranking, readBoard, roomSecret, updateBoard,
} from "../../scripts/lib/leaderboard/board.mjs";
import { behindWalls, networkCanBeCut, runEntry } from "../../scripts/lib/leaderboard/cell.mjs";
import { keepBoard } from "../../scripts/lib/leaderboard/hub-board.mjs";
import { curator, games } from "../../scripts/lib/leaderboard/games.mjs";
import { boardPage } from "../../scripts/lib/leaderboard/page.mjs";
import { composedEpsilon, matrix, seededRng } from "../../lib/dist/index.js";

const folder = mkdtempSync(join(tmpdir(), "kh-board-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const limits = { seconds: 60, mebibytes: 400 };
const examples = join(root, "scripts", "leaderboard", "examples");
let count = 0;

/** An entry of these words, as a student would hand it in. */
function handedIn(game: string, source: string, student = `student${++count}`) {
  const file = join(folder, "entries", student, `${game}.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  return { student, game, file };
}
const example = (game: string, student?: string) =>
  handedIn(game, readFileSync(join(examples, `${game}.ts`), "utf8"), student);

test("honest entries get the score of each level, the same one again, and another one in another room", async () => {
  const entry = example("private");
  const [first, again, elsewhere] = [await judge(entry, 7, limits), await judge(entry, 7, limits),
    await judge(entry, 8, limits)];
  assert.equal(first.fault, undefined);
  assert.deepEqual(first.levels.map(({ level }) => level), games.private.levels);
  assert.ok(first.levels[3].score > 0.8 && first.levels[0].score < first.levels[3].score, JSON.stringify(first.levels));
  assert.deepEqual(again.levels, first.levels);
  assert.notDeepEqual(elsewhere.levels, first.levels);
  const certified = (await judge(example("certify"), 7, limits)).levels.map(({ score }) => score);
  assert.ok(certified[0] > 0.6 && certified.every((score, i) => !i || score <= certified[i - 1]), String(certified));
  const copied = await judge(example("copy"), 7, limits);
  assert.ok(copied.levels.every(({ score }) => score > 0.3 && score <= 1), JSON.stringify(copied));
});

const server = createServer((_, answer) => answer.end("the answers")).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
after(() => server.close());
const { port } = server.address() as AddressInfo;

const labels = "Array.from({ length: 285 }, () => 0)";
const cheats: [string, string, string, RegExp][] = [
  ["gives a number instead of an answer", "certify", "export const entry = () => 0.99;",
    /^at 0: give back \{ train, test \}: the group of each row$/],
  ["gives numbers in the place of groups", "certify", "export const entry = () => ({ train: [0.99], test: [0.99] });",
    /^at 0: the answer must be 1\d\d\d groups of training rows, got 1$/],
  ["gives no function", "copy", "export const entry = 0.99;", /export a function called "entry", got number/],
  ["gives labels that are none", "copy", `export const entry = () => ({ predict: () => ${labels}.map(() => NaN) });`,
    /labels must be whole numbers from 0 to 1/],
  ["reads the answers by Node", "copy",
    'import { readFileSync } from "node:fs"; export const entry = readFileSync;',
    /^an entry imports from "\.\.\/lib" only, not from "node:fs" \(line 1\)$/],
  ["reads them by a late import", "copy", 'export const entry = () => import("node:fs");',
    /^an entry imports at its top only: import\(\) is not allowed$/],
  ["reads them by require", "copy",
    "declare const require: any; export const entry = () => require([...'fs'].join(''));",
    /no files, no threads and no network/],
  ["reads them by the library", "copy",
    'import { loadTable } from "../lib"; export const entry = () => loadTable("wdbc");',
    /no files, no threads and no network/],
  ["reads them behind Node's back", "copy",
    "export const entry = () => (entry as any).constructor('return process')().mainModule;",
    /Code generation from strings disallowed/],
  ["asks the network", "copy",
    `declare const fetch: any; export const entry = () => fetch("http://127.0.0.1:${port}");`,
    /fetch is not defined/],
  ["asks too much", "copy", "export const entry = ({ box, ranges }: any) => box.query({ shape: [31, ranges.length], "
    + "data: new Float64Array(31 * ranges.length) });", /^at 30: the budget is 30, 30 remain; asked for 31$/],
  ["asks for what is not there", "copy", "export const entry = ({ box, ranges }: any) => box.query({ shape: [1, 2], "
    + "data: [1, 2] });", /^at 30: that must be rows × 30 finite numbers$/],
  ["pays too little for privacy", "private",
    "export const entry = ({ curator }: any) => curator.classSums({ noiseMultiplier: 0.01 });",
    /^at 0\.5: that would cost ε = \d+ in all, and 0\.5 is allowed$/],
  ["takes over the channel", "copy",
    "export const entry = () => { (globalThis as any).__leaderboard.take = () => '{\"answer\": 1, \"score\": 1}'; };",
    /^at 30: the answer must be 2\d\d labels, got number$/],
  ["takes over what judges", "certify", "Array.isArray = (() => true) as any; Number.isInteger = () => true; "
    + "Object.assign(Object.prototype, { score: 1, mean: 1, rank: 1 }); "
    + "export const entry = () => ({ train: { length: 1198 }, test: { length: 599 } });", /^at 0: /],
  ["throws what is no error", "copy", "export const entry = () => { throw { get message() { return 1; } }; };",
    /\[object Object\]/],
  ["runs for ever", "copy", "export const entry = () => { for (;;); };", /^at 30: it ran longer than 3 s$/],
  ["runs for ever while it is loaded", "copy", "for (;;); export const entry = 1;", /^at 30: it ran longer than 3 s$/],
  ["waits for ever", "copy", "export const entry = () => new Promise(() => {});", /^at 30: it ran longer than 3 s$/],
  ["fills the memory", "copy", "export const entry = () => { const kept = []; "
    + "for (;;) kept.push(new Float64Array(1e6).fill(1)); };", /took more than 400 MiB|ended without an answer/],
  ["fills the heap", "copy",
    "export const entry = () => { const kept: any[] = []; for (;;) kept.push({ kept: [1] }); };",
    /took more than 400 MiB|ended without an answer|ran longer/],
  ["is too long to be read", "copy", `export const entry = "${"x".repeat(40_000)}";`,
    /^an entry has at most 32768 bytes/],
  ["is not TypeScript", "copy", "export const = ;", /^Expected identifier.* \(line 1\)$/],
];
for (const [what, game, source, fault] of cheats)
  test(`an entry that ${what} gets no score, and the reason`, async () => {
    const seconds = / ever/.test(what) ? 3 : 60;
    const result = await judge(handedIn(game, source), 7, { ...limits, seconds });
    assert.match(result.fault ?? `score ${JSON.stringify(result.levels)}`, fault);
    assert.deepEqual(result.levels, []);
  });

test("Node itself has no files, programs and threads there, and on Linux no network", () => {
  const attempts = {
    read: 'require("fs").readFileSync("/etc/hostname")', write: `require("fs").writeFileSync("${folder}/out", "x")`,
    program: 'require("child_process").spawnSync("true")', thread: 'new (require("worker_threads").Worker)("/x.js")',
    network: `fetch("http://127.0.0.1:${port}").then(() => tell("reached"), (error) => tell(error.cause.code))`,
  };
  const code = "const tell = (text) => console.log(name, text); let name;"
    + Object.entries(attempts).map(([name, attempt]) => `name = "${name}"; try { ${attempt};
      if (name !== "network") tell("done"); } catch (error) { tell(error.code); }`).join("\n");
  const [program, ...words] = [...behindWalls(300), "-e", code];
  // As entries are started: what `npm test` has Node load first is behind the wall.
  const { stdout } = spawnSync(program, words, { encoding: "utf8", env: { PATH: process.env.PATH } });
  const lines = stdout.trim().split("\n");
  assert.deepEqual(lines.slice(0, 4),
    ["read", "write", "program", "thread"].map((name) => `${name} ERR_ACCESS_DENIED`));
  if (networkCanBeCut()) assert.match(lines[4], /^network E(?:NETUNREACH|HOSTUNREACH|CONNREFUSED|ADDRNOTAVAIL)$/);
});

test("behind the check of its text, an entry finds a realm without Node", async () => {
  const raw = (body: string) => `const out = []; const put = (o) => out.push(JSON.stringify(o));
    globalThis.__leaderboard = { take: () => out.splice(0).join("\\n"),
      give: (text) => (text.includes("game") ? (put({ ask: "tick", id: 1 }), start()) : put({ ask: "tick", id: 2 })) };
    function start() { ${body} }`;
  const tried = async (body: string) =>
    (await runEntry(raw(body), { game: "copy", task: {} }, { tick: () => 0 }, { seconds: 10, mebibytes: 300 }));
  const late = await tried('import("node:fs").then(() => put({ answer: "in" }), (error) => { try {'
    + 'put({ answer: error.constructor.constructor("return process")().version });'
    + "} catch (e) { put({ fault: `${e}` }); } });");
  assert.match(late.fault ?? String(late.answer), /Code generation from strings disallowed/);
  const names = await tried("put({ answer: Object.getOwnPropertyNames(globalThis).filter((n) => /^[a-z]/.test(n)) });");
  for (const name of ["process", "require", "fetch", "setTimeout"])
    assert.ok(!(names.answer as string[]).includes(name), name);
  const flood = await runEntry(raw('put({ answer: "x".repeat(2 ** 21) });'), { game: "copy", task: {} }, {},
    { seconds: 10, mebibytes: 300, said: 2 ** 20 });
  assert.equal(flood.fault, "it sent more than 1 MiB");
});

test("the curator's sums are right but for the noise, and ε is that of all releases together", () => {
  const data = { X: matrix(Float64Array.of(0.6, 0.8, 0, 1, 1, 0), [3, 2]), y: Int32Array.of(0, 1, 1), numClasses: 2 };
  const services = curator(data, { epsilon: 1e13, rng: seededRng(1) });
  const rows = (given: unknown) => (given as { rows: number[] }).rows.map((value) => Number(value.toFixed(3)));
  const half = (...values: number[]) => values.map((value) => Number((value / Math.SQRT2).toFixed(3)));
  assert.deepEqual(rows(services.classSums({ noiseMultiplier: 1e-6 })), half(0.6, 0.8, 1, 1, 1, 2));
  const weights = { rows: [0, 0, 0, 0, 0, 0], shape: [2, 3] };
  // Without weights each class has half a chance, so every row gives ±½ of itself.
  assert.deepEqual(rows(services.gradient({ weights, noiseMultiplier: 1e-6 })),
    half(0.2, 0.1, 0.5, -0.2, -0.1, -0.5));
  const two = composedEpsilon([{ kind: "gaussian", noiseMultiplier: 8, count: 2 }], { delta: 1e-5 });
  const strict = curator(data, { epsilon: two * (1 + 1e-9), rng: seededRng(1) });
  strict.classSums({ noiseMultiplier: 8 });
  strict.gradient({ weights, noiseMultiplier: 8 });
  assert.throws(() => strict.classSums({ noiseMultiplier: 8 }), /^Error: that would cost ε = /);
  for (const noiseMultiplier of [0, -1, NaN, Infinity, "1"])
    assert.throws(() => strict.classSums({ noiseMultiplier }), /noiseMultiplier must be a number above 0/);
});

const resultOf = (student: string, scores: number[], fault?: string): Result => ({
  student, game: "copy", digest: student, seconds: 1, fault,
  levels: scores.map((score, i) => ({ level: games.copy.levels[i], score })),
});
const tied = [resultOf("cy", [0.5, 0.5, 0.5, 0.5]), resultOf("ada", [0.4, 0.6, 0.5, 0.5]),
  resultOf("di", [], "<b>no</b>"), resultOf("bo", [1, 0.5, 0.5, 0.5]), resultOf("ed", [0.1, 0.1, 0.1, 0.1])];

test("equal means share a rank, the next one counts all before it, and whoever has no score stands last", () => {
  assert.deepEqual(ranking(tied, "copy").map(({ student, rank }) => [student, rank]),
    [["bo", 1], ["ada", 2], ["cy", 2], ["ed", 4], ["di", 5]]);
  assert.deepEqual(ranking(tied, "private"), []);
});

test("a board that was cut off goes on where it was, and one that is damaged is not written over", async () => {
  const board = join(folder, "cut");
  const entries = ["ada", "bo", "cy"].map((student) => example("certify", student));
  const judged: string[] = [];
  const judgeEntry = (stopAt: string): typeof judge => async ({ student, game }) => {
    if (student === stopAt) throw new Error("the power is gone");
    judged.push(student);
    return { student, game, levels: games.certify.levels.map((level) => ({ level, score: 0.5 })), seconds: 1 };
  };
  await assert.rejects(updateBoard(board, entries, { limits, judgeEntry: judgeEntry("bo") }), /power is gone/);
  writeFileSync(join(board, "board.json.4711.tmp"), '{ "results": [ { "stud');
  assert.deepEqual(readBoard(board).map(({ student }) => student), ["ada"]);
  assert.equal(statSync(join(board, "secret")).mode & 0o077, 0);
  await updateBoard(board, entries, { limits, judgeEntry: judgeEntry("") });
  assert.deepEqual(judged, ["ada", "bo", "cy"]);
  await updateBoard(board, entries.slice(1), { limits, judgeEntry: judgeEntry("") });
  assert.deepEqual(readBoard(board).map(({ student }) => student), ["bo", "cy"]);
  writeFileSync(entries[1].file, "export const entry = 1;");
  await updateBoard(board, entries.slice(1), { limits, judgeEntry: judgeEntry("") });
  assert.deepEqual(judged, ["ada", "bo", "cy", "bo"]);
  assert.equal(roomSecret(board), roomSecret(board));

  writeFileSync(join(board, "board.json"), '{ "results": [ { "stud');
  await assert.rejects(updateBoard(board, entries, { limits }), /board\.json is damaged\n {2}cure: remove it/);
  assert.match(readFileSync(join(board, "board.json"), "utf8"), /"stud$/);
});

test("a hub gives out examples and the page, runs what comes in, and keeps no score that is written in", async () => {
  const hub = join(folder, "hub");
  const home = join(hub, "students", "ada", "leaderboard");
  const [board, page] = [join(hub, "leaderboard", "board.json"), join(home, "board.html")];
  mkdirSync(home, { recursive: true });
  // What two others have put in the way is no matter of ada's.
  for (const other of ["aa", "zz"]) mkdirSync(join(hub, "students", other));
  writeFileSync(join(hub, "students", "aa", "leaderboard"), "");
  mkdirSync(join(hub, "students", "zz", "leaderboard", "board.html"), { recursive: true });
  let end: (code: number) => void = () => undefined;
  const kept = keepBoard(hub, new Promise((resolve) => (end = resolve)));
  const seen = async (look: () => boolean) => {
    for (let i = 0; i < 1200 && !look(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(look());
  };
  await seen(() => existsSync(page));
  writeFileSync(join(home, "certify.ts"), readFileSync(join(home, "examples", "certify.ts"), "utf8"));
  await seen(() => readBoard(join(hub, "leaderboard")).length === 1);
  const honest = readFileSync(board, "utf8");
  writeFileSync(board, JSON.stringify({ results: tied }));
  await seen(() => readFileSync(board, "utf8") === honest);
  assert.match(readFileSync(page, "utf8"), /<th scope="row">ada<\/th>/);
  assert.ok(!existsSync(join(hub, "leaderboard", "secret")), "the secret is in no file");
  end(3);
  assert.equal(await kept, 3);
});

test("entries are found by their names, and a name that is no plain word is none", () => {
  const place = join(folder, "found");
  for (const path of ["ada/copy.ts", "ada/notes.ts", ".git/copy.ts", "bo/leaderboard/private.ts"]) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), "");
  }
  assert.deepEqual(entriesIn(place).map(({ student, game }) => `${student} ${game}`), ["ada copy"]);
  assert.deepEqual(entriesIn(place, "leaderboard").map(({ student }) => student), ["bo"]);
  assert.deepEqual(entriesIn(join(folder, "none")), []);
});

test("the page has every score, and no code of an entry's; axe finds nothing, in light and dark", async (t) => {
  const file = join(folder, "board.html");
  writeFileSync(file, boardPage(tied));
  const page = readFileSync(file, "utf8");
  assert.match(page, /<th scope="row">bo<\/th>.*<td class="number">62\.5 %<\/td>/);
  assert.match(page, /no score: &lt;b&gt;no&lt;\/b&gt;/);
  assert.doesNotMatch(page, /<b>|http/);
  const executablePath = findChromium();
  if (!executablePath) return t.skip("no Chromium here");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      const view = await browser.newPage({ colorScheme });
      await view.goto(pathToFileURL(file).href);
      await view.evaluate(readFileSync(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8"));
      const found = await view.evaluate("axe.run().then(({ violations }) => violations.map(({ id }) => id))");
      assert.deepEqual(found, [], colorScheme);
    }
  } finally {
    await browser.close();
  }
  assert.ok(existsSync(file));
});

test("weights and noise so large that a sum would be no number tell nothing of the rows", () => {
  const data = { X: matrix(Float64Array.of(0.6, 0.8, 0, 1), [2, 2]), y: Int32Array.of(0, 1), numClasses: 2 };
  const { classSums, gradient } = curator(data, { epsilon: 10, rng: seededRng(1) });
  const weights = { rows: [1.7e308, 1.7e308, 0, 0, 0, 0], shape: [2, 3] };
  assert.throws(() => gradient({ weights, noiseMultiplier: 1e50 }), /weights must be within ±1e\+100/);
  assert.throws(() => classSums({ noiseMultiplier: 1e200 }), /noiseMultiplier must be .* at most 1e\+100/);
  for (const size of [1, 1e50, 1e100]) {
    const rows = weights.rows.map((weight) => (weight ? size : 0));
    const sum = gradient({ weights: { rows, shape: [2, 3] }, noiseMultiplier: 1e50 }) as { rows: number[] };
    assert.ok(sum.rows.every(Number.isFinite), `${size}: ${sum.rows}`);
  }
});

test("whatever lies in the place of an entry holds nobody up", { skip: process.platform === "win32" }, async () => {
  const room = join(folder, "odd");
  const file = (student: string) => {
    mkdirSync(join(room, "entries", student), { recursive: true });
    return join(room, "entries", student, "certify.ts");
  };
  writeFileSync(file("ada"), "export const entry = 1;");
  mkdirSync(file("folder"));
  spawnSync("mkfifo", [file("pipe")]);
  symlinkSync("/dev/zero", file("zero"));
  symlinkSync(file("loop"), file("loop"));
  writeFileSync(file("long"), "x");
  truncateSync(file("long"), 2 ** 31);
  const page = join(room, "entries", "folder", "page.html");
  mkdirSync(page);
  const results = await updateBoard(room, entriesIn(join(room, "entries")), { limits, pages: [page] });
  assert.deepEqual(results.map(({ student, fault }) => [student, fault]), [
    ["ada", 'at 0: export a function called "entry", got number'], ["folder", "an entry is a file"],
    ["long", "an entry has at most 32768 bytes, this one 2147483648"], ["pipe", "an entry is a file"],
    ["zero", "an entry is a file"],
  ]);
  assert.ok(existsSync(join(room, "index.html")));
});

test("an entry's words stay on their line", async () => {
  const { fault } = await judge(handedIn("copy",
    'export const entry = () => { throw new Error("\\u001b[2J\\nada, copy: done\\u202e"); };'), 7, limits);
  assert.equal(fault, "at 30:  [2J ada, copy: done ");
});

test("a secret has 48 bits, an old one stays, and one that is none is named", () => {
  const room = join(folder, "secrets");
  mkdirSync(room);
  for (const bad of ["abc", "-1", "1.5", "1e300"]) {
    writeFileSync(join(room, "secret"), bad);
    assert.throws(() => roomSecret(room), /secret is damaged/);
  }
  writeFileSync(join(room, "secret"), "4294967295\n");
  assert.equal(roomSecret(room), 4294967295);
  const made = Array.from({ length: 20 }, () => freshSecret());
  assert.ok(Math.max(...made) > 2 ** 40 && made.every((secret) => Number.isSafeInteger(secret)));
  writeFileSync(join(room, "board.json"), '{ "results": [null] }');
  assert.throws(() => readBoard(room), /board\.json is damaged/);
});
