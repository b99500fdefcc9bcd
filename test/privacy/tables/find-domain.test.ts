import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRng } from "../../../lib";
import { decodeValue, encodeColumn, numericColumn } from "../../../lib/privacy/tables/column-domain";
import { findCategories, findRange } from "../../../lib/privacy/tables/find-domain";
import type { SourceColumn } from "../../../lib/privacy/tables/source-columns";
import type { NoiseKind } from "../../../lib/privacy/mechanisms/whole-vectors";
import { tableNoise, type TableNoise } from "../../../lib/privacy/tables/table-noise";

const numbers = (values: (number | null)[]): SourceColumn => ({ name: "n", kind: "number", values });

test("bins of equal width hold whole numbers, each in the bin that its value is drawn from again", () => {
  const column = numericColumn("age", { min: -3, max: 96, bins: 7, missing: true });
  assert.equal(column.size, 8);
  const values = [...Array.from({ length: 100 }, (_, i) => i - 3), null];
  const codes = encodeColumn(column, numbers(values));
  assert.deepEqual([codes[0], codes[99], codes[100]], [0, 6, 7]);
  const widths = Array.from({ length: 7 }, (_, bin) => codes.filter((code) => code === bin).length);
  assert.ok(widths.every((width) => width === 14 || width === 15));
  const rng = seededRng(1);
  for (let code = 0; code < 8; code++)
    assert.deepEqual([...encodeColumn(column, numbers([decodeValue(column, code, rng) as number]))], [code]);
  assert.deepEqual(numericColumn("x", { min: 0, max: 1 }).edges, [0, 1, 2]);
});

const noise = (seed: number): TableNoise => tableNoise("normal", { epsilon: 1, delta: 1e-6 }, seededRng(seed));

test("the range that is found holds nearly all numbers, and one far one does not widen it", () => {
  const rng = seededRng(2);
  const values = Array.from({ length: 5000 }, () => 17 + rng.integer(70));
  const found = (extra: number[]) => findRange(numbers([...values, ...extra]), { sigma: 20, noise: noise(3) });
  assert.deepEqual([found([]).edges?.[0], found([]).edges?.at(-1)], [16, 129]);
  assert.deepEqual(found([1e12]).edges, found([]).edges);
  const fractions = findRange(numbers(values.map((value) => -value / 8 - 0.01)), { sigma: 20, noise: noise(3) });
  assert.deepEqual([fractions.edges?.[0], fractions.decimals], [-160, 1]);
  const zero = findRange(numbers(values.map(() => 0)), { sigma: 20, noise: noise(3) });
  assert.deepEqual([zero.edges?.[0], zero.size], [0, 3]);
  assert.deepEqual(findRange(numbers([1, 2]), { sigma: 20, noise: noise(3) }).edges, [0, 1, 2]);
});

test("a name that nobody else has is found with chance δ, with discrete noise at most", () => {
  const alone: SourceColumn = { name: "t", kind: "text", values: ["only me"], found: [] };
  const foundIn = (kind: NoiseKind): number => {
    const drawn = tableNoise(kind, { epsilon: 1, delta: 1e-6 }, seededRng(4));
    let found = 0;
    for (let i = 0; i < 4000; i++)
      if (findCategories(alone, { sigma: 3, delta: 0.1, noise: drawn }).size === 3) found++;
    return found / 4000;
  };
  const error = 4 * Math.sqrt(0.09 / 4000);
  assert.ok(Math.abs(foundIn("normal") - 0.1) < error, `${foundIn("normal")}`);
  assert.ok(foundIn("discrete") > 0.03 && foundIn("discrete") < 0.1 + error, `${foundIn("discrete")}`);
});
