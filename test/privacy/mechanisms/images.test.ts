import assert from "node:assert/strict";
import { test } from "node:test";
import {
  classMeansFromReports, fromRows, gaussianEpsilon, matrix, noiseImages, normalizeImages,
  reportRandomBits, seededRng, sourceNoisedImages,
} from "../../../lib";
import { fastNormal } from "../../../lib/privacy/mechanisms/fast-normal";
import { normalCdf } from "../../../lib/math/normal";
import { kolmogorovSmirnov, moments } from "../statistics";

const delta = 784 ** -2;
const flat = matrix(new Float32Array(200 * 100).fill(51), [200, 100]);
const unit = normalizeImages(flat);
const noised = (seed: number) => noiseImages(unit, { epsilon: 8, delta, rng: seededRng(seed) });
const source = {
  epsilon: 2000, delta, divideAfterNoise: false, clipAtZero: false, imagesPerNorm: 1,
};

test("normalizeImages gives each image norm 1, or one norm to a whole batch", () => {
  const X = fromRows([[3, 4], [0, 12]]);
  assert.deepEqual([...normalizeImages(X).data], [...Float32Array.of(0.6, 0.8, 0, 1)]);
  assert.deepEqual([...normalizeImages(X, { imagesPerNorm: 2 }).data], [3, 4, 0, 12].map((x) => Math.fround(x / 13)));
});

test("noised images differ from the true ones by normal noise of the analytic σ at sensitivity √2", () => {
  const { X, sigma, sensitivity, epsilon } = noised(1);
  assert.equal(sensitivity, Math.SQRT2);
  assert.equal(epsilon, 8);
  const noise = Float64Array.from(X.data, (value, p) => value - unit.data[p]);
  assert.ok(kolmogorovSmirnov(noise, (x) => normalCdf(x / sigma)) < 1.95);
});

test("the source's σ for ε 2000 truly costs 150,107.6 an image", () => {
  const { sigma, epsilon } = sourceNoisedImages(flat, { ...source, rng: seededRng(1) });
  assert.ok(Math.abs(sigma / 0.0026030714158485 - 1) < 1e-12);
  assert.ok(Math.abs(epsilon / 150107.629941 - 1) < 1e-9);
});

test("each of the source's faults changes the images as it says", () => {
  const plain = sourceNoisedImages(flat, { ...source, epsilon: 50, rng: seededRng(2) }).X.data;
  const divided = sourceNoisedImages(flat, {
    ...source, epsilon: 50, divideAfterNoise: true, rng: seededRng(2),
  }).X.data;
  const clipped = sourceNoisedImages(flat, { ...source, epsilon: 50, clipAtZero: true, rng: seededRng(2) }).X.data;
  plain.forEach((value, p) => {
    assert.ok(Math.abs(divided[p] * 255 - value) < 1e-6);
    assert.equal(clipped[p], Math.max(0, value));
  });
  const batch = sourceNoisedImages(flat, { ...source, epsilon: 50, imagesPerNorm: 100, rng: seededRng(2) }).X.data;
  // One norm over 100 equal images leaves each a tenth.
  batch.forEach((value, p) => assert.ok(Math.abs(value - (plain[p] - 0.9 * unit.data[p])) < 1e-6));
});

test("a norm that images share costs what one image can truly move, found by replacing one", () => {
  const noiseless = (X: typeof flat) => normalizeImages(X, { imagesPerNorm: 10 }).data;
  const { sensitivity, epsilon, sigma } = sourceNoisedImages(flat, { ...source, imagesPerNorm: 10, rng: seededRng(2) });
  for (const pixel of [255, 1]) {
    // Nine nearly black images and one that is exchanged for its opposite: the worst a neighbour can be.
    const group = (bright: number) => matrix(Float32Array.from({ length: 1000 }, (_, p) =>
      (p < 900 ? (p % 100 === 0 ? 1 : 0) : p % 2 === bright ? pixel : 0)), [10, 100]);
    const [one, other] = [group(0), group(1)].map(noiseless);
    const moved = Math.hypot(...one.map((value, p) => value - other[p]));
    assert.ok(moved <= sensitivity + 1e-6, `${moved} is more than ${sensitivity}`);
    if (pixel === 255) assert.ok(moved > 0.999 * sensitivity);
    assert.ok(epsilon >= gaussianEpsilon({ sigma, sensitivity: moved * (1 - 1e-6), delta }));
  }
});

test("the quick normal source has the moments and tails of the normal law", () => {
  const out = new Float32Array(1000000);
  fastNormal(seededRng(3))(out);
  const { mean, variance, kurtosis } = moments(out);
  assert.ok(Math.abs(mean) < 0.004 && Math.abs(variance - 1) < 0.005 && Math.abs(kurtosis) < 0.02);
  assert.ok(kolmogorovSmirnov(Float64Array.from(out), normalCdf) < 1.95);
  for (const edge of [3, 3.6541528853610088, 4]) {
    const expected = 2 * normalCdf(-edge) * out.length;
    const beyond = out.reduce((count, x) => count + (Math.abs(x) > edge ? 1 : 0), 0);
    assert.ok(Math.abs(beyond - expected) < 4 * Math.sqrt(expected), `${beyond} beyond ${edge}, expected ${expected}`);
  }
});

test("noised images repeat under one seed and differ under another", () => {
  assert.deepEqual(noised(1).X, noised(1).X);
  assert.notDeepEqual(noised(1).X, noised(2).X);
});

test("class means come back from randomised bits and labels, and tell the classes apart", () => {
  const n = 40000;
  const rng = seededRng(4);
  const y = Int32Array.from({ length: n }, () => rng.integer(2));
  const truth = [[0.9, 0.2, 0.5], [0.1, 0.7, 0.5]];
  const bits = matrix(
    Uint8Array.from({ length: 3 * n }, (_, p) => (rng.uniform() < truth[y[Math.floor(p / 3)]][p % 3] ? 1 : 0)),
    [n, 3],
  );
  const budget = { pixelEpsilon: 2, labelEpsilon: 2, numClasses: 2 };
  const reports = reportRandomBits(bits, y, { ...budget, rng });
  assert.equal(reports.epsilon, 4);
  const model = classMeansFromReports(reports, budget);
  truth.flat().forEach((mean, p) => assert.ok(Math.abs(model.means.data[p] - mean) < 0.04));
  const predicted = model.predict(bits);
  const right = predicted.reduce((sum, label, i) => sum + (label === y[i] ? 1 : 0), 0) / n;
  // The best any rule can do on these bits is 0.9.
  assert.ok(Math.abs(right - 0.9) < 0.01, `${right}`);
});

test("images that break a promise are refused with the reason", () => {
  const rng = seededRng(1);
  assert.throws(
    () => noiseImages(flat, { epsilon: 1, delta, rng }),
    /every image must have norm 1, got 510 for image 0/,
  );
  assert.throws(
    () => noiseImages(matrix(Float32Array.of(0.6, -0.8), [1, 2]), { epsilon: 1, delta, rng }),
    /pixels must be at least 0, got -0\.8.* in image 0; or set range to "any"/,
  );
  assert.throws(
    () => noiseImages(matrix(Float32Array.of(NaN, 1), [1, 2]), { epsilon: 1, delta, rng }),
    /norm 1, got NaN/,
  );
  assert.throws(() => normalizeImages(fromRows([[1, NaN]])), /X must be finite, got NaN at position 1/);
  assert.throws(() => normalizeImages(fromRows([[0, 0]])), /image 0 must have a pixel that is not 0/);
  assert.throws(() => noiseImages(unit, { epsilon: 0, delta, rng }), /epsilon must be .* above 0, got 0/);
  assert.throws(() => noiseImages(unit, { epsilon: 1, delta: 1, rng }), /delta must be above 0 and below 1, got 1/);
  assert.throws(() => sourceNoisedImages(fromRows([[1, -3]]), { ...source, rng }), /X must be in \[0, 255\], got -3/);
});
