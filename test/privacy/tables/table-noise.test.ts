import assert from "node:assert/strict";
import { test } from "node:test";
import { composedEpsilon, seededRng } from "../../../lib";
import { normalCdf } from "../../../lib/math/normal";
import { tableNoise } from "../../../lib/privacy/tables/table-noise";
import { kolmogorovSmirnov } from "../statistics";

const guarantee = { epsilon: 1, delta: 1e-6 };

test("both kinds agree in distribution, up to rounding to whole numbers", () => {
  const [normal, discrete] = (["normal", "discrete"] as const).map((kind) => tableNoise(kind, guarantee, seededRng(1)));
  const sigma = 40;
  const counts = new Float64Array(20_000).fill(7);
  const whole = discrete.noised(counts, sigma);
  assert.ok(whole.every(Number.isInteger));
  // A uniform number on [−½, ½) makes a discrete Gaussian of large σ a normal one but for σ⁻² of its variance.
  const rng = seededRng(2);
  const smooth = (values: Float64Array) => values.map((value) => (value - 7 + rng.uniform() - 0.5) / sigma);
  assert.ok(kolmogorovSmirnov(smooth(whole), normalCdf) < 1.95);
  const rounded = normal.noised(counts, sigma).map(Math.round);
  const variance = (values: Float64Array) => values.reduce((sum, value) => sum + (value - 7) ** 2, 0) / values.length;
  assert.ok(Math.abs(variance(whole) / variance(rounded) - 1) < 0.05);
});

test("choices agree in distribution: the worst marginal as often, and ties evenly", () => {
  const candidate = (expected: number, weight = 1) =>
    ({ candidate: { columns: [0], expected: Float64Array.of(expected), weight, penalty: 0.25 },
      counts: Float64Array.of(10) });
  const candidates = [candidate(10), candidate(4), candidate(16), candidate(7, 2)];
  const shares = (kind: "normal" | "discrete") => {
    const noise = tableNoise(kind, guarantee, seededRng(3));
    const picked = new Float64Array(4);
    for (let i = 0; i < 20_000; i++) picked[noise.choose(candidates, 4)] += 1 / 20_000;
    return picked;
  };
  const [normal, discrete] = [shares("normal"), shares("discrete")];
  // The ε of a choice differs: 2 ln(Φ(μ/2) / Φ(−μ/2)) under normal noise, √(8 ρ) under discrete noise.
  const epsilon = Math.sqrt(8 / (2 * 16));
  const weights = [-0.25, 5.75, 5.75, 5.5].map((score) => Math.exp((epsilon * score) / 4));
  const total = weights.reduce((sum, weight) => sum + weight);
  for (let i = 0; i < 4; i++) {
    assert.ok(Math.abs(discrete[i] - weights[i] / total) < 0.015, `${i}: ${discrete[i]}`);
    assert.ok(Math.abs(discrete[i] - normal[i]) < 0.05, `${i}: ${discrete[i]} and ${normal[i]}`);
  }
});

test("a whole budget of either kind is spent, and no more", () => {
  for (const kind of ["normal", "discrete"] as const) {
    const noise = tableNoise(kind, guarantee, seededRng(4));
    for (const parts of [1, 7, 100]) {
      const events = Array.from({ length: parts }, () => noise.event(noise.sigma(1 / parts)));
      const total = composedEpsilon(events, guarantee);
      assert.ok(total <= 1 + 1e-9 && total > 0.998, `${kind}, ${parts}: ${total}`);
    }
  }
});
