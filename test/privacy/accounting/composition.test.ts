import assert from "node:assert/strict";
import { test } from "node:test";
import {
  advancedComposition, analyticGaussianSigma, basicComposition, composedDelta, composedEpsilon, composeGdp,
  dpSgdEpsilon, dpSgdNoiseMultiplier, dpSgdRdpEpsilon, gaussianEpsilon, gaussianNoiseMultiplier, gaussianRho, gdpDelta,
  gdpEpsilon, rdpEpsilon, subsampledGaussianRdp, zcdpDelta, zcdpEpsilon, zcdpEpsilonClosed,
  type PrivacyEvent,
} from "../../../lib";
import { fft } from "../../../lib/math/fft";

const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);
const delta = 1e-5;

test("twenty Gaussians of σ 4: every accountant gives its known value", () => {
  const rho = 20 * gaussianRho({ sigma: 4, sensitivity: 1 });
  close(rho, 0.625, 1e-15);
  const exact = gdpEpsilon({ mu: composeGdp(new Array<number>(20).fill(1 / 4)), delta });
  close(exact, 4.98330640597071, 1e-11);
  close(zcdpEpsilon({ rho, delta }), 5.37767210416956, 1e-9);
  close(zcdpEpsilonClosed({ rho, delta }), 5.98991506572337, 1e-11);
  const one = gaussianEpsilon({ sigma: 4, sensitivity: 1, delta: delta / 20 });
  const basic = basicComposition(new Array(20).fill({ epsilon: one, delta: delta / 20 }));
  close(basic.epsilon, 21.9673219160405, 1e-9);
  close(basic.delta, delta, 1e-18);
  // dp-accounting 0.6, privacy-loss distribution.
  close(composedEpsilon([{ kind: "gaussian", noiseMultiplier: 4, count: 20 }], { delta }), 4.983306407376121, 1e-6);
});

test("composed Gaussians are never below the exact ε and δ, and closely above", () => {
  for (const [sigma, count] of [[4, 20], [1, 1], [50, 1000], [0.1, 1], [0.01, 3], [1000, 10]])
    for (const target of [1e-3, 1e-12]) {
      const mu = Math.sqrt(count) / sigma;
      const exact = gdpEpsilon({ mu, delta: target });
      const events = [{ kind: "gaussian", noiseMultiplier: sigma, count }] as const;
      const epsilon = composedEpsilon(events, { delta: target });
      assert.ok(epsilon >= exact && epsilon <= exact * (1 + 1e-5), `${epsilon} against ${exact}`);
      if (exact === 0) continue;
      const composed = composedDelta(events, { epsilon: exact });
      assert.ok(composed >= gdpDelta({ mu, epsilon: exact }) && composed <= target * 1.001);
    }
});

test("one subsampled Gaussian is never below its closed-form δ, in either direction", () => {
  const [sigma, q] = [0.9, 0.1];
  for (const epsilon of [0, 0.05, 0.2, 1, 2]) {
    // Amplification by sampling: δ of the removal is q times the Gaussian's δ at log(1 + (e^ε − 1)/q).
    const exact = q * gdpDelta({ mu: 1 / sigma, epsilon: Math.log1p(Math.expm1(epsilon) / q) });
    const ours = composedDelta([{ kind: "subsampled-gaussian", noiseMultiplier: sigma, samplingRate: q }], { epsilon });
    assert.ok(ours >= exact && ours <= exact * 1.0001, `${ours} against ${exact}`);
  }
});

// dp-accounting 0.6, from_gaussian_mechanism with connect-the-dots rounding, losses 2e-5 apart (1e-5 for the first).
for (const [noiseMultiplier, samplingRate, steps, target, expected] of [
  [1.1, 256 / 60000, 14100, 1e-5, 2.3851224519440066],
  [2, 0.01, 1000, 1e-6, 0.720916873067003],
  [0.8, 0.02, 300, 1e-5, 3.7874296392346696],
  [1, 0.5, 10, 1e-8, 14.225179348934265],
  [4, 0.1, 2000, 1e-5, 5.1169477198963484],
] as const)
  test(`DP-SGD with noise ${noiseMultiplier}, rate ${samplingRate.toFixed(4)}, ${steps} steps costs ` +
    expected.toFixed(3), () => {
    const epsilon = dpSgdEpsilon({ noiseMultiplier, samplingRate, steps, delta: target });
    close(epsilon, expected, 2e-4);
    assert.ok(epsilon <= dpSgdRdpEpsilon({ noiseMultiplier, samplingRate, steps, delta: target }));
  });

test("Rényi accounting of DP-SGD equals dp-accounting 0.6", () => {
  const run = { noiseMultiplier: 1.1, samplingRate: 256 / 60000, steps: 14100, delta };
  close(dpSgdRdpEpsilon(run), 2.6003429394461106, 1e-8);
});

test("the Rényi divergence of order 2 has its closed form log(1 + q² (e^(1/σ²) − 1))", () => {
  for (const [sigma, q] of [[1, 0.1], [0.5, 0.01], [4, 0.5]])
    close(
      subsampledGaussianRdp({ noiseMultiplier: sigma, samplingRate: q, order: 2 }),
      Math.log1p(q * q * Math.expm1(1 / sigma ** 2)),
      1e-13,
    );
  assert.equal(subsampledGaussianRdp({ noiseMultiplier: 2, samplingRate: 1, order: 8 }), 1);
});

test("different mechanisms compose together, in agreement with dp-accounting", () => {
  const events = [
    { kind: "gaussian", noiseMultiplier: 2, count: 3 },
    { kind: "subsampled-gaussian", noiseMultiplier: 1, samplingRate: 0.02, count: 50 },
    { kind: "guarantee", epsilon: 0.5, delta: 1e-8, count: 2 },
  ] as const;
  // dp-accounting 0.6: three distributions at interval 1e-4, composed.
  close(composedEpsilon(events, { delta: 1e-6 }), 5.107560197635401, 1e-3);
});

test("pure guarantees of 0.1 compose to at most their sum, and to it when δ is tiny", () => {
  const events = [{ kind: "guarantee", epsilon: 0.1, delta: 0, count: 5 }] as const;
  close(composedEpsilon(events, { delta: 1e-12 }), 0.5, 1e-3);
  assert.ok(composedEpsilon(events, { delta: 0.01 }) < 0.5);
  assert.equal(composedEpsilon([{ kind: "guarantee", epsilon: 1, delta: 1e-4 }], { delta: 1e-5 }), Infinity);
});

test("calibrated noise keeps within the target and wastes next to nothing", () => {
  const run = { samplingRate: 0.01, steps: 500, delta };
  const noiseMultiplier = dpSgdNoiseMultiplier({ ...run, epsilon: 2 });
  const epsilon = dpSgdEpsilon({ ...run, noiseMultiplier });
  assert.ok(epsilon <= 2 && epsilon > 1.998, `${epsilon}`);
  const single = gaussianNoiseMultiplier({ epsilon: 1, delta, count: 20 });
  close(gdpEpsilon({ mu: Math.sqrt(20) / single, delta }), 1, 1e-12);
  close(
    gaussianNoiseMultiplier({ epsilon: 1, delta }),
    analyticGaussianSigma({ epsilon: 1, delta, sensitivity: 1 }),
    0,
  );
});

test("advanced composition equals its formula by hand", () => {
  const { epsilon, delta: total } = advancedComposition(
    { epsilon: 0.1, delta: 0 },
    { count: 100, slack: Math.exp(-8) },
  );
  close(epsilon, 0.1 * Math.sqrt(1600) + 10 * Math.expm1(0.1), 1e-12);
  close(total, Math.exp(-8), 1e-15);
});

test("a Fourier transform there and back is the identity, and equals the direct sum", () => {
  const re = Float64Array.from({ length: 16 }, (_, i) => Math.sin(i * i));
  const im = Float64Array.from({ length: 16 }, (_, i) => Math.cos(3 * i));
  const signal = { re: re.slice(), im: im.slice() };
  fft(signal);
  let direct = 0;
  for (let t = 0; t < 16; t++) {
    const angle = (-2 * Math.PI * 5 * t) / 16;
    direct += re[t] * Math.cos(angle) - im[t] * Math.sin(angle);
  }
  close(signal.re[5], direct, 1e-13);
  fft(signal, true);
  re.forEach((x, i) => close(signal.re[i], x, 1e-14));
});

test("settings out of range are refused by name", () => {
  const run = { noiseMultiplier: 1, samplingRate: 0.1, steps: 10, delta };
  assert.throws(() => dpSgdEpsilon({ ...run, samplingRate: 1.5 }), /samplingRate must be in \[0, 1\], got 1.5/);
  assert.throws(() => dpSgdEpsilon({ ...run, steps: 0 }), /steps must be an integer of at least 1, got 0/);
  assert.throws(() => dpSgdEpsilon({ ...run, delta: 1 }), /delta must be above 0 and below 1, got 1/);
  assert.throws(() => composedEpsilon([], { delta }), /needs at least one event, got none/);
  assert.throws(
    () => composedEpsilon([{ kind: "gaussian", noiseMultiplier: NaN }], { delta }),
    /noiseMultiplier must be/,
  );
  assert.throws(() => dpSgdNoiseMultiplier({ ...run, epsilon: 0 }), /epsilon must be .* above 0, got 0/);
  assert.throws(() => composeGdp([]), /needs at least one mu, got none/);
  assert.throws(() => subsampledGaussianRdp({ ...run, order: 1 }), /order must be .* above 1, got 1/);
  assert.throws(() => rdpEpsilon({ orders: [2], divergences: [] }, { delta }), /must have the same length/);
});

test("zero-concentrated mechanisms compose by their ρ, and with others never below the exact value", () => {
  const delta = 1e-6;
  const rho = gaussianRho({ sigma: 4, sensitivity: 1 });
  const twenty = composedEpsilon([{ kind: "zcdp", rho, count: 20 }], { delta });
  assert.ok(twenty >= zcdpEpsilon({ rho: 20 * rho, delta }));
  close(twenty, zcdpEpsilon({ rho: 20 * rho, delta }), 1e-12);
  const others: PrivacyEvent[][] = [[], [{ kind: "gaussian", noiseMultiplier: 3 }],
    [{ kind: "guarantee", epsilon: 0.1, delta: 1e-8 }],
    [{ kind: "guarantee", epsilon: 0.1, delta: 0 }, { kind: "gaussian", noiseMultiplier: 9, count: 4 }]];
  for (const sigma of [0.3, 1, 4, 30]) for (const count of [1, 12]) {
    const concentrated = { kind: "zcdp", rho: gaussianRho({ sigma, sensitivity: 1 }), count } as const;
    const gaussian = { kind: "gaussian", noiseMultiplier: sigma, count } as const;
    for (const more of others) {
      const upper = composedEpsilon([concentrated, ...more], { delta });
      const exact = composedEpsilon([gaussian, ...more], { delta });
      assert.ok(upper >= exact && upper < 1.3 * exact + 1e-3, `σ ${sigma}: ${upper} for ${exact}`);
      const back = composedDelta([concentrated, ...more], { epsilon: upper });
      assert.ok(back <= delta * (1 + 1e-6) && back > delta * 0.5, `σ ${sigma}: ${back}`);
    }
  }
  close(zcdpDelta({ rho: 0.5, epsilon: zcdpEpsilon({ rho: 0.5, delta: 1e-5 }) }), 1e-5, 1e-9);
  assert.equal(zcdpDelta({ rho: 50, epsilon: 0 }), 1);
});
