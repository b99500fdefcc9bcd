import assert from "node:assert/strict";
import { test } from "node:test";
import { colorScatteringFeatures, deadLeaves, matrix, scatteringFeatures, seededRng, selectRows } from "../../lib";

const options = { inputScale: 1 / 255 };
const pictures = deadLeaves(3, { side: 16, rng: seededRng(1) });

test("of a grey image only light is left: of each root the mean of a map's left half and its mirror image's", () => {
  const grey = deadLeaves(1, { side: 16, rng: seededRng(2) }).data.filter((_, p) => p % 3 === 0);
  const colors = matrix(Float32Array.from({ length: 768 }, (_, p) => grey[Math.floor(p / 3)]), [1, 768]);
  const { data, shape } = colorScatteringFeatures(colors, options);
  assert.deepEqual(shape, [1, 3 * 81 * 8]);
  assert.ok(data.subarray(81 * 8).every((value) => Math.abs(value) < 0.01));
  const maps = scatteringFeatures(matrix(grey, [1, 256]), { inputScale: Math.sqrt(3) / 255 }).data;
  const at = (map: number, row: number, column: number): number => maps[(map * 4 + row) * 4 + column];
  // Map 1 + k is the fine wavelet of angle kπ/8; in a mirror that of −kπ/8, which is 8 − k.
  for (const [map, mirrored] of [[0, 0], [1, 1], [2, 8], [5, 5], [9, 9], [12, 14], [17, 17], [26, 80], [45, 61]])
    for (let row = 0; row < 4; row++)
      for (let column = 0; column < 2; column++) {
        const mean = (at(map, row, column) + at(mirrored, row, 3 - column)) / 2;
        const expected = map === 0 ? mean : Math.sqrt(mean);
        assert.ok(Math.abs(data[(map * 4 + row) * 2 + column] - expected) < 1e-5, `map ${map}`);
      }
});

test("an image and its mirror image look nearly the same, and unlike another image", () => {
  const side = 16;
  const mirrored = matrix(pictures.data.map((_, p) => {
    const [c, column, row] = [p % 3, Math.floor(p / 3) % side, Math.floor(p / 3 / side)];
    return pictures.data[(row * side + side - 1 - column) * 3 + c];
  }), pictures.shape);
  const [here, there] = [pictures, mirrored].map((X) => colorScatteringFeatures(X, options));
  const apart = (a: number, b: number): number => {
    const width = here.shape[1];
    return Math.sqrt(here.data.subarray(a * width, (a + 1) * width)
      .reduce((sum, value, j) => sum + (value - there.data[b * width + j]) ** 2, 0));
  };
  for (const [a, b] of [[0, 1], [1, 2], [2, 0]]) assert.ok(apart(a, a) < 0.25 * apart(a, b), `${apart(a, a)}`);
});

test("rows depend on no other row, and images without three colours or eighths are refused", () => {
  const all = colorScatteringFeatures(pictures, options);
  const some = colorScatteringFeatures(selectRows(pictures, [2]), options);
  some.data.forEach((value, j) => assert.ok(Math.abs(value - all.data[2 * all.shape[1] + j]) < 1e-5));
  for (const width of [256, 3 * 12 * 12, 3 * 4 * 4])
    assert.throws(() => colorScatteringFeatures(matrix(new Float32Array(width), [1, width]), options),
      /^RangeError: colorScatteringFeatures: .*side must be an integer|side of the images/);
  assert.throws(() => colorScatteringFeatures(pictures, { inputScale: NaN }), /inputScale/);
});
