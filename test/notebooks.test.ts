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
  const { notebookFiles, nameOf } = await script<{
    notebookFiles(solutions?: boolean): string[];
    nameOf(file: string): string;
  }>("lib/notebooks.mjs");
  const { runNotebook } = await script<{
    runNotebook(file: string, options: { profile: string; force: boolean }): Promise<Outcome>;
  }>("lib/run-notebook.mjs");
  const { hygieneErrors, repeatedClaims } = await script<{
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
    await t.test(`solutions of ${nameOf(file)} run on the quick profile`, () => run(file));
  await t.test("no claim id is used twice", () => {
    assert.deepEqual(repeatedClaims([...notebookFiles(), ...notebookFiles(true)]), []);
  });
});
