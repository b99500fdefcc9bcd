import assert from "node:assert/strict";
import { test } from "node:test";
import {
  autoStrategy, blackBox, copy, decisionTree, fidelityError, knownMomentsSampler, normalSampler, oneHotSampler,
  seededRng, type BlackBox, type Classifier, type NumericRange, type Rng, type TableColumn,
} from "../../lib";
import { exercises } from "../../notebooks/19-sixty-one-tables/exercises";
import { candidates, copyFamilies, fitOf, publishedRows } from "../../notebooks/19-sixty-one-tables/published";
import { forestOf, plainCopy, settingOf, tablesAtHand } from "../../notebooks/19-sixty-one-tables/tables";
import { judging } from "./helpers";

const judge = judging(exercises);

test("19-1 knows the rarer class, the more frequent one and a rounded answer", async () => {
  const y = Int32Array.of(0, 0, 1);
  assert.equal((await judge("19-1", 1 / 3, y)).verdict, "right");
  assert.match(String((await judge("19-1", 2 / 3, y)).finding), /more frequent/);
  assert.notEqual((await judge("19-1", 7, y)).verdict, "right");
});

const skip = async (): Promise<boolean> => (await tablesAtHand(["tae", "column2C"])).absent.length > 0;

test("19-2 knows the copy with equal shares and the one that knows them", async (t) => {
  if (await skip()) return t.skip("the ARFF tables are not at hand");
  const setting = await settingOf("tae", { rows: 500, seed: 42 });
  const { ranges, columns } = setting;
  const sampler = oneHotSampler(ranges, { columns, numeric: normalSampler, equalShares: true });
  const options = { sampler, estimator: forestOf(seededRng(42)), budget: 1000, rng: seededRng(42) };
  const { classifier } = await copy(blackBox(setting.original), options);
  const error = fidelityError(setting.answers, classifier.predict(setting.test.X));
  assert.equal((await judge("19-2", error, setting, 42)).verdict, "right");
  const known = await plainCopy(setting, "normal", forestOf(seededRng(42)), { labels: 1000, seed: 42 });
  if (known.error !== error) assert.match(String((await judge("19-2", known.error, setting, 42)).finding), /shares/);
});

test("19-3 wants half of the error of PRESC's way, from answers of the box", async (t) => {
  if (await skip()) return t.skip("the ARFF tables are not at hand");
  const setting = await settingOf("column2C", { rows: 500, seed: 42 });
  type Theft = (box: BlackBox, ranges: readonly NumericRange[], columns: readonly TableColumn[], rng: Rng) =>
    Promise<Classifier>;
  const auto: Theft = async (box, ranges, columns, rng) => {
    const sampler = oneHotSampler(ranges, { columns, numeric: knownMomentsSampler });
    return (await copy(box, { strategy: autoStrategy({ ranges, sampler }), budget: 200, rng })).classifier;
  };
  assert.equal((await judge("19-3", auto, setting)).verdict, "right");
  const tree: Theft = async (box, ranges, columns, rng) =>
    (await copy(box, { sampler: oneHotSampler(ranges, { columns, numeric: normalSampler }),
      estimator: decisionTree({ maxDepth: 1 }), budget: 200, rng })).classifier;
  assert.match(String((await judge("19-3", tree, setting)).finding), /it differs on .* %, PRESC's way|differs on/);
  const nothing: Theft = async () => setting.original;
  assert.match(String((await judge("19-3", nothing, setting)).finding), /asked nothing/);
});

test("a candidate that is the published number itself fits all nine cells, and one turned round none in order", () => {
  const meansOf = (of: (ratio: number) => number) => new Map(publishedRows.map((row) =>
    [row.paper, Object.fromEntries(copyFamilies.map((family) =>
      [family, of(row.copies[family].unnamed / row.accuracy)])) as Record<(typeof copyFamilies)[number], number>]));
  const same = fitOf("itself", "none", meansOf((ratio) => ratio));
  assert.deepEqual([same.cells, same.ordered, same.distance], [9, same.pairs, 0]);
  const turned = fitOf("turned", "none", meansOf((ratio) => 1 - ratio));
  assert.deepEqual([turned.ordered, turned.pairs], [0, same.pairs]);
  assert.ok(Object.keys(candidates).length > 4);
});
