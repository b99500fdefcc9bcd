import assert from "node:assert/strict";
import { test } from "node:test";
import { figureSpec, fromRows, knn, matrix, renderFigure, seededRng } from "../../lib";

const line = { name: "a", x: [0, 1, 2], y: [3, 1, 2] };
const points = { X: fromRows([[0, 0, 0], [1, 1, 1], [2, 0, 1]]), y: [0, 1, 1], classNames: ["no", "yes"] };

/** The names of a PNG's chunks; each must carry its checksum. */
function chunksOf(png: Buffer): string[] {
  const names: string[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 4, at + 8 + png.readUInt32BE(at));
    names.push(data.toString("latin1", 0, 4));
    assert.equal(png.readUInt32BE(at + 8 + png.readUInt32BE(at)), crc32(data), names[names.length - 1]);
  }
  return names;
}

/** The checksum of PNG chunks (ISO 3309). */
function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

test("lines keep their points, and draw a band beneath the line it belongs to", () => {
  const { data } = figureSpec.lines([{ ...line, low: [2, 0, 1], high: [4, 2, 3] }]);
  assert.equal(data.length, 2);
  assert.deepEqual(data[0].y, [4, 2, 3, 1, 0, 2]);
  assert.deepEqual(data[1].y, [3, 1, 2]);
});

test("a logarithmic axis names 1, 2 and 5 over few decades, powers of ten over many", () => {
  const xaxis = (x: number[]) => figureSpec.lines([{ name: "a", x, y: x }], { xScale: "log" }).layout.xaxis;
  assert.deepEqual(xaxis([50, 900])?.ticktext, ["10", "20", "50", "100", "200", "500", "1000", "2000", "5000"]);
  assert.equal(xaxis([1, 1e6])?.dtick, 1);
});

test("points are split by class, each with its own colour and shape", () => {
  const { data } = figureSpec.scatter(points);
  assert.deepEqual(data.map(({ name }) => name), ["no", "yes"]);
  assert.deepEqual(data[1].x, [1, 2]);
  assert.notEqual(data[0].marker?.symbol, data[1].marker?.symbol);
});

test("a cloud in three dimensions has a flat picture of as many points", () => {
  const spec = figureSpec.scatter(points, { features: [0, 1, 2] });
  assert.equal(spec.data[0].type, "scatter3d");
  assert.deepEqual(spec.still?.data.slice(1).map(({ x }) => x?.length), [1, 2]);
});

test("a group above maxPoints is thinned, and its name says so", () => {
  const x = Float64Array.from({ length: 1000 }, (_, i) => i);
  const { data } = figureSpec.scatter([{ name: "queries", x, y: x }], { maxPoints: 100 });
  assert.equal(data[0].x?.length, 100);
  assert.equal(data[0].name, "queries (100 of 1,000)");
});

test("a histogram counts every value once, whatever the bins", () => {
  const rng = seededRng(3);
  const values = Float64Array.from({ length: 500 }, () => rng.normal());
  for (const bins of [1, 7, 40]) {
    const { data } = figureSpec.histogram([{ name: "a", values }], { bins });
    assert.equal((data[0].y as number[]).reduce((a, b) => a + b, 0), 500);
  }
});

test("decision regions ask the classifier once for each cell", () => {
  let asked = 0;
  const classifier = { predict: (X: { shape: readonly [number, number] }) => new Int32Array((asked = X.shape[0])) };
  figureSpec.regions(classifier, { xRange: [0, 1], yRange: [0, 1], resolution: 5 });
  assert.equal(asked, 25);
});

test("decision regions take any classifier, whatever its labels are called", () => {
  const X = fromRows([[0, 0], [1, 1], [0, 1]]);
  const model = knn({ numNeighbors: 1 }).fit(X, Int32Array.of(-7, 5, 1e9));
  const points = { X, y: model.predict(X) };
  const { data } = figureSpec.regions(model, { xRange: [0, 1], yRange: [0, 1], resolution: 4, points });
  const { z, zmax, colorscale } = data[0] as unknown as { z: number[][]; zmax: number; colorscale: [number, string][] };
  assert.deepEqual([...new Set(z.flat())].sort(), [0, 1, 2]);
  assert.equal(zmax, 2.5);
  assert.ok(colorscale.length === 6 && colorscale.every(([, color]) => /^#[0-9A-F]{6}$/.test(color)));
});

test("every kind of figure becomes a PNG of twice its size", () => {
  const digits = matrix(Uint8Array.from({ length: 2 * 16 }, (_, i) => i * 8), [2, 16]);
  const specs = [
    figureSpec.lines([line], { title: "Lines", xTitle: "x", levels: [{ y: 2, label: "level" }] }),
    figureSpec.scatter(points),
    figureSpec.scatter(points, { features: [0, 1, 2], xTitle: "x" }),
    figureSpec.heatmap([[1, 2], [3, 4]], { colors: "diverging" }),
    figureSpec.imageGrid(digits, { labels: ["a", "b"] }),
    figureSpec.bars([{ name: "a", values: [1, 2] }], { categories: ["x", "y"] }),
    figureSpec.histogram([{ name: "a", values: [1, 2, 3] }]),
    figureSpec.regions({ predict: (X) => new Int32Array(X.shape[0]) },
      { xRange: [0, 1], yRange: [0, 1], resolution: 4 }),
  ];
  for (const spec of specs) {
    const { png, width, height } = renderFigure(spec);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2 * width, 2 * height]);
    const density = png.subarray(37, 50);
    assert.equal(density.subarray(0, 4).toString(), "pHYs");
    assert.deepEqual([density.readUInt32BE(4), density.readUInt32BE(8)], [7559, 7559], "twice 96 pixels per inch");
    const chunks = chunksOf(png);
    assert.deepEqual(chunks.slice(0, 3), ["IHDR", "pHYs", "PLTE"], "a palette, and one density before it");
    assert.deepEqual([...new Set(chunks.slice(3))], ["IDAT", "IEND"], "nothing of the picture is lost");
  }
});

test("heatmap cells are crisp: a picture of two cells holds no colour between theirs", () => {
  const { svg } = renderFigure(figureSpec.heatmap([[0, 1], [1, 0]], { numbers: false }));
  assert.match(svg, /image-rendering: optimizeSpeed/);
});

test("bad input is refused by figure, argument and value", () => {
  const nan = { ...line, y: [1, NaN, 2] };
  const message = /lines: y must be finite, got NaN at position 1/;
  assert.throws(() => figureSpec.lines([nan]), { name: "RangeError", message });
  assert.throws(() => figureSpec.lines([]), /lines: needs at least one of series/);
  assert.throws(() => figureSpec.lines([{ ...line, low: [0, 0, 0] }]), /needs both low and high/);
  assert.throws(() => figureSpec.scatter(points, { features: [0, 9] }), /feature must be an integer in \[0, 2\]/);
  assert.throws(() => figureSpec.heatmap([[1, 2], [3]]), /same length, got 2 and 1/);
  assert.throws(() => figureSpec.bars([{ name: "a", values: [1] }], { categories: ["x", "y"] }), /got 2 and 1/);
  assert.throws(() => figureSpec.imageGrid(fromRows([[1, 2, 3]])), /imageShape must have 3 numbers, got 2 × 2 × 1/);
  assert.throws(() => figureSpec.histogram([{ name: "a", values: [1] }], { bins: 0 }), /bins must be an integer/);
});

test("a slider shows one step's traces and changes what differs between the layouts", () => {
  const step = (label: number) => ({ label, figure: figureSpec.lines([line, { ...line, name: "b" }],
    { title: `at ${label}`, yTitle: "y", height: 300 }) });
  const { data, layout, still } = figureSpec.slider([step(10), step(20), step(30)], { title: "queries", start: 1 });
  assert.deepEqual(data.map(({ visible }) => visible), [false, false, true, true, false, false]);
  const { sliders } = layout as { sliders?: { active: number; steps: { label: string; args: unknown[] }[] }[] };
  assert.equal(sliders?.[0].active, 1);
  assert.deepEqual(sliders?.[0].steps.map(({ label }) => label), ["10", "20", "30"]);
  const [traces, changed] = sliders![0].steps[2].args as [{ visible: boolean[] }, Record<string, { text: string }>];
  assert.deepEqual(traces.visible, [false, false, false, false, true, true]);
  assert.deepEqual(Object.keys(changed), ["title"]);
  assert.equal(changed.title.text, "at 30");
  assert.equal(still?.data.length, 2);
  assert.equal(still?.layout.height, 300);
  assert.equal(layout.height! > 300, true);
});

test("a slider starts at its last step unless told otherwise; its static picture is that step's", () => {
  const steps = [1, 2].map((n) => ({ label: n, figure: figureSpec.heatmap([[n, 0], [0, n]]) }));
  const spec = figureSpec.slider(steps, { title: "k" });
  const [shown, first, last] = [spec, ...steps.map(({ figure }) => figure)].map((one) => renderFigure(one).png);
  assert.ok(shown.equals(last) && !shown.equals(first));
  assert.throws(() => figureSpec.slider([], { title: "k" }), /slider: needs at least one of steps, got none/);
  assert.throws(() => figureSpec.slider(steps, { title: "k", start: 2 }), /start must be an integer in \[0, 1\]/);
});
