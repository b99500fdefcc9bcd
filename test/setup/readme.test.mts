import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { generatedPages, generatedPicture, pictureFile } from "../../scripts/readme.mjs";

const root = join(import.meta.dirname, "..", "..");

for (const [file, text] of Object.entries(await generatedPages()))
  test(`${file} shows the numbers of the committed notebooks (npm run readme renews it)`, () => {
    assert.equal(readFileSync(join(root, file), "utf8"), text);
  });

test("the README's figure is the one its notebook shows (npm run readme renews it)", () => {
  assert.ok(readFileSync(pictureFile).equals(generatedPicture()));
});
