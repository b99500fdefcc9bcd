import assert from "node:assert/strict";
import { test } from "node:test";
import { gaussianNoiseMultiplier, matrix, seededRng, syntheticTable, type CsvDataset } from "../../lib";
import { exercises } from "../../notebooks/15-private-tables/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

/** Ninety of a hundred people have no capital gain; every third earns much. */
const train: CsvDataset = {
  name: "people", target: "income", dropped: [], classNames: ["<=50K", ">50K"], featureNames: ["capital-gain"],
  X: matrix(Float64Array.from({ length: 3000 }, (_, i) => (i % 10 ? 0 : 500 + i)), [3000, 1]),
  y: Int32Array.from({ length: 3000 }, (_, i) => Number(i % 3 === 0)),
  columns: [{ name: "capital-gain", kind: "numeric", missing: 0 }],
};

test("15-1 tells the whole budget, half of μ and less noise", async () => {
  const whole = gaussianNoiseMultiplier({ epsilon: 1, delta: 1e-9 });
  assert.equal((await judge("15-1", whole * Math.SQRT2)).verdict, "right");
  assert.match(String((await judge("15-1", whole)).finding), /whole budget/);
  assert.match(String((await judge("15-1", 2 * whole)).finding), /not μ but μ²/);
  assert.match(String((await judge("15-1", whole / Math.SQRT2)).finding), /more noise/);
  assert.match(String((await judge("15-1", 3 * whole)).finding), /by which factor/);
  assert.match(String((await judge("15-1", -1)).finding), /above 0/);
});

test("15-2 wants more than a model knows", async () => {
  const setting = { members: train, test: train };
  assert.equal((await judge("15-2", train.y, setting)).verdict, "right");
  assert.match(String((await judge("15-2", train.y.map(() => 0), setting)).finding), /everybody is as good/);
  const most = train.y.map((label, i) => (i % 8 === 0 ? 1 - label : label));
  assert.match(String((await judge("15-2", most, setting)).finding), /88 of 100 are right/);
  assert.match(String((await judge("15-2", new Int32Array(3), setting)).finding), /labels/);
});

test("15-3 wants true zeros at the agreed price", async () => {
  const made = (epsilon: number, edges?: number[]) => syntheticTable(train, { epsilon, delta: 1e-9, rng: seededRng(1),
    choice: "independent",
    domain: { "capital-gain": { min: 0, max: 4000, edges, bins: 4 }, income: ["<=50K", ">50K"] } });
  assert.equal((await judge("15-3", made(1, [0, 1, 1000]), { train })).verdict, "right");
  assert.match(String((await judge("15-3", made(1), { train })).finding), /share its bin/);
  assert.match(String((await judge("15-3", made(2, [0, 1, 1000]), { train })).finding), /costs more/);
  const none = made(1, [0, 1, 1000]);
  const zeros = { ...none, X: matrix(none.X.data.map(() => 0), none.X.shape) };
  assert.match(String((await judge("15-3", zeros, { train })).finding), /too many/);
  assert.match(String((await judge("15-3", { ...none, releases: [] }, { train })).finding), /syntheticTable has made/);
  assert.match(String((await judge("15-3", { ...none, featureNames: ["a"] }, { train })).finding), /lacks/);
});
