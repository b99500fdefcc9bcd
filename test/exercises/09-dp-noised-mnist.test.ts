import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix } from "../../lib";
import { exercises } from "../../notebooks/09-dp-noised-mnist/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

test("09-1 to 09-3 tell a claim, a chance and a share from their neighbours", async () => {
  const says = async (id: "09-1" | "09-2" | "09-3", answer: number): Promise<string | null> =>
    (await judge(id, answer)).finding;
  // The classical claim for a true ε of 1 by bisection with mpmath at 80 digits, sensitivities √2 and 1.
  assert.equal(await says("09-1", 0.8927), null);
  assert.match(String(await says("09-1", 1.2624)), /right for sensitivity 1/);
  assert.match(String(await says("09-1", 1)), /truly costs 1\.131/);
  assert.match(String(await says("09-1", -1)), /above 0/);
  // q = 1 / (1 + e² / 3), and 1 / (1 + …) for one bit: p / q = e² or (1 − q) / (1 − p) = e².
  assert.equal(await says("09-2", 0.2888), null);
  assert.match(String(await says("09-2", 0.75 / Math.exp(2))), /ε of one bit/);
  assert.match(String(await says("09-2", 0.2)), /less private/);
  assert.match(String(await says("09-2", 0.4)), /more private/);
  assert.match(String(await says("09-2", 0.8)), /below p/);
  assert.equal(await says("09-3", 0.77), null);
  assert.equal(await says("09-3", 9 / (9 + Math.E)), null);
  assert.match(String(await says("09-3", 0.23)), /stays/);
  assert.match(String(await says("09-3", 0.09)), /nine wrong/);
  assert.match(String(await says("09-3", 0.5)), /more labels/);
  assert.match(String(await says("09-3", 0.9)), /fewer labels/);
  assert.match(String(await says("09-3", 77)), /at most 1/);
});

test("09-4 wants the norm that 100 images share, not 700, and not a hundredth", async () => {
  const X = matrix(new Uint8Array(700 * 784).fill(9), [700, 784]);
  const images = { name: "grey", X, y: new Int32Array(700), classNames: [], featureNames: [] };
  const says = async (answer: number): Promise<string | null> => (await judge("09-4", answer, images)).finding;
  assert.equal(await says(500), null);
  assert.match(String(await says(5000 / Math.sqrt(700))), /700 images/);
  assert.match(String(await says(50)), /√100/);
  assert.match(String(await says(900)), /too large/);
  assert.match(String(await says(300)), /too small/);
  assert.match(String(await says(NaN)), /not a number/);
});
