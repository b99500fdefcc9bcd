import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracy, badTeacher, dampenSelected, initializeNetwork, layer, matrix, mlp, networkOf, potion, scrub, seededRng,
  selectLabels, selectRows, selectiveDampening, trainNetworkSync, trainTowards, weightImportance, type Matrix,
  type Network,
} from "../../../lib";
import { loadTensorflow } from "../../../lib/tensorflow";
import { answerImportance } from "../../../lib/unlearning/corrective/potion";

/** Three clouds in the plane, and a third coordinate that is 0 everywhere. */
function clouds(n: number, seed: number): { X: Matrix<Float32Array>; y: Int32Array } {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  const corners = [[2, 0, 0], [-2, 2, 0], [-2, -2, 0]];
  const data = Float32Array.from({ length: 3 * n }, (_, j) =>
    corners[y[Math.floor(j / 3)]][j % 3] + (j % 3 < 2 ? 0.5 * rng.normal() : 0));
  return { X: matrix(data, [n, 3]), y };
}
const train = clouds(300, 1);
const held = clouds(300, 2);
const fit = (X: Matrix, y: Int32Array): Network =>
  trainNetworkSync(mlp({ numFeatures: 3, hidden: [24], numClasses: 3 }), X, y, { epochs: 30, rng: seededRng(3) })
    .network;
const network = fit(train.X, train.y);
const ofClass = (which: number): Int32Array => Int32Array.from(train.y.keys()).filter((i) => train.y[i] === which);
const right = (model: Network, { X, y }: typeof held, positions: Int32Array): number =>
  accuracy(selectLabels(y, positions), model.predict(selectRows(X, positions)));
const [first, others] = [ofClass(0), Int32Array.from([...ofClass(1), ...ofClass(2)])];

/** One weight a class, no hidden layer: logits 0 and x, biases 0. */
const pair = networkOf({ inputShape: [1], inputScale: 1, layers: [layer.dense(2)] },
  [Float32Array.from([0, 1]), Float32Array.from([0, 0])]);

test("importance is the mean of squared gradients, worked by hand", () => {
  // At x = 0 both chances are ½: the gradient by the biases is ±½, by the weights 0. At x = ln 3 they are ¼ and ¾; the
  // label is 1, so the gradients are (¼, −¼) by the biases and ln 3 times that by the weights.
  const X = matrix(Float64Array.from([0, Math.log(3)]), [2, 1]);
  const found = weightImportance(pair, X, Int32Array.from([0, 1]));
  const byWeight = (Math.log(3) / 4) ** 2 / 2;
  const byBias = (1 / 4 + 1 / 16) / 2;
  [byWeight, byWeight, byBias, byBias].forEach((value, k) => assert.ok(Math.abs(found[k] - value) < 1e-7, `${found}`));
  // Both in one batch: the mean gradient is taken before it is squared.
  const together = weightImportance(pair, X, Int32Array.from([0, 1]), { batchSize: 2 });
  assert.ok(Math.abs(together[2] - ((-1 / 2 + 1 / 4) / 2) ** 2) < 1e-7, `${together}`);
});

test("dampening multiplies what matters α times as much by λ times the ratio, worked by hand", () => {
  const importances = { all: Float64Array.from([1, 1, 1, 1]), forgotten: Float64Array.from([0, 20, 9, 0]) };
  assert.deepEqual(dampenSelected(pair, importances, { alpha: 10 }).weights.map((w) => [...w]),
    [[0, Math.fround(1 / 20)], [0, 0]]);
  assert.deepEqual(dampenSelected(pair, importances, { alpha: 10, lambda: 5 }).weights[0][1], 0.25);
  assert.deepEqual(dampenSelected(pair, importances, { alpha: 30 }).weights, pair.weights);
  assert.throws(() => dampenSelected(pair, importances, { alpha: 0 }), /alpha/);
  const short = new Float64Array(1);
  assert.throws(() => dampenSelected(pair, { all: short, forgotten: short }), /importances/);
});

/** The clouds with a third coordinate of 4 on every fifth point, which is then called class 0. */
const stamped = Int32Array.from({ length: 60 }, (_, k) => 5 * k);
const [stampedX, stampedY] = [train.X.data.slice(), train.y.slice()];
for (const i of stamped) [stampedX[3 * i + 2], stampedY[i]] = [4, 0];
const door = { X: matrix(stampedX, [300, 3]), y: stampedY, known: stamped.slice(0, 6) };
const poisoned = fit(door.X, door.y);
const trigger = matrix(held.X.data.map((value, j) => (j % 3 === 2 ? 4 : value)), [300, 3]);
const obeys = (model: Network): number =>
  model.predict(trigger).filter((label, i) => label === 0 && held.y[i] !== 0).length / 200;

test("dampening takes a backdoor away when a tenth of it is known, and leaves the rest", () => {
  const { X, y, known } = door;
  const { network: repaired, gradients } = selectiveDampening(poisoned, X, y, known, { alpha: 2 });
  assert.ok(obeys(poisoned) > 0.9, `${obeys(poisoned)}`);
  assert.ok(obeys(repaired) < 0.3, `${obeys(repaired)}`);
  assert.ok(accuracy(held.y, repaired.predict(held.X)) > 0.9);
  assert.equal(gradients, 306);
});

test("how weights move the answers' length, worked by hand", () => {
  // Logits 0 and x: the length is |x|, which moves by x's sign times x by the weight, and by x's sign by the bias.
  const X = matrix(Float64Array.from([3, -1]), [2, 1]);
  const near = (found: Float64Array, expected: number[]): void =>
    expected.forEach((value, k) => assert.ok(Math.abs(found[k] - value) < 1e-6, `${found}`));
  near(answerImportance(pair, X, 1), [0, 2, 0, 1]);
  near(answerImportance(pair, X, 2), [0, 2, 0, 0]);
});

test("Potion searches until the known examples of a backdoor have lost its label, and the rest stays", () => {
  const { X, y, known } = door;
  const tensors = loadTensorflow().memory().numTensors;
  // So small a network is harmed before four fifths of six examples are forgotten.
  const search = (target: number) => potion(poisoned, X, y, known, { target, batchSize: 1 });
  const repair = search(0.5);
  assert.equal(loadTensorflow().memory().numTensors, tensors);
  assert.ok(repair.neutralized && repair.tries >= 1 && repair.alpha > 0, JSON.stringify({ ...repair, network: "" }));
  assert.ok(obeys(repair.network) < 0.3, `${obeys(repair.network)}`);
  assert.ok(accuracy(held.y, repair.network.predict(held.X)) > 0.9);
  assert.equal(repair.gradients, 300 + 6 + ((repair.tries + 1) * 6) / 3);
  // The search has stopped at the first that does: a bit less dampening leaves more than the target.
  assert.ok(repair.tries > 1 && search(0.9).alpha > repair.alpha);
  assert.deepEqual(search(0.5).network.weights, repair.network.weights);
});

test("Potion leaves a network as it is that has nothing to forget, or of which nothing is asked", () => {
  const { X, y, known } = door;
  const wrong = poisoned.predict(X).map((label) => (label + 1) % 3);
  for (const repair of [potion(poisoned, X, wrong, known), potion(poisoned, X, y, known, { target: 1 })]) {
    assert.ok(repair.neutralized && repair.tries === 0 && repair.alpha === Infinity);
    assert.deepEqual(repair.network.weights, poisoned.weights);
  }
});

test("Potion gives up when no weight matters more for the known examples", () => {
  const X = matrix(new Float64Array(20).fill(1), [20, 1]);
  const { neutralized, tries, network } = potion(pair, X, new Int32Array(20).fill(1), [0, 1, 2], { batchSize: 20 });
  assert.ok(!neutralized && tries <= 1, `${tries}`);
  assert.deepEqual(network.weights, pair.weights);
});

test("one step towards a label, and away from it, moves each weight by the learning rate: Adam's first step", () => {
  const X = matrix(Float64Array.from([2]), [1, 1]);
  const targets = matrix(Float64Array.from([1, 0]), [1, 2]);
  const step = (away: boolean) => trainTowards(pair, X, targets,
    { stages: [{ positions: [0], away }], learningRate: 0.01, rng: seededRng(1) }).network.weights.map((w) => [...w]);
  const close = (a: number[][], b: number[][]) =>
    a.flat().forEach((value, k) => assert.ok(Math.abs(value - b.flat()[k]) < 1e-5, `${a}`));
  close(step(false), [[0.01, 0.99], [0.01, -0.01]]);
  close(step(true), [[-0.01, 1.01], [-0.01, 0.01]]);
});

test("the bad teacher's pupil no longer knows a class that was to be forgotten, and still knows the others", () => {
  const { network: pupil, gradients } = badTeacher(network, train.X, first,
    { keptShare: 1, passes: 30, learningRate: 0.01, rng: seededRng(5) });
  const ignorant = initializeNetwork(network.architecture, { rng: seededRng(5).spawn(0) });
  const apart = (a: Network, b: Network): number => {
    const [p, q] = [a, b].map((model) => model.predictProba(selectRows(train.X, first)).data);
    return p.reduce((sum, value, k) => sum + Math.abs(value - q[k]), 0) / p.length;
  };
  assert.ok(right(network, held, first) > 0.9, `${right(network, held, first)}`);
  assert.ok(right(pupil, held, others) > 0.9, `${right(pupil, held, others)}`);
  assert.ok(apart(pupil, ignorant) < 0.3 * apart(network, ignorant), `${apart(pupil, ignorant)}`);
  assert.ok(Math.abs(gradients - (30 * 300 + (300 + 100) / 3)) < 1e-6, `${gradients}`);
});

test("SCRUB forgets a class and keeps the others", () => {
  const { network: student } = scrub(network, train.X, train.y, first,
    { awayPasses: 8, passes: 8, learningRate: 0.01, rng: seededRng(5) });
  assert.ok(right(student, held, first) < 0.5, `${right(student, held, first)}`);
  assert.ok(right(student, held, others) > 0.9, `${right(student, held, others)}`);
});

test("the same seed gives the same student, another seed another; nothing given is changed, no tensor is left", () => {
  const { memory } = loadTensorflow();
  const weights = network.weights.map((values) => values.slice());
  const tensors = memory().numTensors;
  const [a, b, c] = [1, 1, 2].map((seed) => scrub(network, train.X, train.y, first, { rng: seededRng(seed) }).network);
  const [d, e, f] = [1, 1, 2].map((seed) => badTeacher(network, train.X, first, { rng: seededRng(seed) }).network);
  selectiveDampening(network, train.X, train.y, first, { batchSize: 16 });
  assert.deepEqual(a.weights, b.weights);
  assert.notDeepEqual(a.weights, c.weights);
  assert.deepEqual(d.weights, e.weights);
  assert.notDeepEqual(d.weights, f.weights);
  assert.deepEqual(network.weights, weights);
  assert.equal(memory().numTensors, tensors);
});

test("nothing to forget, nothing to keep and settings out of range are refused", () => {
  const rng = seededRng(1);
  const all = Int32Array.from(train.y.keys());
  assert.throws(() => scrub(network, train.X, train.y, [], { rng }), /scrub: needs known and other examples/);
  assert.throws(() => badTeacher(network, train.X, all, { rng }), /badTeacher: needs known and other examples/);
  assert.throws(() => selectiveDampening(network, train.X, train.y, [300]), /selectiveDampening: known position/);
  assert.throws(() => badTeacher(network, train.X, first, { keptShare: 0, rng }), /keptShare/);
  assert.throws(() => scrub(network, train.X, train.y, first, { passes: 1, awayPasses: 2, rng }), /passes/);
  assert.throws(() => weightImportance(network, train.X, train.y, { batchSize: 0 }), /batchSize/);
  const targets = network.predictProba(train.X);
  assert.throws(() => trainTowards(network, train.X, targets, { stages: [], rng }), /stages/);
  assert.throws(() => trainTowards(network, train.X, targets, { stages: [{ positions: [0.5] }], rng }), /position/);
});
