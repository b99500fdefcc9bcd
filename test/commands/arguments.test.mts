import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { integer, number, oneOf, profileOption, profiles, readArguments } from "../../scripts/bootstrap/arguments.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { UsageError } from "../../scripts/bootstrap/say.mjs";

const options = {
  processes: { value: "N", read: integer(1), default: "2" }, memory: { value: "GiB", read: number(0) },
  colour: { value: "C", read: oneOf(["red", "blue"]) }, grid: { value: "K=V", many: true as const }, force: {},
};
const read = (...given: string[]) => readArguments("trial", { words: "[NAME …]", options }, given);
const usage = "npm run trial -- [NAME …] [--processes N] [--memory GiB] [--colour C] [--grid K=V …] [--force]";

test("options are read by their declaration, and those that are not given have their defaults", () => {
  assert.deepEqual(read().values, { processes: 2, memory: undefined, colour: undefined, grid: [], force: false });
  const { values, words } = read("07", "--processes", "3", "--memory=.5", "--grid", "a=1", "--grid", "b=2", "--force",
    "08");
  assert.deepEqual(values, { processes: 3, memory: 0.5, colour: undefined, grid: ["a=1", "b=2"], force: true });
  assert.deepEqual(words, ["07", "08"]);
});

for (const [given, message] of [
  [["--processes", "0"], "--processes must be an integer of at least 1, got 0"],
  [["--processes", "2.5"], "--processes must be an integer of at least 1, got 2.5"],
  [["--memory", "much"], "--memory must be a number of at least 0, got much"],
  [["--memory", ""], "--memory must be a number of at least 0, got "],
  [["--colour", "green"], "--colour must be one of red, blue, got green"],
  [["--fast"], "Unknown option '--fast'"],
] as [string[], string][])
  test(`${given.join(" ")} is refused with the usage`, () => {
    assert.throws(() => read(...given), new UsageError(message, usage));
  });

test("a word where none has a place is refused", () => {
  assert.throws(() => readArguments("doctor", {}, ["word"]),
    new UsageError("npm run doctor takes no argument, got word", "npm run doctor"));
  assert.throws(() => readArguments("site", { options: { out: { value: "F" } } }, ["word"]),
    new UsageError("npm run site takes no word beside its options, got word", "npm run site -- [--out F]"));
});

test("a profile is that of the command line, else KH_PROFILE, else quick; a wrong one is refused by its source", () => {
  const before = process.env.KH_PROFILE;
  const profileOf = (environment: string, ...given: string[]) => {
    process.env.KH_PROFILE = environment;
    return readArguments("trial", { options: { profile: profileOption() } }, given).values.profile;
  };
  try {
    assert.equal(profileOf(""), "quick");
    assert.equal(profileOf("standard"), "standard");
    assert.equal(profileOf("standard", "--profile", "full"), "full");
    assert.throws(() => profileOf("huge"), /^SetupError: KH_PROFILE must be one of quick, standard, full, got huge/);
    assert.throws(() => profileOf("", "--profile", "huge"), /--profile must be one of quick, standard, full, got huge/);
  } finally {
    if (before === undefined) delete process.env.KH_PROFILE;
    else process.env.KH_PROFILE = before;
  }
});

test("the commands know the same profiles as the library", () => {
  const { profileNames } = createRequire(import.meta.url)(join(root, "lib", "dist", "notebook", "profile.js"));
  assert.deepEqual(profiles, profileNames);
});
