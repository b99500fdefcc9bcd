import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addGaussianNoise, debiasedClassShares, debiasedShares, decodeUnaryLabels, discreteGaussianDelta,
  discreteGaussianMechanism, discreteGaussianNoise, discreteLaplaceMechanism, discreteLaplaceNoise,
  exactExponentialMechanism, exponentialMechanism, exponentialProbabilities, gaussianMechanism, laplaceMechanism,
  unaryEncode, randomizeBits,
  randomizedResponse, randomizedResponseProbabilities, secureRng, seededRng, subsetSelection, unaryEpsilon,
  unaryProbabilities, type Rng,
} from "../../../lib";
import { normalCdf } from "../../../lib/math/normal";
import { fineUniform, happens } from "../../../lib/privacy/mechanisms/rare-draws";
import { chiSquare, kolmogorovSmirnov, moments } from "../statistics";

const n = 20000;
const zeros = new Float64Array(n);
const relation = { neighbors: "replace-one" } as const;
const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

test("Gaussian noise follows the normal law of the analytic σ", () => {
  const release = gaussianMechanism(zeros, { epsilon: 1, delta: 1e-5, sensitivity: 2, ...relation, rng: seededRng(1) });
  close(release.sigma, 2 * 3.73063163481594, 1e-10);
  assert.equal(release.epsilon, 1);
  assert.ok(kolmogorovSmirnov(release.values, (x) => normalCdf(x / release.sigma)) < 1.95);
  close(moments(release.values).kurtosis, 0, 0.14);
});

test("classical calibration reports the true ε, not the one asked for", () => {
  const options = { epsilon: 2000, delta: 784 ** -2, sensitivity: Math.SQRT2, ...relation, rng: seededRng(1) };
  const { epsilon, sigma } = gaussianMechanism([0], { ...options, calibration: "classical" });
  assert.ok(epsilon > 70000);
  assert.ok(sigma < gaussianMechanism([0], options).sigma);
});

test("Laplace noise follows its law: distribution, variance 2b², heavy tails", () => {
  const noise = laplaceMechanism(zeros, { epsilon: 0.5, sensitivity: 1, ...relation, rng: seededRng(2) });
  const cdf = (x: number) => (x < 0 ? Math.exp(x / 2) / 2 : 1 - Math.exp(-x / 2) / 2);
  assert.ok(kolmogorovSmirnov(noise, cdf) < 1.95);
  close(moments(noise).variance, 8, 0.5);
  const beyond = noise.filter((x) => Math.abs(x) > 10).length / n;
  close(beyond, Math.exp(-5), 0.002);
});

for (const sigma of [0.4, 1, 3.7])
  test(`the discrete Gaussian of σ ${sigma} has its exact probabilities`, () => {
    const rng = seededRng(3);
    const radius = Math.ceil(2.5 * sigma);
    const weights = Array.from({ length: 200 }, (_, i) => Math.exp(-((i - 100) ** 2) / (2 * sigma ** 2)));
    const total = weights.reduce((a, b) => a + b);
    const expected = new Float64Array(2 * radius + 1);
    weights.forEach((w, i) => {
      expected[Math.max(-radius, Math.min(radius, i - 100)) + radius] += (n * w) / total;
    });
    const observed = new Float64Array(2 * radius + 1);
    for (let i = 0; i < n; i++)
      observed[Math.max(-radius, Math.min(radius, discreteGaussianNoise(sigma, rng))) + radius]++;
    assert.ok(chiSquare(observed, expected) < 4);
  });

test("the discrete Laplace law is geometric on both sides", () => {
  const rng = seededRng(4);
  const scale = 1.7;
  const a = Math.exp(-1 / scale);
  const observed = new Float64Array(13);
  const expected = new Float64Array(13);
  for (let x = -60; x <= 60; x++)
    expected[Math.max(-6, Math.min(6, x)) + 6] += (n * ((1 - a) / (1 + a)) * a ** Math.abs(x));
  for (let i = 0; i < n; i++) observed[Math.max(-6, Math.min(6, discreteLaplaceNoise(scale, rng))) + 6]++;
  assert.ok(chiSquare(observed, expected) < 4);
});

test("the discrete Gaussian's exact δ is below that of its concentrated bound, " +
  "and the mechanism keeps its promise", () => {
  const options = { epsilon: 1, delta: 1e-6, sensitivity: 1, ...relation };
  const { sigma, values, rho } = discreteGaussianMechanism([5, -3, 0], { ...options, rng: seededRng(5) });
  assert.ok(values.every(Number.isInteger));
  close(rho, 1 / (2 * sigma ** 2), 1e-12);
  assert.ok(discreteGaussianDelta({ sigma, sensitivity: 1, epsilon: 1 }) <= 1e-6);
  // By hand: σ² = 1/2 gives weights e^(−x²); at ε = 0 δ is the weight of 0 over the total (threshold −1/2).
  const total = 1 + 2 * (Math.exp(-1) + Math.exp(-4) + Math.exp(-9) + Math.exp(-16));
  close(discreteGaussianDelta({ sigma: Math.SQRT1_2, sensitivity: 1, epsilon: 0 }), 1 / total, 1e-10);
});

test("randomised response has the p and q of ε, for two and for ten classes", () => {
  close(randomizedResponseProbabilities({ epsilon: 1, numClasses: 2 }).p, 0.731058578630005, 1e-14);
  const ten = randomizedResponseProbabilities({ epsilon: 1, numClasses: 10 });
  close(ten.p, 0.231969316684074, 1e-14);
  close(ten.q, 0.0853367425906585, 1e-14);
  close(ten.p + 9 * ten.q, 1, 1e-14);
});

test("randomised response reports every class as often as p and q say, and debiasing finds the true shares", () => {
  const y = new Int32Array(n).fill(3);
  const options = { epsilon: 2, numClasses: 5 };
  const reports = randomizedResponse(y, { ...options, rng: seededRng(6) });
  const { p, q } = randomizedResponseProbabilities(options);
  const observed = new Float64Array(5);
  for (const report of reports) observed[report]++;
  assert.ok(chiSquare(observed, [q, q, q, p, q].map((share) => n * share)) < 4);
  const shares = debiasedClassShares(reports, options);
  [0, 0, 0, 1, 0].forEach((share, i) => close(shares[i], share, 0.02));
  close(shares.reduce((a, b) => a + b), 1, 1e-9);
});

test("unary probabilities and costs equal their closed forms", () => {
  const symmetric = unaryProbabilities({ epsilon: 1, kind: "symmetric" });
  close(symmetric.p, 0.622459331201855, 1e-14);
  close(symmetric.q, 0.377540668798145, 1e-14);
  const optimised = unaryProbabilities({ epsilon: 1, kind: "optimized" });
  assert.equal(optimised.p, 0.5);
  close(optimised.q, 0.268941421369995, 1e-14);
  for (const kind of ["symmetric", "optimized"] as const)
    close(unaryEpsilon(unaryProbabilities({ epsilon: 1, kind })).pair, 1, 1e-14);
  close(unaryEpsilon({ p: 0.88, q: 0.12 }).pair, 3.98486032938041, 1e-13);
  close(784 * unaryEpsilon({ p: 0.88, q: 0.12 }).bit, 1562.06524911712, 1e-9);
  close(unaryEpsilon({ p: 0.5, q: 0.1 }).pair, 2.19722457733622, 1e-13);
  close(784 * unaryEpsilon({ p: 0.5, q: 0.1 }).bit, 1261.79932334833, 1e-9);
});

test("the variance of a debiased count is q(1 − q)/(p − q)² a user, as the theory says", () => {
  const variance = ({ p, q }: { p: number; q: number }) => (q * (1 - q)) / (p - q) ** 2;
  close(variance(unaryProbabilities({ epsilon: 1, kind: "symmetric" })), 3.917698089, 0.01);
  close(variance(unaryProbabilities({ epsilon: 1, kind: "optimized" })), 3.682694377, 0.01);
});

test("randomised bits are ones with chance p and q, and debiasing finds the true shares", () => {
  const y = Int32Array.from({ length: n }, (_, i) => i % 4);
  const flip = { p: 0.7, q: 0.2 };
  const reports = randomizeBits(unaryEncode(y, 4), { ...flip, rng: seededRng(7) });
  for (const share of debiasedShares(reports, flip)) close(share, 0.25, 0.03);
  const first = reports.data.filter((_, i) => i % 4 === 0 && y[i >> 2] === 0);
  close(first.reduce((a, b) => a + b, 0) / first.length, 0.7, 0.03);
});

test("labels read back from unary reports are the reported ones", () => {
  const y = Int32Array.from([2, 0, 1]);
  assert.deepEqual(decodeUnaryLabels(unaryEncode(y, 3), { rng: seededRng(8) }), y);
});

/** A generator whose next words are given; then zeros, the rarest of draws. */
const scripted = (words: readonly number[]): Rng => {
  const rest = [...words];
  const rng = seededRng(0);
  const word = (): number => rest.shift() ?? 0;
  return { ...rng, word, uniform: () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992,
    integer: (k) => rng.integer(k), normal: () => rng.normal(), permutation: (k) => rng.permutation(k),
    spawn: (key) => rng.spawn(key) };
};

test("a chance below 2⁻⁵³ still comes true, as often as it says", () => {
  const highest = 2 ** 32 - 1;
  // 2⁻⁶⁵ is two words of zeros and then an even chance; one word that is not 0 denies it.
  assert.equal(happens(2 ** -65, scripted([0, 0, highest, highest])), true);
  assert.equal(happens(2 ** -65, scripted([0, 1, highest, highest])), false);
  assert.equal(happens(2 ** -33, scripted([0, highest, highest])), true);
  assert.equal(happens(2 ** -33, scripted([0, 0, 0])), false);
  assert.equal(happens(0, scripted([])), false);
  assert.equal(happens(1, scripted([])), true);
  const rng = seededRng(1);
  let count = 0;
  for (let i = 0; i < n; i++) count += happens(0.3, rng) ? 1 : 0;
  close(count / n, 0.3, 0.02);
  assert.ok(fineUniform(scripted([0, 0, 0, 7])) < 2 ** -90);
});

test("mechanisms still lie where 1 − p rounds to 0, at ε 40 and 200", () => {
  for (const epsilon of [40, 200]) {
    // e^−200 is 2^−288.5: nine words of zeros, and a little more.
    const after = (words: number): Rng =>
      scripted([...new Array<number>(words).fill(0), ...new Array<number>(4).fill(2 ** 32 - 1)]);
    const lies = (draw: (rng: Rng) => number): boolean =>
      Array.from({ length: 10 }, (_, words) => draw(after(words))).some((value) => value !== 0);
    assert.ok(lies((rng) => randomizedResponse(Int32Array.of(0), { epsilon, numClasses: 3, rng })[0]));
    assert.ok(lies((rng) => subsetSelection(Int32Array.of(0), { epsilon, numSymbols: 4, subsetSize: 1, rng })[0]));
    const choice = { epsilon: 2 * epsilon, sensitivity: 1, ...relation, rng: after(10) };
    assert.equal(exponentialMechanism([0, 1], choice), 0);
  }
});

test("the exponential mechanism picks with its exact chances, also by whole numbers alone", () => {
  const options = { epsilon: 2, sensitivity: 1, ...relation };
  const probabilities = exponentialProbabilities([0, 1, 2], options);
  close(probabilities[2] / probabilities[0], Math.exp(2), 1e-12);
  for (const pick of [exponentialMechanism, exactExponentialMechanism]) {
    const rng = seededRng(9);
    const observed = new Float64Array(3);
    for (let i = 0; i < n; i++) observed[pick([0, 1, 2], { ...options, rng })]++;
    assert.ok(chiSquare(observed, probabilities.map((share) => n * share)) < 4);
  }
  // A candidate without hope among large scores, where e^(−γ) is 0 in floating point, is never picked.
  const far = { epsilon: 1, sensitivity: 1, ...relation, rng: seededRng(9) };
  for (let i = 0; i < 100; i++) assert.equal(exactExponentialMechanism([2 ** 52, -(2 ** 52)], far), 0);
});

test("no outcome of a pure mechanism is more than e^ε times likelier under a neighbour", () => {
  const trials = 40000;
  const epsilon = 1;
  const bound = (a: number, b: number) => {
    // Three standard errors of a log ratio of two counts.
    if (a > 50 && b > 50) assert.ok(Math.abs(Math.log(a / b)) <= epsilon + 3 * Math.sqrt(1 / a + 1 / b));
  };
  const histogram = (draw: () => number) => {
    const counts = new Map<number, number>();
    for (let i = 0; i < trials; i++) {
      const outcome = draw();
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    return counts;
  };
  const rng = seededRng(10);
  const pairs: [() => number, () => number][] = [
    [0, 1].map((x) => () => discreteLaplaceMechanism([x], { epsilon, sensitivity: 1, ...relation, rng })[0]),
    [0, 1].map((x) => () => Math.floor(laplaceMechanism([x], { epsilon, sensitivity: 1, ...relation, rng })[0])),
    [0, 3].map((x) => () => randomizedResponse(Int32Array.of(x), { epsilon, numClasses: 4, rng })[0]),
    [0, 2].map((x) => () => {
      const flip = unaryProbabilities({ epsilon, kind: "optimized" });
      return randomizeBits(unaryEncode(Int32Array.of(x), 3), { ...flip, rng }).data.reduce((a, bit) => 2 * a + bit, 0);
    }),
    [[1, 2, 3], [2, 1, 2]].map((scores) => () =>
      exponentialMechanism(scores, { epsilon, sensitivity: 1, ...relation, rng })),
  ].map(([a, b]) => [a, b]);
  for (const [first, second] of pairs) {
    const a = histogram(first);
    const b = histogram(second);
    assert.ok(a.size > 1);
    for (const [outcome, count] of a) bound(count, b.get(outcome) ?? 0);
  }
});

test("mechanisms repeat under one seed, differ under another and run on secure randomness", () => {
  const draw = (seed: number) => ({
    gaussian: [...addGaussianNoise([1, 2], { sigma: 1, rng: seededRng(seed) })],
    discrete: discreteGaussianNoise(5, seededRng(seed)) + 1000 * discreteGaussianNoise(50, seededRng(seed)),
    labels: [...randomizedResponse(new Int32Array(50), { epsilon: 1, numClasses: 10, rng: seededRng(seed) })],
  });
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const secure = () => addGaussianNoise([0, 0, 0], { sigma: 1, rng: secureRng() });
  assert.notDeepEqual(secure(), secure());
});

test("mechanisms leave their input as it was", () => {
  const values = Float64Array.of(1, 2);
  const y = Int32Array.of(0, 1);
  const bits = unaryEncode(y, 2);
  gaussianMechanism(values, { epsilon: 1, delta: 0.1, sensitivity: 1, ...relation, rng: seededRng(1) });
  randomizedResponse(y, { epsilon: 0.1, numClasses: 2, rng: seededRng(1) });
  randomizeBits(bits, { p: 0.6, q: 0.5, rng: seededRng(1) });
  assert.deepEqual([...values, ...y, ...bits.data], [1, 2, 0, 1, 1, 0, 0, 1]);
});

test("bad settings and bad data are refused by name", () => {
  const rng = seededRng(1);
  const gaussian = { epsilon: 1, delta: 1e-5, sensitivity: 1, ...relation, rng };
  assert.throws(() => gaussianMechanism([1, NaN], gaussian), /values must be finite, got NaN at position 1/);
  assert.throws(() => gaussianMechanism([1], { ...gaussian, epsilon: 0 }), /epsilon must be .* above 0, got 0/);
  assert.throws(() => gaussianMechanism([1], { ...gaussian, delta: 1 }), /delta must be above 0 and below 1, got 1/);
  assert.throws(
    () => gaussianMechanism([1], { ...gaussian, neighbors: "same" as "replace-one" }),
    /neighbors must be one of replace-one, add-remove, got "same"/,
  );
  assert.throws(() => laplaceMechanism([1], { ...gaussian, epsilon: -2 }), /epsilon must be .* above 0, got -2/);
  assert.throws(() => discreteGaussianMechanism([0.5], gaussian), /values must be an integer .*, got 0.5/);
  assert.throws(
    () => discreteLaplaceMechanism([1], { ...gaussian, sensitivity: 0.5 }),
    /sensitivity must be an integer/,
  );
  assert.throws(() => discreteGaussianNoise(1e7, rng), /sigma must be in \[0, 1000000\], got 10000000/);
  assert.throws(() => randomizedResponse(Int32Array.of(5), { epsilon: 1, numClasses: 5, rng }), /y must be .*, got 5/);
  assert.throws(() => unaryEpsilon({ p: 0.2, q: 0.2 }), /p must be above q, got p = 0.2 and q = 0.2/);
  assert.throws(() => unaryEpsilon({ p: 1, q: 1e-17 }), /p must be above 0 and below 1, got 1/);
  assert.throws(() => randomizeBits(unaryEncode(Int32Array.of(0), 2), { p: 0.1, q: 0.4, rng }), /p must be above q/);
  assert.throws(() => exponentialMechanism([], { epsilon: 1, sensitivity: 1, ...relation, rng }), /number of scores/);
});

test("δ of discrete noise is above 0 and a number at any size; sizes that can't be drawn are refused", () => {
  for (const sigma of [1e-200, 0.05, 4, 1000])
    for (const sensitivity of [1, 2, 1000])
      for (const epsilon of [0, 1, 100, 1e300]) {
        const delta = discreteGaussianDelta({ sigma, sensitivity, epsilon });
        assert.ok(delta > 0 && delta <= 1, `${sigma}, ${sensitivity}, ${epsilon}: ${delta}`);
      }
  assert.throws(() => discreteGaussianDelta({ sigma: 1e9, sensitivity: 1, epsilon: 1 }),
    /sigma must be in \[0, 1000000/);
  assert.throws(() => discreteGaussianMechanism([1], { epsilon: 1e-7, delta: 1e-9, sensitivity: 1,
    neighbors: "add-remove", rng: seededRng(1) }), /discreteGaussianMechanism: epsilon must be so large that sigma/);
});

test("the exponential mechanism picks the best of scores of any size", () => {
  for (const [scores, epsilon, sensitivity] of [[[-1e308, 1e308], 1e10, 1], [[1, 2], 1, 1e-320], [[0, 1e308], 5e-324,
    1e-5]] as const) {
    const options = { epsilon, sensitivity, neighbors: "add-remove" } as const;
    assert.deepEqual([...exponentialProbabilities(scores, options)], [0, 1]);
    assert.equal(exponentialMechanism(scores, { ...options, rng: seededRng(1) }), 1);
  }
});

test("estimates from reports that tell nothing are refused, not NaN", () => {
  for (const epsilon of [5e-324, 1e-300])
    assert.throws(() => debiasedClassShares(Int32Array.of(0, 1), { epsilon, numClasses: 3 }),
      /debiasedClassShares: epsilon must be so large that truth and lie differ/);
});
