import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { experiment } from "../../lib";

const quick = {
  queries: 1000, curve: [1, 2], cells: [{ data: "iris", runs: 3 }], mnist: { pool: 10, images: 5 }, rate: 0.5,
  network: { dropout: [0, 0], half: "train" }, exact: true,
};
const { profile } = experiment({
  name: "10-topic", exercises: {}, sizes: { quick, standard: { ...quick, queries: 2000 }, full: { ...quick, rate: 1 } },
});

afterEach(() => {
  delete process.env.KH_PROFILE;
  delete process.env.KH_SEED;
  delete process.env.KH_SIZES;
});

test("a notebook runs on the quick profile and seed 42 unless told otherwise", () => {
  const { name, seed, sizes } = profile();
  assert.equal(name, "quick");
  assert.equal(seed, 42);
  assert.equal(sizes, quick);
});

test("KH_PROFILE and KH_SEED choose; 0 is a seed", () => {
  process.env.KH_PROFILE = "full";
  process.env.KH_SEED = "0";
  const { name, seed, sizes } = profile();
  assert.deepEqual([name, seed], ["full", 0]);
  assert.deepEqual(sizes, { ...quick, rate: 1 });
});

test("unknown profiles and seeds are named, with what is allowed", () => {
  for (const name of ["huge", "toString"]) {
    process.env.KH_PROFILE = name;
    assert.throws(() => profile(), { name: "RangeError",
      message: `profile: KH_PROFILE must be one of quick, standard, full, got "${name}"` });
  }
  process.env.KH_PROFILE = "quick";
  process.env.KH_SEED = "-1";
  assert.throws(() => profile(), /KH_SEED must be an integer in \[0, 4294967295\], got -1/);
});

test("KH_SIZES replaces sizes, those in groups by their path, and leaves the table as it is", () => {
  process.env.KH_SIZES = '{"queries": 250}';
  assert.deepEqual(profile().sizes, { ...quick, queries: 250 });
  assert.equal(quick.queries, 1000);
  process.env.KH_SIZES = '{"mnist.images": 500, "network.dropout": [0, 0.5]}';
  assert.deepEqual(profile().sizes,
    { ...quick, mnist: { pool: 10, images: 500 }, network: { ...quick.network, dropout: [0, 0.5] } });
});

test("unknown sizes and values of another form are named, with what is allowed", () => {
  const refusals: [string, RegExp][] = [
    ['{"budget": 1}', /a size of 10-topic must be one of queries, curve, .*, got budget$/],
    ['{"toString": 1}', /must be one of queries, .*, got toString$/],
    ['{"queries": "1"}', /queries of 10-topic must be a finite number of at least 0, got "1"$/],
    ['{"queries": -1}', /must be a finite number of at least 0, got -1$/],
    ['{"queries": [1]}', /must be a finite number of at least 0, got \[1\]$/],
    ['{"curve": [1, "2"]}', /curve of 10-topic must be a list, each a finite number.*\[1,"2"\]$/],
    ['{"curve": []}', /curve of 10-topic must be a list/],
    ['{"mnist": {"images": 1}}', /must be one of .*mnist\.pool, mnist\.images, .*, got mnist$/],
    ['{"cells": [{"data": "iris"}]}', /each an object with data, runs/],
    ["[1]", /KH_SIZES must be a JSON object of sizes, got \[1\]$/],
    ["{", /KH_SIZES must be a JSON object of sizes, got \{$/],
  ];
  for (const [text, message] of refusals) {
    process.env.KH_SIZES = text;
    assert.throws(() => profile(), { name: "RangeError", message });
  }
});
