import assert from "node:assert/strict";
import { test } from "node:test";
import { checks, notebooks } from "./running";

test("every notebook is committed with clean outputs and has solutions, and no solutions are without a notebook",
  async () => {
    const { notebookFiles, nameOf } = await notebooks();
    const { hygieneErrors } = await checks();
    for (const file of notebookFiles()) assert.deepEqual(hygieneErrors(file), []);
    assert.deepEqual(notebookFiles(true).map(nameOf), notebookFiles().map(nameOf));
  });

test("an answer that is not right, missing or not asked for is found", async () => {
  const { exerciseErrors } = await checks();
  const of = (...given: [string, string][]) => ({ cells: given.map(([id, verdict]) => ({ outputs: [
    { data: { "application/vnd.knowledge-hacking.check+json": { id, verdict, finding: "too large" } } }] })) });
  const errors = (solutions: [string, string][]): string[] =>
    exerciseErrors("07-x", of(["07-1", "not answered"], ["07-2", "not answered"]), of(...solutions));
  assert.deepEqual(errors([["07-1", "right"], ["07-2", "right"]]), []);
  assert.match(errors([["07-1", "right"], ["07-2", "not yet"]]).join(), /07-2 is not yet: too large/);
  assert.match(errors([["07-1", "right"]]).join(), /07-2 is not checked once/);
  assert.match(errors([["07-1", "right"], ["07-2", "right"], ["07-3", "right"]]).join(), /07-3 has no check/);
  assert.match(exerciseErrors("07-x", of(["07-1", "right"]), of(["07-1", "right"])).join(), /07-1 is answered/);
});

test("a name that an object says twice is found", async () => {
  const { repeatedNames } = await checks();
  assert.deepEqual(repeatedNames("call({ epsilon: epsilon, delta, seed: 1, n: size, nested: { k: k } });"),
    ["epsilon", "k"]);
});

test("no claim id is used twice", async () => {
  const { notebookFiles } = await notebooks();
  const { repeatedClaims } = await checks();
  assert.deepEqual(repeatedClaims([...notebookFiles(), ...notebookFiles(true)]), []);
});
