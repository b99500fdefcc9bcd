import assert from "node:assert/strict";
import { test } from "node:test";
import { conjugateGradients, cosineSimilarity, lanczosEigenvalues, lissa, seededRng } from "../../lib";

/** Symmetric, with eigenvalues 1, 2, … n in a rotated basis (a Householder reflection). */
function operator(n: number, shift = 0) {
  const raw = Array.from({ length: n }, (_, i) => Math.sin(i + 1));
  const size = Math.hypot(...raw);
  const h = raw.map((value) => value / size);
  const reflect = (v: ArrayLike<number>): number[] => {
    const along = h.reduce((sum, value, i) => sum + value * v[i], 0);
    return h.map((value, i) => v[i] - 2 * along * value);
  };
  return (v: ArrayLike<number>): number[] => reflect(reflect(v).map((value, i) => (i + 1 + shift) * value));
}
const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

test("conjugate gradients solve a 2 × 2 system worked by hand", () => {
  const product = (v: Float64Array): number[] => [4 * v[0] + v[1], v[0] + 3 * v[1]];
  const { x, iterations, converged } = conjugateGradients(product, [1, 2], { damping: 0, tolerance: 1e-12 });
  assert.ok(Math.abs(x[0] - 1 / 11) < 1e-12 && Math.abs(x[1] - 7 / 11) < 1e-12);
  assert.equal(iterations, 2);
  assert.ok(converged);
});

test("conjugate gradients end after n steps, and report a residual and curvatures that hold", () => {
  const product = operator(12);
  const { x, residual, curvature, iterations } = conjugateGradients(product, ones(12), {
    damping: 0.5,
    tolerance: 1e-10,
  });
  assert.ok(iterations <= 12);
  const left = product(x).map((value, i) => value + 0.5 * x[i] - 1);
  assert.ok(Math.abs(Math.hypot(...left) / Math.sqrt(12) - residual) < 1e-9);
  assert.ok(curvature[0] >= 1.5 - 1e-9 && curvature[1] <= 12.5 + 1e-9);
});

test("a preconditioner equal to the diagonal solves a diagonal system in one step", () => {
  const diagonal = [1, 10, 100, 1000];
  const product = (v: Float64Array): Float64Array => v.map((value, i) => diagonal[i] * value);
  const options = { damping: 0.1, tolerance: 1e-9 };
  assert.equal(conjugateGradients(product, ones(4), { ...options, diagonal }).iterations, 1);
  assert.equal(conjugateGradients(product, ones(4), options).iterations, 4);
});

test("conjugate gradients report negative curvature instead of going on", () => {
  const { negativeCurvature, converged, curvature } = conjugateGradients(operator(6, -3), ones(6), {
    damping: 0,
    tolerance: 1e-9,
  });
  assert.ok(negativeCurvature && !converged && curvature[0] <= 0);
});

test("conjugate gradients refuse negative damping and numbers that are not finite", () => {
  assert.throws(() => conjugateGradients((v) => v, [1], { damping: -1 }), {
    name: "RangeError",
    message: /damping must be in \[0, .*\], got -1/,
  });
  assert.throws(() => conjugateGradients((v) => v, [NaN], { damping: 1 }), {
    message: /b must be finite, got NaN at position 0/,
  });
});

test("LiSSA converges to the damped inverse where its scale is large enough", () => {
  const { x } = lissa(operator(8), ones(8), { scale: 10, damping: 0, patience: 1, maxIterations: 2000 });
  const exact = conjugateGradients(operator(8), ones(8), { damping: 0, tolerance: 1e-12 }).x;
  x.forEach((value, i) => assert.ok(Math.abs(value - exact[i]) < 1e-6));
});

test("LiSSA stopped early is the plain gradient times the number of iterations", () => {
  const { x, iterations } = lissa(operator(8), ones(8), { scale: 1e7, damping: 0, maxIterations: 50 });
  assert.equal(iterations, 50);
  assert.ok(cosineSimilarity(x, ones(8)) > 0.9999);
  assert.ok(Math.abs(x[0] * 1e7 - 51) < 0.01);
});

test("LiSSA gives up after `patience` iterations without a smaller update, and says when it overflows", () => {
  assert.equal(lissa(operator(8), ones(8), { scale: 2, damping: 0, patience: 7 }).iterations, 8);
  assert.throws(() => lissa(operator(8), ones(8), { scale: 1e-3, patience: 1000 }), {
    message: /diverged after \d+ iterations; scale 0.001/,
  });
  assert.throws(() => lissa(operator(8), ones(8), { damping: -0.1 }), {
    name: "RangeError",
    message: /damping must be in \[0, 1\], got -0.1/,
  });
});

test("Lanczos finds every eigenvalue of a small matrix, and the ends of a large one's spectrum", () => {
  const all = lanczosEigenvalues(operator(10), 10, { iterations: 10, rng: seededRng(1) });
  all.forEach((value, i) => assert.ok(Math.abs(value - (i + 1)) < 1e-8));
  const ends = lanczosEigenvalues(operator(200, -50), 200, { iterations: 60, rng: seededRng(1) });
  assert.ok(Math.abs(ends[0] + 49) < 0.5 && Math.abs(ends[ends.length - 1] - 150) < 0.5);
});

test("the cosine of parallel, opposite and right-angled vectors", () => {
  assert.equal(cosineSimilarity([1, 0], [2, 0]), 1);
  assert.equal(cosineSimilarity([1, 0], [-3, 0]), -1);
  assert.equal(cosineSimilarity([1, 0], [0, 5]), 0);
  assert.throws(() => cosineSimilarity([1], [1, 2]), { message: /same length, got 1 and 2/ });
});

test("LiSSA says that it diverged, also where its numbers are still finite", () => {
  const diverging = lissa(operator(8), ones(8), { scale: 2, damping: 0, maxIterations: 40 });
  assert.ok(diverging.diverged && diverging.x.every(Number.isFinite) && Math.abs(diverging.x[0]) > 1e4);
  // Stopped just after its updates began to grow, before its numbers look strange.
  const scale = 3.9;
  const { updateNorms } = lissa(operator(8), ones(8), { scale, damping: 0, patience: 300, maxIterations: 300 });
  const shortest = updateNorms.indexOf(Math.min(...updateNorms));
  assert.ok(shortest > 0 && shortest < 299);
  assert.ok(lissa(operator(8), ones(8), { scale, damping: 0, maxIterations: shortest + 3 }).diverged);
  for (const [scale, maxIterations] of [[10, 2000], [10, 20], [1e7, 50], [4.1, 500]] as const)
    assert.ok(!lissa(operator(8), ones(8), { scale, damping: 0, maxIterations }).diverged, `${scale}`);
});

test("Lanczos knows the zero operator and multiples of the identity", () => {
  const options = { iterations: 5, rng: seededRng(1) };
  assert.deepEqual([...lanczosEigenvalues((v) => v.map(() => 0), 6, options)], [0]);
  const [three, ...none] = lanczosEigenvalues((v) => v.map((value) => 3 * value), 6, options);
  assert.ok(Math.abs(three - 3) < 1e-9 && none.length === 0);
});
