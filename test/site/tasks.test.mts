import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import vm from "node:vm";
import MiniSearch from "minisearch";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { publicNames } from "../../scripts/lib/task-index.mjs";

const page = readFileSync(join(root, "docs", "tasks.md"), "utf8");
const [tasks, everything] = page.split("## Everything, by topic");
const topics = publicNames();
const names = new Set(Object.values(topics).flat().map(({ name }) => name));

test("each name that a task calls is one of the library's", () => {
  const called = [...tasks.matchAll(/^\|[^|]*\|([^|]*)\|/gm)].flatMap(([, call]) => [...call.matchAll(/`(\w+)`/g)]);
  assert.ok(called.length > 60);
  assert.deepEqual(called.map(([, name]) => name).filter((name) => !names.has(name)), []);
});

test("every public function of every topic is in the index (npm run readme renews it)", () => {
  for (const [topic, list] of Object.entries(topics)) {
    const [, section = ""] = everything.split(`### ${topic}\n`);
    const listed = [...section.split("### ")[0].matchAll(/^- \[`(\w+)`\]/gm)].map(([, name]) => name);
    assert.deepEqual(listed, list.map(({ name }) => name), topic);
  }
});

test("every public function says in a sentence what it does", () => {
  const silent = Object.values(topics).flat().filter(({ kind, summary }) => kind !== "variables" && !summary);
  assert.deepEqual(silent.map(({ name }) => name), []);
});

interface Entry { title: string; page: string; url: string; text: string }
type Search = (engine: typeof MiniSearch, entries: Entry[]) => MiniSearch;

/** The site's search, as its pages load it. */
function siteSearch(entries: Entry[]): (words: string) => string[] {
  const context = vm.createContext({});
  vm.runInContext(readFileSync(join(root, "scripts", "site", "search.js"), "utf8"), context);
  const engine = (context as { siteSearch: Search }).siteSearch(MiniSearch, entries);
  return (words) => engine.search(words).map(({ title }) => title as string);
}

test("search finds a name by its parts, and a task by a learner's words", () => {
  const library = Object.values(topics).flat().map(({ name, summary }) => (
    { title: name, page: "library, functions", url: name, text: summary }));
  const found = siteSearch([
    ...library, { title: "KnnOptions", page: "library, interfaces", url: "KnnOptions", text: "" },
    { title: "Load data", page: "What do you want to do?", url: "tasks", text: tasks },
  ]);
  assert.equal(found("load my own csv")[0], "loadCsv");
  assert.ok(found("load my own csv").includes("Load data"));
  assert.equal(found("knn options")[0], "KnnOptions");
  assert.equal(found("flipLabels")[0], "flipLabels");
  assert.equal(found("flip labels")[0], "flipLabels");
  assert.ok(found("private standard scaler").includes("privateStandardScaler"));
  assert.deepEqual(found("xyzzy"), []);
});
