import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

interface Outcome {
  record?: { claims: { id: string; verdict: string }[] };
  failure?: { index: number; source: string; message: string };
}

const script = <T>(name: string): Promise<T> =>
  import(pathToFileURL(join(__dirname, "..", "..", "scripts", name)).href) as Promise<T>;

/** What scripts/lib/notebooks.mjs has. */
export const notebooks = () => script<{
  notebookFiles(solutions?: boolean): string[];
  nameOf(file: string): string;
  readNotebook(file: string): unknown;
}>("lib/notebooks.mjs");

/** What scripts/check-notebooks.mjs has. */
export const checks = () => script<{
  exerciseErrors(name: string, notebook: unknown, solutions: unknown): string[];
  hygieneErrors(file: string): string[];
  repeatedClaims(files: string[]): string[];
  repeatedNames(source: string): string[];
}>("check-notebooks.mjs");

/**
 * Runs notebooks and their solutions on the quick profile, one after the other: every claim holds, and every solution
 * passes its check.
 *
 * @param half 0 for the first, third, … notebook, 1 for the others: two halves run side by side.
 */
export function runHalf(half: 0 | 1): void {
  test(`notebooks, ${half === 0 ? "the first, third, …" : "the second, fourth, …"}`, async (t) => {
    const { notebookFiles, nameOf, readNotebook } = await notebooks();
    const { exerciseErrors } = await checks();
    const { executedFile, runNotebook } = await script<{
      executedFile(profile: string, file: string): string;
      runNotebook(file: string, options: { profile: string; force: boolean }): Promise<Outcome>;
    }>("lib/run-notebook.mjs");
    const run = async (file: string): Promise<void> => {
      const { record, failure } = await runNotebook(file, { profile: "quick", force: process.env.CI === "true" });
      assert.ok(record, failure && `cell ${failure.index + 1}\n${failure.source}\n\n${failure.message}`);
      const broken = record.claims.filter(({ verdict }) => verdict === "not reproduced").map(({ id }) => id);
      assert.deepEqual(broken, [], "claims that were not reproduced");
    };
    const solutions = notebookFiles(true);
    for (const notebook of notebookFiles().filter((_, i) => i % 2 === half)) {
      const name = nameOf(notebook);
      await t.test(`${name} runs on the quick profile, and its claims hold`, () => run(notebook));
      await t.test(`solutions of ${name} run on the quick profile and pass the checks`, async () => {
        const solved = solutions.find((file) => nameOf(file) === name);
        assert.ok(solved, "there are solutions");
        await run(solved);
        const [asked, answered] = [notebook, solved].map((one) => readNotebook(executedFile("quick", one)));
        assert.deepEqual(exerciseErrors(name, asked, answered), []);
      });
    }
  });
}
