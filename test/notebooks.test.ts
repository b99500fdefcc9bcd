import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

interface Outcome {
  record?: { claims: { id: string; verdict: string }[] };
  failure?: { index: number; source: string; message: string };
}

const script = <T>(name: string): Promise<T> =>
  import(pathToFileURL(join(__dirname, "..", "scripts", name)).href) as Promise<T>;

test("notebooks", async (t) => {
  const { notebookFiles, nameOf, readNotebook } = await script<{
    notebookFiles(solutions?: boolean): string[];
    nameOf(file: string): string;
    readNotebook(file: string): unknown;
  }>("lib/notebooks.mjs");
  const { executedFile, runNotebook } = await script<{
    executedFile(profile: string, file: string): string;
    runNotebook(file: string, options: { profile: string; force: boolean }): Promise<Outcome>;
  }>("lib/run-notebook.mjs");
  const { exerciseErrors, hygieneErrors, repeatedClaims } = await script<{
    exerciseErrors(name: string, notebook: unknown, solutions: unknown): string[];
    hygieneErrors(file: string): string[];
    repeatedClaims(files: string[]): string[];
  }>("check-notebooks.mjs");
  const run = async (file: string): Promise<void> => {
    const { record, failure } = await runNotebook(file, { profile: "quick", force: process.env.CI === "true" });
    assert.ok(record, failure && `cell ${failure.index + 1}\n${failure.source}\n\n${failure.message}`);
    const broken = record.claims.filter(({ verdict }) => verdict === "not reproduced").map(({ id }) => id);
    assert.deepEqual(broken, [], "claims that were not reproduced");
  };

  for (const file of notebookFiles()) {
    await t.test(`${nameOf(file)} runs on the quick profile, and its claims hold`, () => run(file));
    await t.test(`${nameOf(file)} is committed with clean outputs`, () => assert.deepEqual(hygieneErrors(file), []));
  }
  for (const file of notebookFiles(true))
    await t.test(`solutions of ${nameOf(file)} run on the quick profile and pass the checks`, async () => {
      await run(file);
      const notebook = notebookFiles().find((other) => nameOf(other) === nameOf(file));
      assert.ok(notebook, "there is such a notebook");
      const [asked, answered] = [notebook, file].map((one) => readNotebook(executedFile("quick", one)));
      assert.deepEqual(exerciseErrors(nameOf(file), asked, answered), []);
    });
  await t.test("an answer that is not right, missing or not asked for is found", () => {
    const of = (...checks: [string, string][]) => ({ cells: checks.map(([id, verdict]) => ({ outputs: [
      { data: { "application/vnd.knowledge-hacking.check+json": { id, verdict, finding: "too large" } } }] })) });
    const errors = (solutions: [string, string][]) =>
      exerciseErrors("07-x", of(["07-1", "not answered"], ["07-2", "not answered"]), of(...solutions));
    assert.deepEqual(errors([["07-1", "right"], ["07-2", "right"]]), []);
    assert.match(errors([["07-1", "right"], ["07-2", "not yet"]]).join(), /07-2 is not yet: too large/);
    assert.match(errors([["07-1", "right"]]).join(), /07-2 is not checked once/);
    assert.match(errors([["07-1", "right"], ["07-2", "right"], ["07-3", "right"]]).join(), /07-3 has no check/);
    assert.match(exerciseErrors("07-x", of(["07-1", "right"]), of(["07-1", "right"])).join(), /07-1 is answered/);
  });
  await t.test("no claim id is used twice", () => {
    assert.deepEqual(repeatedClaims([...notebookFiles(), ...notebookFiles(true)]), []);
  });
});
