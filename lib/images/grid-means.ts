import { matrix, type Matrix } from "../matrix";

/** Means over the cells of a grid of side² cells laid over maps of features, channels last. */
export function gridMeans({ data, shape: [n, d] }: Matrix, maps: readonly number[], side: number): Matrix {
  const [height, width, channels] = maps;
  const [rows, columns] = [Math.min(side, height), Math.min(side, width)];
  const cell = (r: number, c: number): number =>
    (Math.floor((r * rows) / height) * columns + Math.floor((c * columns) / width)) * channels;
  const size = rows * columns * channels;
  const counts = new Float32Array(size);
  const means = new Float32Array(n * size);
  for (let r = 0; r < height; r++)
    for (let c = 0; c < width; c++)
      for (let k = 0; k < channels; k++) {
        const [to, from] = [cell(r, c) + k, (r * width + c) * channels + k];
        counts[to]++;
        for (let i = 0; i < n; i++) means[i * size + to] += data[i * d + from];
      }
  for (let j = 0; j < means.length; j++) means[j] /= counts[j % size];
  return matrix(means, [n, size]);
}
