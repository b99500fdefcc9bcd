import assert from "node:assert/strict";
import { test } from "node:test";
import {
  composedDelta, composedEpsilon, gaussianRho, privacyBudget, seededRng, subsampledGaussianRdp, zcdpDelta, zcdpEpsilon,
  type PrivacyEvent,
} from "../../../lib";
import { zcdpSigma } from "../../../lib/privacy/accounting/rdp";

/** ρ, δ and the smallest ε over all orders, by mpmath 1.3 with 60 digits. */
const epsilons = [
  [0.5, 1e-5, 4.7283869849433139], [0.001, 1e-6, 0.18289537719007623], [1e-12, 1e-9, 4.49557807011465e-6],
  [1e-15, 1e-300, 1.6361573107722476e-6], [100, 1e-10, 194.02402082152411], [1e6, 1e-5, 1006779.4526362651],
  [1e4, 0.3, 10213.931312244968], [0.02, 0.1, 0.039837202694136935], [3.7, 5e-324, 108.40521579510683],
];
/** ρ, ε and the smallest δ, likewise. */
const deltas = [
  [0.5, 4.72839, 9.9998663780693034e-6], [1e-4, 0.2, 1.5086746194188354e-47], [1e-9, 0.0015, 2.5126445542905303e-251],
  [50, 90, 0.00014405886068798986], [8.63e-9, 0.00494, 1.2285844967959273e-313], [0.3, 0, 0.44713119685875846],
  [1e-10, 1e-6, 7.9819582533010267e-6], [2e5, 1.9e5, 1],
];

test("ε and δ of zero-concentrated accounting are never below the true ones, and hardly above", () => {
  for (const [rho, delta, epsilon] of epsilons)
    for (const found of [zcdpEpsilon({ rho, delta }), composedEpsilon([{ kind: "zcdp", rho }], { delta })])
      assert.ok(found >= epsilon && found <= epsilon * (1 + 1e-10), `${rho}, ${delta}: ${found}, ${epsilon}`);
  for (const [rho, epsilon, delta] of deltas)
    for (const found of [zcdpDelta({ rho, epsilon }), composedDelta([{ kind: "zcdp", rho }], { epsilon })])
      assert.ok(found >= delta && found <= delta * (1 + 1e-10) + 1e-322, `${rho}, ${epsilon}: ${found}, ${delta}`);
});

test("noise of the σ found costs no more than was asked for, whatever is asked", () => {
  const rng = seededRng(1);
  const between = (low: number, high: number): number => 10 ** (low + (high - low) * rng.uniform());
  for (let i = 0; i < 60; i++) {
    const [epsilon, delta, sensitivity] = [between(-14, 9), between(-300, -0.01), between(-5, 5)];
    const sigma = zcdpSigma({ epsilon, delta, sensitivity });
    const spent = composedEpsilon([{ kind: "zcdp", rho: gaussianRho({ sigma, sensitivity }) }], { delta });
    assert.ok(spent <= epsilon * (1 + 1e-14), `${epsilon}, ${delta}, ${sensitivity}: ${sigma} costs ${spent}`);
    privacyBudget({ epsilon: epsilon * (1 + 1e-14), delta, neighbors: "add-remove" })
      .spend({ kind: "zcdp", rho: gaussianRho({ sigma, sensitivity }) }, { neighbors: "add-remove" });
  }
  assert.throws(() => zcdpSigma({ epsilon: 1e-300, delta: 1e-300, sensitivity: 1 }), /zcdpSigma: epsilon must be/);
});

const sizes = [5e-324, 1e-200, 1e-3, 1, 1e3, 1e200, Number.MAX_VALUE];
const events: PrivacyEvent[] = sizes.flatMap((size): PrivacyEvent[] => [
  { kind: "gaussian", noiseMultiplier: size }, { kind: "gaussian", noiseMultiplier: size, count: 1000 },
  { kind: "zcdp", rho: size }, { kind: "zcdp", rho: size, count: 1000 },
  { kind: "subsampled-gaussian", noiseMultiplier: size, samplingRate: 1e-9 },
]);

test("at any size of noise, ε is a number or Infinity, and δ is above 0", () => {
  for (const event of events)
    for (const all of [[event], [event, { kind: "zcdp", rho: 0.1 } as const]]) {
      const name = JSON.stringify(all);
      for (const delta of [5e-324, 1e-5]) assert.ok(composedEpsilon(all, { delta }) >= 0, name);
      for (const epsilon of [0, 1, 1e300]) {
        const delta = composedDelta(all, { epsilon });
        assert.ok(delta > 0 && delta <= 1, `${name} at ${epsilon}: ${delta}`);
      }
    }
  assert.equal(composedEpsilon([{ kind: "laplace", noiseMultiplier: 1e-320 }], { delta: 1e-5 }), Infinity);
});

test("Rényi divergences are numbers or Infinity at any noise and order", () => {
  for (const noiseMultiplier of sizes)
    for (const order of [1 + 1e-9, 1.5, 2, 7.5, 64, 1e6, 1e300]) {
      const divergence = subsampledGaussianRdp({ noiseMultiplier, samplingRate: 0.1, order });
      assert.ok(divergence >= 0, `${noiseMultiplier}, ${order}: ${divergence}`);
    }
});
