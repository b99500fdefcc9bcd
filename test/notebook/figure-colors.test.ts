import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { figureSpec, palette } from "../../lib";
import {
  colorAt, contrast, divergingScale, inkOn, placesFor, sequentialScale,
} from "../../lib/notebook/figure/colors";

test("contrast is WCAG's: 21 of black and white, 4.54 of #767676 and white", () => {
  assert.equal(contrast("#000000", "#FFFFFF"), 21);
  assert.equal(contrast("#767676", "#FFFFFF").toFixed(2), "4.54");
});

test("every colour of the palette has a contrast of 3 to a white page and to a dark one", () => {
  for (const color of palette)
    for (const page of ["#FFFFFF", "#111111"]) assert.ok(contrast(color, page) >= 3, `${color} on ${page}`);
});

test("text on any colour has a contrast of 4.5", () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(fc.property(channel, channel, channel, (r, g, b) => {
    const color = `#${[r, g, b].map((value) => value.toString(16).padStart(2, "0")).join("")}`;
    assert.ok(contrast(color, inkOn(color)) >= 4.5, color);
  }));
});

test("numbers on every cell of a heatmap have a contrast of 4.5, on both colour scales", () => {
  for (const colors of ["sequential", "diverging"] as const) {
    const row = Array.from({ length: 20 }, (_, i) => (colors === "diverging" ? i - 9.5 : i));
    const [cells, ...texts] = figureSpec.heatmap([row], { colors }).data;
    const scale = colors === "diverging" ? divergingScale : sequentialScale;
    const { zmin, zmax } = cells as unknown as { zmin: number; zmax: number };
    assert.equal(texts.flatMap(({ x }) => x as number[]).length, 20);
    for (const { x, textfont } of texts)
      for (const i of x as number[]) {
        const cell = colorAt(scale, (row[i] - zmin) / (zmax - zmin));
        assert.ok(contrast(cell, String(textfont?.color)) >= 4.5, `${row[i]} on ${cell}`);
      }
  }
});

test("a colour of a scale lies between its neighbours, and beyond the ends stays", () => {
  assert.equal(colorAt([[0, "#000000"], [1, "#FF8000"]], 0.5), "#804000");
  assert.equal(colorAt(sequentialScale, -1), "#F7FBFF");
  assert.equal(colorAt(sequentialScale, 2), "#08306B");
});

test("a name keeps its colour from figure to figure, in whatever order it comes", () => {
  const group = (name: string) => ({ name, x: [0, 1], y: [0, 1] });
  const colorsIn = (...names: string[]) => Object.fromEntries(
    figureSpec.scatter(names.map(group)).data.map(({ name, marker }) => [name, marker?.color]));
  const first = colorsIn("real wines", "generation 1", "generation 20");
  const second = colorsIn("generation 20", "drawn", "generation 1", "real wines");
  for (const [name, color] of Object.entries(first)) assert.equal(second[name], color, name);
  assert.equal(new Set(Object.values(second)).size, 4);
  const line = figureSpec.lines([{ ...group("drawn") }]).data[0];
  assert.equal(line.line?.color, second.drawn, "also in another kind of figure");
});

test("series of one figure never share a colour while the palette has one left", () => {
  const name = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");
  fc.assert(fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 10 }), (names) => {
    assert.equal(new Set(placesFor(names.map((one) => ({ name: one })))).size, names.length);
  }));
});

test("a colour that is asked for is no other series' in that figure", () => {
  const { data } = figureSpec.bars([{ name: "own", values: [1], color: palette[0] }, { name: "next", values: [1] }],
    { categories: ["x"] });
  assert.deepEqual([data[0].marker?.color, data[1].marker?.color !== palette[0]], [palette[0], true]);
});
