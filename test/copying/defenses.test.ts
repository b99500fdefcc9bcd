import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  decisionTree, fromRows, gaussianNaiveBayes, loadTable, matrix, pradaWatcher, roundedScores, seededRng,
  smoothedAnswers, toRows, type Classifier, type Matrix, type Rng,
} from "../../lib";

const stump = decisionTree().fit(fromRows([[0], [1]]), Int32Array.of(0, 1));
const silent: Classifier = { ...stump, predictProba: undefined };

test("smoothedAnswers by hand: of 1 and 0, a share of .2 makes .9 and .1; labels stay", () => {
  const sure = decisionTree().fit(fromRows([[0], [1]]), Int32Array.of(3, 5));
  const shy = smoothedAnswers(sure, { share: 0.2 });
  assert.deepEqual([...shy.predictProba!(fromRows([[0], [1]])).data], [0.9, 0.1, 0.1, 0.9]);
  assert.deepEqual([...shy.predict(fromRows([[0], [1]]))], [3, 5]);
  assert.deepEqual(shy.serialize(), sure.serialize());
});

test("smoothed answers are probabilities, keep their order, and can be taken back", async () => {
  const { X, y } = await loadTable("wine");
  const model = gaussianNaiveBayes().fit(X, y);
  const plain = model.predictProba!(X).data;
  fc.assert(fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), (share) => {
    const P = smoothedAnswers(model, { share }).predictProba!(X);
    for (const row of toRows(P)) assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-9);
    P.data.forEach((p, i) => assert.ok(Math.abs((p - share / 3) / (1 - share) - plain[i]) < 1e-9));
  }), { numRuns: 20, seed: 1 });
});

test("roundedScores rounds the probabilities of a model without scores", async () => {
  const { X, y } = await loadTable("wine");
  const model = gaussianNaiveBayes().fit(X, y);
  for (const decimals of [0, 1, 3]) {
    const rounded = roundedScores(model, { decimals });
    model.predictProba!(X).data.forEach((p, i) => {
      const q = rounded.predictProba!(X).data[i];
      assert.ok(Math.abs(p - q) <= 0.5 * 10 ** -decimals + 1e-12);
      assert.equal(Number(q.toFixed(decimals)), q);
    });
    assert.deepEqual(rounded.predict(X), model.predict(X));
  }
});

test("answers that are not there can't be changed, and shares are shares", () => {
  const tree = decisionTree().fit(fromRows([[0], [1]]), Int32Array.of(0, 1));
  assert.throws(() => smoothedAnswers(silent, { share: 0.1 }), /must have probabilities, got decisionTree/);
  assert.throws(() => roundedScores(silent, { decimals: 1 }), /must have scores or probabilities, got decisionTree/);
  for (const share of [NaN, -0.1, 1.1])
    assert.throws(() => smoothedAnswers(tree, { share }), /share must be in \[0, 1\]/);
});

/** Natural queries of one class: points that are normal around one middle, in many features. */
function cloud(n: number, d: number, rng: Rng): Matrix<Float64Array> {
  return matrix(Float64Array.from({ length: n * d }, () => rng.normal()), [n, d]);
}

/** Small steps from few seeds, doubling: x, x ± λ, …, as queries made by a Jacobian are. */
function steps(seeds: Matrix<Float64Array>, n: number, step: number, rng: Rng): Matrix<Float64Array> {
  const rows = toRows(seeds);
  while (rows.length < n)
    rows.push(...rows.slice(0, n - rows.length).map((row) => row.map((x) => x + (rng.uniform() < 0.5 ? step : -step))));
  return fromRows(rows);
}

const zeros = (n: number): Int32Array => new Int32Array(n);

test("pradaWatcher by hand: what it measures is the distance to the growing set of the same label", () => {
  const watcher = pradaWatcher({ least: 3 });
  // Label 0: 0 begins the set; 4 is 4 away and joins; the threshold, 2 − 2, stays 0; 1 is 1 away.
  assert.equal(watcher.observe(fromRows([[0], [4], [1]]), zeros(3)).seen, 3);
  assert.ok(Number.isNaN(watcher.report.statistic));
  // The first of another label has no distance; 1 and 3 follow: 4, 1, 1, 3 in all, whose W SciPy 1.17.1 gives.
  watcher.observe(fromRows([[10], [11], [14]]), Int32Array.of(1, 1, 1));
  assert.ok(Math.abs(watcher.report.statistic - 0.8494023536905723) < 1e-8, `${watcher.report.statistic}`);
  assert.deepEqual([...watcher.distances], [4, 1, 1, 3]);
  assert.deepEqual([watcher.report.seen, watcher.report.alarm, watcher.report.firstAlarm], [6, true, 6]);
});

test("natural queries raise no alarm, small steps do, and the alarm says when", () =>
  fc.assert(fc.property(fc.nat(1e6), (seed) => {
    const rng = seededRng(seed);
    const natural = pradaWatcher();
    assert.equal(natural.observe(cloud(600, 40, rng), zeros(600)).firstAlarm, null);
    assert.ok(natural.report.statistic > 0.95);
    const attacked = pradaWatcher();
    const { firstAlarm } = attacked.observe(steps(cloud(100, 40, rng), 800, 0.1, rng), zeros(800));
    assert.ok(firstAlarm !== null && firstAlarm > 100 && firstAlarm < 400, `${firstAlarm}`);
  }), { numRuns: 8, seed: 1 }));

test("queries in one go or one by one are the same to the watcher, and it repeats", () => {
  const X = cloud(250, 5, seededRng(3));
  const y = Int32Array.from({ length: 250 }, (_, i) => i % 3);
  const [whole, single] = [pradaWatcher(), pradaWatcher()];
  whole.observe(X, y);
  for (let i = 0; i < 250; i++) single.observe(matrix(X.data.subarray(5 * i, 5 * i + 5), [1, 5]), y.subarray(i, i + 1));
  assert.deepEqual(single.report, whole.report);
});

test("the same query a hundred times raises the alarm", () => {
  const same = fromRows(Array.from({ length: 150 }, () => [1, 2]));
  const { statistic, firstAlarm } = pradaWatcher().observe(same, zeros(150));
  assert.deepEqual([statistic, firstAlarm], [0, 102]);
});

test("pradaWatcher refuses what it can't watch", () => {
  for (const threshold of [NaN, 0, 1, 1.5]) assert.throws(() => pradaWatcher({ threshold }), /threshold must be in/);
  for (const least of [NaN, 2, 3.5]) assert.throws(() => pradaWatcher({ least }), /least must be an integer/);
  const watcher = pradaWatcher();
  assert.throws(() => watcher.observe(fromRows([[1]]), zeros(2)), /X has 1 .*y has 2|length/);
  assert.throws(() => watcher.observe(fromRows([[NaN]]), zeros(1)), /X must be finite/);
  watcher.observe(fromRows([[1, 2]]), zeros(1));
  assert.throws(() => watcher.observe(fromRows([[1]]), zeros(1)), /width of X must be .* got 1/);
});

test("a watcher refuses what would make it blind or raise a false alarm", () => {
  const rng = seededRng(1);
  const far = matrix(Float64Array.from({ length: 300 }, () => 1e160 * rng.normal()), [150, 2]);
  assert.throws(() => pradaWatcher().observe(far, new Int32Array(150)), /observe: X must be within ±1e\+150/);
  assert.throws(() => pradaWatcher().observe(matrix(new Float64Array(0), [3, 0]), new Int32Array(3)), /columns of X/);
  assert.throws(() => pradaWatcher().observe(fromRows([[1]]), Float64Array.of(NaN) as never),
    /y\[0\] must be an integer/);
});
