import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs-node";
import {
  certifiedAccuracy, certifiedMedian, certifyBySmoothing, certifyInsertions, certifyRunOff, certifyVotes,
  certifyWeightedVotes, clusterClassCounts, electInCluster, flipsToElect, fromRows, matrix, neighborVotes,
  partitionByContent, partitionVotes, readBy, ridgeWeights, seededRng, worstAttack, type Certified, type Matrix,
} from "../../lib";

/** Every labelling that differs from `y` in at most `flips` places. */
function* attacks(y: readonly number[], numClasses: number, flips: number, from = 0): Generator<number[]> {
  yield [...y];
  if (!flips) return;
  for (let i = from; i < y.length; i++)
    for (let label = 0; label < numClasses; label++)
      if (label !== y[i]) {
        const changed = [...y];
        changed[i] = label;
        yield* attacks(changed, numClasses, flips - 1, i + 1);
      }
}

const tally = (labels: readonly number[], numClasses: number): number[] =>
  Array.from({ length: numClasses }, (_, c) => labels.filter((label) => label === c).length);
const winner = (votes: ArrayLike<number>): number => Array.from(votes).indexOf(Math.max(...Array.from(votes)));
const only = ({ predicted, radii }: Certified) => ({ predicted: predicted[0], radius: radii[0] });
const labelsOf = (numClasses: number, maxLength: number) =>
  fc.array(fc.nat(numClasses - 1), { minLength: 1, maxLength });

test("certifyVotes: leads worked by hand, with ties won by the lower class", () => {
  const votes = fromRows([[3, 1, 0], [1, 3, 0], [2, 2, 0], [0, 0, 4], [0, 0, 0], [5, 4, 4]]);
  const { predicted, radii } = certifyVotes(votes);
  assert.deepEqual([...predicted], [0, 1, 0, 2, 0, 0]);
  assert.deepEqual([...radii], [1, 0, 0, 1, Infinity, 0]);
});

test("certifyVotes: every attack of so many flips fails, and one of one more succeeds", () => {
  fc.assert(fc.property(labelsOf(3, 7), (labels) => {
    const { predicted, radius } = only(certifyVotes(fromRows([tally(labels, 3)])));
    const changes = (flips: number) =>
      [...attacks(labels, 3, flips)].some((changed) => winner(tally(changed, 3)) !== predicted);
    assert.equal(predicted, winner(tally(labels, 3)));
    assert.ok(!changes(radius), "the certificate is not too large");
    assert.ok(changes(radius + 1), "and not too small");
  }), { numRuns: 150 });
});

test("flipsToElect is the fewest flips that elect a class, by trying all of them", () => {
  fc.assert(fc.property(labelsOf(3, 7), fc.nat(2), (labels, candidate) => {
    const flips = flipsToElect(tally(labels, 3), candidate);
    const elects = (count: number) =>
      [...attacks(labels, 3, count)].some((changed) => winner(tally(changed, 3)) === candidate);
    assert.ok(flips <= labels.length);
    assert.ok(elects(flips));
    if (flips > 0) assert.ok(!elects(flips - 1));
  }), { numRuns: 150 });
  assert.equal(flipsToElect([0, 0], 1), Infinity);
  assert.equal(flipsToElect([10, 9, 0], 2), 7);
});

test("flipsToElect and certifyVotes agree: the cheapest other class decides", () => {
  fc.assert(fc.property(fc.array(fc.nat(400), { minLength: 2, maxLength: 10 }), (votes) => {
    const { predicted, radius } = only(certifyVotes(fromRows([votes])));
    const costs = votes.map((_, c) => (c === predicted ? Infinity : flipsToElect(votes, c)));
    assert.equal(radius, Math.min(...costs) - 1);
  }));
});

test("electInCluster elects with the fewest flips and touches its cluster only", () => {
  fc.assert(fc.property(labelsOf(4, 30), fc.nat(3), fc.nat(1), (labels, to, cluster) => {
    const y = Int32Array.from(labels);
    const clusters = y.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const sizes = { numClusters: 2, numClasses: 4 };
    const row = (some: Int32Array, c: number) =>
      [...clusterClassCounts(clusters, some, sizes).data.subarray(4 * c, 4 * c + 4)];
    const count = flipsToElect(row(y, cluster), to);
    fc.pre(count < Infinity);
    const { y: poisoned, flipped } = electInCluster(y, clusters, { cluster, to, count, numClasses: 4 });
    assert.deepEqual([...flipped], [...y.keys()].filter((i) => y[i] !== poisoned[i]));
    assert.equal(flipped.length, count);
    assert.equal(winner(row(poisoned, cluster)), to);
    assert.deepEqual(row(poisoned, 1 - cluster), row(y, 1 - cluster));
  }));
});

test("worstAttack: no attack on two clusters does worse, and its own flips do as bad", () => {
  const sizes = { numClusters: 2, numClasses: 2 };
  const small = fc.array(fc.nat(3), { minLength: 1, maxLength: 7 });
  fc.assert(fc.property(small, small, fc.nat(4), (trained, tested, budget) => {
    const split = (codes: readonly number[]) => ({
      clusters: Int32Array.from(codes, (code) => code >> 1), labels: codes.map((code) => code & 1) });
    const [train, rows] = [split(trained), split(tested)];
    const counts = (clusters: Int32Array, labels: readonly number[]) =>
      clusterClassCounts(clusters, Int32Array.from(labels), sizes);
    const hits = counts(rows.clusters, rows.labels);
    const right = (labels: readonly number[]) => {
      const { predicted } = certifyVotes(counts(train.clusters, labels));
      return rows.labels.filter((label, i) => predicted[rows.clusters[i]] === label).length;
    };
    const attack = worstAttack(counts(train.clusters, train.labels), hits, { budget });
    for (let flips = 0; flips <= budget; flips++)
      assert.equal(attack.right[flips], Math.min(...[...attacks(train.labels, 2, flips)].map(right)));
    let poisoned = Int32Array.from(train.labels);
    attack.flips.forEach((count, cluster) => {
      const options = { cluster, to: attack.names[cluster], count, numClasses: 2 };
      poisoned = electInCluster(poisoned, train.clusters, options).y;
    });
    assert.ok(attack.flips[0] + attack.flips[1] <= budget);
    assert.equal(right([...poisoned]), attack.right[budget]);
  }), { numRuns: 100 });
});

test("certifiedAccuracy counts rows that are right and safe; certifiedMedian is where half are", () => {
  const certified: Certified = {
    predicted: Int32Array.of(0, 1, 1, 0), radii: Float64Array.of(5, 3, 9, 1) };
  const y = Int32Array.of(0, 1, 0, 0);
  assert.deepEqual([...certifiedAccuracy(y, certified, [0, 1, 2, 5, 6])], [0.75, 0.75, 0.5, 0.25, 0]);
  assert.equal(certifiedMedian(y, certified), 3);
  assert.equal(certifiedMedian(Int32Array.of(1, 0, 0, 1), certified), -1);
  assert.deepEqual([...readBy(certified, Int32Array.of(3, 0)).radii], [1, 5]);
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(6)), { minLength: 1 }), (rows) => {
    const some: Certified = {
      predicted: Int32Array.from(rows, ([label]) => label), radii: Float64Array.from(rows, ([, radius]) => radius) };
    const zeros = new Int32Array(rows.length);
    const median = certifiedMedian(zeros, some);
    const [at, beyond] = certifiedAccuracy(zeros, some, [Math.max(0, median), median + 1]);
    if (median >= 0) assert.ok(at >= 0.5);
    assert.ok(beyond < 0.5);
  }));
});

test("certifyWeightedVotes: every attack of so many flips fails, and one of one more succeeds", () => {
  const weights = fc.array(fc.integer({ min: -4, max: 9 }), { minLength: 6, maxLength: 6 });
  fc.assert(fc.property(fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }), weights, (labels, row) => {
    const score = (some: readonly number[]) =>
      [0, 1, 2].map((c) => some.reduce((sum, label, i) => sum + (label === c ? row[i] + i / 100 : 0), 0));
    const { predicted, radius } = only(certifyWeightedVotes(
      fromRows([row.map((weight, i) => weight + i / 100)]), Int32Array.from(labels), { numClasses: 3 }));
    const changes = (flips: number) =>
      [...attacks(labels, 3, flips)].some((changed) => winner(score(changed)) !== predicted);
    assert.equal(predicted, winner(score(labels)));
    const most = Math.min(radius, 6);
    assert.ok(!changes(most), "the certificate is not too large");
    // Beyond it the reading changes or stands in a tie that rounding decides.
    const tied = [...attacks(labels, 3, most + 1)].some((changed) =>
      score(changed).some((value, c) => c !== predicted && value >= score(changed)[predicted] - 1e-9));
    assert.ok(radius === Infinity || changes(most + 1) || tied, "and not too small");
  }), { numRuns: 100 });
});

test("ridgeWeights: the weighted sum of targets is the prediction of ridge regression, and tensors are freed", () => {
  const X = fromRows([[1, 0], [1, 1], [1, 2], [1, 3]]);
  const before = tf.memory().numTensors;
  const { data, shape } = ridgeWeights(X, fromRows([[1, 4]]), { ridge: 1e-9 });
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(shape, [1, 4]);
  // The least-squares line through (0, 1), (1, 3), (2, 5), (3, 7) is 2 x + 1.
  const predicted = [1, 3, 5, 7].reduce((sum, target, i) => sum + target * data[i], 0);
  assert.ok(Math.abs(predicted - 9) < 1e-4, `predicted ${predicted}`);
  assert.throws(() => ridgeWeights(X, fromRows([[1, 4]]), { ridge: 0 }), /ridge must be a finite number above 0/);
});

test("certifyBySmoothing: fifteen equal votes, against the exact chance of an error", () => {
  const [n, q] = [15, 0.2];
  const choose = (a: number, b: number): number => (b === 0 ? 1 : (choose(a - 1, b - 1) * a) / b);
  const binomial = (a: number, j: number, p: number) => choose(a, j) * p ** j * (1 - p) ** (a - j);
  const { radii, predicted } = certifyBySmoothing(fromRows([new Float64Array(n).fill(1)]), new Int32Array(n),
    { noise: q });
  assert.equal(predicted[0], 0);
  // P(at least 8 of 15 flipped), the smoothed rule's true chance of an error after r labels are really flipped:
  const wrong = (r: number) => {
    let sum = 0;
    for (let kept = 0; kept <= r; kept++)
      for (let lost = 0; lost <= n - r; lost++)
        if (r - kept + lost >= 8) sum += binomial(r, kept, q) * binomial(n - r, lost, q);
    return sum;
  };
  assert.ok(wrong(0) < 0.02);
  assert.ok(radii[0] >= 1, "something is certified");
  assert.ok(wrong(radii[0]) < 0.5, "what is certified holds");
});

test("certifyBySmoothing promises no more than the smoothed rule keeps under every set of flips", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 7, maxLength: 7 }),
    fc.double({ min: 0.002, max: 0.2, noNaN: true }), (row, noise) => {
      const labels = new Int32Array(7);
      const { predicted, radii } = certifyBySmoothing(fromRows([row]), labels, { noise });
      const sides = Array.from({ length: 128 }, (_, bits) =>
        row.map((weight, i) => ((bits >> i) & 1 ? -1 : 1) * weight));
      const errs = sides.map((votes) => {
        const sum = votes.reduce((a, b) => a + b, 0);
        return predicted[0] === 0 ? sum <= 0 : sum >= 0;
      });
      const ones = (bits: number): number => (bits ? (bits & 1) + ones(bits >> 1) : 0);
      for (let attack = 0; attack < 128; attack++) {
        if (ones(attack) > radii[0] || radii[0] === 0) continue;
        const chance = errs.reduce((sum, err, bits) =>
          sum + (err ? noise ** ones(bits ^ attack) * (1 - noise) ** (7 - ones(bits ^ attack)) : 0), 0);
        assert.ok(chance < 0.5, `${ones(attack)} flips of ${radii[0]}: ${chance}`);
      }
    }), { numRuns: 60 });
});

test("certifyBySmoothing: more votes on one side are safer", () => {
  const radius = (n: number) => certifyBySmoothing(fromRows([new Float64Array(n).fill(1)]), new Int32Array(n),
    { noise: 0.1 }).radii[0];
  const radii = [10, 50, 200, 1000].map(radius);
  assert.ok(radii.every((value, i) => i === 0 || value > radii[i - 1]), `${radii}`);
  // No rule can promise more than half of its votes.
  assert.ok(radii[3] > 100 && radii[3] < 500);
});

const grid: Matrix<Float64Array> = fromRows(Array.from({ length: 40 }, (_, i) => [i % 8, Math.floor(i / 8), i * 0.5]));

test("partitionByContent puts a row where its content says, whatever other rows there are", () => {
  const all = partitionByContent(grid, 5);
  assert.ok(all.every((partition) => partition >= 0 && partition < 5));
  assert.equal(new Set(all).size, 5);
  const some = fromRows(Array.from({ length: 10 }, (_, i) => Array.from(grid.data.subarray(12 * i, 12 * i + 3))));
  assert.deepEqual([...partitionByContent(some, 5)], Array.from({ length: 10 }, (_, i) => all[4 * i]));
  assert.throws(() => partitionByContent(grid, 0), { name: "RangeError", message: /numPartitions must be/ });
});

test("partitionVotes: two models, worked by hand; a class that a model never saw comes last", () => {
  const train = { X: fromRows([[0, 0], [2, 0], [0, 0], [0, 4]]), y: Int32Array.of(0, 1, 2, 1) };
  const options = { partitions: Int32Array.of(0, 0, 1, 1), numPartitions: 2, numClasses: 3 };
  const before = tf.memory().numTensors;
  const { votes, preferences } = partitionVotes(train, fromRows([[1.5, 0], [1, 0]]), options);
  assert.equal(tf.memory().numTensors, before);
  // Model 0 knows class 0 at (0, 0) and 1 at (2, 0): at (1, 0) a tie. Model 1 knows 2 at (0, 0) and 1 at (0, 4).
  assert.deepEqual([...votes.data], [0, 1, 1, 1, 0, 1]);
  assert.deepEqual([...preferences.data], [0, 0, 1, 2, 0, 1, 1, 1, 0, /* */ 0, 1, 1, 1, 0, 1, 1, 1, 0]);
});

test("partitionVotes: one changed training row changes at most one model's vote", () => {
  const rng = seededRng(3);
  const y = Int32Array.from({ length: 40 }, (_, i) => i % 3);
  const partitions = partitionByContent(grid, 6);
  const options = { partitions, numPartitions: 6, numClasses: 3 };
  const clean = partitionVotes({ X: grid, y }, grid, options).votes.data;
  for (let trial = 0; trial < 20; trial++) {
    const poisoned = y.slice();
    const i = rng.integer(40);
    poisoned[i] = (y[i] + 1 + rng.integer(2)) % 3;
    const moved = partitionVotes({ X: grid, y: poisoned }, grid, options).votes.data
      .map((votes, p) => Math.abs(votes - clean[p]));
    for (let row = 0; row < 40; row++) assert.ok(moved[3 * row] + moved[3 * row + 1] + moved[3 * row + 2] <= 2);
  }
});

/** The labels of the k nearest rows, plainly: by distance, then by position. */
const nearestLabels = (rows: readonly number[][], y: readonly number[], query: readonly number[], k: number) =>
  rows.map((row, i) => ({ i, far: (row[0] - query[0]) ** 2 + (row[1] - query[1]) ** 2 }))
    .sort((a, b) => a.far - b.far || a.i - b.i).slice(0, k).map(({ i }) => y[i]);

test("neighborVotes counts the labels of the nearest rows, first rows first among equals", () => {
  const point = fc.tuple(fc.nat(5), fc.nat(5));
  const before = tf.memory().numTensors;
  fc.assert(fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), point, fc.nat(11), (rows, query, k) => {
    const numNeighbors = 1 + (k % rows.length);
    const y = rows.map((_, i) => i % 3);
    const votes = neighborVotes({ X: fromRows(rows), y: Int32Array.from(y) }, fromRows([query]),
      { numNeighbors, numClasses: 3 });
    assert.deepEqual([...votes.data], tally(nearestLabels(rows, y, query, numNeighbors), 3));
  }), { numRuns: 60 });
  assert.equal(tf.memory().numTensors, before);
});

test("neighborVotes: a row that is relabelled, altered, removed or inserted exchanges at most one vote", () => {
  const point = fc.tuple(fc.nat(5), fc.nat(5));
  fc.assert(fc.property(fc.array(point, { minLength: 5, maxLength: 12 }), point, fc.nat(2), fc.nat(99),
    (rows, other, label, place) => {
      const y = rows.map((_, i) => i % 3);
      const i = place % rows.length;
      const query = fromRows([[2, 3]]);
      const votes = (X: readonly number[][], labels: readonly number[]) => [...neighborVotes(
        { X: fromRows(X), y: Int32Array.from(labels) }, query, { numNeighbors: 4, numClasses: 3 }).data];
      const clean = votes(rows, y);
      const splice = <T>(list: readonly T[], removed: number, ...put: T[]) =>
        [...list.slice(0, i), ...put, ...list.slice(i + removed)];
      const relabeled = votes(rows, splice(y, 1, label));
      const altered = votes(splice(rows, 1, other), splice(y, 1, label));
      const removed = votes(splice(rows, 1), splice(y, 1));
      const inserted = votes(splice(rows, 0, other), splice(y, 0, label));
      for (const poisoned of [relabeled, altered, removed, inserted])
        assert.ok(poisoned.reduce((sum, count, c) => sum + Math.abs(count - clean[c]), 0) <= 2);
    }), { numRuns: 60 });
});

test("certifyInsertions: every insertion of so many rows fails, and one of one more succeeds", () => {
  const rowsOf = fc.array(fc.tuple(fc.nat(6), fc.constant(0)), { minLength: 3, maxLength: 7 });
  fc.assert(fc.property(rowsOf, fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }), fc.integer({ min: 3, max: 5 }),
    (rows, labels, k) => {
      const y = labels.slice(0, rows.length);
      const numNeighbors = Math.min(k, rows.length);
      const { predicted, radius } = only(certifyInsertions(
        { X: fromRows(rows), y: Int32Array.from(y) }, fromRows([[3, 0]]), { numNeighbors, numClasses: 3 }));
      const read = (some: readonly number[][], named: readonly number[]) =>
        winner(tally(nearestLabels(some, named, [3, 0], numNeighbors), 3));
      assert.equal(predicted, read(rows, y));
      /** Whether some insertion of at most so many rows, in the first places, changes the reading. */
      const changes = (left: number, some: number[][], named: number[]): boolean => {
        if (read(some, named) !== predicted) return true;
        return left > 0 && [0, 1, 2].some((label) => [0, 2, 3, 5].some((place) =>
          changes(left - 1, [[place, 0], ...some], [label, ...named])));
      };
      if (radius <= 2) assert.ok(!changes(radius, rows, y), "the certificate is not too large");
      if (radius <= 2) assert.ok(changes(radius + 1, rows, y), "and not too small");
    }), { numRuns: 40 });
});

test("certifyInsertions withstands at least as much as the bare votes do, and frees its tensors", () => {
  const train = { X: grid, y: Int32Array.from({ length: 40 }, (_, i) => (i % 8 < 4 ? 0 : 1)) };
  const before = tf.memory().numTensors;
  const exact = certifyInsertions(train, grid, { numNeighbors: 15, numClasses: 2 });
  assert.equal(tf.memory().numTensors, before);
  const bare = certifyVotes(neighborVotes(train, grid, { numNeighbors: 15, numClasses: 2 }));
  assert.deepEqual(exact.predicted, bare.predicted);
  assert.ok(exact.radii.every((radius, i) => radius >= bare.radii[i]));
  assert.ok(exact.radii.some((radius, i) => radius > bare.radii[i]));
});

/** A ballot ranks all classes. */
const rankings = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

function electionOf(ballots: readonly number[]) {
  const votes = [0, 0, 0];
  const preferences = new Float64Array(9);
  for (const ballot of ballots) {
    const order = rankings[ballot];
    votes[order[0]]++;
    for (const [a, b] of [[0, 1], [0, 2], [1, 2]]) preferences[order[a] * 3 + order[b]]++;
  }
  return { votes: fromRows([votes]), preferences: fromRows([preferences]) };
}

test("certifyRunOff: the run-off can overrule the first round", () => {
  // First round 3 : 2 : 2, class 2 is out; both of its voters prefer 1, which wins 4 : 3.
  const { predicted, radius } = only(certifyRunOff(electionOf([0, 0, 1, 2, 3, 5, 5])));
  assert.equal(predicted, 1);
  assert.equal(radius, 0);
  assert.equal(only(certifyVotes(electionOf([0, 0, 1, 2, 3, 5, 5]).votes)).predicted, 0);
});

test("certifyRunOff: no attack on so many models changes the reading, by trying all of them", () => {
  fc.assert(fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }), (ballots) => {
    const { predicted, radius } = only(certifyRunOff(electionOf(ballots)));
    for (const changed of attacks(ballots, 6, Math.min(2, radius)))
      assert.equal(only(certifyRunOff(electionOf(changed))).predicted, predicted);
  }), { numRuns: 40 });
});

test("certificates refuse what is no count, no weight and no chance", () => {
  assert.throws(() => certifyVotes(fromRows([[1.5, 2]])), { name: "RangeError", message: /votes must be an integer/ });
  assert.throws(() => certifyVotes(fromRows([[-1, 2]])), RangeError);
  assert.throws(() => certifyWeightedVotes(fromRows([[NaN, 1]]), Int32Array.of(0, 1), { numClasses: 2 }), /finite/);
  assert.throws(() => certifyBySmoothing(fromRows([[1, 1]]), Int32Array.of(0, 1), { noise: 0.5 }), /noise must be in/);
  assert.throws(() => certifyBySmoothing(fromRows([[1, 1]]), Int32Array.of(0, 2), { noise: 0.1 }), /label must be/);
  assert.throws(() => worstAttack(fromRows([[1, 2]]), fromRows([[1, 2]]), { budget: -1 }), /budget must be/);
  const tooMany = { cluster: 0, to: 1, count: 2, numClasses: 2 };
  assert.throws(() => electInCluster(Int32Array.of(0), Int32Array.of(0), tooMany),
    /count must be an integer in \[0, 1\], got 2/);
  const train = { X: fromRows([[0, 0], [1, 1]]), y: Int32Array.of(0, 1) };
  assert.throws(() => neighborVotes(train, train.X, { numNeighbors: 3, numClasses: 2 }),
    /numNeighbors must be an integer in \[1, 2\], got 3/);
  assert.throws(() => certifiedAccuracy(new Int32Array(0), certifyVotes(fromRows([[1, 2]])), [1]), /same length/);
});

test("certificates from float32 refuse what it can't hold, and nothing hangs", () => {
  const trained = (size: number) => ({ X: fromRows([[size, 0], [1, 1], [2, 2]]), y: Int32Array.of(0, 1, 1) });
  const queries = fromRows([[1, 1]]);
  const neighbors = { numNeighbors: 2, numClasses: 2 };
  const partitions = { partitions: Int32Array.of(0, 0, 0), numPartitions: 1, numClasses: 2 };
  const tensors = tf.memory().numTensors;
  for (const size of [1e19, -1e20, 1e39, 1e300]) {
    const refused = { name: "RangeError", message: /X must be at most .* in size, as float32 holds/ };
    assert.throws(() => neighborVotes(trained(size), queries, neighbors), refused);
    assert.throws(() => neighborVotes(trained(1), fromRows([[size, 1]]), neighbors), refused);
    assert.throws(() => certifyInsertions(trained(size), queries, neighbors), refused);
    assert.throws(() => partitionVotes(trained(size), queries, partitions), refused);
    assert.throws(() => ridgeWeights(trained(size).X, queries, { ridge: 0.1 }),
      { name: "RangeError", message: /train must be at most .* in size, as float32 holds/ });
  }
  assert.deepEqual([...neighborVotes(trained(1e18), fromRows([[1e18, 1]]), { numNeighbors: 1, numClasses: 2 }).data],
    [1, 0]);
  assert.equal(tf.memory().numTensors, tensors);
});

test("weights whose sum is no number are refused; of many equal ones, rounding is the attacker's", () => {
  const huge = fromRows([[1e308, 1e308, -1e308]]);
  assert.throws(() => certifyWeightedVotes(huge, Int32Array.of(0, 1, 0), { numClasses: 2 }),
    { name: "RangeError", message: /weights must add up to less than 9e307/ });
  const n = 100_001;
  const y = Int32Array.from({ length: n }, (_, i) => i % 2);
  const { radii } = certifyWeightedVotes(matrix(new Float64Array(n).fill(0.1), [1, n]), y, { numClasses: 2 });
  assert.equal(radii[0], 0);
});
