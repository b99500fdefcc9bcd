import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adam, detectionScores, evaluateNetwork, findFlips, flipLabels, flipPosterior, flipToOpposite, layer,
  leaveOneOutProbabilities, matrix, relearnPartlyKnown, seededRng, similarTo, trainNetworkSync, type Architecture,
  type Matrix, type Network,
} from "../../../lib";
import { loadTensorflow } from "../../../lib/tensorflow";

/** Noisy 8 × 8 pictures of four classes: which corner is bright. */
function corners(n: number, seed: number): { X: Matrix<Float32Array>; y: Int32Array } {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 4);
  const bright = (label: number, p: number): boolean =>
    (Math.floor(p / 8) >= 4) === (label >= 2) && (p % 8 >= 4) === (label % 2 === 1);
  const data = Float32Array.from({ length: 64 * n }, (_, j) =>
    (bright(y[Math.floor(j / 64)], j % 64) ? 1 : 0) + rng.normal());
  return { X: matrix(data, [n, 64]), y };
}
const architecture: Architecture = { inputShape: [8, 8, 1], inputScale: 1, layers: [layer.conv2d(6), layer.maxPool(2),
  layer.flatten(), layer.dense(32, { activation: "relu" }), layer.dense(4)] };
const { X, y } = corners(400, 1);
const regular = flipToOpposite(y, { budget: 80, numClasses: 4, rng: seededRng(42) });
const poisoned = trainNetworkSync(architecture, X, regular.y, { epochs: 30, rng: seededRng(3),
  optimizer: adam({ learningRate: 5e-3 }) }).network;
const known = regular.flipped.filter((_, k) => k % 10 === 0);
const rest = regular.flipped.filter((_, k) => k % 10 !== 0);
const find = (seed = 1) => findFlips(poisoned, X, regular.y, known, { rng: seededRng(seed) });

test("the posterior of a flip is what Bayes' rule says, worked by hand", () => {
  // Six rows look like class 0 and three like each of the others, and are labelled so; row 0 is known to be wrong.
  const sure = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]];
  const rows = Array.from({ length: 12 }, (_, i) => sure[i < 6 ? 0 : i < 9 ? 1 : 2]);
  const given = Int32Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
  const P = matrix(Float64Array.from(rows.flat()), [12, 3]);
  const { wrong, rates, pattern } = flipPosterior(P, given, [0]);
  assert.equal(wrong[0], 1);
  for (const row of pattern) assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-9, `${row}`);
  const means = [0, 1, 2].map((c) => rows.reduce((sum, row) => sum + row[c] / 12, 0));
  const lift = [0.8 / means[0], 0.1 / means[1], 0.1 / means[2]];
  const bad = rates[0] * (pattern[0][1] * lift[1] + pattern[0][2] * lift[2]);
  const byHand = bad / (bad + (1 - rates[0]) * lift[0]);
  assert.ok(Math.abs(wrong[1] - byHand) < 1e-3, `${wrong[1]} and ${byHand}`);
  assert.ok(wrong.slice(1).every((chance) => chance < 0.2), `${wrong}`);
});

test("most flips that nobody knows of are found, few others accused, and the pattern is read off", () => {
  const { suspects, y: corrected, pattern, wrong, gradients } = find();
  const { precision, recall } = detectionScores(suspects, rest);
  assert.ok(precision > 0.8 && recall > 0.8, `${precision} and ${recall}`);
  assert.ok([0, 1, 2, 3].every((given) => pattern[given][3 - given] > 0.6), `${pattern.map((row) => [...row])}`);
  assert.ok(known.every((i) => wrong[i] === 1 && corrected[i] === y[i]));
  assert.ok(known.every((i) => !suspects.includes(i)));
  const right = (labels: Int32Array): number => labels.filter((label, i) => label === y[i]).length;
  assert.ok(right(corrected) > right(regular.y) + 40);
  assert.ok(gradients > 400 / 3 && Number.isFinite(gradients), `${gradients}`);
});

test("flips at random are found too, only fewer of their true labels", () => {
  const random = flipLabels(y, { count: 80, numClasses: 4, rng: seededRng(42) });
  const { suspects } = findFlips(poisoned, X, random.y, random.flipped.slice(0, 8), { rng: seededRng(1) });
  const { precision, recall } = detectionScores(suspects, random.flipped.slice(8));
  assert.ok(precision > 0.8 && recall > 0.3, `${precision} and ${recall}`);
});

test("the same seed finds the same, another other probabilities; no tensor is left", () => {
  const { memory } = loadTensorflow();
  const [a, b, c] = [find(), find(), find(2)];
  const tensors = memory().numTensors;
  find();
  assert.equal(memory().numTensors, tensors);
  assert.deepEqual(a.wrong, b.wrong);
  assert.notDeepEqual(a.wrong, c.wrong);
});

test("no answer is about a row that the model was shown: a label that is noise is answered by chance", () => {
  const rng = seededRng(4);
  const noise = matrix(Float32Array.from({ length: 400 * 64 }, () => rng.normal()), [400, 64]);
  const labels = Int32Array.from({ length: 400 }, () => rng.integer(4));
  const said = leaveOneOutProbabilities(noise, labels, { imageShape: [8, 8, 1], numClasses: 4, rng: seededRng(1) });
  const hits = labels.filter((label, i) =>
    [0, 1, 2, 3].every((c) => said.data[4 * i + label] >= said.data[4 * i + c])).length / 400;
  assert.ok(Math.abs(hits - 0.25) < 0.1, `${hits}`);
});

test("probabilities sum to 1, their mean surprise is that of an honest model, and classes are told apart", () => {
  const { data } = leaveOneOutProbabilities(X, y, { imageShape: [8, 8, 1], numClasses: 4, rng: seededRng(1) });
  const rows = Array.from(y, (label, i) => ({ label, said: [...data.subarray(4 * i, 4 * i + 4)] }));
  for (const { said } of rows) assert.ok(Math.abs(said.reduce((a, b) => a + b) - 1) < 1e-12, `${said}`);
  const right = rows.filter(({ label, said }) => said[label] === Math.max(...said)).length / 400;
  const confidence = rows.reduce((sum, { said }) => sum + Math.max(...said) / 400, 0);
  assert.ok(right > 0.8 && Math.abs(right - confidence) < 0.1, `${right} right, ${confidence} expected`);
});

test("an option that is undefined is one that was not given", () => {
  const gradients = (patches?: object) =>
    findFlips(poisoned, X, regular.y, known, { rounds: 1, patches, rng: seededRng(1) }).gradients;
  assert.equal(gradients({ filters: undefined }), gradients());
});

test("unfit arguments are refused", () => {
  const rng = seededRng(1);
  const P = matrix(new Float64Array(8).fill(0.5), [4, 2]);
  assert.throws(() => findFlips(poisoned, X, regular.y, [], { rng }), /findFlips: needs known and other examples/);
  assert.throws(() => findFlips(poisoned, X, regular.y, known, { rounds: 0, rng }), /rounds/);
  assert.throws(() => findFlips(poisoned, X, regular.y, known, { threshold: 2, rng }), /threshold/);
  assert.throws(() => flipPosterior(P, new Int32Array(3), [0]), /flipPosterior/);
  assert.throws(() => flipPosterior(P, Int32Array.from([0, 1, 2, 0]), [0]), /label/);
  assert.throws(() => findFlips(poisoned, X, regular.y, known, { patches: { patchSize: 9 }, rng }), /patchSize/);
});

test("with a tenth of the flips known, more than half of the lost accuracy comes back, within the budget", () => {
  const held = corners(400, 2);
  const read = (network: Network): number => evaluateNetwork(network, held.X, held.y).accuracy;
  const clean = trainNetworkSync(architecture, X, y, { epochs: 30, rng: seededRng(3),
    optimizer: adam({ learningRate: 5e-3 }) }).network;
  const options = { gradients: 6000, restartFrom: 3, batchSize: 16, search: { patches: { filters: 16, grid: 2 } },
    rng: seededRng(1) };
  const repair = relearnPartlyKnown(poisoned, X, regular.y, known, options);
  const [before, after, best] = [poisoned, repair.network, clean].map(read);
  assert.ok(after - before > 0.6 * (best - before), `${before} → ${after}, clean ${best}`);
  assert.ok(repair.gradients <= 6000 && repair.gradients > 5900, `${repair.gradients}`);
  assert.ok(repair.corrected + repair.leftOut >= known.length);
  const again = relearnPartlyKnown(poisoned, X, regular.y, known, { ...options, found: repair.found });
  assert.deepEqual(again.network.weights, repair.network.weights);
  assert.throws(() => relearnPartlyKnown(poisoned, X, regular.y, known, { ...options, gradients: 100 }), /gradients/);
  const refused = (wrong: object): void => assert.throws(() =>
    relearnPartlyKnown(poisoned, X, regular.y, known, { ...options, ...wrong }), /relearnPartlyKnown/);
  refused({ correctAbove: 2 });
  refused({ leaveOutAbove: -1 });
  refused({ gradients: NaN });
  refused({ found: { ...repair.found, wrong: repair.found.wrong.slice(1) } });
  assert.throws(() => relearnPartlyKnown(poisoned, X, regular.y, known,
    { ...options, found: repair.found, correctAbove: 1, leaveOutAbove: 0 }), /leaveOutAbove must leave rows/);
});

test("likeness is the place between the others' mean and the known ones', worked by hand", () => {
  const F = matrix(Float64Array.from([0, 0, 0, 0, 4, 0, 6, 0, 5, 3]), [5, 2]);
  // Others: rows 0, 1, 4, mean (5/3, 1). Known: rows 2 and 3, mean (5, 0). Direction (10/3, −1), squared length 109/9.
  const { scores, leaveOneOut } = similarTo(F, [0, 1, 2, 3, 4], [2, 3]);
  const place = (x: number, z: number): number => ((x - 5 / 3) * (10 / 3) - (z - 1)) / (109 / 9);
  [[0, 0], [0, 0], [4, 0], [6, 0], [5, 3]].forEach(([x, z], k) => assert.ok(Math.abs(scores[k] - place(x, z)) < 1e-12));
  // Row 2 is judged by row 3 alone: direction (13/3, −1), squared length 178/9.
  assert.ok(Math.abs(leaveOneOut[0] - ((7 / 3) * (13 / 3) + 1) / (178 / 9)) < 1e-12, `${leaveOneOut}`);
  assert.throws(() => similarTo(F, [0, 1], [2, 3]), /candidates/);
  assert.throws(() => similarTo(F, [2, 3], [2, 3]), /other candidates/);
  assert.throws(() => similarTo(F, [0, 1, 2], [2]), /number of known/);
});
