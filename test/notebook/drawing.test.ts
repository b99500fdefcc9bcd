import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FigureSpec, figureSpec, renderFigure } from "../../lib";
import { describe } from "../../lib/notebook/figure/describe";

const { blackBox, boundary, noiseSphere, trunkAndHead, twoWorlds } = figureSpec.drawing;
type Shape = { type: string; x0: number; x1: number; y0: number; y1: number; line: { width: number } };
const shapesOf = ({ layout }: FigureSpec): Shape[] => (layout.shapes ?? []) as unknown as Shape[];
const textsOf = ({ layout }: FigureSpec): string[] => (layout.annotations ?? []).map(({ text }) => text ?? "");

/** Area that two normal densities share, by a fine sum; Φ(−Δ / 2σ) twice, as textbooks have it. */
function overlap(sigma: number, shift: number): number {
  let sum = 0;
  for (let x = -12; x <= 12; x += 1e-3)
    sum += Math.min(Math.exp(-0.5 * x ** 2), Math.exp(-0.5 * (x - shift / sigma) ** 2)) * 1e-3;
  return sum / Math.sqrt(2 * Math.PI);
}

test("two worlds share the area that two normal densities share, at any noise and shift", () => {
  fc.assert(fc.property(fc.double({ min: 0.05, max: 20, noNaN: true }), fc.double({ min: 0.1, max: 6, noNaN: true }),
    (sigma, ratio) => {
      const said = /share (\d+) %/.exec(describe(twoWorlds({ sigma, shift: ratio * sigma })));
      assert.ok(Math.abs(Number(said?.[1]) - 100 * overlap(1, ratio)) <= 1, `${sigma}, ${ratio}: ${said?.[1]} %`);
    }), { numRuns: 20 });
});

test("two worlds of σ 1 and Δ 1 share 62 %: 2 Φ(−1/2) = .6171", () => {
  assert.match(describe(twoWorlds({ sigma: 1, shift: 1 })), /They share 62 % of their area/);
});

test("the images of the sphere are as far apart as the sensitivity says, in units of its radius", () => {
  for (const sensitivity of [0.1, 1, Math.SQRT2, 2]) {
    const spec = noiseSphere({ sensitivity });
    const sphere = shapesOf(spec)[0];
    const arrow = (spec.layout.annotations ?? []).find(({ showarrow }) => showarrow);
    const distance = Math.hypot(Number(arrow?.x) - Number(arrow?.ax), Number(arrow?.y) - Number(arrow?.ay));
    assert.ok(Math.abs(distance / ((sphere.x1 - sphere.x0) / 2) - sensitivity) < 1e-9);
  }
});

test("the border is upright without poison, and turns with it", () => {
  const borders = shapesOf(boundary()).filter(({ type, line }) => type === "line" && line.width > 2);
  assert.equal(borders.length, 2);
  assert.ok(Math.abs(borders[0].x0 - borders[0].x1) < 1e-9, "clean");
  assert.ok(Math.abs(borders[1].x0 - borders[1].x1) > 5, "poisoned");
});

test("changed labels change no point's place, and there are as many as asked for", () => {
  for (const flips of [0, 3, 8]) {
    const { data } = boundary({ flips });
    const places = (traces: typeof data) => traces.flatMap(({ x, y }) =>
      Array.from(x as number[], (at, i) => `${at % 320},${(y as number[])[i]}`)).sort();
    assert.deepEqual(places(data.slice(0, 2)), places(data.slice(2)));
    assert.equal(data[4]?.x?.length ?? 0, flips);
  }
});

test("what is asked and answered, and each layer, is written in the drawing and said in its description", () => {
  const box = blackBox({ question: "4.7 cm", answer: "versicolor" });
  const network = trunkAndHead({ trunk: ["conv 6"], head: ["dense 120", "dense 10"] });
  const expected = [[box, ["4.7 cm", "versicolor"]], [network, ["conv 6", "dense 120", "dense 10"]]] as const;
  for (const [spec, texts] of expected)
    for (const text of texts) {
      assert.ok(textsOf(spec).includes(text), text);
      assert.ok(describe(spec).includes(text), text);
    }
});

test("every drawing is drawn, arrows too, and every word lies inside the picture", () => {
  const specs = [blackBox(), boundary(), noiseSphere(), trunkAndHead({ trunk: ["a"], head: ["b"] }),
    twoWorlds({ sigma: 1, shift: 2 })];
  for (const spec of specs) {
    const { svg, width, height } = renderFigure(spec);
    for (const [, x, y] of svg.matchAll(/<text[^>]*annotation-text[^>]* x="([-\d.]+)" y="([-\d.]+)"/g))
      assert.ok(Number(x) <= width && Number(y) <= height);
    assert.ok(svg.includes("annotation-text"));
  }
  assert.match(renderFigure(blackBox()).svg, /annotation-arrow/);
});

test("what can't be drawn is refused", () => {
  assert.throws(() => twoWorlds({ sigma: 0, shift: 1 }), /drawing\.twoWorlds: sigma must be .*, got 0/);
  assert.throws(() => twoWorlds({ sigma: 1, shift: NaN }), /drawing\.twoWorlds: shift must be .*, got NaN/);
  assert.throws(() => noiseSphere({ sensitivity: 2.1 }), /sensitivity must be in \[0, 2\], got 2\.1/);
  assert.throws(() => boundary({ flips: 9 }), /flips must be an integer in \[0, 8\], got 9/);
  assert.throws(() => trunkAndHead({ trunk: [], head: ["a"] }), /needs at least one of trunk, got none/);
});
