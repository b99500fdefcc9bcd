import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRows, matrix, scatteringFeatures } from "../../lib";
import { morletKernels } from "../../lib/images/scattering";

const pattern = matrix(
  Float64Array.from({ length: 64 }, (_, p) => ((3 * Math.floor(p / 8) + 5 * (p % 8)) % 7) / 7), [1, 64]);

test("scattering features equal those of a NumPy program that convolves in float64", () => {
  const { data, shape } = scatteringFeatures(pattern, { inputScale: 1 });
  assert.deepEqual(shape, [1, 324]);
  // NumPy 2, scipy.signal.convolve2d with complex Morlet wavelets, averages written as loops.
  const expected = {
    0: 0.350886997, 3: 0.344710529, 4: 0.0439640912, 21: 0.0275156523, 35: 0.0521552044, 36: 0.0224611805,
    67: 0.025409845, 68: 0.00362470486, 130: 0.00336404033, 200: 0.002412867, 323: 0.003820353,
  };
  for (const [position, value] of Object.entries(expected))
    assert.ok(Math.abs(data[Number(position)] / value - 1) < 1e-5, `${position}: ${data[Number(position)]}`);
  assert.ok(Math.abs(data.reduce((sum, value) => sum + value) / 4.93841953 - 1) < 1e-6);
});

test("wavelets sum to nothing, so even light is seen by order 0 alone", () => {
  for (const scale of [0, 1] as const) {
    const { side, values } = morletKernels(scale);
    for (let k = 0; k < 16; k++) {
      let sum = 0;
      for (let p = 0; p < side * side; p++) sum += values[p * 16 + k];
      assert.ok(Math.abs(sum) < 1e-6);
    }
  }
  const side = 40;
  const light = matrix(new Float32Array(side * side).fill(1), [1, side * side]);
  const { data } = scatteringFeatures(light, { inputScale: 1 });
  const places = (side / 4) ** 2;
  const middle = 5 * (side / 4) + 5;
  assert.ok(Math.abs(data[middle] - 1) < 0.01);
  for (let channel = 1; channel < 17; channel++) assert.ok(data[channel * places + middle] < 1e-3);
});

test("a stroke moved by one pixel keeps its scattering features far better than its pixels", () => {
  const stroke = (at: number) => Float64Array.from({ length: 784 }, (_, p) => {
    const [row, column] = [Math.floor(p / 28), p % 28];
    return row > 7 && row < 20 && Math.abs(column - at) < 2 ? 1 : 0;
  });
  const X = fromRows([stroke(13), stroke(14)]);
  const distance = ({ data, shape: [, d] }: { data: ArrayLike<number>; shape: readonly [number, number] }) => {
    let apart = 0;
    let length = 0;
    for (let j = 0; j < d; j++) {
      apart += (data[j] - data[d + j]) ** 2;
      length += data[j] ** 2;
    }
    return Math.sqrt(apart / length);
  };
  assert.ok(distance(scatteringFeatures(X, { inputScale: 1 })) < distance(X) / 2);
});
