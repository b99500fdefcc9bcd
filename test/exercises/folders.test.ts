import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { type Exercises, type PerProfile, profileNames } from "../../lib";

const require = createRequire(__filename);
const notebooks = join(__dirname, "..", "..", "notebooks");
const names = readdirSync(notebooks).filter((file) => file.endsWith(".ipynb")).map((file) => file.slice(0, -6));

interface Folder { check: unknown; profile(): { sizes: object } }
const folderOf = (name: string): Folder => require(join(notebooks, name)) as Folder;
const partOf = <T>(name: string, part: "sizes" | "exercises"): T =>
  (require(join(notebooks, name, part)) as Record<string, T>)[part];
const sizesOf = (name: string): PerProfile<Record<string, unknown>> => partOf(name, "sizes");

afterEach(() => {
  delete process.env.KH_PROFILE;
  delete process.env.KH_SIZES;
});

test("every notebook has a folder of its name, which leads to what was compiled from it and calls itself so", () => {
  assert.ok(names.length >= 10);
  for (const name of names) {
    for (const part of ["check", "profile"] as const) assert.equal(typeof folderOf(name)[part], "function");
    process.env.KH_SIZES = '{"none": 1}';
    assert.throws(() => folderOf(name).profile(), new RegExp(`^RangeError: profile: a size of ${name} must be`));
    delete process.env.KH_SIZES;
    assert.deepEqual(folderOf(name).profile().sizes, sizesOf(name).quick);
    const notes = JSON.parse(readFileSync(join(notebooks, name, "notes.json"), "utf8")) as object;
    assert.deepEqual(Object.keys(notes).filter((key) => key !== "browser"), ["source", "headline"]);
  }
});

test("every profile's own sizes are taken by every other profile of the notebook", () => {
  for (const name of names)
    for (const profile of profileNames) {
      const flat = Object.fromEntries(Object.entries(sizesOf(name)[profile]).flatMap(([key, value]) =>
        (typeof value === "object" && !Array.isArray(value)
          // A key with a point, such as an ε, can't be part of a path.
          ? Object.entries(value as object).filter(([inner]) => !inner.includes("."))
            .map(([inner, one]) => [`${key}.${inner}`, one]) : [[key, value]])));
      process.env.KH_SIZES = JSON.stringify(flat);
      for (const other of profileNames) {
        process.env.KH_PROFILE = other;
        assert.deepEqual(folderOf(name).profile().sizes, sizesOf(name)[profile], `${name}, ${profile} in ${other}`);
      }
    }
});

test("every id is a notebook's number and the exercise's, counted from 1 without a gap", () => {
  for (const name of names) {
    const ids = Object.keys(partOf<Exercises>(name, "exercises"));
    assert.deepEqual(ids, Array.from(ids, (_, i) => `${name.slice(0, 2)}-${i + 1}`), name);
    assert.ok(ids.length >= 3 && ids.length <= 5, `${name} has ${ids.length} exercises`);
  }
});
