import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type NotebookName, type ProfileName, profile, profileNames, profiles } from "../../lib";

afterEach(() => {
  delete process.env.KH_PROFILE;
  delete process.env.KH_SEED;
  delete process.env.KH_SIZES;
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

test("KH_SIZES replaces sizes, those in groups by their path, and leaves the table as it is", () => {
  process.env.KH_SIZES = '{"queries": 250}';
  assert.deepEqual(profile("00-start-here").sizes, { queries: 250 });
  assert.deepEqual(profiles["00-start-here"].quick, { queries: 1000 });
  process.env.KH_SIZES = '{"mnist.images": 500, "network.dropout": [0, 0, 0, 0.5]}';
  const { sizes } = profile("08-cifar10-unlearning");
  const { quick } = profiles["08-cifar10-unlearning"];
  assert.deepEqual(sizes, {
    ...quick, mnist: { ...quick.mnist, images: 500 }, network: { ...quick.network, dropout: [0, 0, 0, 0.5] },
  });
});

test("every profile's own sizes are taken by every other profile of the notebook", () => {
  for (const notebook of Object.keys(profiles) as NotebookName[])
    for (const name of profileNames) {
      const flat = Object.fromEntries(Object.entries(profiles[notebook][name]).flatMap(([key, value]) =>
        (typeof value === "object" && !Array.isArray(value)
          ? Object.entries(value as object).map(([inner, one]) => [`${key}.${inner}`, one]) : [[key, value]])));
      process.env.KH_SIZES = JSON.stringify(flat);
      assert.deepEqual(profile(notebook).sizes, profiles[notebook][name], `${notebook}, ${name}`);
    }
});

test("unknown sizes and values of another form are named, with what is allowed", () => {
  const refusals: [NotebookName, string, RegExp][] = [
    ["00-start-here", '{"budget": 1}', /a size of 00-start-here must be one of queries, got budget$/],
    ["00-start-here", '{"toString": 1}', /must be one of queries, got toString$/],
    ["00-start-here", '{"queries": "1"}', /queries of 00-start-here must be a finite number of at least 0, got "1"$/],
    ["00-start-here", '{"queries": -1}', /must be a finite number of at least 0, got -1$/],
    ["00-start-here", '{"queries": [1]}', /must be a finite number of at least 0, got \[1\]$/],
    ["04-multiclass", '{"curve": [1, "2"]}', /curve of 04-multiclass must be a list, each a finite number.*\[1,"2"\]$/],
    ["04-multiclass", '{"curve": []}', /curve of 04-multiclass must be a list/],
    ["08-cifar10-unlearning", '{"mnist": {"images": 1}}', /must be one of mnist\.pool, mnist\.images, .*, got mnist$/],
    ["02-different-classifiers", '{"cells": [{"data": "iris"}]}', /each an object with data, cloud, points, runs/],
    ["00-start-here", "[1]", /KH_SIZES must be a JSON object of sizes, got \[1\]$/],
    ["00-start-here", "{", /KH_SIZES must be a JSON object of sizes, got \{$/],
  ];
  for (const [notebook, text, message] of refusals) {
    process.env.KH_SIZES = text;
    assert.throws(() => profile(notebook), { name: "RangeError", message });
  }
});
