import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, seededRng } from "../../lib";
import { exercises } from "../../notebooks/16-privacy-accounting/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

test("16-1 tells the claim from its neighbours", async () => {
  const says = async (answer: number): Promise<string | null> =>
    (await judge("16-1", answer)).finding;
  // The classical claim for a true ε of 1 by bisection with mpmath at 80 digits, sensitivities √2 and 1.
  assert.equal(await says(0.8927), null);
  assert.match(String(await says(1.2624)), /right for sensitivity 1/);
  assert.match(String(await says(1)), /truly costs 1\.131/);
  assert.match(String(await says(-1)), /above 0/);
});

test("16-2 wants what two releases give away together", async () => {
  const rng = seededRng(1);
  const X = matrix(Float32Array.from({ length: 60 * 784 }, () => 255 * rng.uniform() ** 8), [60, 784]);
  const says = async (answer: number): Promise<string | null> => (await judge("16-2", answer, { X, seed: 4 })).finding;
  const right = Array.from({ length: 61 }, (_, k) => k / 60);
  const findings = await Promise.all(right.map(says));
  const accepted = right.filter((_, k) => findings[k] === null);
  const ofOne = right.filter((_, k) => /one release/.test(String(findings[k])));
  assert.ok(accepted.length >= 1 && accepted.length <= 3, `${accepted}`);
  assert.ok(ofOne.length >= 1 && Math.max(...ofOne) < Math.min(...accepted), `${ofOne} and ${accepted}`);
  assert.match(String(await says(2)), /at most 1/);
});

test("16-3 wants the noise of two releases, not of one", async () => {
  const says = async (answer: number): Promise<string | null> => (await judge("16-3", answer)).finding;
  // σ for ε = 8 at δ = 784⁻² by bisection on Balle and Wang's curve, sensitivities 2 and √2 (mpmath, 50 digits).
  assert.equal(await says(1.28422914812316), null);
  assert.match(String(await says(1.28422914812316 / Math.SQRT2)), /one release/);
  assert.match(String(await says(2.57)), /two releases with this noise cost \d\.\d\d/);
  assert.match(String(await says(-1)), /above 0/);
});
