import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { seededRng } from "../../../lib";
import { wrightOmega } from "../../../lib/math/wright-omega";
import { junctionTree, modelCells } from "../../../lib/privacy/tables/junction-tree";
import { cellMap, cellsOf, columnSets, countMarginal, type ColumnSet } from "../../../lib/privacy/tables/marginal";
import { sampleRows } from "../../../lib/privacy/tables/sample-rows";
import { nearCounts, TreeModel } from "../../../lib/privacy/tables/tree-model";

const close = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): void => {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i] - b[i]) <= within, `${i}: ${a[i]} and ${b[i]}`);
};

test("Wright's omega solves w + ln w = z at every size", () => {
  assert.ok(Math.abs(wrightOmega(1) - 1) < 1e-12);
  assert.ok(Math.abs(wrightOmega(0) - 0.5671432904097838) < 1e-12); // the constant Ω
  fc.assert(fc.property(fc.double({ min: -600, max: 1e6, noNaN: true }), (z) => {
    const w = wrightOmega(z);
    assert.ok(w > 0 && Math.abs(w + Math.log(w) - z) <= 1e-9 * Math.max(1, Math.abs(z)), `${z}`);
  }));
});

test("cells of a marginal and the map to fewer columns agree with counting by hand", () => {
  const codes = [[0, 1, 1, 0], [2, 0, 0, 1], [1, 1, 1, 0]].map((column) => Uint16Array.from(column));
  const table = { sizes: [2, 3, 2], rows: 4, codes };
  assert.deepEqual([...countMarginal(table, [0, 1])], [0, 1, 1, 2, 0, 0]);
  assert.deepEqual([...countMarginal(table, [0, 1, 2])], [0, 0, 1, 0, 0, 1, 0, 2, 0, 0, 0, 0]);
  assert.deepEqual([...cellMap([0, 1, 2], [0, 2], table.sizes)], [0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3]);
  assert.deepEqual(columnSets(3, 2), [[0], [1], [2], [0, 1], [0, 2], [1, 2]]);
});

const anySets = fc.integer({ min: 1, max: 7 }).chain((d) => fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: d, maxLength: d }),
  sets: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: d - 1 }), { minLength: 1, maxLength: 3 })
    .map((set): ColumnSet => set.sort((a, b) => a - b)), { maxLength: 8 }),
}));

test("a junction tree holds every set in a clique, and the cliques that hold a column hang together", () => {
  fc.assert(fc.property(anySets, ({ sizes, sets }) => {
    const { cliques, parents, separators, cells } = junctionTree(sets, sizes);
    for (const set of sets) assert.ok(cliques.some((clique) => set.every((column) => clique.includes(column))));
    assert.equal(parents[0], -1);
    for (let column = 0; column < sizes.length; column++) {
      const holding = [...cliques.keys()].filter((c) => cliques[c].includes(column));
      const roots = holding.filter((c) => c === 0 || !cliques[parents[c]].includes(column));
      assert.equal(roots.length, 1, `column ${column}`);
    }
    separators.forEach((separator, c) => {
      if (c) assert.ok(parents[c] < c && separator.every((column) => cliques[parents[c]].includes(column)));
    });
    assert.equal(cells, cliques.reduce((sum, clique) => sum + cellsOf(clique, sizes), 0));
    assert.equal(cells, modelCells(sets, sizes));
  }));
});

test("counts near noisy ones keep their total, are these without a pull, and the expected with a great one", () => {
  const [expected, noisy] = [Float64Array.of(10, 20, 30), Float64Array.of(30, 20, 10)];
  close(nearCounts(expected, noisy, 1e-6), noisy, 1e-3);
  close(nearCounts(expected, noisy, 1e9), expected, 1e-3);
  const between = nearCounts(expected, Float64Array.of(-50, 20, 10), 5);
  close([between.reduce((sum, count) => sum + count)], [60], 1e-9);
  assert.ok(between.every((count) => count > 0));
  // (counts − noisy) + s · ln(counts / expected) is the same in all cells: the condition of the minimum.
  const pull = [...between].map((count, i) => count - [-50, 20, 10][i] + 5 * Math.log(count / expected[i]));
  close(pull, [pull[0], pull[0], pull[0]], 0.05);
});

/** The product of exponentials of random numbers for each set, by brute force over all cells. */
function exactTable(sizes: readonly number[], sets: readonly ColumnSet[], seed: number): Float64Array {
  const rng = seededRng(seed);
  const all = sizes.map((_, column) => column);
  const cells = new Float64Array(cellsOf(all, sizes)).fill(1);
  for (const set of sets) {
    const weights = Float64Array.from({ length: cellsOf(set, sizes) }, () => Math.exp(rng.normal()));
    const map = cellMap(all, set, sizes);
    for (let i = 0; i < cells.length; i++) cells[i] *= weights[map[i]];
  }
  const sum = cells.reduce((total, cell) => total + cell, 0);
  return cells.map((cell) => (1000 * cell) / sum);
}

test("from exact marginals of a model, the model comes back, with all the marginals that were not measured", () => {
  const sizes = [2, 3, 4, 2, 3];
  const sets: ColumnSet[] = [[0, 1], [1, 2], [2, 3], [0, 3], [3, 4]]; // a loop and a tail
  const all = [0, 1, 2, 3, 4];
  const truth = exactTable(sizes, sets, 1);
  const marginal = (columns: ColumnSet): Float64Array => {
    const sums = new Float64Array(cellsOf(columns, sizes));
    cellMap(all, columns, sizes).forEach((cell, i) => (sums[cell] += truth[i]));
    return sums;
  };
  const model = new TreeModel(sets.map((columns) => ({ columns, counts: marginal(columns), sigma: 1 })), sizes,
    { total: 1000 });
  for (let sweep = 0; sweep < 200; sweep++) model.sweep();
  for (const columns of [...sets, [0, 1, 3]])
    close(model.marginal(columns) as Float64Array, marginal(columns), 0.01);
  assert.equal(model.marginal([0, 4]), undefined);
  const again = new TreeModel(sets.map((columns) => ({ columns, counts: marginal(columns), sigma: 1 })), sizes,
    { total: 1000, start: model });
  close(again.marginal([1, 2]) as Float64Array, marginal([1, 2]), 0.01);
});

test("drawn rows have the model's marginals up to rounding within cliques, and about elsewhere", () => {
  const sizes = [2, 3, 4];
  const sets: ColumnSet[] = [[0, 1], [1, 2]];
  const truth = exactTable(sizes, sets, 2);
  const marginal = (columns: ColumnSet): Float64Array => {
    const sums = new Float64Array(cellsOf(columns, sizes));
    cellMap([0, 1, 2], columns, sizes).forEach((cell, i) => (sums[cell] += truth[i]));
    return sums;
  };
  const model = new TreeModel(sets.map((columns) => ({ columns, counts: marginal(columns), sigma: 1 })), sizes,
    { total: 1000 });
  for (let sweep = 0; sweep < 100; sweep++) model.sweep();
  const draw = (seed: number) => sampleRows(model, { rows: 1000, rng: seededRng(seed) });
  const rows = draw(3);
  for (const columns of sets) close(countMarginal(rows, columns), marginal(columns), 2.5);
  close(countMarginal(rows, [0, 2]), marginal([0, 2]), 30);
  assert.deepEqual(draw(3), rows);
  assert.notDeepEqual(draw(4), rows);
});
