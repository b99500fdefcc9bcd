import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dataset, matrix, seededRng } from "../../lib";
import { exercises } from "../../notebooks/17-private-mechanisms/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

test("17-1 and 17-2 tell a chance and a share from their neighbours", async () => {
  const says = async (id: "17-1" | "17-2", answer: number): Promise<string | null> => (await judge(id, answer)).finding;
  // q = 1 / (1 + e² / 3), and 1 / (1 + …) for one bit: p / q = e² or (1 − q) / (1 − p) = e².
  assert.equal(await says("17-1", 0.2888), null);
  assert.match(String(await says("17-1", 0.75 / Math.exp(2))), /ε of one bit/);
  assert.match(String(await says("17-1", 0.2)), /less private/);
  assert.match(String(await says("17-1", 0.4)), /more private/);
  assert.match(String(await says("17-1", 0.8)), /below p/);
  assert.equal(await says("17-2", 0.77), null);
  assert.equal(await says("17-2", 9 / (9 + Math.E)), null);
  assert.match(String(await says("17-2", 0.23)), /stays/);
  assert.match(String(await says("17-2", 0.09)), /nine wrong/);
  assert.match(String(await says("17-2", 0.5)), /more labels/);
  assert.match(String(await says("17-2", 0.9)), /fewer labels/);
  assert.match(String(await says("17-2", 77)), /at most 1/);
});

/** Ten simple pictures: digit d is a bar at its own height, in grey noise. */
function bars(size: number, seed: number): Dataset {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: size }, (_, i) => i % 10);
  const X = matrix(Float32Array.from({ length: size * 784 }, (_, p) => {
    const row = Math.floor((p % 784) / 28);
    return Math.floor(row / 2.8) === y[Math.floor(p / 784)] && rng.uniform() < 0.6 ? 255 : 0;
  }), [size, 784]);
  return { name: "bars", X, y, classNames: [], featureNames: [] };
}

test("17-3 takes a side that reads as well as the best", async () => {
  const setting = { crowd: bars(2000, 1), test: bars(200, 2), seeds: 1, seed: 3 };
  const says = async (answer: number): Promise<string | null> => (await judge("17-3", answer, setting)).finding;
  const findings = await Promise.all([4, 7, 14, 28].map(says));
  assert.ok(findings.includes(null));
  assert.ok(findings.filter((finding) => finding !== null).every((finding) => /more$/.test(String(finding))));
  assert.match(String(await says(10)), /one of 4, 7, 14, 28/);
});

test("17-4 takes means with less noise, and refuses those that are no better, too few or no numbers", async () => {
  const setting = { crowd: bars(1000, 1), test: bars(400, 2), seeds: 2, seed: 3 };
  const says = async (answer: (means: Float64Array) => Float64Array): Promise<string | null> =>
    (await judge("17-4", answer, setting)).finding;
  const alongRows = (means: Float64Array): Float64Array => Float64Array.from(means, (_, p) => {
    const start = p - (p % 28);
    return means.subarray(start, start + 28).reduce((sum, value) => sum + value, 0) / 28;
  });
  assert.equal(await says(alongRows), null);
  assert.match(String(await says((means) => means)), /gains 0\.00 points/);
  assert.match(String(await says((means) => means.slice(1))), /7840 numbers/);
  assert.match(String(await says((means) => means.fill(NaN))), /7840 numbers/);
});
