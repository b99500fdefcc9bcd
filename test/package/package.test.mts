import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { root, venvProgram } from "../../scripts/bootstrap/paths.mjs";
import { childEnv } from "../../scripts/bootstrap/run.mjs";

const project = mkdtempSync(join(tmpdir(), "kh-package-"));
const modules = join(project, "node_modules");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  main: string; types: string; dependencies: Record<string, string>; exports: Record<string, string | Entry>;
  typesVersions: { "*": Record<string, string[]> };
};
interface Entry { types: string; default: string }
let packed: string[] = [];

const npm = (args: string[], cwd: string): string =>
  execFileSync(process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd, encoding: "utf8" });

/** Puts a package of this clone into the project, as an install would. */
function link(name: string): void {
  const target = join(modules, name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(root, "node_modules", name), target, "junction");
}

function write(name: string, text: string): string {
  const file = join(project, name);
  writeFileSync(file, text);
  return file;
}

const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });

/** Runs a program of the project and gives what it prints. */
function output(...args: string[]): string {
  const { status, stdout, stderr } = node(...args);
  assert.equal(status, 0, stdout + stderr);
  return stdout.trim();
}

before(() => {
  const answer = npm(["pack", "--json", "--ignore-scripts", "--pack-destination", project], root);
  const [{ filename, files }] = JSON.parse(answer);
  packed = files.map(({ path }: { path: string }) => path);
  const target = join(modules, "knowledge-hacking");
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", join(project, filename), "-C", target, "--strip-components", "1"]);
  write("package.json", "{}");
  for (const name of Object.keys(manifest.dependencies)) link(name);
  link("@types/node");
});
after(() => rmSync(project, { recursive: true, force: true }));

const body = `
const iris = await loadTable("iris");
const model = knn({ numNeighbors: 5, algorithm: "kdTree" }).fit(iris.X, iris.y);
const { spent } = await copy(blackBox(model), {
  sampler: uniformSampler(dynamicalRange(iris.X)), estimator: svc(), budget: 50, rng: seededRng(1),
});
const epsilon = composedEpsilon([{ kind: "gaussian", noiseMultiplier: 4 }], { delta: 1e-5 });
console.log(JSON.stringify([iris.X.shape, spent, epsilon.toFixed(4)]));
`;
const names = "blackBox, copy, dynamicalRange, knn, loadTable, seededRng, svc, uniformSampler";
const esm = `import { ${names} } from "knowledge-hacking";\n`
  + `import { composedEpsilon } from "knowledge-hacking/privacy";\n`;
const cjs = `const { ${names} } = require("knowledge-hacking");\n`
  + `const { composedEpsilon } = require("knowledge-hacking/privacy");\n(async () => {${body}})();\n`;
// ε by the closed form of a Gaussian release (Balle & Wang 2018), as gaussianEpsilon has it.
const wanted = '[[150,4],50,"0.9263"]';

test("the package holds the compiled library, its types and the tables, and nothing else", () => {
  for (const file of ["lib/dist/index.js", "lib/dist/index.d.ts", "data/iris.csv", "docs/package.md", "LICENSE"])
    assert.ok(packed.includes(file), file);
  const known = [
    /^lib\/dist\/.*\.(js|d\.ts)$/, /^data\/([^/]+\.csv|README\.md)$/, /^docs\/package\.md$/, /^[A-Z]+(\.md)?$/,
    /^package\.json$/,
  ];
  assert.deepEqual(packed.filter((file) => !known.some((pattern) => pattern.test(file))), []);
});

test("every topic of lib has an entry, with types for new and for old resolution", () => {
  const topics = readdirSync(join(root, "lib")).filter((name) => existsSync(join(root, "lib", name, "index.ts")));
  const isEntry = (pair: [string, string | Entry]): pair is [string, Entry] => typeof pair[1] === "object";
  const entries = Object.entries(manifest.exports).filter(isEntry);
  const found = entries.map(([name]) => name.slice(2)).filter((name) => topics.includes(name));
  assert.deepEqual(found.sort(), topics.sort());
  for (const [name, { types, default: file }] of entries) {
    assert.ok(packed.includes(types.slice(2)) && packed.includes(file.slice(2)), name);
    if (name !== ".") assert.deepEqual(manifest.typesVersions["*"][name.slice(2)], [types.slice(2)]);
  }
  assert.deepEqual([manifest.main, manifest.types].map((file) => `./${file}`),
    [(manifest.exports["."] as Entry).default, (manifest.exports["."] as Entry).types]);
});

test("a .cjs file requires it, an .mjs file imports it by name, both without TensorFlow", () => {
  assert.equal(output(write("required.cjs", cjs)), wanted);
  assert.equal(output(write("imported.mjs", esm + body)), wanted);
});

test("an .mts file is compiled strictly against its types and runs, and a wrong call is a type error", () => {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["--module", "nodenext", "--target", "es2022", "--strict", "--skipLibCheck", "--outDir", "out"];
  output(tsc, ...options, write("typed.mts", esm + body));
  assert.equal(output(join(project, "out", "typed.mjs")), wanted);
  const { stdout, status } = node(tsc, ...options, write("wrong.mts", `${esm}await copy(1, {});\n`));
  assert.notEqual(status, 0);
  assert.match(stdout, /wrong\.mts\(3,\d+\): error TS2345/);
});

test("tsx runs a .ts and an .mts file", () => {
  const tsx = pathToFileURL(join(root, "node_modules", "tsx", "dist", "loader.mjs")).href;
  assert.equal(output("--import", tsx, write("run.mts", esm + body)), wanted);
  assert.equal(output("--import", tsx, write("run.ts", `${esm}(async () => {${body}})();\n`)), wanted);
});

test("what needs TensorFlow says how it is had, and works once it is there", () => {
  const file = write("clusters.cjs", `const { fromRows, kMeans, seededRng } = require("knowledge-hacking");
try {
  console.log(kMeans(fromRows([[0], [1], [9]]), { numClusters: 2, rng: seededRng(1) }).inertia);
} catch (error) { console.log(error.message); }`);
  const needed = /^networks and matrix products need TensorFlow, .*npm install @tensorflow\/tfjs-node@4\.22\.0/;
  assert.match(output(file), needed);
  link("@tensorflow/tfjs-node");
  assert.equal(output(file), "0.5");
});

const python = venvProgram(join(root, ".venv"), "python");
const skip = existsSync(python) ? false : "no Python environment";

test("a notebook outside the project imports it", { skip }, async () => {
  const source = (esm + body).trim();
  const cell = { id: "a", cell_type: "code", metadata: {}, source, outputs: [], execution_count: null };
  const kernelspec = { display_name: "TypeScript", language: "typescript", name: "tslab" };
  const notebook = write("mine.ipynb",
    JSON.stringify({ cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
  const executed = join(project, "executed.ipynb");
  const runner = spawn(python, [join(root, "scripts", "lib", "run_notebook.py"), notebook, executed],
    { cwd: project, env: childEnv({ JUPYTER_PREFER_ENV_PATH: "1" }) });
  let log = "";
  for (const pipe of [runner.stdout, runner.stderr]) pipe.setEncoding("utf8").on("data", (text) => (log += text));
  const [status] = await once(runner, "close");
  assert.equal(status, 0, log);
  const [{ outputs }] = JSON.parse(readFileSync(executed, "utf8")).cells;
  assert.match(JSON.stringify(outputs), /\[\[150,4\],50,.{1,3}0\.9263/);
});
