import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type NotebookName, type ProfileName, profile, profileNames, profiles } from "../../lib";

afterEach(() => {
  delete process.env.KH_PROFILE;
  delete process.env.KH_SEED;
});

test("a notebook runs on the quick profile and seed 42 unless told otherwise", () => {
  const { name, seed, sizes } = profile("00-start-here");
  assert.equal(name, "quick");
  assert.equal(seed, 42);
  assert.equal(sizes, profiles["00-start-here"].quick);
});

test("KH_PROFILE and KH_SEED choose; 0 is a seed", () => {
  process.env.KH_PROFILE = "full";
  process.env.KH_SEED = "0";
  const { name, seed, sizes } = profile("00-start-here");
  assert.deepEqual([name, seed], ["full", 0]);
  assert.equal(sizes, profiles["00-start-here"].full);
});

test("unknown notebooks, profiles and seeds are named, with what is allowed", () => {
  const message = /must be one of 00-start-here/;
  assert.throws(() => profile("99-none" as NotebookName), { name: "RangeError", message });
  process.env.KH_PROFILE = "huge";
  assert.throws(() => profile("00-start-here"), /KH_PROFILE must be one of quick, standard, full, got "huge"/);
  process.env.KH_PROFILE = "quick";
  process.env.KH_SEED = "-1";
  assert.throws(() => profile("00-start-here"), /KH_SEED must be an integer in \[0, 4294967295\], got -1/);
});

test("every notebook has the same sizes in all three profiles", () => {
  for (const [notebook, sizes] of Object.entries(profiles)) {
    const keys = (name: ProfileName): string[] => Object.keys(sizes[name]).sort();
    for (const name of profileNames) assert.deepEqual(keys(name), keys("quick"), `${notebook}, ${name}`);
  }
});
