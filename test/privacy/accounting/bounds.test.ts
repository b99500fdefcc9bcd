import assert from "node:assert/strict";
import { test } from "node:test";
import {
  composedDelta, composedEpsilon, composeGdp, dpSgdEpsilon, dpSgdNoiseMultiplier, dpSgdRdpEpsilon, gdpEpsilon,
  seededRng, type PrivacyEvent, type SeededRng,
} from "../../../lib";
import { lossesEpsilon } from "../../../lib/privacy/accounting/composed-losses";
import type { LossEvent } from "../../../lib/privacy/accounting/events";
import { trueDelta } from "./oracle";

/** A number between 10^low and 10^high, evenly spread over the exponents. */
const power = (rng: SeededRng, low: number, high: number): number => 10 ** (low + (high - low) * rng.uniform());
const several = (rng: SeededRng, most: number): number => 1 + rng.integer(most);

function gaussians(rng: SeededRng, low: number, high: number): PrivacyEvent[] {
  return Array.from({ length: several(rng, 3) }, () =>
    ({ kind: "gaussian", noiseMultiplier: power(rng, low, high), count: several(rng, 100) }));
}

function guarantees(rng: SeededRng, runs: number, delta: number): PrivacyEvent[] {
  return Array.from({ length: runs }, () => (
    { kind: "guarantee", epsilon: power(rng, -3, 2.5), delta: rng.integer(2) ? 0 : delta * power(rng, -4, -1.1) }));
}

/** ε is never too small, and too large by less than a thousandth (or by less than the loss of 1e-9 can matter). */
function agree(events: readonly PrivacyEvent[], delta: number, accuracy: number): void {
  const epsilon = composedEpsilon(events, { delta });
  const told = JSON.stringify({ events, delta, epsilon });
  const true_ = trueDelta(events, epsilon);
  assert.ok(true_ <= delta * (1 + accuracy), `${told} has a true delta of ${true_}`);
  const below = trueDelta(events, Math.max(0, epsilon * 0.999 - 1e-9));
  assert.ok(epsilon === 0 || below >= delta * (1 - accuracy), `${told}: a thousandth less has a delta of ${below}`);
}

test("150 random compositions of Gaussians, multipliers 1e-4 to 1e2, cost exactly their closed form", () => {
  const rng = seededRng(1);
  for (let i = 0; i < 150; i++) {
    const events = gaussians(rng, -4, 2);
    const delta = power(rng, -12, -1);
    const mu = composeGdp(events.flatMap((event) => (event.kind === "gaussian"
      ? new Array<number>(event.count ?? 1).fill(1 / event.noiseMultiplier) : [])));
    const exact = gdpEpsilon({ mu, delta });
    const epsilon = composedEpsilon(events, { delta });
    assert.ok(epsilon >= exact * (1 - 1e-14) && epsilon <= exact * (1 + 1e-12), `${epsilon} against ${exact}`);
  }
});

test("130 random compositions of Gaussians and guarantees are never below their closed form", () => {
  const rng = seededRng(2);
  for (let i = 0; i < 130; i++) {
    const delta = power(rng, -9, -2);
    agree([...gaussians(rng, -4, 2), ...guarantees(rng, several(rng, 4), delta)], delta, 1e-9);
  }
});

test("60 random compositions of guarantees are never below their closed form, nor above their sum", () => {
  const rng = seededRng(3);
  for (let i = 0; i < 60; i++) {
    const delta = power(rng, -9, -2);
    const events = guarantees(rng, several(rng, 8), delta);
    agree(events, delta, 1e-9);
  }
});

test("60 random compositions with Laplace noise are never below an integral of closed forms", () => {
  const rng = seededRng(4);
  for (let i = 0; i < 60; i++) {
    const delta = power(rng, -7, -2);
    agree([...gaussians(rng, -1, 1.5), { kind: "laplace", noiseMultiplier: power(rng, -1.5, 1.5) },
      ...guarantees(rng, rng.integer(2), delta)], delta, 1e-6);
  }
});

test("60 random compositions with a sampled Gaussian are never below an integral of closed forms", () => {
  const rng = seededRng(5);
  for (let i = 0; i < 60; i++) {
    const delta = power(rng, -7, -2);
    const sampled = { noiseMultiplier: power(rng, -1, 1), samplingRate: power(rng, -3, -0.01) };
    agree([{ kind: "gaussian", noiseMultiplier: power(rng, -1, 1) }, { kind: "subsampled-gaussian", ...sampled },
      ...guarantees(rng, rng.integer(2), delta)], delta, 1e-6);
  }
});

test("40 random runs of DP-SGD are never below the value that ever finer grids tend to", () => {
  const rng = seededRng(6);
  for (let i = 0; i < 40; i++) {
    const delta = power(rng, -7, -3);
    const run = { kind: "subsampled-gaussian", noiseMultiplier: power(rng, -0.5, 1), samplingRate: power(rng, -3, -0.3),
      count: several(rng, 1000) } as const;
    const events: LossEvent[] = i % 2 ? [run] : [run, { kind: "laplace", noiseMultiplier: power(rng, -0.5, 1) }];
    const epsilon = composedEpsilon(events, { delta });
    const [whole, half] = [1, 0.5].map((coarseness) => lossesEpsilon(events, delta, { coarseness }));
    // Rounding to a grid costs in proportion to the square of its interval.
    const limit = (4 * half - whole) / 3;
    assert.ok(epsilon <= whole && epsilon >= limit * (1 - 1e-7), `${epsilon} is below ${limit}`);
    assert.ok(epsilon <= limit * (1 + 1e-3), `${epsilon} is far above ${limit}`);
  }
});

test("the claimed σ of 2000 truly costs 150,107.63, and small noise beside a guarantee what both do", () => {
  const claimed = [{ kind: "gaussian", noiseMultiplier: 0.0026030714158485 / Math.SQRT2 }] as const;
  // mpmath at 60 digits: 150107.629941.
  assert.ok(Math.abs(composedEpsilon(claimed, { delta: 784 ** -2 }) - 150107.629941) < 1e-4);
  const mixed = [{ kind: "gaussian", noiseMultiplier: 0.05 }, { kind: "guarantee", epsilon: 500, delta: 0 }] as const;
  const epsilon = composedEpsilon(mixed, { delta: 1e-5 });
  assert.ok(epsilon >= 784.39 && epsilon < 784.4, `${epsilon}`);
  assert.ok(composedDelta(mixed, { epsilon }) <= 1.0001e-5);
});

test("one sampled Gaussian has its closed form, also where the noise is tiny and the rate near 1", () => {
  for (const samplingRate of [0.5, 0.999]) {
    const run = { noiseMultiplier: 0.045, samplingRate, steps: 1, delta: 1e-5 };
    const whole = gdpEpsilon({ mu: 1 / 0.045, delta: 1e-5 / samplingRate });
    const exact = whole + Math.log(samplingRate + (1 - samplingRate) * Math.exp(-whole));
    assert.ok(Math.abs(dpSgdEpsilon(run) / exact - 1) < 1e-12);
    const [once, twice] = [1, 2].map((steps) => dpSgdEpsilon({ ...run, steps }));
    assert.ok(twice > once && twice < gdpEpsilon({ mu: Math.SQRT2 / 0.045, delta: 1e-5 }));
  }
});

test("accounting at the edges takes bounded work: tiny guarantees, tiny noise, noise that is not needed", () => {
  const start = process.cpuUsage();
  const events = [{ kind: "guarantee", epsilon: 1e-7, delta: 0, count: 3 }] as const;
  assert.equal(composedEpsilon(events, { delta: 1e-12 }), 3e-7);
  const tiny = dpSgdRdpEpsilon({ noiseMultiplier: 1e-3, samplingRate: 0.01, steps: 100, delta: 1e-5 });
  assert.ok(tiny > dpSgdEpsilon({ noiseMultiplier: 1e-3, samplingRate: 0.01, steps: 100, delta: 1e-5 }));
  const noise = dpSgdNoiseMultiplier({ epsilon: 2000, delta: 1e-5, samplingRate: 0.01, steps: 10 });
  const run = { samplingRate: 0.01, steps: 10, delta: 1e-5 };
  assert.ok(dpSgdEpsilon({ ...run, noiseMultiplier: noise }) <= 2000);
  assert.ok(dpSgdEpsilon({ ...run, noiseMultiplier: noise * (1 - 2e-4) }) > 2000);
  assert.throws(() => dpSgdNoiseMultiplier({ epsilon: 1, delta: 1e-3, samplingRate: 1e-4, steps: 1 }),
    /delta must be below the chance that a record is ever drawn, 0.0001, got 0.001/);
  assert.ok(process.cpuUsage(start).user < 5e6);
});

test("ordinary noise multipliers are found within the resolution, each by a few evaluations", () => {
  for (const [epsilon, delta, samplingRate, steps] of [
    [2, 1e-5, 0.02, 300], [0.5, 1e-5, 0.0043, 14100], [8, 1e-5, 0.05, 2000], [0.1, 1e-6, 0.1, 10], [1, 1e-9, 0.3, 1],
  ]) {
    const run = { delta, samplingRate, steps };
    dpSgdEpsilon({ ...run, noiseMultiplier: 2 });
    const start = process.cpuUsage();
    const noiseMultiplier = dpSgdNoiseMultiplier({ ...run, epsilon });
    assert.ok(process.cpuUsage(start).user < 2e6, `${process.cpuUsage(start).user} µs`);
    assert.ok(dpSgdEpsilon({ ...run, noiseMultiplier }) <= epsilon);
    assert.ok(dpSgdEpsilon({ ...run, noiseMultiplier: noiseMultiplier * (1 - 1.5e-4) }) > epsilon);
  }
});

test("a long ledger of different releases costs what fine grids say, within a thousandth, and never less", () => {
  const events: LossEvent[] = Array.from({ length: 60 }, (_, i) => (
    { kind: "guarantee", epsilon: 0.01 + 0.0001 * i, delta: i % 2 ? 1e-9 : 0 }));
  const total = composedEpsilon(events, { delta: 1e-5 });
  const fine = lossesEpsilon(events, 1e-5, { coarseness: 0.1 });
  assert.ok(total >= fine && total <= 1.001 * fine, `${total}, ${fine}`);
});
