import assert from "node:assert/strict";
import { test } from "node:test";
import { figureSpec, fromRows, matrix } from "../../lib";
import { describe } from "../../lib/notebook/figure/describe";

const ramp = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));

test("an error bar does not reach below 0 where no value does", () => {
  const bars = (values: number[]) => figureSpec.bars([{ name: "a", values, errors: [0.5, 0.5] }],
    { categories: ["x", "y"] }).data[0].error_y as unknown as { array: number[]; arrayminus: number[] };
  assert.deepEqual(bars([0.2, 2]).arrayminus, [0.2, 0.5]);
  assert.deepEqual(bars([0.2, 2]).array, [0.5, 0.5]);
  assert.deepEqual(bars([-0.2, 2]).arrayminus, [0.5, 0.5], "a quantity that can be negative keeps its whole bar");
});

test("points on the edge of a range are drawn whole", () => {
  const { data } = figureSpec.regions({ predict: (X) => new Int32Array(X.shape[0]) },
    { xRange: [0, 1], yRange: [0, 1], resolution: 4, points: [{ name: "a", x: [0, 1], y: [0, 1] }] });
  assert.equal((data[1] as { cliponaxis?: boolean }).cliponaxis, false);
});

type Note = { text: string; y: number; xanchor: string; yanchor: string };
const noteOf = (layout: { annotations?: unknown }, text: string): Note =>
  (layout.annotations as Note[]).find((note) => note.text === text) as Note;

test("a level's label keeps away from the curve that crosses its usual place", () => {
  const x = ramp(21, (i) => i);
  const level = { y: 1, label: "guessing" };
  const rising = figureSpec.lines([{ name: "a", x, y: x.map((i) => i / 20) }], { levels: [level] }).layout;
  assert.notEqual(noteOf(rising, "guessing").xanchor, "right", "the curve ends at the upper right");
  const low = figureSpec.lines([{ name: "a", x, y: x.map(() => 0) }], { levels: [level] }).layout;
  assert.equal(noteOf(low, "guessing").xanchor, "right", "nothing is in the way");
});

test("a level lies inside the picture, not on its edge", () => {
  for (const yScale of ["linear", "log"] as const) {
    const { layout } = figureSpec.lines([{ name: "a", x: [1, 2], y: [1, 2] }],
      { yScale, levels: [{ y: 0.5, label: "low" }, { y: 4, label: "high" }] });
    const [bottom, top] = layout.yaxis?.range as [number, number];
    const at = (y: number) => (yScale === "log" ? Math.log10(y) : y);
    assert.ok(bottom < at(0.5) && top > at(4), `${yScale}: ${bottom} to ${top}`);
  }
});

test("ticks of a logarithmic axis below a ten-thousandth are powers of ten", () => {
  const { layout } = figureSpec.lines([{ name: "a", x: [2e-6, 1e-4], y: [0, 1] }], { xScale: "log" });
  assert.ok(layout.xaxis?.ticktext?.includes("2×10<sup>−6</sup>"), JSON.stringify(layout.xaxis?.ticktext));
});

test("long labels of a heatmap stand in two lines, and the page grows with them", () => {
  const labels = ["building windows, float", "headlamps"];
  const { layout } = figureSpec.heatmap([[1, 2], [3, 4]], { xLabels: labels, yLabels: labels, yTitle: "true" });
  assert.deepEqual(layout.yaxis?.ticktext, ["building<br>windows, float", "headlamps"]);
  assert.ok((layout.width as number) > 640);
});

test("a cube fills its picture: less than a fifth of the width is left free", () => {
  const { still } = figureSpec.scatter([{ name: "a", x: [0, 1], y: [0, 1], z: [0, 1] }]);
  const [left, right] = still?.layout.xaxis?.range as [number, number];
  const edges = (still?.data[0].x as (number | null)[]).filter((value): value is number => value !== null);
  assert.ok((Math.max(...edges) - Math.min(...edges)) / (right - left) > 0.8);
});

const words: [string, Parameters<typeof describe>[0], RegExp[]][] = [
  ["lines", figureSpec.lines([
    { name: "SVC", x: [10, 20, 30], y: [0.1, 0.5, 0.9] }, { name: "forest", x: [10, 20, 30], y: [0.5, 0.9, 0.4] },
    { name: "tree", x: [10, 20, 30], y: [0.5, 0.1, 0.6] }, { name: "flat", x: [10, 20, 30], y: [0.5, 0.5, 0.505] },
  ], { title: "T", xTitle: "queries", yTitle: "error", levels: [{ y: 0.1 + 0.2, label: "guessing" }] }), [
    /^T\. Line chart\. Horizontal: queries, 10 to 30\. Vertical: error, 0\.1 to 0\.9\./,
    /SVC rises from 0\.1 at 10 to 0\.9 at 30;/,
    /forest rises from 0\.5 at 10 to 0\.9 at 20, then falls to 0\.4 at 30;/,
    /tree falls from 0\.5 at 10 to 0\.1 at 20, then rises to 0\.6 at 30;/,
    /flat stays near 0\.5\. Levels: guessing 0\.3\./,
  ]],
  ["lines on logarithmic axes", figureSpec.lines([
    { name: "square", x: [1, 10, 1000], y: [1, 100, 1e6] }, { name: "itself", x: [1, 10, 1000], y: [1, 10, 1000] },
  ], { xScale: "log", yScale: "log" }), [
    /^Line chart\. Horizontal, 1 to 1,000, logarithmic\. Vertical, 1 to 1,000,000, logarithmic\./,
    /square rises from 1 at 1 to 1,000,000 at 1,000; itself rises from 1 at 1 to 1,000 at 1,000\.$/,
  ]],
  ["scatter", figureSpec.scatter({ X: fromRows([[0, 0], [1, 1], [3, 1]]), y: [0, 1, 1], classNames: ["no", "yes"] }),
    [/^Scatter plot\. Horizontal, 0 to 3\. Vertical, 0 to 1\./,
      /no: 1 point around \(0, 0\); yes: 2 points around \(2, 1\)\.$/]],
  ["scatter in three dimensions", figureSpec.scatter([{ name: "a", x: [0, 1], y: [0, 1], z: [2, 4] }]),
    [/^Scatter plot in three dimensions\..* Depth, 2 to 4\./]],
  ["heatmap", figureSpec.heatmap([[5, 1], [0, 4]], { xTitle: "read as", yTitle: "true" }), [
    /Heatmap of 2 rows \(true\) and 2 columns \(read as\)\. Values from 0 to 5\./,
    /Highest: 5 at true 0, read as 0; 4 at true 1, read as 1;/, /On the diagonal: 90 % of the sum\.$/]],
  ["pictures", figureSpec.imageGrid(matrix(new Uint8Array(32), [2, 16]), { labels: ["five", "six"] }),
    [/^2 grey pictures, 4 × 4 pixels\. Labels: five, six\.$/]],
  ["bars", figureSpec.bars([{ name: "a", values: [1, 2] }], { categories: ["x", "y"], yTitle: "share" }),
    [/^Bar chart of share\. a: x 1, y 2\.$/]],
  ["many bars", figureSpec.bars([{ name: "a", values: ramp(20, (i) => i) }], { categories: ramp(20, (i) => i) }),
    [/a: highest 19 at 19, lowest 0 at 0\.$/]],
  ["histogram", figureSpec.histogram([{ name: "a", values: [0, 5, 5, 10] }], { bins: 5 }),
    [/^Histogram, 5 bins\. Horizontal, 0 to 10\. a: 4 values, most around 5\.$/]],
  ["regions", figureSpec.regions({ predict: (X) => ramp(X.shape[0], (i) => (i % 4 ? 1 : 0)) },
    { xRange: [0, 1], yRange: [2, 3], resolution: 4, classNames: ["no", "yes"] }),
  [/^Decision regions\. yes 75 % of the plane; no 25 % of the plane\. Horizontal, 0 to 1\. Vertical, 2 to 3\.$/]],
  ["slider", figureSpec.slider([1, 2].map((label) => ({ label,
    figure: figureSpec.lines([{ name: "a", x: [0, 1], y: [0, label] }]) })), { title: "queries" }),
  [/^Slider over queries, 2 positions from 1 to 2\. Shown at 2: Line chart\..*a rises from 0 at 0 to 2 at 1\.$/]],
  ["any other figure",
    { data: [{ type: "bar", name: "own", x: [1, 2], y: [3, 4] }], layout: { title: { text: "<b>T</b>" } } }, [
      /^T\. A figure of bars\. Series: own\. Horizontal, 1 to 2\. Vertical, 3 to 4\.$/,
  ]],
];

for (const [kind, spec, expected] of words)
  test(`${kind}: the description says what is seen`, () => {
    for (const pattern of expected) assert.match(describe(spec), pattern);
  });
