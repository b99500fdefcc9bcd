import { matrix, type Rng } from "../../../lib";
import type { CsvDataset } from "../../../lib";

/** People whose pay follows from their town, and whose age from both; some don't say how old they are. */
export function people(size: number, rng: Rng): CsvDataset {
  const data = new Float64Array(size * 4);
  const y = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const town = rng.integer(3);
    y[i] = rng.uniform() < [0.9, 0.5, 0.1][town] ? 1 : 0;
    data[i * 4] = rng.uniform() < 0.1 ? NaN : 20 + 20 * y[i] + rng.integer(20) + 5 * town;
    data[i * 4 + 1 + town] = 1;
  }
  return {
    name: "people", X: matrix(data, [size, 4]), y, target: "pays", dropped: [], classNames: ["no", "yes"],
    featureNames: ["age", "town=Bonn", "town=Köln", "town=Ulm"],
    columns: [
      { name: "age", kind: "numeric", missing: 0 },
      { name: "town", kind: "one-hot", categories: ["Bonn", "Köln", "Ulm"], missing: 0 },
    ],
  };
}

export const domain = {
  age: { min: 18, max: 80, bins: 21, missing: true }, town: ["Bonn", "Köln", "Ulm"], pays: ["no", "yes"],
} as const;
