import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracyRecovered,
  adam,
  correctLabels,
  cosineSimilarity,
  evaluateNetwork,
  flipToOpposite,
  lossDerivatives,
  matrix,
  membershipScore,
  memorizedShare,
  mlp,
  networkOutputs,
  seededRng,
  selectLabels,
  selectRows,
  splitNetwork,
  trainNetworkSync,
  type CorrectionRule,
  type CorrectionStep,
  type Matrix,
  type Network,
} from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";

function blobs(n: number, seed: number): { X: Matrix; y: Int32Array } {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 4);
  const X = matrix(
    Float32Array.from({ length: n * 6 }, (_, k) => (k % 6 === y[Math.floor(k / 6)] ? 2 : 0) + 0.7 * rng.normal()),
    [n, 6],
  );
  return { X, y };
}

const train = blobs(400, 1);
const held = blobs(400, 2);
const { y: poisonedLabels, flipped } = flipToOpposite(train.y, { budget: 120, numClasses: 4, rng: seededRng(42) });
const architecture = mlp({ numFeatures: 6, hidden: [48, 24], numClasses: 4 });
const fit = (y: Int32Array): Network =>
  trainNetworkSync(architecture, train.X, y, { epochs: 60, rng: seededRng(3), optimizer: adam({ learningRate: 0.01 }) })
    .network;
const poisoned = fit(poisonedLabels);
const clean = fit(train.y);

function correct(rule: CorrectionRule, seed = 1) {
  const steps: CorrectionStep[] = [];
  const result = correctLabels(poisoned, train.X, train.y, {
    rule,
    samples: 64,
    steps: 5,
    parameters: { last: 4 },
    rng: seededRng(seed),
    onStep: (step) => steps.push(step),
  });
  return { ...result, steps };
}

test("flipToOpposite flips budget / classes of each class to 9 − s, in NumPy's order of seed 42", () => {
  // numpy.random.RandomState(42).permutation(10) = [8 1 5 0 7 2 9 4 3 6] (NumPy 1.26)
  const y = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
  const { y: poisoned, flipped } = flipToOpposite(y, { budget: 4, numClasses: 2, rng: seededRng(42) });
  assert.deepEqual([...flipped], [0, 1, 5, 8]);
  assert.deepEqual([...poisoned], [1, 1, 0, 0, 0, 0, 1, 1, 0, 1]);
});

test("a budget of 10,000 over ten classes flips 1,000 of each", () => {
  const y = Int32Array.from({ length: 50000 }, (_, i) => i % 10);
  const { y: poisoned, flipped } = flipToOpposite(y, { budget: 10000, rng: seededRng(42) });
  const counts = new Array(10).fill(0);
  flipped.forEach((i) => {
    counts[y[i]]++;
    assert.equal(poisoned[i], 9 - y[i]);
  });
  assert.deepEqual(counts, new Array(10).fill(1000));
});

test("flipToOpposite names a budget over the data, a class out of range and a class too small", () => {
  const rng = seededRng(1);
  assert.throws(() => flipToOpposite(Int32Array.of(0, 1), { budget: 4, numClasses: 2, rng }), {
    message: /budget must be an integer in \[0, 2\], got 4/,
  });
  assert.throws(() => flipToOpposite(Int32Array.of(0, 5), { budget: 2, numClasses: 2, rng }), {
    message: /classes must be in \[0, 2\), got 5 at position 1/,
  });
  assert.throws(() => flipToOpposite(Int32Array.of(0, 0, 1), { budget: 3, numClasses: 2, rng }), {
    message: /multiple of 2, got 3/,
  });
  assert.throws(() => flipToOpposite(Int32Array.of(0, 0, 0, 1), { budget: 4, numClasses: 2, rng }), {
    message: /needs 2 examples of class 1, got 1/,
  });
});

test("the first-order update is the step size times the difference of the two gradients", () => {
  const {
    steps: [first],
  } = correct({ kind: "firstOrder", stepSize: 1e-3 });
  const wrong = [...poisoned.predict(train.X)].flatMap((label, i) => (label !== train.y[i] ? [i] : []));
  assert.equal(first.misclassified, wrong.length);
  const drawn = Array.from(seededRng(1).permutation(wrong.length).slice(0, 64), (k) => wrong[k]);
  const rows = selectRows(train.X, drawn);
  const gradientFor = (labels: Int32Array): Float64Array => {
    const derivatives = lossDerivatives(poisoned, rows, labels, { parameters: { last: 4 }, reduction: "sum" });
    const gradient = derivatives.gradient();
    derivatives.dispose();
    return gradient;
  };
  const isTrue = gradientFor(selectLabels(train.y, drawn));
  const asPredicted = gradientFor(selectLabels(poisoned.predict(train.X), drawn));
  first.update.forEach((value, i) => assert.ok(Math.abs(value - 1e-3 * (isTrue[i] - asPredicted[i])) < 1e-9));
});

test("every rule brings accuracy on unseen data back and counts its work", () => {
  const before = evaluateNetwork(poisoned, held.X, held.y).accuracy;
  for (const rule of [
    { kind: "firstOrder", stepSize: 1e-3 },
    { kind: "lissa", scale: 30000, maxIterations: 30 },
    { kind: "gaussNewton", damping: 0.1 },
  ] as CorrectionRule[]) {
    const { network, counters, steps } = correct(rule);
    assert.ok(evaluateNetwork(network, held.X, held.y).accuracy > before, rule.kind);
    assert.equal(counters.gradients, 2 * steps.reduce((sum, { drawn }) => sum + drawn, 0));
    const iterations = steps.reduce(
      (sum, step) =>
        sum + step.drawn * (step.lissa?.iterations ?? 0) + 400 * (step.conjugateGradients?.iterations ?? 0),
      0,
    );
    assert.equal(counters.products, iterations);
    assert.ok(counters.samples <= 400);
  }
});

test("LiSSA at a large scale points where the plain gradient points", () => {
  const {
    steps: [first],
  } = correct({ kind: "lissa", scale: 1e7, maxIterations: 20 });
  assert.ok(cosineSimilarity(first.update, first.gradientDifference) > 0.999);
});

test("an update on cached trunk features equals the update of the whole network", () => {
  const { trunk, head } = splitNetwork(poisoned, 1);
  const features = networkOutputs(trunk, train.X);
  const rule: CorrectionRule = { kind: "gaussNewton", damping: 0.3, tolerance: 1e-4 };
  const options = { rule, samples: 64, steps: 1, parameters: { last: 4 } };
  const whole = correctLabels(poisoned, train.X, train.y, { ...options, rng: seededRng(1) });
  const cached = correctLabels(head, features, train.y, { ...options, rng: seededRng(1) });
  cached.network.weights.forEach((values, t) =>
    values.forEach((value, i) => assert.ok(Math.abs(value - whole.network.weights[2 + t][i]) < 1e-5)),
  );
});

test("correctLabels repeats under one seed, differs under another, and leaves its network and no tensor behind", () => {
  const weights = poisoned.weights.map((values) => values.slice());
  const rule: CorrectionRule = { kind: "firstOrder", stepSize: 1e-3 };
  const a = correct(rule);
  const tensors = loadTensorflow().memory().numTensors;
  assert.deepEqual(correct(rule).network, a.network);
  assert.notDeepEqual(correct(rule, 2).network, a.network);
  assert.deepEqual(poisoned.weights, weights);
  assert.equal(loadTensorflow().memory().numTensors, tensors);
});

test("correctLabels refuses negative damping, a missing layer and a class out of range", () => {
  const options = { samples: 8, rng: seededRng(1) };
  const call =
    (rule: CorrectionRule, parameters?: string[], y = train.y) =>
    () =>
      correctLabels(poisoned, train.X, y, { ...options, rule, parameters: parameters ?? { last: 2 } });
  assert.throws(call({ kind: "gaussNewton", damping: -1 }), {
    message: /damping must be a finite number above 0, got -1/,
  });
  assert.throws(call({ kind: "lissa", damping: -1 }), { message: /damping must be in \[0, 1\], got -1/ });
  assert.throws(call({ kind: "firstOrder", stepSize: 1 }, ["dense9_kernel"]), {
    message: /parameter must be one of .*got "dense9_kernel"/,
  });
  assert.throws(
    call(
      { kind: "firstOrder", stepSize: 1 },
      undefined,
      train.y.map((label) => label + 1),
    ),
    { message: /classes must be in \[0, 4\), got 4/ },
  );
});

test("the poisoned network remembers its flipped labels, the clean one does not", () => {
  const rows = selectRows(train.X, flipped);
  const wrong = selectLabels(poisonedLabels, flipped);
  const others = { X: held.X, y: held.y.map((label) => 3 - label) };
  assert.ok(memorizedShare(poisoned, rows, wrong) > memorizedShare(clean, rows, wrong) + 0.2);
  assert.ok(membershipScore(poisoned, { X: rows, y: wrong }, others) > 0.6);
  assert.ok(Math.abs(membershipScore(clean, { X: rows, y: wrong }, others) - 0.5) < 0.1);
});

test("accuracyRecovered of the published accuracies is 21.65 and 31.91 %", () => {
  const published = { clean: 0.8786, poisoned: 0.7382 };
  assert.ok(Math.abs(accuracyRecovered({ ...published, defended: 0.7686 }) - 0.2165) < 5e-5);
  assert.ok(Math.abs(accuracyRecovered({ ...published, defended: 0.783 }) - 0.3191) < 5e-5);
  assert.throws(() => accuracyRecovered({ clean: 0.5, poisoned: 0.5, defended: 0.6 }), /poisoned must be below clean/);
});
