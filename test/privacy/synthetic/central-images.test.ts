import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromRows, matrix, seededRng, selectRows } from "../../../lib";
import { centralImagesFrom, fitCentralImages } from "../../../lib/privacy/synthetic/central-images";
import { drawImages, type DrawImagesStyle } from "../../../lib/privacy/synthetic/draw-images";
import { type GroupSums, privateGroupSums, shrunkMeans } from "../../../lib/privacy/synthetic/group-sums";
import { type GroupSquares, privateGroupSquares } from "../../../lib/privacy/synthetic/modes";
import { fitPoseLaw } from "../../../lib/privacy/synthetic/pose";
import { inkMass } from "../../../lib/images/strokes";
import { bars } from "./bars";

const still = { countWeight: 0.5, noiseMultiplier: 0 };

test("without noise the sums and sizes of groups are those counted by hand", () => {
  const X = fromRows([[0.6, 0], [0, 0.5], [0.3, 0.4]]);
  const { sums, counts } = privateGroupSums(X, Int32Array.of(1, 1, 0), { ...still, numGroups: 2, rng: seededRng(1) });
  assert.deepEqual([...sums.data], [0.3, 0.4, 0.6, 0.5]);
  assert.deepEqual([...counts], [1, 2]);
});

test("one record more moves what is released by no more than the stated sensitivity, however long the record", () => {
  const row = fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }));
  fc.assert(fc.property(fc.array(row, { minLength: 2, maxLength: 8 }), fc.integer(), (rows, seed) => {
    const groups = Int32Array.from(rows, (_, i) => (i + Math.abs(seed)) % 3);
    const settings = { numGroups: 3, countWeight: 0.5, noiseMultiplier: 4, rng: seededRng(7) };
    const all = privateGroupSums(fromRows(rows), groups, settings);
    const fewer = privateGroupSums(fromRows(rows.slice(1)), groups.slice(1), { ...settings, rng: seededRng(7) });
    let square = 0;
    all.sums.data.forEach((value, p) => square += (value - fewer.sums.data[p]) ** 2);
    assert.ok(square <= 1 + 1e-9);
    all.counts.forEach((count, g) => square += (0.5 * (count - fewer.counts[g])) ** 2);
    assert.ok(square <= 1 + 0.25 + 1e-9);
  }));
});

test("the noise on each sum has the deviation that is stated", () => {
  const X = matrix(new Float64Array(4000), [1, 4000]);
  const settings = { numGroups: 1, countWeight: 0.75, noiseMultiplier: 2, rng: seededRng(5) };
  const { sums, sigma } = privateGroupSums(X, Int32Array.of(0), settings);
  assert.equal(sigma, 2 * 1.25);
  const square = sums.data.reduce((sum, value) => sum + value * value, 0) / 4000;
  assert.ok(Math.abs(Math.sqrt(square) / sigma - 1) < 0.05);
});

test("shrunk means leave sums without noise alone and take noise without signal away", () => {
  const sums = matrix(Float64Array.of(4, 2, 0, 8), [1, 4]);
  assert.deepEqual([...shrunkMeans({ sums, counts: Float64Array.of(2), sigma: 0 }).data], [2, 1, 0, 4]);
  assert.ok(shrunkMeans({ sums, counts: Float64Array.of(2), sigma: 100 }).data.every((value) => value === 0));
});

test("groups out of range, rows of another number and bad settings are refused", () => {
  const X = fromRows([[1, 0], [0, 1]]);
  const settings = { ...still, numGroups: 2, rng: seededRng(1) };
  assert.throws(() => privateGroupSums(X, Int32Array.of(0, 2), settings), RangeError);
  assert.throws(() => privateGroupSums(X, Int32Array.of(0, 1), { ...settings, numGroups: 1 }), /groups must be/);
  assert.throws(() => privateGroupSums(X, Int32Array.of(0), settings), /same length/);
  assert.throws(() => privateGroupSums(X, Int32Array.of(0, 1), { ...settings, countWeight: 0 }), /countWeight/);
  const silent = { ...settings, noiseMultiplier: NaN };
  assert.throws(() => privateGroupSums(X, Int32Array.of(0, 1), silent), /noiseMultiplier/);
  assert.throws(() => privateGroupSums(fromRows([[NaN, 0]]), Int32Array.of(0), settings), /finite/);
});

const quiet = { modesPerClass: false, noiseMultiplier: 0, modesNoiseMultiplier: 0 };
const noSlants = new Float64Array(60);

const style: DrawImagesStyle = {
  mixing: 0.5, variety: 0.5, bending: 0.5, softness: 0.2, box: 0.7,
  rotation: 0.1, shear: 0.1, scale: 0.05, aspect: 0.05, elastic: 0.3, elasticGrid: 4,
  jitter: { rotation: 0, shear: 0, scale: 0, aspect: 0, elastic: 0, elasticGrid: 2 },
};

test("central images without noise: class means first, and k-means parts a class", () => {
  const { X, y } = bars(60);
  const settings = { ...quiet, numClasses: 2, kept: 12, rng: seededRng(1) };
  const means = fitCentralImages(X, y, { ...settings, centersPerClass: 1, rounds: 0 });
  const length = 1 / Math.sqrt(16);
  const expected = length * 8 * 2 / 12;
  assert.ok(Math.abs(means.coefficients.data[0] - expected) < 1e-12);
  const { counts } = fitCentralImages(X, y, { ...settings, centersPerClass: 3, rounds: 3 });
  const real = counts.filter((count) => count > 1);
  assert.ok(Math.abs(real.reduce((sum, count) => sum + count) - 60) < 1e-9);
  assert.ok(real.length > 2, "some class is parted");
});

test("after the first release nothing is read but releases: equal releases give equal images", () => {
  const { X, y } = bars(40);
  // The same images in another order: every sum is the same, so all that follows must be too.
  const order = seededRng(3).permutation(40);
  const moved = selectRows(X, order);
  const run = (data: Uint8Array, labels: Int32Array) => {
    const images = matrix(data, [40, 144]);
    const settings = { numClasses: 2, noiseMultiplier: 3, modesNoiseMultiplier: 1, modesPerClass: true };
    const central = fitCentralImages(images, labels, {
      ...settings, kept: 6, centersPerClass: 2, rounds: 1, rng: seededRng(9),
    });
    const pose = fitPoseLaw(images, noSlants.slice(0, 40), labels, { ...settings, rng: seededRng(9) });
    return drawImages(central, pose, { size: 20, style, rng: seededRng(4) });
  };
  const first = run(X.data, y);
  assert.deepEqual(run(moved.data, Int32Array.from(order, (i) => y[i])), first);
  assert.equal(first.X.data.some((value) => value > 0), true);
});

test("with one record other and every release replayed, central images are equal, and no release moves further", () => {
  const { X, y } = bars(40);
  const other = matrix(X.data.slice(), X.shape);
  for (let p = 0; p < 144; p++) other.data[7 * 144 + p] = (31 * p) % 256;
  const labels = y.map((label, i) => (i === 7 ? 1 - label : label));
  const settings = { numClasses: 2, kept: 8, centersPerClass: 3, rounds: 2, modesPerClass: false };
  const noise = { countWeight: 0.3, noiseMultiplier: 2 };
  const exact = { countWeight: 0.3, noiseMultiplier: 0, rng: seededRng(1) };
  const said: GroupSums[] = [];
  const sums: GroupSums[] = [];
  const squares: GroupSquares[] = [];
  const first = centralImagesFrom(X, y, { ...settings, rng: seededRng(2) }, {
    sums: (Z, groups, numGroups) => {
      sums.push(privateGroupSums(Z, groups, { ...exact, numGroups }));
      said.push(privateGroupSums(Z, groups, { ...noise, numGroups, rng: seededRng(said.length) }));
      return said[said.length - 1];
    },
    squares: (R, groups, numGroups) => {
      const square = { numGroups, reach: 0.8, rng: seededRng(7) };
      squares.push(privateGroupSquares(R, groups, { ...square, noiseMultiplier: 0 }));
      squares.push(privateGroupSquares(R, groups, { ...square, noiseMultiplier: 2 }));
      return squares[1];
    },
  });
  let release = 0;
  let squared = 0;
  const second = centralImagesFrom(other, labels, { ...settings, rng: seededRng(2) }, {
    sums: (Z, groups, numGroups) => {
      const { sums: moved } = privateGroupSums(Z, groups, { ...exact, numGroups });
      const square = moved.data.reduce((sum, value, p) => sum + (value - sums[release].sums.data[p]) ** 2, 0);
      assert.ok(square > 0 && square <= 2 ** 2 + 1e-6, "one record leaves and another comes");
      return said[release++];
    },
    squares: (R, groups, numGroups) => {
      const here = privateGroupSquares(R, groups, { numGroups, reach: 0.8, noiseMultiplier: 0, rng: seededRng(7) });
      const square = here.squares.data.reduce((sum, value, p) => sum + (value - squares[0].squares.data[p]) ** 2, 0);
      assert.ok(square > 0 && square <= 2 + 1e-6, "one record leaves and another comes");
      squared++;
      return squares[1];
    },
  });
  assert.equal(release, 3);
  assert.equal(squared, 1);
  assert.deepEqual(second, first);
});

test("a style out of range is refused", () => {
  const { X, y } = bars(20);
  const settings = { ...quiet, numClasses: 2, rng: seededRng(1) };
  const central = fitCentralImages(X, y, { ...settings, kept: 6, centersPerClass: 1, rounds: 0 });
  const pose = fitPoseLaw(X, noSlants.slice(0, 20), y, settings);
  const bad: [keyof DrawImagesStyle, number[]][] = [
    ["mixing", [-0.1, 1.1]], ["variety", [-0.1, Infinity]], ["bending", [-0.1, Infinity]],
    ["softness", [0, Infinity]], ["box", [0, 1.1]],
    ["rotation", [-1, Infinity]], ["shear", [-1]], ["scale", [-1]], ["aspect", [-1]], ["elastic", [-1]],
    ["elasticGrid", [1, 2.5]],
  ];
  for (const [name, values] of bad)
    for (const value of [NaN, ...values])
      assert.throws(() => drawImages(central, pose, { size: 1, style: { ...style, [name]: value }, rng: seededRng(1) }),
        new RegExp(`^RangeError: drawImages: ${name} must be`), `${name} ${value}`);
  const jitter = { ...style.jitter, elastic: -1 };
  const jittered = { size: 1, style: { ...style, jitter }, rng: seededRng(1) };
  assert.throws(() => drawImages(central, pose, jittered), /elastic must be/);
});

test("drawn images have their digit's size and centre, and about the amount of ink of their class", () => {
  const { X, y } = bars(60);
  const settings = { ...quiet, numClasses: 2, rng: seededRng(1) };
  const central = fitCentralImages(X, y, { ...settings, kept: 12, centersPerClass: 1, rounds: 0 });
  const pose = fitPoseLaw(X, noSlants, y, settings);
  assert.ok(Math.abs(pose.ink.means[0] - 16 / 144) < 1e-12);
  const drawn = drawImages(central, pose, { size: 40, style: { ...style, variety: 0, elastic: 0 }, rng: seededRng(2) });
  assert.deepEqual([...drawn.y.subarray(0, 4)], [0, 1, 0, 1]);
  let total = 0;
  for (let i = 0; i < 40; i++) {
    const image = drawn.X.data.subarray(i * 144, (i + 1) * 144);
    const { ink: sum, center } = inkMass(image, 12);
    total += sum / 255;
    assert.ok(Math.hypot(center[0] - 6, center[1] - 6) < 0.75, `centre ${center}`);
  }
  assert.ok(Math.abs(total / 40 - 16) < 3);
});

test("another seed gives other centres; black images, wrong labels and rounds without centres are refused", () => {
  const { X, y } = bars(20);
  const settings = {
    numClasses: 2, kept: 6, centersPerClass: 2, rounds: 1, modesPerClass: true, noiseMultiplier: 2,
    modesNoiseMultiplier: 1,
  };
  const fit = (seed: number) => [...fitCentralImages(X, y, { ...settings, rng: seededRng(seed) }).coefficients.data];
  assert.deepEqual(fit(1), fit(1));
  assert.notDeepEqual(fit(1), fit(2));
  const rng = seededRng(1);
  const black = matrix(new Uint8Array(144), [1, 144]);
  assert.throws(() => fitCentralImages(black, Int32Array.of(0), { ...settings, rng }), /pixel/);
  assert.throws(() => fitCentralImages(X, y.map(() => 2), { ...settings, rng }), RangeError);
  assert.throws(() => fitCentralImages(X, y, { ...settings, rounds: 0, rng }), /rounds/);
  for (const bad of [NaN, Infinity, -1]) {
    for (const name of ["noiseMultiplier", "modesNoiseMultiplier", "kept", "rounds", "centersPerClass", "numClasses"])
      assert.throws(() => fitCentralImages(X, y, { ...settings, [name]: bad, rng }), new RegExp(`${name} must be`));
  }
  assert.throws(() => fitCentralImages(X, y, { ...settings, kept: 13, rng }), /side of the images must be/);
  assert.throws(() => fitCentralImages(X, y.slice(1), { ...settings, rng }), /same length/);
});
