import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { allRuns, beginRun, compareRuns, newestResults, notebookOf, recordNotebook, type Run, writeRun,
} from "../../scripts/lib/ledger.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-ledger-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const settings = { profile: "quick", seed: 42, sizes: {}, processes: 1 };
const claim = (id: string, reproduced: number, verdict = "reproduced") => ({ id, reproduced, verdict, tolerance: 0.1 });
const measured = (reproduced: number, fingerprint = `f${reproduced}`) =>
  ({ seconds: 1, fingerprint, claims: [claim("a", reproduced)] });
const executed = join(folder, "executed.ipynb");

/** A run that executed some notebooks, each of which reproduced one number. */
function runOf(numbers: Record<string, number>, profile = "quick", reused = false): Run {
  const run = beginRun({ ...settings, profile }, folder);
  for (const [name, number] of Object.entries(numbers)) {
    writeFileSync(`${executed}.tmp`, `${name} ${number}`);
    renameSync(`${executed}.tmp`, executed);
    recordNotebook(run, name, measured(number), { executed, reused, folder });
  }
  return run;
}

test("a run's folder says with what, on what and when it measured", () => {
  const run = runOf({ "00-x": 1 });
  const { notebooks, ...said } = JSON.parse(readFileSync(join(folder, run.id, "run.json"), "utf8"));
  assert.match(said.id, /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-quick/);
  assert.equal(said.seed, 42);
  assert.equal(said.versions.node, process.versions.node);
  assert.ok(said.versions.tslab && said.versions["@tensorflow/tfjs-node"]);
  assert.ok(said.processor.cores >= 1 && said.threads >= 1 && said.seconds >= 0);
  assert.ok("commit" in said && "model" in said.processor);
  assert.deepEqual(Object.keys(notebooks), ["00-x"]);
  rmSync(join(folder, run.id), { recursive: true });
});

test("a partial run leaves a fuller one's results, its own executed notebooks, and its other profiles", () => {
  const full = runOf({ "00-x": 1, "solutions/00-x": 2, "07-y": 3 });
  const standard = runOf({ "07-y": 4 }, "standard");
  const partial = runOf({ "00-x": 5 });
  assert.equal(new Set([full.id, standard.id, partial.id]).size, 3);
  const newest = newestResults(allRuns(folder)).map(({ name, run, measured: { claims } }) =>
    [name, run.profile, claims[0].reproduced, readFileSync(notebookOf(run.id, name, folder), "utf8")]);
  assert.deepEqual(newest.sort(), [
    ["00-x", "quick", 5, "00-x 5"], ["07-y", "quick", 3, "07-y 3"], ["07-y", "standard", 4, "07-y 4"],
    ["solutions/00-x", "quick", 2, "solutions/00-x 2"],
  ]);
});

test("a notebook with nothing new is not measured again: it leads to the run that did", () => {
  const again = runOf({ "00-x": 5 }, "quick", true);
  assert.deepEqual(Object.keys(again.notebooks), []);
  const source = again.unchanged["00-x"];
  assert.equal(allRuns(folder).find(({ id }) => id === source)?.notebooks["00-x"].claims[0].reproduced, 5);
  const unknown = runOf({ "09-z": 9 }, "quick", true);
  assert.deepEqual(Object.keys(unknown.notebooks), ["09-z"], "nobody had put it down");
});

test("two runs compared: what may explain a difference, and each number that differs, beside its tolerance", () => {
  const of = (id: string, seed: number, claims: ReturnType<typeof claim>[], unchanged = {}): Run => ({
    ...beginRun(settings, folder), id, seed, unchanged,
    notebooks: { "00-x": { seconds: 1, fingerprint: "f", claims } },
  });
  const runs = [
    of("2001-a", 42, [claim("same", 1), claim("near", 1), claim("far", 1), claim("turned", 1), claim("gone", 1)]),
    of("2002-b", 7, [claim("same", 1), claim("near", 1.05), claim("far", 2), claim("turned", 1.01, "not reproduced")]),
    { ...of("2003-c", 42, []), notebooks: {}, unchanged: { "00-x": "2001-a" } },
  ];
  const { text, same } = compareRuns("2001", "2002", runs);
  assert.equal(same, false);
  assert.match(text, /^seed +42 +7$/m);
  assert.match(text, /^00-x near +1 +1\.05 +within the tolerance$/m);
  assert.match(text, /^00-x far +1 +2 +MORE than the tolerance$/m);
  assert.match(text, /^00-x turned +1 +1\.01 +reproduced → not reproduced$/m);
  assert.match(text, /^00-x gone +1 +only in one$/m);
  assert.doesNotMatch(text, /00-x same/);
  assert.match(text, /^1 of 5 claims have the same number$/m);
  assert.equal(compareRuns("2001-a", "newest", runs).same, true, "unchanged ones count as the run that measured them");
  assert.throws(() => compareRuns("1999", "newest", runs), /no run's name starts with 1999; there are\n {4}2001-a/);
  assert.throws(() => compareRuns("200", "newest", runs), /more than one run's name starts with 200/);
});

test("what is written at the end stands in place of what was there during the run", () => {
  const run = runOf({ "00-x": 1 });
  run.stopped.push("07-y");
  writeRun(run, folder);
  assert.deepEqual(allRuns(folder).find(({ id }) => id === run.id)?.stopped, ["07-y"]);
  assert.ok(!existsSync(join(folder, run.id, "run.json.tmp")));
});
