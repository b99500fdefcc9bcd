import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BlackBox, type Classifier, type Estimator, type ExerciseId, type Matrix, type NumericRange,
  type PoisoningSetting, type Rng, type Sampler, type TableName, type TourSetting, activeStrategy, betaSampler,
  blackBox, boundaryPoints, classShares, copy, crossGram, decisionMap, decisionTree, discoverRanges,
  dynamicalRange, exerciseIds, fidelityError, flipFirst, fromRows, geneticSearch, gramMatrix,
  incorrectByPredicted, judgeAnswer, knn, knownMomentsSampler, loadTable, logisticRegression, matrix,
  mlpClassifier, normalSampler, pipeline, randomForest, rangeScaler, rangesOnly, rowOf, seededRng,
  selectColumns, standardScaler, stratifiedSplit, subset, svc, uniformSampler,
} from "../../lib";
import { notACount, notAShareOf, notLabels, same } from "../../lib/notebook/exercises/finding";

async function tour(seed = 42): Promise<TourSetting> {
  const iris = await loadTable("iris");
  return { iris, split: stratifiedSplit(iris.y, { testFraction: 0.5, rng: seededRng(seed) }), seed };
}

/** Ten overlapping clusters in a plane, in place of digits. */
function clusters(): PoisoningSetting {
  const draw = (rows: number, key: number) => {
    const rng = seededRng(1).spawn(key);
    const y = Int32Array.from({ length: rows }, (_, i) => i % 10);
    const X = fromRows(Array.from(y, (k) => [3 * (k % 4) + rng.normal(), 3 * Math.floor(k / 4) + rng.normal()]));
    return { name: "clusters", X, y, classNames: Array.from("0123456789"), featureNames: ["a", "b"] };
  };
  const [train, test] = [draw(2200, 0), draw(400, 1)];
  const gram = gramMatrix(train.X);
  return { train, test, gram, cross: crossGram(test.X, gram) };
}

test("an exercise without an answer is not answered, and not wrong", async () => {
  const setting = await tour();
  assert.deepEqual(await judgeAnswer("00-1", undefined, setting),
    { id: "00-1", verdict: "not answered", finding: null });
});

test("an unknown exercise is refused, with the known ones", async () => {
  await assert.rejects(judgeAnswer("00-99" as ExerciseId, undefined, {} as never),
    { name: "RangeError", message: /^check: id must be one of 00-1, .*got "00-99"/ });
});

test("every id is a notebook's number and the exercise's, counted from 1 without a gap", () => {
  const numbers = new Map<string, number[]>();
  for (const id of exerciseIds) {
    assert.match(id, /^\d\d-\d$/);
    const [notebook, number] = id.split("-");
    numbers.set(notebook, [...(numbers.get(notebook) ?? []), Number(number)]);
  }
  for (const [notebook, found] of numbers) {
    assert.deepEqual(found, Array.from(found, (_, i) => i + 1), notebook);
    assert.ok(found.length >= 3 && found.length <= 5, `${notebook} has ${found.length} exercises`);
  }
});

test("an error of the answer itself is its finding", async () => {
  const broken = { ...decisionTree().fit(fromRows([[0, 0], [1, 1]]), Int32Array.of(0, 1)), predict: () => {
    throw new Error("no such row");
  } };
  const { verdict, finding } = await judgeAnswer("00-2", broken, await tour());
  assert.equal(verdict, "not yet");
  assert.match(String(finding), /no such row/);
});

test("a count must be whole and no larger than there are things to count", () => {
  assert.equal(notACount(3, 10, "images"), null);
  assert.match(String(notACount(NaN, 10, "images")), /not a number/);
  assert.match(String(notACount(0.3, 10, "images")), /whole number/);
  assert.match(String(notACount(-1, 10, "images")), /below 0/);
  assert.match(String(notACount(11, 10, "images")), /only 10 images/);
});

test("a share of n rows is a multiple of 1/n, rounded or not", () => {
  assert.equal(notAShareOf(2 / 75, 75, "flowers"), null);
  assert.equal(notAShareOf(0.0267, 75, "flowers"), null);
  assert.match(String(notAShareOf(0.02, 75, "flowers")), /multiple of 1\/75/);
  assert.match(String(notAShareOf(2.67, 75, "flowers")), /at most 1/);
  assert.match(String(notAShareOf(-0.1, 75, "flowers")), /below 0/);
  assert.ok(same(0.1234, 0.12341) && !same(0.1234, 0.1236));
});

test("labels must be one a row and among the known", () => {
  assert.equal(notLabels([1, 2], [2, 1]), null);
  assert.match(String(notLabels([1], [2, 1])), /needs 2 labels.* has 1/);
  assert.match(String(notLabels([1, 5], [2, 1])), /5 is not one/);
});

test("00-1 accepts the error of 30 questions, and knows that of 1,000", async () => {
  for (const seed of [42, 7]) {
    const setting = await tour(seed);
    const data = { ...setting.iris, X: selectColumns(setting.iris.X, [2, 3]) };
    const [train, held] = [subset(data, setting.split.train), subset(data, setting.split.test)];
    const original = knn({ numNeighbors: 5 }).fit(train.X, train.y);
    const errorAt = async (budget: number): Promise<number> => fidelityError(original.predict(held.X), (await copy(
      blackBox(original), { sampler: uniformSampler(dynamicalRange(train.X)), estimator: knn({ numNeighbors: 5 }),
        budget, rng: seededRng(seed) })).classifier.predict(held.X));
    const [few, many] = [await errorAt(30), await errorAt(1000)];
    assert.equal((await judgeAnswer("00-1", few, setting)).verdict, "right");
    assert.notEqual(few, many);
    assert.match(String((await judgeAnswer("00-1", many, setting)).finding), /1,000 questions/);
    const neither = [1 / 3, 2 / 3].find((error) => !same(error, few))!;
    assert.match(String((await judgeAnswer("00-1", neither, setting)).finding), /not this copy's/);
  }
});

test("00-2 wants a tree that agrees with the original", async () => {
  const setting = await tour();
  const flowers = { ...setting.iris, X: selectColumns(setting.iris.X, [2, 3]) };
  const train = subset(flowers, setting.split.train);
  const original = knn({ numNeighbors: 5 }).fit(train.X, train.y);
  const cloud = uniformSampler(dynamicalRange(train.X)).sample(1000, seededRng(1));
  const good = decisionTree().fit(cloud, original.predict(cloud));
  assert.equal((await judgeAnswer("00-2", good, setting)).verdict, "right");
  assert.match(String((await judgeAnswer("00-2", original, setting)).finding), /family knn/);
  const stump = decisionTree({ maxDepth: 1 }).fit(cloud, original.predict(cloud));
  assert.match(String((await judgeAnswer("00-2", stump, setting)).finding), /disagrees with the original on \d+ %/);
});

test("07-1 to 07-4 tell the attack turned round, a linear machine, the tipping point and mended labels", async () => {
  const setting = clusters();
  const { train, test: held, gram, cross } = setting;
  const wrong = (digit: number, y: Int32Array): number =>
    incorrectByPredicted(held.y, svc().fitGram(gram, y).predictGram(cross), 10)[digit];
  const right = wrong(1, flipFirst(train.y, { from: 2, to: 1, count: 100 }).y);
  assert.equal((await judgeAnswer("07-1", right, setting)).verdict, "right");
  assert.equal((await judgeAnswer("07-1", right + 1, setting)).verdict, "not yet");
  assert.match(String((await judgeAnswer("07-1", wrong(1, train.y), setting)).finding), /clean model/);
  const linear = gramMatrix(train.X, { kernel: "linear" });
  const linear2 = (y: Int32Array): number => incorrectByPredicted(held.y,
    svc({ kernel: "linear" }).fitGram(linear, y).predictGram(crossGram(held.X, linear)), 10)[2];
  const hundred = flipFirst(train.y, { from: 1, to: 2, count: 100 }).y;
  assert.equal((await judgeAnswer("07-2", linear2(hundred), setting)).verdict, "right");
  assert.match(String((await judgeAnswer("07-2", wrong(2, hundred), setting)).finding), /curved kernel/);
  assert.match(String((await judgeAnswer("07-2", 0.5, setting)).finding), /whole number/);
  assert.match(String((await judgeAnswer("07-3", 0, setting)).finding), /nothing to tip/);
  assert.match(String((await judgeAnswer("07-3", 10, setting)).finding), /more than 20 are wanted/);
  assert.match(String((await judgeAnswer("07-3", 220, setting)).finding), /so do 219/);
  const poisoned = flipFirst(train.y, { from: 1, to: 2, count: 80 }).y;
  assert.match(String((await judgeAnswer("07-4", train.y, setting)).finding), /true labels/);
  assert.match(String((await judgeAnswer("07-4", poisoned, setting)).finding), /still the poisoned/);
  const nearly = Int32Array.from(train.y);
  nearly[0] = 3;
  assert.equal((await judgeAnswer("07-4", nearly, setting)).verdict, "right");
});

async function halvesOf(name: TableName) {
  const data = await loadTable(name);
  const { train, test: held } = stratifiedSplit(data.y, { testFraction: 0.5, rng: seededRng(42) });
  return { train: subset(data, train), test: subset(data, held) };
}

test("01-2 tells ranges twice as wide from known, thrice, shifted and missing ones", async () => {
  const iris = await halvesOf("iris");
  const known = dynamicalRange(iris.train.X);
  const widened = (below: number, above: number) => known.map((range) => ({
    ...range, min: range.min - below * (range.max - range.min), max: range.max + above * (range.max - range.min) }));
  const finding = async (answer: typeof known) => (await judgeAnswer("01-2", answer, iris)).finding;
  assert.equal(await finding(widened(0.5, 0.5)), null);
  assert.match(String(await finding(known)), /as wide as the known/);
  assert.match(String(await finding(widened(1, 1))), /three times as wide/);
  assert.match(String(await finding(widened(0, 1))), /not around the same middle/);
  assert.match(String(await finding(widened(0.25, 0.25))), /feature 0 is 1\.50 times/);
  assert.match(String(await finding(known.slice(1))), /4 features, and you give 3/);
});

test("01-1 wants a copy better than uniform ones, and not the original", async () => {
  const wine = await halvesOf("wine");
  const family = pipeline(standardScaler(), svc());
  const model = family.fit(wine.train.X, wine.train.y);
  const ranges = dynamicalRange(wine.train.X);
  const copied = async (sampler: Sampler, budget: number) => (await copy(blackBox(model),
    { sampler, estimator: family, budget, rng: seededRng(42) })).classifier;
  const judged = async (answer: Classifier) => judgeAnswer("01-1", answer, wine, 42);
  assert.equal((await judged(await copied(normalSampler(ranges), 200))).verdict, "right");
  assert.match(String((await judged(await copied(uniformSampler(ranges), 20))).finding), /it can do better/);
  assert.match(String((await judged(model)).finding), /is it the original/);
});

test("01-3 knows errors that stand in each other's place, 01-4 the budget and the steps before the last", async () => {
  const wine = await halvesOf("wine");
  const all = { balanced: 1.5, all: 0 };
  assert.match(String((await judgeAnswer("01-3", all, wine, 42)).finding), /at most 1/);
  const iris = await halvesOf("iris");
  assert.match(String((await judgeAnswer("01-4", 5000, iris, 42)).finding), /budget/);
  assert.match(String((await judgeAnswer("01-4", 1, iris, 42)).finding), /no step/);
});

async function cloudsOf(name: TableName) {
  const halves = await halvesOf(name);
  const ranges = dynamicalRange(halves.train.X);
  const clouds: Record<string, Sampler> = { uniform: uniformSampler(ranges), normal: normalSampler(ranges) };
  return { ...halves, clouds };
}

const scaled = (estimator: Estimator): Estimator => pipeline(standardScaler(), estimator);

test("02-1 wants the favourite digit, and says how many points another one gets", async () => {
  const digits = await cloudsOf("digits");
  const reader = scaled(svc()).fit(digits.train.X, digits.train.y);
  const [{ label }] = classShares(reader.predict(digits.clouds.uniform.sample(50, seededRng(1))));
  const says = async (digit: number) => (await judgeAnswer("02-1", digit, reader, digits.clouds.uniform, 42)).finding;
  assert.equal(await says(label), null);
  assert.match(String(await says((label + 1) % 10)), /gets 0\.0 % of a thousand/);
  assert.match(String(await says(10)), /a digit is wanted, from 0, 1/);
});

test("02-2 tells a cloud of one label from a family of another shape, and unknown names", async () => {
  const wdbc = await cloudsOf("wdbc");
  const families = { "SVC": () => scaled(svc()), "tree": () => decisionTree() };
  const says = async (family: string, cloud: string) =>
    (await judgeAnswer("02-2", { family, cloud }, wdbc, families, 42)).finding;
  assert.equal(await says("SVC", "normal"), null);
  assert.match(String(await says("SVC", "uniform")), /get one label/);
  assert.match(String(await says("tree", "normal")), /original's shape/);
  assert.match(String(await says("svm", "normal")), /the families are SVC, tree/);
  assert.match(String(await says("SVC", "toString")), /the clouds are uniform and normal/);
});

test("02-3 counts the runs that the normal cloud wins, and knows ties and the other cloud's", async () => {
  const wine = await cloudsOf("wine");
  const says = async (count: number, clouds = wine.clouds) =>
    (await judgeAnswer("02-3", count, { ...wine, clouds }, 42)).finding;
  const counts = await Promise.all([0, 1, 2, 3, 4].map((count) => says(count)));
  assert.equal(counts.filter((finding) => finding === null).length, 1);
  assert.match(String(await says(5)), /only 4 runs/);
  const { uniform, normal } = wine.clouds;
  const same = { uniform, normal: uniform };
  assert.equal(await says(0, same), null);
  assert.match(String(await says(4, same)), /a tie is not a win/);
  const swapped = counts.indexOf(null);
  assert.match(String(await says(swapped, { uniform: normal, normal: uniform })), /the uniform cloud wins|tie|copyOf/);
});

test("02-4 wants the 683 complete rows, and an error near ours", async () => {
  const says = async (rows: number, error: number) =>
    (await judgeAnswer("02-4", { rows, error }, 500, 42)).finding;
  assert.equal(await says(683, 0.03), null);
  assert.match(String(await says(683, 0.3)), /further from ours/);
  assert.match(String(await says(699, 0.03)), /also the incomplete/);
  assert.match(String(await says(682, 0.03)), /another number of rows/);
  assert.match(String(await says(683, 3)), /at most 1/);
});

test("02-5 tries a warning on clouds that teach and clouds that do not", async () => {
  const settings = new Map<string, Awaited<ReturnType<typeof cloudsOf>>>();
  for (const name of ["iris", "wine", "wdbc", "digits"] as const) settings.set(name, await cloudsOf(name));
  const says = async (answer: (labels: Int32Array) => boolean) =>
    (await judgeAnswer("02-5", answer, settings, 42)).finding;
  const largest = (labels: Int32Array): number => Math.max(...classShares(labels).map(({ share }) => share));
  assert.equal(await says((labels) => largest(labels) > 0.95), null);
  assert.match(String(await says(() => false)), /silent about uniform points at the SVC of digits/);
  assert.match(String(await says((labels) => largest(labels) > 0.5)), /it warns of .*a good copy/);
  assert.match(String(await says(() => 1 as unknown as boolean)), /true or false are wanted/);
});

test("03-1 and 03-2 know used features, missing ones, and how many counts are others", async () => {
  const { train } = await halvesOf("iris");
  const tree = decisionTree({ rng: seededRng(42) }).fit(train.X, train.y);
  const firstOf = (label: number) => Array.from(train.y.keys()).filter((i) => train.y[i] === label).slice(0, 3);
  const examples = fromRows([0, 1, 2].flatMap(firstOf).map((i) => rowOf(train.X, i)));
  const { features } = await discoverRanges(blackBox(tree), { numFeatures: 4, examples, rng: seededRng(42) });
  const unused = features.filter(({ kind }) => kind === "irrelevant").map(({ feature }) => feature);
  const unusedIs = async (answer: number[]) => (await judgeAnswer("03-1", answer, tree, examples, 42)).finding;
  assert.ok(unused.length > 0 && unused.length < 4);
  assert.equal(await unusedIs(unused), null);
  assert.match(String(await unusedIs([0, 1, 2, 3])), new RegExp(`^${4 - unused.length} of yours did change`));
  assert.match(String(await unusedIs([])), /there are more/);
  assert.match(String(await unusedIs([4])), /4 is no position/);

  const model = scaled(svc()).fit(train.X, train.y);
  const center = rowOf(train.X, 0);
  const labelsOf = async (size: number) => (await geneticSearch(blackBox(model),
    { numFeatures: 4, center, size, rng: seededRng(42) })).generations.map(({ y }) => y);
  const searches = await Promise.all([1, 10, 30, 100, 300, 1000].map(labelsOf));
  const met = searches.map((answers) => new Set(answers.flatMap((y) => [...y])).size);
  const metIs = async (answer: number[]) => (await judgeAnswer("03-2", answer, model, center, 42)).finding;
  assert.equal(await metIs(met), null);
  assert.match(String(await metIs([0, 0, 0, 0, 0, 0])), /6 of the six are others/);
  assert.match(String(await metIs([1])), /needs 6 numbers/);
  assert.match(String(await metIs([4, 1, 1, 1, 1, 1])), /only 3 labels/);
});

test("03-3 wants enough lines, and not too many", async () => {
  const planted = (X: Matrix) =>
    Int32Array.from({ length: X.shape[0] }, (_, i) => (rowOf(X, i)[0] + rowOf(X, i)[1] > 10 ? 1 : 0));
  const examples = fromRows([[2, 3, 7], [8, 6, 2]]);
  const says = async (rounds: number, bases: number) =>
    (await judgeAnswer("03-3", { rounds, bases }, planted, examples, 42)).finding;
  assert.equal(await says(3, 25), null);
  assert.match(String(await says(3, 6)), /`missedAtMost` is 0\.083/);
  assert.match(String(await says(10, 40)), /800 lines/);
  assert.match(String(await says(1, 1)), /it stops with “discoverRanges: bases must be/);
  const used = (X: Matrix) => Int32Array.from({ length: X.shape[0] }, (_, i) => (rowOf(X, i)[2] > 5 ? 1 : 0));
  const finding = (await judgeAnswer("03-3", { rounds: 1, bases: 4 }, used, examples, 42)).finding;
  assert.match(String(finding), /the feature is (stepped|continuous|categorical) now/);
});

test("03-4 stops a theft beyond its budget, and wants questions and a good copy", async () => {
  const wine = await halvesOf("wine");
  const says = async (answer: (box: BlackBox, row: Matrix, rng: Rng) => Promise<Classifier>) =>
    (await judgeAnswer("03-4", answer, wine, 42)).finding;
  const knows = scaled(svc()).fit(wine.train.X, wine.train.y);
  const ranges = dynamicalRange(wine.train.X);
  const plain = (budget: number) => async (box: BlackBox, _: Matrix, rng: Rng) => (await copy(box,
    { sampler: normalSampler(ranges), estimator: scaled(svc()), budget, rng })).classifier;
  assert.equal(await says(plain(500)), null);
  assert.match(String(await says(plain(4001))), /it stops with “query: the budget is 4000/);
  assert.match(String(await says(async () => knows)), /asked nothing/);
  assert.match(String(await says(plain(3))), /disagrees on \d+ % of the test wines/);
});

test("05-1 knows the attacker who has means and deviations, 05-2 swapped means", async () => {
  const digits = await halvesOf("digits");
  const ranges = dynamicalRange(digits.train.X);
  const original = scaled(svc()).fit(digits.train.X, digits.train.y);
  const errorFrom = async (sampler: Sampler) => fidelityError(original.predict(digits.test.X), (await copy(
    blackBox(original), { sampler, budget: 200, rng: seededRng(42),
      estimator: pipeline(rangeScaler(ranges), svc({ C: 1000, gamma: 0.25 / 64 })),
    })).classifier.predict(digits.test.X));
  const says = async (error: number) => (await judgeAnswer("05-1", error, digits, 200, 42)).finding;
  assert.equal(await says(await errorFrom(betaSampler(rangesOnly(ranges)))), null);
  assert.match(String(await says(await errorFrom(betaSampler(ranges)))), /knows means and deviations/);
  assert.match(String(await says(1 / 899)), /not of this copy/);
  assert.match(String(await says(90)), /at most 1/);

  const wdbc = await halvesOf("wdbc");
  const known = dynamicalRange(wdbc.train.X);
  const wdbcSvc = scaled(svc()).fit(wdbc.train.X, wdbc.train.y);
  const sampler = normalSampler(known, { clip: true });
  const learner = svc({ C: 1000, gamma: 0.5 / 30 });
  const mean = async (way: "plain" | "active") => {
    let sum = 0;
    for (let run = 0; run < 3; run++) {
      const asks = way === "plain" ? { sampler }
        : { strategy: activeStrategy({ ranges: known, sampler, committee: [learner] }) };
      const { classifier } = await copy(blackBox(wdbcSvc),
        { ...asks, estimator: pipeline(rangeScaler(known), learner), budget: 100, rng: seededRng(run) });
      sum += fidelityError(wdbcSvc.predict(wdbc.test.X), classifier.predict(wdbc.test.X)) / 3;
    }
    return sum;
  };
  const right = { plain: await mean("plain"), active: await mean("active") };
  const judged = async (answer: typeof right) => (await judgeAnswer("05-2", answer, wdbc)).finding;
  assert.equal(await judged(right), null);
  assert.match(String(await judged({ plain: right.active, active: right.plain })), /each other's place/);
  assert.match(String(await judged({ ...right, active: 0.5 })), /`active` is another/);
  assert.match(String(await judged({ ...right, plain: 0.5 })), /`plain` is another/);
});

test("05-3 knows a copy of many units, 05-4 a theft that is worse than auto's, dear, or asks nothing", async () => {
  const wine = await halvesOf("wine");
  const setting = { queries: 50, epochs: 200, seed: 7 };
  const original = scaled(mlpClassifier({ maxEpochs: 50, rng: seededRng(7) })).fit(wine.train.X, wine.train.y);
  const ranges = dynamicalRange(wine.train.X);
  const errorOf = async (units: number, budget: number) => {
    const network = mlpClassifier({ hiddenLayers: [units], maxEpochs: 200, rng: seededRng(7) });
    const { classifier } = await copy(blackBox(original), { sampler: betaSampler(ranges), budget,
      estimator: pipeline(rangeScaler(ranges), network), rng: seededRng(7) });
    return fidelityError(original.predict(wine.test.X), classifier.predict(wine.test.X));
  };
  const right = { once: await errorOf(2, 50), fourfold: await errorOf(2, 200) };
  const wide = await errorOf(100, 50);
  const says = async (answer: typeof right) => (await judgeAnswer("05-3", answer, original, wine, setting)).finding;
  assert.equal(await says(right), null);
  assert.match(String(await says({ once: right.fourfold, fourfold: right.once })), /each other's place/);
  assert.match(String(await says({ ...right, once: wide })), /many units/);
  assert.match(String(await says({ ...right, fourfold: 1 })), /`fourfold` is further/);

  const wdbc = await halvesOf("wdbc");
  const theft = async (answer: (box: BlackBox, known: readonly NumericRange[], rng: Rng) => Promise<Classifier>) =>
    (await judgeAnswer("05-4", answer, wdbc)).finding;
  const copied = (budget: number, C: number) => async (box: BlackBox, known: readonly NumericRange[], rng: Rng) =>
    (await copy(box, { sampler: knownMomentsSampler(known), budget, rng,
      estimator: pipeline(rangeScaler(known), logisticRegression({ C })) })).classifier;
  assert.match(String(await theft(copied(101, 1))), /it stops with “query: the budget is 100/);
  assert.match(String(await theft(copied(10, 1e-6))), /it disagrees on .*`auto` on/);
  assert.match(String(await theft(async () => scaled(svc()).fit(wdbc.train.X, wdbc.train.y))), /asked nothing/);
});

test("04-1 to 04-3 tell the likely mistakes", async () => {
  const answers = Int32Array.of(0, 0, 0, 1);
  const copied = Int32Array.of(0, 0, 0, 0);
  assert.equal((await judgeAnswer("04-1", 3, answers, 5)).verdict, "right");
  assert.match(String((await judgeAnswer("04-1", 2, answers, 5)).finding), /does answer/);
  const rows = [{ class: "a", agreement: 0.9 }, { class: "b", agreement: 0.2 }];
  assert.equal((await judgeAnswer("04-2", "b", rows)).verdict, "right");
  assert.match(String((await judgeAnswer("04-2", "a", rows)).finding), /0\.900, and one is lower/);
  assert.match(String((await judgeAnswer("04-2", "c", rows)).finding), /not among a; b/);
  // By hand: class 0 agrees wholly, class 1 not at all: the mean is 1/2; one row of four differs. Then 1, 0 and 1.
  const three = [Int32Array.of(0, 0, 0, 1, 2), Int32Array.of(0, 0, 0, 0, 2)] as const;
  assert.equal((await judgeAnswer("04-3", 0.5, answers, copied)).verdict, "right");
  assert.match(String((await judgeAnswer("04-3", 0.25, answers, copied)).finding), /plain fidelity/);
  assert.match(String((await judgeAnswer("04-3", 2 / 3, ...three)).finding), /mean agreement/);
});

test("04-4 wants a family that beats the forest", async () => {
  const wine = await halvesOf("wine");
  const original = pipeline(standardScaler(), svc()).fit(wine.train.X, wine.train.y);
  const setting = { original, cloud: uniformSampler(dynamicalRange(wine.train.X)), test: wine.test, seed: 1 };
  assert.equal((await judgeAnswer("04-4", () => pipeline(standardScaler(), svc()), setting)).verdict, "right");
  assert.match(String((await judgeAnswer("04-4", (rng) => randomForest({ rng }), setting)).finding), /is wanted/);
});

test("06-1 knows the label across the boundary, 06-2 refuses equal means, 06-3 the original's own map", async () => {
  const iris = await halvesOf("iris");
  const original = pipeline(standardScaler(), svc()).fit(iris.train.X, iris.train.y);
  const ranges = dynamicalRange(iris.train.X);
  const known = { X: iris.train.X, y: original.predict(iris.train.X) };
  const found = await boundaryPoints(blackBox(original), known, { ranges, n: 1000, rng: seededRng(42) });
  const learned = (y: Int32Array) => fidelityError(original.predict(iris.test.X),
    randomForest({ numTrees: 100, rng: seededRng(42) }).fit(found.X, y).predict(iris.test.X));
  assert.equal((await judgeAnswer("06-1", learned(original.predict(found.X)), iris, found, 42)).verdict, "right");
  assert.match(String((await judgeAnswer("06-1", learned(found.otherLabels), iris, found, 42)).finding), /otherLabels/);
  assert.match(String((await judgeAnswer("06-2", { few: 0.1, many: 0.1 }, iris, 1)).finding), /equal to the last/);
  const map = (features: [number, number], model: Classifier) =>
    decisionMap((X) => model.predict(X), { ranges, features, resolution: 40 });
  assert.match(String((await judgeAnswer("06-3", await map([2, 3], original), iris)).finding), /own map/);
  assert.match(String((await judgeAnswer("06-3", await map([0, 1], original), iris)).finding), /another plane/);
  const cloud = uniformSampler(ranges).sample(1000, seededRng(1));
  const copied = pipeline(standardScaler(), svc()).fit(cloud, original.predict(cloud));
  assert.equal((await judgeAnswer("06-3", await map([2, 3], copied), iris)).verdict, "right");
});

test("09-1 to 09-3 tell a claim, a chance and a share from their neighbours", async () => {
  const says = async (id: "09-1" | "09-2" | "09-3", answer: number): Promise<string | null> =>
    (await judgeAnswer(id, answer)).finding;
  // The classical claim for a true ε of 1 by bisection with mpmath at 80 digits, sensitivities √2 and 1.
  assert.equal(await says("09-1", 0.8927), null);
  assert.match(String(await says("09-1", 1.2624)), /right for sensitivity 1/);
  assert.match(String(await says("09-1", 1)), /truly costs 1\.131/);
  assert.match(String(await says("09-1", -1)), /above 0/);
  // q = 1 / (1 + e² / 3), and 1 / (1 + …) for one bit: p / q = e² or (1 − q) / (1 − p) = e².
  assert.equal(await says("09-2", 0.2888), null);
  assert.match(String(await says("09-2", 0.75 / Math.exp(2))), /ε of one bit/);
  assert.match(String(await says("09-2", 0.2)), /less private/);
  assert.match(String(await says("09-2", 0.4)), /more private/);
  assert.match(String(await says("09-2", 0.8)), /below p/);
  assert.equal(await says("09-3", 0.77), null);
  assert.equal(await says("09-3", 9 / (9 + Math.E)), null);
  assert.match(String(await says("09-3", 0.23)), /stays/);
  assert.match(String(await says("09-3", 0.09)), /nine wrong/);
  assert.match(String(await says("09-3", 0.5)), /more labels/);
  assert.match(String(await says("09-3", 0.9)), /fewer labels/);
  assert.match(String(await says("09-3", 77)), /at most 1/);
});

test("09-4 wants the norm that 100 images share, not 700, and not a hundredth", async () => {
  const X = matrix(new Uint8Array(700 * 784).fill(9), [700, 784]);
  const images = { name: "grey", X, y: new Int32Array(700), classNames: [], featureNames: [] };
  const says = async (answer: number): Promise<string | null> => (await judgeAnswer("09-4", answer, images)).finding;
  assert.equal(await says(500), null);
  assert.match(String(await says(5000 / Math.sqrt(700))), /700 images/);
  assert.match(String(await says(50)), /√100/);
  assert.match(String(await says(900)), /too large/);
  assert.match(String(await says(300)), /too small/);
  assert.match(String(await says(NaN)), /not a number/);
});
