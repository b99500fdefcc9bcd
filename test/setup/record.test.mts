import assert from "node:assert/strict";
import { test } from "node:test";
import { profiles } from "../../scripts/bootstrap/arguments.mjs";
import { claimsIn, nameOf, notebookFiles, readNotebook } from "../../scripts/lib/notebooks.mjs";
import { inMinutes, readRecord } from "../../scripts/lib/record.mjs";

for (const file of notebookFiles()) {
  const name = nameOf(file);
  const claims = claimsIn(readNotebook(file)) as { id: string; reproduced: number; verdict: string }[];

  test(`what is recorded of ${name} on quick is what its committed outputs show`, () => {
    const shown = claims.map(({ id, reproduced, verdict }) => ({ id, reproduced, verdict }));
    assert.deepEqual(readRecord(name, "quick")?.claims, shown);
  });

  for (const profile of profiles) {
    const record = readRecord(name, profile);
    if (record)
      test(`the record of ${name} on ${profile} is of the claims that it makes, with where it was measured`, () => {
        assert.equal(record.profile, profile);
        const ids = claims.map(({ id }) => id);
        assert.equal(new Set(record.claims.map(({ id }) => id)).size, record.claims.length);
        for (const { id, reproduced, statement, expected } of record.claims) {
          assert.ok(Number.isFinite(reproduced), id);
          assert.ok(ids.includes(id) ? statement === undefined : statement && expected, id);
        }
        assert.match(record.commit ?? "", /^[0-9a-f]{40}$/);
        assert.ok(record.processor.model && record.threads > 0 && record.precision && record.seconds >= 0);
      });
  }
}

test("minutes are said in halves, from ten on in whole ones", () => {
  const said = [0, 29, 44, 46, 75, 104, 106, 599, 1800].map(inMinutes);
  assert.deepEqual(said, ["½", "½", "½", "1", "1½", "1½", "2", "10", "30"]);
});
