import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { figureSpec, fromRows, renderFigure } from "../../lib";
import { compact } from "../../lib/notebook/digits";
import { encoded } from "../../lib/notebook/figure/encode";
import { formatNumber } from "../../lib/notebook/format";

/** Coordinates that four or five digits by size can't tell apart. */
const close: Record<string, number[]> = {
  "degrees of longitude": [-122.2345, -122.2389, -122.2412],
  "seconds since 1970": [1_700_000_001, 1_700_000_002.5, 1_700_000_007],
  "counts near a million": [1_000_001, 1_000_002, 1_000_004],
  "small differences of a small number": [1.00001e-7, 1.00002e-7, 1.00005e-7],
};
const plane = { predict: (X: { shape: readonly [number, number] }) => new Int32Array(X.shape[0]) };
const rangeOf = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];

/** For each kind of figure: the coordinates that it shows of three numbers. */
const kinds: Record<string, (values: number[]) => unknown[]> = {
  "lines, horizontal": (x) => figureSpec.lines([{ name: "a", x, y: [0, 1, 2] }]).data[0].x as unknown[],
  "lines, vertical": (y) => figureSpec.lines([{ name: "a", x: [0, 1, 2], y }]).data[0].y as unknown[],
  "lines, logarithmic": (x) =>
    figureSpec.lines([{ name: "a", x: x.map(Math.abs), y: [0, 1, 2] }], { xScale: "log" }).data[0].x as unknown[],
  "lines, band": (low) =>
    figureSpec.lines([{ name: "a", x: [0, 1, 2], y: low, low, high: low }]).data[0].y?.slice(0, 3) as unknown[],
  "scatter, points of one group": (x) => figureSpec.scatter([{ name: "a", x, y: x }]).data[0].y as unknown[],
  "scatter, one point a group": (x) =>
    figureSpec.scatter(x.map((value, i) => ({ name: `g${i}`, x: [value], y: [0] }))).data.map((one) => one.x?.[0]),
  "scatter, a narrow range of wide data": (x) =>
    figureSpec.scatter([{ name: "a", x: [...x, 0, 1e12], y: [0, 1, 2, 3, 4] }], { xRange: rangeOf(x) })
      .data[0].x?.slice(0, 3) as unknown[],
  "scatter, classes": (x) => figureSpec.scatter({ X: fromRows(x.map((value) => [value, 0])), y: [0, 0, 0] })
    .data[0].x as unknown[],
  "scatter in three dimensions": (z) =>
    figureSpec.scatter([{ name: "a", x: [0, 1, 2], y: [0, 1, 2], z }]).data[0].z as unknown[],
  "scatter in three dimensions, the flat picture": (z) =>
    figureSpec.scatter([{ name: "a", x: [0, 0, 0], y: [0, 0, 0], z }]).still?.data[1].y as unknown[],
  "regions, cells": (x) => figureSpec.regions(plane, { xRange: rangeOf(x), yRange: [0, 1], resolution: 50 })
    .data[0].x as unknown[],
  "regions, points": (x) => figureSpec.regions(plane, { xRange: rangeOf(x), yRange: [0, 1], resolution: 2,
    points: [{ name: "a", x, y: [0, 0, 0] }] }).data[1].x as unknown[],
  "heatmap, colours": (z) => (figureSpec.heatmap([z], { numbers: false }).data[0].z as unknown as unknown[][])[0],
  "heatmap, numbers": (z) => figureSpec.heatmap([z]).data.slice(1).flatMap((one) => one.text as string[]),
  "histogram, bins": (values) => figureSpec.histogram([{ name: "a", values }], { bins: 7 }).data[0].x as unknown[],
  "bars, heights": (values) => figureSpec.bars([{ name: "a", values }],
    { categories: ["p", "q", "r"], yRange: rangeOf(values) }).data[0].y as unknown[],
  "bars, numbers": (values) => figureSpec.bars([{ name: "a", values }],
    { categories: ["p", "q", "r"], yRange: rangeOf(values) }).data[0].text as unknown as unknown[],
  slider: (x) => figureSpec.slider([{ label: 1, figure: figureSpec.scatter([{ name: "a", x, y: x }]) }],
    { title: "k" }).data[0].x as unknown[],
};

for (const [kind, shown] of Object.entries(kinds))
  for (const [what, values] of Object.entries(close))
    test(`${kind}: ${what} do not collapse`, () => {
      const coordinates = shown(values);
      assert.equal(new Set(coordinates).size, coordinates.length, JSON.stringify(coordinates));
    });

test("the ranges beside a cube are told apart as well", () => {
  const z = close["degrees of longitude"];
  const { still } = figureSpec.scatter([{ name: "a", x: [0, 1, 2], y: [0, 1, 2], z }]);
  const notes = (still?.layout.annotations ?? []).map(({ text }) => text);
  assert.ok(notes.includes("−122.2412 … −122.2345"), JSON.stringify(notes));
});

test("compact keeps every number to a ten-thousandth of what an axis spans, at any offset and scale", () => {
  const number = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(fc.property(fc.array(number, { minLength: 2, maxLength: 30 }), fc.integer({ min: -8, max: 8 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }), (shares, exponent, offset) => {
      const values = shares.map((share) => (offset + share) * 10 ** exponent);
      const span = Math.max(...values) - Math.min(...values);
      compact(values).forEach((value, i) =>
        assert.ok(Math.abs((value as number) - values[i]) <= 1e-4 * span + 1e-15 * Math.abs(values[i])));
    }));
});

test("compact writes no more digits than an axis can show", () => {
  assert.deepEqual(compact([0.123456789, 0.987654321, 1 / 3]), [0.12346, 0.98765, 0.33333]);
  assert.deepEqual(compact([123456.789, 987654.321]), [123460, 987650]);
  assert.deepEqual(compact([1, 10, 12345.678], { scale: "log" }), [1, 10, 12346]);
  assert.deepEqual(compact([NaN, Infinity, 1.5]), [null, null, 1.5]);
});

test("a number alone is written with four digits, among near ones with those that differ", () => {
  assert.equal(formatNumber(-122.2345), "−122.2");
  assert.equal(formatNumber(-122.2345, 0.0044), "−122.2345");
  assert.equal(formatNumber(1_000_000.25, 1), "1,000,000.25");
  assert.equal(formatNumber(1_234_567.5), "1.235e+6");
  assert.equal(formatNumber(0.00001234), "1.234e−5");
});

/** What Plotly reads from a typed array: the numbers. */
function decoded({ dtype, bdata }: { dtype: string; bdata: string }): number[] {
  const bytes = Uint8Array.from(Buffer.from(bdata, "base64")).buffer;
  const types = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, i4: Int32Array, f4: Float32Array,
    f8: Float64Array };
  return Array.from(new types[dtype as keyof typeof types](bytes));
}

test("long arrays are kept in one line, in the smallest type that holds them, and matrices with their shape", () => {
  const typeOf = (values: number[]) => {
    const spec = encoded({ x: values }).x as unknown as { dtype: string; bdata: string };
    decoded(spec).forEach((value, i) => assert.ok(Math.abs(value - values[i]) <= 1e-5 * 20));
    return spec.dtype;
  };
  const upTo20 = Array.from({ length: 20 }, (_, i) => i);
  assert.equal(typeOf(upTo20), "u1");
  assert.equal(typeOf(upTo20.map((i) => i - 10)), "i1");
  assert.equal(typeOf(upTo20.map((i) => i + 60_000)), "u2");
  assert.equal(typeOf(upTo20.map((i) => i + 1e9)), "i4");
  assert.equal(typeOf(upTo20.map((i) => i / 7)), "f4");
  assert.equal(typeOf(upTo20.map((i) => 1.7e9 + i / 7)), "f8");
  const z = Array.from({ length: 4 }, () => [1, 2, 3, 4, 5]);
  assert.deepEqual(encoded({ z }).z, { dtype: "u1", bdata: Buffer.from(z.flat()).toString("base64"), shape: "4, 5" });
});

test("what is no long array of numbers is left as it is", () => {
  const trace = { x: [1, 2, 3], y: Array.from({ length: 20 }, (_, i) => (i ? i : null)), marker: { symbol: "x" },
    colorscale: [[0, "#000000"], [1, "#FFFFFF"]], text: Array.from({ length: 20 }, String) };
  assert.deepEqual(encoded(trace), trace);
});

test("Plotly draws a figure from its encoded arrays as from the plain ones", () => {
  const x = Array.from({ length: 40 }, (_, i) => i);
  const spec = figureSpec.heatmap(x.map((i) => x.map((j) => (i * j) % 7)));
  const pictures = [spec, { ...spec, data: spec.data.map(encoded) }].map((one) => renderFigure(one).png);
  assert.ok(pictures[0].equals(pictures[1]));
});
