import assert from "node:assert/strict";
import { test } from "node:test";
import { certifyVotes, clusterClassCounts, electInCluster, fromRows, matrix, seededRng, worstAttack } from "../../lib";
import { flipAtRandom, readAsTarget } from "../../notebooks/14-certified-poisoning/backdoor";
import { boundedWeights } from "../../notebooks/14-certified-poisoning/cifar";
import { exercises } from "../../notebooks/14-certified-poisoning/exercises";
import { meanShift, patchAt, worthOfPlaces } from "../../notebooks/14-certified-poisoning/patches";
import { judging } from "./helpers";

const judge = judging(exercises);

test("14-1 tells the draw, the lead and a share from the radius", async () => {
  assert.equal((await judge("14-1", 1699)).verdict, "right");
  assert.match(String((await judge("14-1", 1700)).finding), /draw/);
  assert.match(String((await judge("14-1", 3400)).finding), /lead/);
  assert.match(String((await judge("14-1", 0.35)).finding), /whole number/);
  assert.match(String((await judge("14-1", 12)).finding), /a flip takes/);
});

/** Ten clusters of thirty rows, each mostly of one digit. */
function clustered() {
  const clusters = Int32Array.from({ length: 300 }, (_, i) => i % 10);
  const y = clusters.map((cluster, i) => (i < 40 ? (cluster + 1) % 10 : cluster));
  return { clusters, y };
}

test("14-2 tells an attack that is too small, one that is too large, and the fewest flips", async () => {
  const setting = clustered();
  const { predicted, radii } = certifyVotes(
    clusterClassCounts(setting.clusters, setting.y, { numClusters: 10, numClasses: 10 }));
  // Thirty votes, four of them for the next digit: 26 to 4; only in cluster 9 the rival, 0, wins a draw.
  assert.deepEqual([...predicted], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(radii[9], 10);
  const flip = (cluster: number, to: number, count: number) =>
    electInCluster(setting.y, setting.clusters, { cluster, to, count, numClasses: 10 }).y;
  assert.equal((await judge("14-2", flip(9, 0, 11), setting)).verdict, "right");
  assert.match(String((await judge("14-2", flip(9, 0, 10), setting)).finding), /after 10 flips every cluster/);
  assert.match(String((await judge("14-2", flip(0, 1, 12), setting)).finding), /more than an attack needs/);
  assert.match(String((await judge("14-2", setting.y.slice(1), setting)).finding), /300 labels/);
});

test("14-3 certifies the crowd itself, and names too few and too many neighbours", async () => {
  const rng = seededRng(5);
  const y = Int32Array.from({ length: 10_500 }, (_, i) => i % 10);
  const X = fromRows(Array.from(y, (digit) => [10 * (digit % 4) + rng.normal(), 10 * Math.floor(digit / 4)]));
  assert.equal((await judge("14-3", 400, { X, y })).verdict, "right");
  assert.match(String((await judge("14-3", 60, { X, y })).finding), /can't withstand 50/);
  assert.match(String((await judge("14-3", 10_000, { X, y })).finding), /is wanted/);
  assert.match(String((await judge("14-3", 10_001, { X, y })).finding), /only 10,000/);
});

test("14-4 wants the first budget that brings more than half to fall", async () => {
  const { clusters, y } = clustered();
  const votes = clusterClassCounts(clusters, y, { numClusters: 10, numClasses: 10 });
  const { right } = worstAttack(votes, votes, { budget: 100 });
  const fewest = right.findIndex((count) => count < 150);
  assert.ok(fewest > 0);
  assert.equal((await judge("14-4", fewest, { votes, tested: votes })).verdict, "right");
  assert.match(String((await judge("14-4", fewest - 1, { votes, tested: votes })).finding), /can't bring/);
  assert.match(String((await judge("14-4", fewest + 1, { votes, tested: votes })).finding), /fewer do as well/);
});

test("14-5 wants nine of ten flips among at most half as many again", async () => {
  const y = Int32Array.from({ length: 100 }, (_, i) => i % 10);
  const poisoned = y.map((label, i) => (i >= 1 && i <= 10 && label ? 0 : label));
  const said = async (rows: number[]) => String((await judge("14-5", rows, { y, poisoned })).finding);
  const flips = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  assert.equal(await said(flips), "null");
  assert.equal(await said([...flips, 20, 30, 40, 50]), "null");
  assert.match(await said([...flips, 20, 30, 40, 50, 60]), /14 labels are accused, and 13 are allowed/);
  assert.match(await said(flips.slice(1)), /8 of 9 flips are among them/);
  assert.match(await said([1, 1]), /named twice/);
  assert.match(await said([100]), /integers from 0 to 99/);
});

/** Digits of one lit pixel each, at one of two places; the second place is rare. */
function sparks() {
  const [usual, rare] = [10 * 28 + 10, 20 * 28 + 5];
  const X = matrix(new Uint8Array(40 * 784), [40, 784]);
  for (let i = 0; i < 40; i++) X.data[i * 784 + (i % 10 === 3 ? rare : usual)] = 255;
  return { X, y: Int32Array.from({ length: 40 }, (_, i) => i % 4) };
}

test("a patch is white where it sits and moves an image by what is not white there yet", () => {
  const pattern = patchAt(20, 5, 2);
  assert.deepEqual([...pattern.keys()].filter((p) => pattern[p]), [565, 566, 593, 594]);
  const shift = meanShift(sparks().X, pattern);
  assert.ok(Math.abs(shift[565] - 0.9 * 255) < 1e-9);
  assert.ok([566, 593, 594].every((p) => Math.abs(shift[p] - 255) < 1e-9));
  assert.equal(shift.filter((value) => value !== 0).length, 4);
});

test("a patch is worth most where few images have ink, and nothing where none has", () => {
  const { gains, best } = worthOfPlaces(sparks(), { side: 1, target: 0, count: 4, ridge: 0.1 });
  assert.deepEqual([...best], [20, 5]);
  assert.ok(gains.data[20 * 28 + 5] > gains.data[10 * 28 + 10]);
  assert.equal(gains.data[0], 0);
});

test("random flips turn labels of other classes into the target, and success counts those classes alone", () => {
  const y = Int32Array.from({ length: 40 }, (_, i) => i % 4);
  const flipped = flipAtRandom(y, 0, { count: 12, rng: seededRng(1) });
  const changed = [...y.keys()].filter((i) => flipped[i] !== y[i]);
  assert.equal(changed.length, 12);
  assert.ok(changed.every((i) => flipped[i] === 0));
  assert.deepEqual(flipAtRandom(y, 0, { count: 12, rng: seededRng(1) }), flipped);
  assert.notDeepEqual(flipAtRandom(y, 0, { count: 12, rng: seededRng(2) }), flipped);
  assert.equal(readAsTarget(flipped, y, 0), 12 / 30);
});

test("bounded weights are at most twice the mean size of a row's own, and keep their signs", () => {
  const { data } = boundedWeights(fromRows([[9, -1, 1, 1], [-9, 1, 1, 1], [1, -1, 1, 1]]));
  assert.deepEqual([...data], [6, -1, 1, 1, -6, 1, 1, 1, 1, -1, 1, 1]);
});
