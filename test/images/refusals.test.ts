import assert from "node:assert/strict";
import { test } from "node:test";
import * as images from "../../lib/images";
import { matrix, plantBackdoor, seededRng, stampTrigger, imageRandomSampler, type Matrix } from "../../lib";

const rng = () => seededRng(1);
const spread = { rotation: 0.1, shear: 0.1, scale: 0.1, aspect: 0.1, elastic: 1, elasticGrid: 3 };
const bytes = (X: Matrix) => X as Matrix<Uint8Array>;

/** Each public function of the folder on images of 4 × 4 pixels; `pixels` says which numbers it takes. */
const calls: Record<string, { call: (X: Matrix) => Matrix; pixels?: "bytes"; none?: "refused" }> = {
  binarizeImages: { call: (X) => images.binarizeImages(X, { cutoff: 1 }) },
  colorScatteringFeatures: { call: (X) => images.colorScatteringFeatures(matrix(
    Float64Array.from({ length: 192 * X.shape[0] }, (_, p) => X.data[p % X.data.length]), [X.shape[0], 192]),
  { inputScale: 1 }) },
  grayImages: { call: (X) => images.grayImages(matrix(X.data.subarray(0, X.shape[0] * 15), [X.shape[0], 15])) },
  imageViews: { call: (X) => images.imageViews(X, Array.from({ length: X.shape[0] }, (_, i) => i),
    { side: 3, views: {}, rng: rng() }) },
  orientationFeatures: { call: (X) => images.orientationFeatures(X, { cells: 2, orientations: 4, inputScale: 1 }) },
  patchFeatures: { call: (X) => images.patchFeatures(X, { imageShape: [4, 4, 1], filters: 2, patchSize: 2, grid: 2,
    rng: rng() }), none: "refused" },
  poolImages: { call: (X) => images.poolImages(X, { side: 2 }) },
  rescaleImages: { call: (X) => images.rescaleImages(bytes(X)), pixels: "bytes" },
  resizedImages: { call: (X) => images.resizedImages(X, { from: [4, 4], to: [3, 5] }) },
  scatteringFeatures: { call: (X) => images.scatteringFeatures(X, { inputScale: 1 }) },
  warpedCopies: { call: (X) => images.warpedCopies(bytes(X), { copies: 1, spread, rng: rng() }), pixels: "bytes" },
};

/** Two images of 16 pixels that vary, of this size. */
const sized = (size: number): Matrix<Float64Array> =>
  matrix(Float64Array.from({ length: 32 }, (_, i) => size * ((i * 7) % 16 - 8)), [2, 16]);

/** These draw images and take none. */
const makers = ["deadLeaves", "scribbles"];

test("every public function of the folder stands in the table", () => {
  assert.deepEqual([...Object.keys(calls), ...makers].sort(), Object.keys(images).sort());
});

for (const [name, { call, pixels, none }] of Object.entries(calls))
  test(`${name} gives finite numbers or refuses, and takes no image and one image`, () => {
    for (const size of [NaN, Infinity, 1e-300, 1e-30, 1, 1e10, 1e18, 1e25, 1e37, 1e300, 2e307]) {
      try {
        assert.ok(call(sized(size)).data.every(Number.isFinite), `${size}`);
        assert.ok(size < Infinity, `took ${size}`);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        assert.ok(error instanceof RangeError && error.message.startsWith(`${name}: `), `${size}: ${error}`);
        assert.ok(pixels === "bytes" || !(size < 1e10), `refused ${size}: ${error}`);
      }
    }
    const whole = matrix(Uint8Array.from({ length: 16 }, (_, i) => 16 * i), [1, 16]);
    assert.equal(call(whole).shape[0], 1);
    const empty = matrix(new Uint8Array(0), [0, 16]);
    if (none) assert.throws(() => call(empty), RangeError);
    else assert.equal(call(empty).shape[0], 0);
    const one = matrix(Float32Array.from(whole.data, (pixel) => pixel / 255), [1, 16]);
    if (pixels === "bytes") assert.throws(() => call(one), /must be whole numbers from 0 to 255, got 0\.0/);
    else assert.equal(call(one).shape[0], 1);
  });

test("whatever stamps bytes refuses images between 0 and 1, which would all become black", () => {
  const X = matrix(Float32Array.from({ length: 50 }, (_, i) => i / 50), [2, 25]);
  assert.throws(() => stampTrigger(X, [5, 5, 1]), /stampTrigger: X must be whole numbers from 0 to 255, got 0\.0/);
  assert.throws(() => plantBackdoor(X, Int32Array.of(0, 1), { target: 0, count: 1, imageShape: [5, 5, 1], rng: rng() }),
    /must be whole numbers from 0 to 255/);
});

test("a shape of images is three whole numbers", () => {
  for (const imageShape of [[4, 4], [16], [-4, -4, 1], [2.5, 4, 1], [4, 4, 0], undefined] as never[]) {
    assert.throws(() => images.patchFeatures(sized(1), { imageShape, rng: rng() }),
      /patchFeatures: (side of )?imageShape/);
    assert.throws(() => imageRandomSampler({ imageShape }), /imageRandomSampler: (side of )?imageShape/);
  }
});

test("features of patches refuse images that float32 can't tell apart", () => {
  const X = matrix(sized(1).data.map((value) => value / 255 + 1e9), [2, 16]);
  assert.throws(() => calls.patchFeatures.call(X), /patchFeatures: X must vary by what float32 can hold/);
});
