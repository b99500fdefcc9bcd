import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { checkLinks } from "../../scripts/check-links.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-links-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("every link of the pages and the notebooks leads somewhere", async () => {
  const { checked, faults } = await checkLinks();
  assert.deepEqual(faults, []);
  assert.ok(checked > 50, `${checked} links`);
});

test("a missing file, a missing heading and a malformed address are found; what is right is not", async () => {
  const file = join(folder, "page.md");
  writeFileSync(file, "# One Two\n\n[a](#one-two) [b](page.md#One-Two) [c](https://arxiv.org/abs/1903.01879)\n\n"
    + "[d](none.md) [e](#three) [f](https://nowhere) [g](ftp://example.org)\n\n`[h](code.md)`\n");
  const { checked, faults } = await checkLinks([file]);
  assert.equal(checked, 7);
  assert.deepEqual(faults.map((fault) => fault.slice(fault.indexOf(basename(file)) + 9)), [
    "none.md leads to no file", "#three leads to no heading", "https://nowhere is no address",
    "ftp://example.org has an unknown scheme",
  ]);
});
