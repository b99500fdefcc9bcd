import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adaBoost, confidences, decisionTree, fidelityError, gradientBoosting, loadGermanCredit, logisticRegression,
  massagedLabels, onFeatures, pipeline, rowOf, seededRng, standardScaler, tableSampler, type Classifier,
  type TableColumn,
} from "../../lib";
import { exercises } from "../../notebooks/12-copies-at-work/exercises";
import { fairTask, groupsOf, tiesOf, unseenGroup } from "../../notebooks/12-copies-at-work/people";
import { runModule } from "../../notebooks/12-copies-at-work/run-module";
import { halvesOf, judging } from "./helpers";

const judge = judging(exercises);

test("12-1 knows the copy whose marks are together, and a rounded answer", async () => {
  const halves = await halvesOf("breast-cancer-wisc");
  const original = adaBoost({ rng: seededRng(42) }).fit(halves.train.X, halves.train.y);
  const setting = { ...halves, original };
  const columns = halves.train.featureNames.map((name): TableColumn => ({ name, kind: "numeric", missing: 0 }));
  const errorAt = (mix: number): number => {
    const X = tableSampler(halves.train.X, { columns, mix }).sample(1000, seededRng(42));
    const copied = decisionTree({ maxDepth: 4 }).fit(X, original.predict(X));
    return fidelityError(original.predict(halves.test.X), copied.predict(halves.test.X));
  };
  assert.notEqual(errorAt(1), errorAt(0.5));
  assert.equal((await judge("12-1", errorAt(1), setting, 1000, 42)).verdict, "right");
  assert.match(String((await judge("12-1", errorAt(0.5), setting, 1000, 42)).finding), /mix \.5/);
  assert.match(String((await judge("12-1", 7, setting, 1000, 42)).finding), /at most 1/);
  assert.match(String((await judge("12-1", 100 / halves.test.y.length, setting, 1000, 42)).finding), /mix 1/);
});

const settingOf = async () => {
  const credit = await loadGermanCredit();
  const task = fairTask(credit, { feature: "sex=female", aliases: ["personal status"], people: 500, seed: 1 });
  const original = gradientBoosting({ numRounds: 30 }).fit(task.train.X, task.train.y);
  const copied = decisionTree({ maxDepth: 3 }).fit(task.train.X, original.predict(task.train.X));
  return { task, original, copied, validation: task.validation };
};

test("12-2 counts rules and differences, and wants a tree", async () => {
  const setting = await settingOf();
  const always: Classifier = decisionTree().fit(setting.task.train.X, setting.task.train.y.map(() => 0));
  const large = decisionTree().fit(setting.task.train.X, setting.task.train.y);
  assert.match(String((await judge("12-2", setting.original, setting)).finding), /a decision tree is asked for/);
  assert.match(String((await judge("12-2", large, setting)).finding), /it has \d+ rules, and 8 are allowed/);
  assert.match(String((await judge("12-2", always, setting)).finding), /% of the validation rows/);
  const faithful = { ...setting, original: setting.copied };
  assert.equal((await judge("12-2", setting.copied, faithful)).verdict, "right");
});

test("12-3 sees whether a copy looks at the group, keeps the gap, or loses accuracy", async () => {
  const { task, original } = await settingOf();
  const { X } = task.train;
  const sees = onFeatures(decisionTree({ maxDepth: 1 }), [task.sensitive]).fit(X, groupsOf(task, X));
  assert.match(String((await judge("12-3", sees, task, original)).finding), /it looks at the group/);
  const nobody = decisionTree().fit(X, task.train.y.map(() => 0));
  assert.match(String((await judge("12-3", nobody, task, original)).finding), /three points of accuracy/);
  const linear = pipeline(standardScaler(), logisticRegression());
  const groups = groupsOf(task, X);
  const scores = linear.fit(X, task.train.y).predictProba!(X).data.filter((_, p) => p % 2 === 1);
  const against = massagedLabels(original.predict(X), { groups: groups.map((g) => 1 - g), scores, strength: 0 }).y;
  const own = onFeatures(linear, unseenGroup(task));
  const verdicts = [own.fit(X, against), own.fit(X, massagedLabels(against, { groups, scores, strength: 1 }).y)]
    .map((model) => judge("12-3", model, task, original));
  for (const { finding } of await Promise.all(verdicts))
    assert.ok(finding === null || /parity|accuracy/.test(finding), String(finding));
});

test("12-4 wants a row of values that occur, a contradiction, and a sure copy", async () => {
  const setting = await settingOf();
  const { X } = setting.validation;
  const [said, copied] = [setting.original.predict(X), setting.copied.predict(X)];
  const sure = confidences(setting.copied.predictProba!(X));
  const rowAt = (fits: (i: number) => boolean) => rowOf(X, [...said.keys()].find(fits)!);
  const agree = rowAt((i) => said[i] === copied[i]);
  assert.match(String((await judge("12-4", agree, setting)).finding), /agree on this row/);
  assert.match(String((await judge("12-4", agree.slice(1), setting)).finding), /a row has 63 numbers, and this has 62/);
  assert.match(String((await judge("12-4", agree.map((v) => v + 0.5), setting)).finding), /no person has/);
  const doubtful = [...said.keys()].filter((i) => said[i] !== copied[i]).sort((a, b) => sure[a] - sure[b]);
  assert.match(String((await judge("12-4", rowOf(X, doubtful[0]), setting)).finding), /less than \.9 sure/);
  const bold = { ...setting.copied, predictProba: (rows: typeof X) =>
    ({ data: new Float64Array(2 * rows.shape[0]).fill(1), shape: [rows.shape[0], 2] as const }) };
  assert.equal((await judge("12-4", rowOf(X, doubtful[0]), { ...setting, copied: bold })).verdict, "right");
});

test("the people of a task are three separate parts, and proxies are found", async () => {
  const credit = await loadGermanCredit();
  const task = fairTask(credit, { feature: "sex=female", aliases: ["personal status"], people: 600, seed: 3 });
  assert.deepEqual([task.train, task.validation, task.test].map(({ y }) => y.length), [500, 250, 250]);
  const [first, second] = tiesOf(task);
  assert.deepEqual(new Set([first.column, second.column]), new Set(["sex", "personal status"]));
  const seen = unseenGroup(task).map((j) => credit.featureNames[j]);
  assert.ok(!seen.some((name) => /^sex=|^personal status=/.test(name)));
  assert.ok(unseenGroup(task, 0.2).length < seen.length);
});

test("a module runs in a process of its own, and one that fails says why", () => {
  const X = { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] as const };
  const { labels, microseconds } = runModule("export const predict = (row) => row[0] + row[1];", X);
  assert.deepEqual([...labels], [3, 7]);
  assert.ok(microseconds >= 0);
  assert.throws(() => runModule("import \"left-pad\"; export const predict = () => 0;", X), /the module stopped/);
});
