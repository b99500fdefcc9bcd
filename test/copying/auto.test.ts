import assert from "node:assert/strict";
import test from "node:test";
import {
  autoStrategy, blackBox, copy, decisionTree, fidelityError, knownMomentsSampler, pathFindingStrategy, seededRng,
  toRows, uniformSampler, type Copy, type QueryStrategy, type TreeClassifier,
} from "../../lib";
import { box01, nearest, ruled, ruledBox } from "./helpers";

const ranges = box01(3);
const circle = ([a, b, c]: number[]): number => ((a - 0.5) ** 2 + (b - 0.5) ** 2 + (c - 0.5) ** 2 < 0.1 ? 1 : 0);
const boxes = ([a, b]: number[]): number => (a < 0.4 ? 0 : b < 0.55 ? 1 : 2);
const auto = autoStrategy({ ranges });

const run = (strategy: QueryStrategy, rule: (row: number[]) => number, budget: number, seed = 1): Promise<Copy> =>
  copy(ruledBox(rule, 3, budget), { strategy, budget, rng: seededRng(seed) });

const cloud = knownMomentsSampler(ranges);
const errorOf = (rule: (row: number[]) => number, { classifier }: Pick<Copy, "classifier">): number => {
  const fresh = cloud.sample(2000, seededRng(99));
  return fidelityError(ruled(rule)(fresh), classifier.predict(fresh));
};

test("the known moments' cloud stays in range and keeps mean and deviation of a range that leaves room", () => {
  const rows = toRows(cloud.sample(4001, seededRng(1)));
  assert.equal(rows.length, 4001);
  assert.ok(rows.flat().every((value) => value >= 0 && value <= 1));
  const column = rows.map(([a]) => a);
  const mean = column.reduce((a, b) => a + b) / column.length;
  const deviation = Math.sqrt(column.reduce((sum, a) => sum + (a - mean) ** 2, 0) / column.length);
  assert.ok(Math.abs(mean - 0.5) < 0.02 && Math.abs(deviation - 0.2) < 0.02);
});

test("the known moments' cloud keeps mean and deviation of a skewed feature, and repeats a constant one", () => {
  const skewed = { kind: "numeric" as const, min: 0, max: 16, mean: 1, deviation: 3 };
  const still = { kind: "numeric" as const, min: 4, max: 4, mean: 4, deviation: 0 };
  const rows = toRows(knownMomentsSampler([skewed, ranges[0], still]).sample(8000, seededRng(2)));
  const mean = rows.reduce((sum, [a]) => sum + a, 0) / rows.length;
  const deviation = Math.sqrt(rows.reduce((sum, [a]) => sum + (a - mean) ** 2, 0) / rows.length);
  assert.ok(Math.abs(mean - 1) < 0.15 && Math.abs(deviation - 3) < 0.2);
  assert.ok(rows.every(([, b, c]) => b >= 0 && b <= 1 && c === 4));
});

test("auto takes a smooth family for a ball and a family of boxes for boxes, and copies both well", async () => {
  const ball = await run(auto, circle, 200);
  assert.match(ball.strategy, /^auto: svc/);
  assert.ok(errorOf(circle, ball) < 0.05);
  const cells = await run(auto, boxes, 500);
  assert.match(cells.strategy, /^auto: (gradientBoosting|decisionTree|randomForest)/);
  assert.ok(errorOf(boxes, cells) < 0.05);
});

test("auto asks exactly its budget and reports true answers, however small it is", async () => {
  for (const budget of [1, 2, 7, 31, 60]) {
    const { queries, spent } = await run(auto, circle, budget);
    assert.deepEqual([spent, queries.y.length], [budget, budget]);
    assert.deepEqual(ruled(circle)(queries.X), queries.y);
  }
});

test("auto on a black box of one answer gives that answer", async () => {
  const { classifier, spent } = await run(auto, () => 4, 50);
  assert.equal(spent, 50);
  assert.deepEqual(classifier.predict(cloud.sample(3, seededRng(1))), Int32Array.of(4, 4, 4));
});

test("auto repeats under one seed and differs under another", async () => {
  const first = await run(auto, circle, 60);
  assert.deepEqual((await run(auto, circle, 60)).queries, first.queries);
  assert.notDeepEqual((await run(auto, circle, 60, 2)).queries, first.queries);
});

test("auto chooses among the candidates it is given", async () => {
  const strategy = autoStrategy({ ranges, candidates: [{ name: "the nearest", estimator: nearest }] });
  assert.match((await run(strategy, circle, 60)).strategy, /^auto: the nearest, (active|half active|plain)$/);
});

test("auto draws as much plainly as its settings say, and goes half-way up to where they say", async () => {
  const asked: number[] = [];
  const box = { ...ruledBox(circle, 3, 100), query: async (X: Parameters<ReturnType<typeof ruled>>[0]) => {
    asked.push(X.shape[0]);
    return ruled(circle)(X);
  } };
  const askedFirst = async (settings: Parameters<typeof autoStrategy>[0]["settings"]): Promise<number> => {
    asked.length = 0;
    const { chosen } = await autoStrategy({ ranges, settings }).collect(box, { budget: 100, rng: seededRng(1) });
    assert.match(chosen!, settings?.hopelessError === 0 ? /half active/ : /, active/);
    return settings?.hopelessError === 0 ? asked[asked.length - 1] : asked[0];
  };
  assert.equal(await askedFirst({}), 40);
  assert.equal(await askedFirst({ plainShare: 0.25 }), 25);
  assert.equal(await askedFirst({ plainShare: 0.8, spread: undefined }), 80);
  assert.equal(await askedFirst({ hopelessError: 0, halfWayShare: 0.5 }), 50);
});

const sampler = uniformSampler(ranges);
const pathFinding = pathFindingStrategy({ ranges, sampler });

test("path finding catches a tree's thresholds between close points", async () => {
  const { classifier, queries, spent } = await run(pathFinding, boxes, 150);
  const { feature, threshold } = (classifier as TreeClassifier).tree;
  assert.deepEqual([spent, queries.y.length], [150, 150]);
  assert.ok(Array.from(feature).some((f, i) => f === 0 && Math.abs(threshold[i] - 0.4) < 0.005));
  assert.ok(Array.from(feature).some((f, i) => f === 1 && Math.abs(threshold[i] - 0.55) < 0.005));
});

test("path finding copies a tree better than as many uniform points do", async () => {
  const X = sampler.sample(300, seededRng(5));
  const original = decisionTree({ maxDepth: 4 }).fit(X, ruled(circle)(X));
  const error = async (options: { strategy: QueryStrategy } | { sampler: typeof sampler }): Promise<number> => {
    const box = blackBox(original);
    const made = await copy(box, { ...options, estimator: decisionTree(), budget: 300, rng: seededRng(3) });
    const fresh = sampler.sample(4000, seededRng(6));
    return fidelityError(original.predict(fresh), made.classifier.predict(fresh));
  };
  assert.ok((await error({ strategy: pathFinding })) < 0.7 * (await error({ sampler })));
});

test("path finding asks on where a black box gives one answer only, and repeats under one seed", async () => {
  const { queries } = await run(pathFinding, () => 3, 30);
  assert.deepEqual(new Set(queries.y), new Set([3]));
  assert.deepEqual((await run(pathFinding, boxes, 40)).queries, (await run(pathFinding, boxes, 40)).queries);
  assert.notDeepEqual((await run(pathFinding, boxes, 40, 2)).queries, (await run(pathFinding, boxes, 40)).queries);
});

test("auto and path finding name options out of range", async () => {
  assert.throws(() => autoStrategy({ ranges, candidates: [] }), /candidates must have at least one, got none/);
  const refused = [
    [{ plainShare: 0 }, /settings.plainShare must be a finite number above 0, got 0/],
    [{ plainShare: 1.5 }, /settings.plainShare must be in \[0, 1\], got 1.5/],
    [{ halfWayShare: 0.3 }, /settings.halfWayShare must be in \[0.4, 1\], got 0.3/],
    [{ hopelessError: NaN }, /settings.hopelessError must be in \[0, 1\], got NaN/],
    [{ spread: 1.5 }, /settings.spread must be an integer .* got 1.5/],
    [{ share: 0.5 } as never, /settings must be one of .*plainShare.* got "?share/],
  ] as const;
  for (const [settings, message] of refused)
    assert.throws(() => autoStrategy({ ranges, settings }), { name: "RangeError", message });
  assert.throws(() => pathFindingStrategy({ ranges, sampler, firstShare: 2 }), /firstShare must be in .* got 2/);
  assert.throws(() => pathFindingStrategy({ ranges, sampler, halvings: 0 }), /halvings must be an integer .* got 0/);
  const late = auto.collect(ruledBox(circle, 3), { budget: 0, rng: seededRng(1) });
  await assert.rejects(late, /budget must be an integer of at least 1, got 0/);
});
