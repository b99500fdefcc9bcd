import { matrix, type Matrix } from "../matrix";

/** Means over the cells of a grid of side² cells laid over maps of features, channels last. */
export function gridMeans({ data, shape: [n, d] }: Matrix, maps: readonly number[], side: number): Matrix {
  const [height, width, channels] = maps;
  const [rows, columns] = [Math.min(side, height), Math.min(side, width)];
  const cell = (place: number): number => {
    const [r, c] = [Math.floor(place / width), place % width];
    return (Math.floor((r * rows) / height) * columns + Math.floor((c * columns) / width)) * channels;
  };
  const cells = Int32Array.from({ length: height * width }, (_, place) => cell(place));
  const size = rows * columns * channels;
  const counts = new Float32Array(size);
  for (const first of cells) for (let k = 0; k < channels; k++) counts[first + k]++;
  const means = new Float32Array(n * size);
  for (let i = 0; i < n; i++) {
    for (let place = 0; place < cells.length; place++) {
      const [to, from] = [i * size + cells[place], i * d + place * channels];
      for (let k = 0; k < channels; k++) means[to + k] += data[from + k];
    }
  }
  for (let j = 0; j < means.length; j++) means[j] /= counts[j % size];
  return matrix(means, [n, size]);
}
