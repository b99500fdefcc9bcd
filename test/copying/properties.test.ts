import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import * as classifiers from "../../lib/classifiers";
import { labelsOfLargest } from "../../lib/classifiers/fitting";
import * as copying from "../../lib/copying";
import { QueryMeter, requireBudget } from "../../lib/copying/black-box";
import { halveSegments } from "../../lib/copying/boundary";
import { labelEntropy } from "../../lib/copying/features/cloud";
import { halveChanges } from "../../lib/copying/features/sweep";
import { requireNumericRanges, requireRanges } from "../../lib/copying/ranges";
import { concatRows, fromRows, matrix, rowOf, seededRng, selectRows, toRows, type Matrix, type Rng } from "../../lib";
import { answersOf } from "../classifiers/export/onnx-runtime";
import { nearest, ruled, ruledBox } from "./helpers";

/**
 * A small table of small integers: rows repeat, features are constant and only one label occurs every now and then.
 */
interface Case { X: Matrix<Float64Array>; y: Int32Array; d: number; n: number; rng: Rng; seed: number }

const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 3 }).chain((d) => {
  const row = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: d, maxLength: d });
  const labelled = fc.array(fc.tuple(row, fc.integer({ min: 3, max: 5 })), { minLength: 2, maxLength: 12 });
  return fc.tuple(labelled, fc.nat(1e6)).map(([rows, seed]) => ({
    X: fromRows(rows.map(([cells]) => cells)), y: Int32Array.from(rows, ([, label]) => label),
    d, n: rows.length, rng: seededRng(seed), seed,
  }));
});

const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b)), `${a}, not ${b}`);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const isWithin = (X: Matrix, ranges: readonly copying.NumericRange[]): boolean =>
  toRows(X).every((row) => row.every((value, j) => value >= ranges[j].min - 1e-9 && value <= ranges[j].max + 1e-9));
/** Two labels that a threshold on the first feature parts. */
const side = ruled((row) => (row[0] > 0.5 ? 4 : 3));
const parted = (d: number, budget?: number): copying.BlackBox => copying.blackBox(side, { numFeatures: d, budget });
const ownAnswers = async ({ X, y }: copying.LabeledQueries): Promise<void> => assert.deepEqual(y, side(X));
/** Wide enough that both labels of `side` occur, though features may be constant. */
const widened = (X: Matrix<Float64Array>): copying.NumericRange[] => copying.dynamicalRange(twoSided(X)[0]);

function inRange(make: (ranges: copying.NumericRange[]) => copying.Sampler) {
  return ({ X, n, rng, seed }: Case): void => {
    const ranges = copying.dynamicalRange(X);
    const sampler = make(ranges);
    const drawn = sampler.sample(n, rng);
    assert.equal(drawn.shape[1], sampler.numFeatures);
    assert.ok(isWithin(drawn, ranges));
    assert.deepEqual(sampler.sample(n, seededRng(seed)), drawn);
  };
}

/** A strategy spends what it was given, to the row, and reports what it was answered. */
function spends(make: (ranges: copying.NumericRange[], rng: Rng) => copying.QueryStrategy, least = 1) {
  return async ({ X, d, n, rng }: Case): Promise<void> => {
    const budget = least + 5 * n;
    const box = parted(d, budget);
    const ranges = widened(X);
    const { queries } = await make(ranges, rng).collect(box, { budget, rng });
    assert.deepEqual([box.used <= budget, queries.y.length], [true, box.used]);
    await ownAnswers(queries);
  };
}

const tree = (): classifiers.Estimator => classifiers.decisionTree();
const uniform = copying.uniformSampler;

const properties: Record<string, (one: Case) => void | Promise<void>> = {
  rangeScaler({ X }) {
    const ranges = copying.dynamicalRange(X);
    const back = copying.rangeScaler(ranges).fit(X).transform(X);
    back.data.forEach((z, at) => {
      const { mean, deviation } = ranges[at % X.shape[1]];
      close(mean + z * (deviation || 1), X.data[at]);
    });
  },
  async balancedQueries({ X, d, n, rng }) {
    const box = parted(d, 10 * n);
    const made = await copying.balancedQueries(box, uniform(widened(X)), { n, maxTries: 3, rng });
    await ownAnswers(made);
    assert.equal(made.asked.y.length, box.used);
    const shares = copying.classShares(made.asked.y);
    for (const label of new Set(made.y))
      assert.ok(made.y.filter((other) => other === label).length <= Math.floor(n / shares.length));
  },
  QueryBudgetError({ n }) {
    assert.match(new copying.QueryBudgetError(n, 1, n).message, new RegExp(`${n}, 1 are used, ${n - 1} remain`));
  },
  WidthError: ({ n, d }) => assert.match(new copying.WidthError(n, d).message, new RegExp(`${n} .* expects ${d}`)),
  async QueryMeter({ n }) {
    const meter = new QueryMeter(n);
    await meter.spend(n - 1, () => n);
    await assert.rejects(meter.spend(2, () => n), copying.QueryBudgetError);
    assert.equal(meter.remaining, 1);
  },
  requireBudget({ n }) {
    requireBudget("f", n);
    for (const bad of [-n, n + 0.5, NaN, -Infinity]) assert.throws(() => requireBudget("f", bad), RangeError);
  },
  crossingSegments({ X, y, n, rng }) {
    const join = (): copying.Segments => copying.crossingSegments({ X, y }, n, rng);
    if (new Set(y).size < 2) assert.throws(join, RangeError);
    else {
      const { labels, otherLabels } = join();
      labels.forEach((label, i) => assert.notEqual(label, otherLabels[i]));
    }
  },
  async halveSegments({ X, d, n, rng }) {
    const known = uniform(widened(X)).sample(50, rng);
    const before = copying.crossingSegments({ X: known, y: side(known) }, n, rng);
    const { segments } = await halveSegments(parted(d), before);
    assert.deepEqual([side(segments.from), side(segments.to)], [segments.labels, segments.otherLabels]);
    segments.from.data.forEach((value, at) =>
      close(Math.abs(value - segments.to.data[at]), Math.abs(before.from.data[at] - before.to.data[at]) / 2));
  },
  async decisionMap({ X, d, n }) {
    const features = [0, d - 1] as const;
    const map = await copying.decisionMap(side, { ranges: copying.dynamicalRange(X), features, resolution: n });
    const first = d === 1 ? map.up : map.across;
    map.labels.forEach((label, at) => {
      const value = d === 1 ? first[Math.floor(at / n)] : first[at % n];
      assert.equal(label, value > 0.5 ? 4 : 3);
    });
  },
  async copy({ X, d, n, rng }) {
    const box = parted(d, n);
    const made = await copying.copy(box, { sampler: uniform(widened(X)), estimator: nearest, budget: n, rng });
    assert.deepEqual([made.spent, made.queries.y.length, box.remaining], [n, n, 0]);
    assert.deepEqual(made.classifier.predict(made.queries.X), side(made.queries.X));
  },
  async copyStream({ X, d, n, rng }) {
    const steps: copying.StreamStep[] = [];
    const options = { sampler: uniform(widened(X)), estimator: nearest, batch: 2, budget: 3 * n, rng };
    for await (const step of copying.copyStream(parted(d), options)) steps.push(step);
    assert.ok(steps.every(({ spent }, i) => spent <= 3 * n && (i === 0 || spent > steps[i - 1].spent)));
    assert.ok(steps.at(-1)!.stopped === "levelled-off" || steps.at(-1)!.spent === 3 * n);
  },
  evaluateCopy({ X, y }) {
    const original = nearest.fit(X, y);
    const own = copying.evaluateCopy(original, { classifier: original, queries: { X, y: original.predict(X) } },
      { test: { X, y: original.predict(X) }, fresh: X });
    assert.deepEqual([own.fidelityErrorTest, own.fidelityErrorSynthetic, own.fidelityErrorFresh], [0, 0, 0]);
    assert.deepEqual([own.accuracyCopy, own.replacementCapability], [1, 1]);
  },
  spreadOf({ X }) {
    const { mean, deviation, min, max } = copying.spreadOf(X.data);
    assert.ok(min <= mean + 1e-12 && mean <= max + 1e-12 && deviation <= max - min + 1e-12);
    assert.equal(deviation === 0, min === max);
  },
  mean({ X }) {
    close(copying.mean(X.data.map((value) => value + 2)), copying.mean(X.data) + 2);
    assert.equal(copying.mean([1, 2, 6]), 3);
    assert.throws(() => copying.mean([]), /mean: number of values must be an integer of at least 1, got 0/);
  },
  labelEntropy({ y }) {
    const entropy = labelEntropy(y);
    assert.ok(entropy >= 0 && entropy <= Math.log(new Set(y).size) + 1e-12);
    close(labelEntropy(y.slice().reverse()), entropy);
  },
  async adaptCloud({ d, n, rng }) {
    const cloud = { center: new Float64Array(d), scale: new Float64Array(d).fill(n) };
    const adapted = await copying.adaptCloud(parted(d), { cloud, population: 6 + n, generations: 3, rng });
    assert.equal(adapted.spent, 3 * (6 + n));
    assert.ok(adapted.cloud.scale.every((value) => value > 0 && Number.isFinite(value)));
  },
  async findContrast({ d, n, rng }) {
    const box = parted(d);
    const found = await copying.findContrast(box, { numFeatures: d, examples: fromRows([Array(d).fill(n)]), rng });
    assert.deepEqual(side(fromRows([found.common, found.rare])), Int32Array.of(found.labels.common, found.labels.rare));
    assert.equal(found.spent, box.used);
  },
  NoContrastError({ n }) {
    const { label, spent, message } = new copying.NoContrastError(3, n);
    assert.deepEqual([label, spent, message.includes(`all ${n} queries were answered 3`)], [3, n, true]);
  },
  async discoverRanges({ d, n, rng }) {
    const box = parted(d);
    const examples = fromRows([Array(d).fill(-n), Array(d).fill(n)]);
    const { ranges, spent } = await copying.discoverRanges(box, { numFeatures: d, examples, rounds: 1, rng });
    assert.deepEqual([spent.total, spent.contrast + spent.cloud + spent.sweeps], [box.used, box.used]);
    for (const { min, mean, max, deviation } of ranges) assert.ok(min <= mean && mean <= max && deviation > 0);
    assert.ok(ranges[0].min <= 0.5 && ranges[0].max >= 0.5);
  },
  async discoverNumFeatures({ n }) {
    const box = parted(n);
    assert.deepEqual([await copying.discoverNumFeatures(box), box.used], [n, 1]);
  },
  async geneticSearch({ d, n, rng }) {
    const search = await copying.geneticSearch(parted(d), { numFeatures: d, population: 4 + n, generations: 2, rng });
    assert.equal(search.spent, 2 * (4 + n));
    for (const generation of search.generations) await ownAnswers(generation);
  },
  findStep({ X, n }) {
    const onLattice = copying.findStep(Array.from({ length: n + 5 }, (_, i) => 3 * i + 1), 1e-6);
    assert.deepEqual([onLattice?.step, onLattice?.edges], [1, "on"]);
    assert.ok((copying.findStep(X.data as unknown as number[], 1e-6)?.chance ?? 0) < 1e-3);
  },
  async sweepFeatures({ d, n }) {
    const bases = matrix(new Float64Array(d).fill(n), [1, d]);
    const { changes } = await copying.sweepFeatures(parted(d), { bases, scale: new Float64Array(d).fill(n) });
    assert.equal(changes.length, 1);
    const [{ feature, inner, outer }] = changes;
    assert.ok(feature === 0 && outer <= 0.5 && inner > 0.5);
  },
  async halveChanges({ d, n }) {
    const bases = matrix(new Float64Array(d).fill(n), [1, d]);
    const change = { feature: 0, base: 0, inner: n, outer: -n, innerLabel: 4, outerLabel: 3 };
    const [halved] = await halveChanges(parted(d), bases, [change]);
    assert.ok(halved.inner > 0.5 && halved.outer <= 0.5);
    close(halved.inner - halved.outer, n);
  },
  async httpBlackBox({ X, n }) {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
        const { instances } = JSON.parse(Buffer.concat(parts).toString()) as { instances: number[][] };
        response.end(JSON.stringify({ predictions: [...side(fromRows(instances))] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const box = copying.httpBlackBox({ url, batch: 1 + (n % 5) });
    assert.deepEqual(await box.query(X), side(X));
    assert.ok(box.paid <= X.shape[0]);
    await new Promise((resolve) => server.close(resolve));
  },
  replacementCapability({ y }) {
    const other = y.map((label, i) => (i % 2 ? label : label + 1));
    assert.equal(copying.replacementCapability(y, y, other), classifiers.accuracy(y, other));
  },
  classShares({ y, n }) {
    const shares = copying.classShares(y);
    close(sum(shares.map(({ share }) => share)), 1);
    assert.equal(sum(shares.map(({ count }) => count)), n);
  },
  agreementByClass({ y }) {
    const other = y.map((label, i) => (i % 2 ? label : 3));
    const by = copying.agreementByClass(y, other);
    const same = sum(by.map(({ count, agreement }) => count * agreement)) / y.length;
    close(same, 1 - copying.fidelityError(y, other));
  },
  bootstrapInterval({ X, n, rng }) {
    const values = Array.from({ length: n }, (_, i) => X.data[i * X.shape[1]]);
    const mean = (rows: Int32Array): number => sum(rows.map((i) => values[i])) / rows.length;
    const { low, estimate, high } = copying.bootstrapInterval(n, mean, { resamples: 50, rng });
    assert.ok(Math.min(...values) <= low && low <= high && high <= Math.max(...values));
    close(estimate, sum(values) / n);
  },
  fidelityErrorInterval({ y, seed }) {
    const other = y.map((label, i) => (i % 3 ? label : 9));
    const make = (): copying.Interval =>
      copying.fidelityErrorInterval(y, other, { resamples: 20, rng: seededRng(seed) });
    assert.deepEqual(make(), make());
    assert.equal(make().estimate, copying.fidelityError(y, other));
  },
  concatQueries({ X, y, n }) {
    const twice = copying.concatQueries({ X, y }, { X, y });
    assert.deepEqual(twice.y, Int32Array.of(...y, ...y));
    assert.deepEqual(rowOf(twice.X, 2 * n - 1), rowOf(X, n - 1));
  },
  requireRanges({ X, d }) {
    const ranges = copying.dynamicalRange(X);
    requireRanges("f", ranges);
    for (const bad of [NaN, Infinity])
      assert.throws(() => requireRanges("f", [...ranges, { ...ranges[d - 1], max: bad }]), RangeError);
  },
  requireNumericRanges({ X }) {
    requireNumericRanges("f", copying.dynamicalRange(X));
    assert.throws(() => requireNumericRanges("f", copying.findCategories(X)), /must be numeric/);
  },
  dynamicalRange({ X }) {
    const ranges = copying.dynamicalRange(X);
    assert.ok(isWithin(X, ranges));
    for (const { min, max, mean, deviation } of ranges)
      assert.ok(mean >= min - 1e-9 && mean <= max + 1e-9 && deviation <= (max - min) / 2 + 1e-9);
  },
  findCategories({ X }) {
    copying.findCategories(X).forEach(({ values, shares }, j) => {
      close(sum(shares), 1);
      assert.ok(toRows(X).every((row) => values.includes(row[j])));
    });
  },
  mixedRange({ X, d }) {
    const kinds = copying.mixedRange(X, { categorical: [d - 1] }).map(({ kind }) => kind);
    assert.deepEqual(kinds, [...Array<string>(d - 1).fill("numeric"), "categorical"]);
  },
  equalCategories({ X }) {
    for (const range of copying.equalCategories(copying.findCategories(X)))
      if (range.kind === "categorical") assert.equal(new Set(range.shares).size, 1);
  },
  reducedSpace({ X, n }) {
    for (const { min, max, mean, deviation } of copying.reducedSpace(copying.dynamicalRange(X), n)) {
      close(max - min, 2 * n * deviation);
      close((max + min) / 2, mean);
    }
  },
  rangesOnly({ X }) {
    const ranges = copying.dynamicalRange(X);
    const once = copying.rangesOnly(ranges);
    assert.deepEqual(once, copying.rangesOnly(ranges.map((range) => ({ ...range, mean: 99, deviation: 1 }))));
    once.forEach(({ min, max }, j) => assert.deepEqual([min, max], [ranges[j].min, ranges[j].max]));
  },
  uniformSampler: inRange(uniform),
  betaSampler: inRange(copying.betaSampler),
  gridSampler: inRange(copying.gridSampler),
  latinHypercubeSampler: inRange(copying.latinHypercubeSampler),
  sobolSampler: inRange(copying.sobolSampler),
  knownMomentsSampler: inRange(copying.knownMomentsSampler),
  normalSampler: inRange((ranges) => copying.normalSampler(ranges, { clip: true })),
  mixedSampler: inRange((ranges) => copying.mixedSampler(ranges, uniform)),
  wholeNumbers({ X, n, rng }) {
    const options = { min: -n, max: n };
    const { data } = copying.wholeNumbers(copying.normalSampler(copying.dynamicalRange(X)), options).sample(n, rng);
    assert.ok(data.every((value) => Number.isInteger(value) && value >= -n && value <= n));
  },
  categoricalSampler({ X, n, rng }) {
    const ranges = copying.findCategories(X);
    for (const row of toRows(copying.categoricalSampler(ranges).sample(n, rng)))
      row.forEach((value, j) => assert.ok(ranges[j].values.includes(value)));
  },
  imageRandomSampler({ n, d, rng }) {
    const { data } = copying.imageRandomSampler({ imageShape: [d, d, 1], min: -d, max: n }).sample(n, rng);
    assert.ok(data.every((value) => Number.isInteger(value) && value >= -d && value <= n));
  },
  sphericalSampler({ n, d, rng }) {
    const sampler = copying.sphericalSampler({ numFeatures: d, radiusMin: n, radiusMax: 2 * n });
    for (const row of toRows(sampler.sample(n, rng))) {
      const radius = Math.hypot(...row);
      assert.ok(radius >= n - 1e-9 && radius <= 2 * n + 1e-9);
    }
  },
  rowSampler({ n, d, rng }) {
    const sampler = copying.rowSampler("ours", d, (row) => row.fill(d));
    assert.deepEqual(sampler.sample(n, rng), matrix(new Float64Array(n * d).fill(d), [n, d]));
  },
  batchSampler({ n, d, rng }) {
    const sampler = copying.batchSampler("ours", d, (m) => new Float64Array(m * d).fill(d));
    assert.deepEqual(sampler.sample(n, rng), matrix(new Float64Array(n * d).fill(d), [n, d]));
  },
  autoCandidates({ n, rng }) {
    const names = copying.autoCandidates(n, rng).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  },
  samplerStrategy: spends((ranges) => copying.samplerStrategy(uniform(ranges))),
  activeStrategy: spends((ranges) => copying.activeStrategy({ ranges, sampler: uniform(ranges), committee: [tree()] })),
  bisectionStrategy: spends((ranges) => copying.bisectionStrategy({ sampler: uniform(ranges) })),
  jacobianStrategy: spends((ranges) => copying.jacobianStrategy({
    ranges, sampler: uniform(ranges), learner: classifiers.gaussianNaiveBayes(),
  })),
  pathFindingStrategy: spends((ranges) => copying.pathFindingStrategy({ ranges, sampler: uniform(ranges) })),
  lineSearchStrategy: spends((ranges) => copying.lineSearchStrategy({
    ranges, sampler: uniform(ranges), first: 50, halvings: 5 }), 60),
  autoStrategy: spends((ranges) => copying.autoStrategy({ ranges, candidates: [{ name: "tree", estimator: tree() }] })),
  async knockoffStrategy({ X, y, d, n, rng }) {
    const box = parted(d, n);
    const learner = classifiers.gaussianNaiveBayes();
    const strategy = copying.knockoffStrategy({ pool: X, groups: y, learner, batch: 2 });
    const { queries } = await strategy.collect(box, { budget: n, rng });
    assert.equal(box.used, n);
    await ownAnswers(queries);
    const sorted = (table: Matrix): string[] => toRows(table).map(String).sort();
    assert.deepEqual(sorted(queries.X), sorted(X));
  },
  async equationSolvingStrategy({ X, d, rng }) {
    const model = classifiers.logisticRegression().fit(...twoSided(X));
    const ranges = widened(X);
    const strategy = copying.equationSolvingStrategy({ ranges, sampler: uniform(ranges) });
    const budget = 20 + d;
    const { classifier } = await copying.copy(copying.blackBox(model, { probabilities: true, budget }),
      { strategy, budget, rng });
    const fresh = uniform(ranges).sample(50, rng);
    assert.ok(copying.fidelityError(model.predict(fresh), classifier.predict(fresh)) <= 0.02);
  },

  constantClassifier({ X, y }) {
    const constant = classifiers.constantClassifier("ours", y[0], X.shape[1]);
    assert.deepEqual(constant.predict(X), y.map(() => y[0]));
  },
  encodeLabels({ y }) {
    const { classes, codes } = classifiers.encodeLabels(y);
    assert.deepEqual(codes.map((code) => classes[code]), y);
    assert.ok(classes.every((label, k) => k === 0 || label > classes[k - 1]));
  },
  labelsOfLargest({ X, d }) {
    const labels = labelsOfLargest(X, Int32Array.from({ length: d }, (_, k) => 10 * k));
    toRows(X).forEach((row, i) => assert.equal(labels[i], 10 * row.indexOf(Math.max(...row))));
  },
  scaleGamma({ X }) {
    const gamma = classifiers.scaleGamma(X);
    assert.ok(gamma > 0 && Number.isFinite(gamma));
    const wide = classifiers.scaleGamma(matrix(X.data.map((value) => 2 * value), X.shape));
    if (new Set(X.data).size > 1) close(4 * wide, gamma);
  },
  crossGram({ X }) {
    const gram = classifiers.gramMatrix(X, { gamma: 0.5 });
    assert.deepEqual(classifiers.crossGram(X, gram).data, gram.K.data);
  },
  svc({ X, y }) {
    const make = (): classifiers.Classifier => classifiers.svc().fit(X, y);
    const all = make().predict(X);
    assert.deepEqual(make().predict(X), all);
    assert.deepEqual(classifiers.deserialize(JSON.parse(JSON.stringify(make().serialize()))).predict(X), all);
    all.forEach((label, i) => {
      assert.ok(y.includes(label));
      assert.equal(make().predict(selectRows(X, [i]))[0], label);
    });
  },
  accuracy: ({ y }) => close(
    classifiers.accuracy(y, y.map(() => 3)), y.filter((label) => label === 3).length / y.length),
  confusionMatrix({ y, n }) {
    const other = y.slice().reverse();
    const { counts } = classifiers.confusionMatrix(y, other);
    assert.equal(sum(counts.flat()), n);
    close(sum(counts.map((row, k) => row[k])) / n, classifiers.accuracy(y, other));
  },
  classReport({ y, n }) {
    const report = classifiers.classReport(y, y.slice().reverse());
    assert.equal(sum(report.map(({ support }) => support)), n);
    for (const { precision, recall, f1 } of report) {
      assert.ok(f1 <= Math.max(precision, recall) + 1e-12 && f1 >= Math.min(precision, recall) - 1e-12);
    }
  },
  accuracyRecovered({ n }) {
    const [clean, poisoned] = [1, 1 - 1 / n];
    close(classifiers.accuracyRecovered({ clean, poisoned, defended: clean }), 1);
    close(classifiers.accuracyRecovered({ clean, poisoned, defended: poisoned }), 0);
  },
  calibrated({ X, y }) {
    const tree = classifiers.decisionTree({ maxDepth: 1 }).fit(X, y);
    const honest = classifiers.calibrated(tree, X, y);
    assert.ok(honest.temperature > 0);
    assert.deepEqual(honest.predict(X), tree.predict(X));
  },
  rejecting({ X, y }) {
    const tree = classifiers.decisionTree({ maxDepth: 1 }).fit(X, y);
    assert.deepEqual(classifiers.rejecting(tree, { atLeast: 0 }).predict(X), tree.predict(X));
    const own = tree.predict(X);
    classifiers.rejecting(tree, { atLeast: 0.8 }).predict(X).forEach((label, i) =>
      assert.ok(label === -1 || label === own[i]));
  },
  onFeatures({ X, y, n, d }) {
    const blind = classifiers.onFeatures(classifiers.decisionTree(), [0]).fit(X, y);
    const others = matrix(X.data.map((value, p) => (p % d === 0 ? value : value + 7)), [n, d]);
    assert.deepEqual(blind.predict(others), blind.predict(X));
  },
  exportModule({ X, y }) {
    const tree = classifiers.decisionTree().fit(X, y);
    const { code, bytes } = classifiers.exportModule(tree, { format: "require" });
    const written = { exports: {} as { predict(row: number[]): number } };
    new Function("module", code)(written);
    assert.deepEqual(toRows(X).map((row) => written.exports.predict(row)), [...tree.predict(X)]);
    assert.ok(bytes >= code.length);
  },
  async exportOnnx({ X, y }) {
    const { decisionTree, gaussianNaiveBayes, randomForest } = classifiers;
    for (const estimator of [decisionTree(), gaussianNaiveBayes(), randomForest({ numTrees: 4, rng: seededRng(1) })]) {
      const model = estimator.fit(X, y);
      assert.deepEqual((await answersOf(model, X)).labels, [...model.predict(X)]);
    }
  },
  readTree({ X, y }) {
    const leaves = (node: classifiers.TreeNode): number =>
      (node.kind === "label" ? 1 : leaves(node.yes) + leaves(node.no));
    const tree = classifiers.decisionTree().fit(X, y) as classifiers.TreeClassifier;
    assert.equal(leaves(classifiers.readTree(tree)), classifiers.treeRules(tree).length);
  },
  conditionText: ({ X, y, d }) => rulesInWords(X, y, d),
  ruleText: ({ X, y, d }) => rulesInWords(X, y, d),
  encodeGroups({ y }) {
    const names = Array.from(y, String);
    const { groups, groupNames } = classifiers.encodeGroups(names);
    assert.deepEqual(Array.from(groups, (group) => groupNames[group]), names);
    assert.equal(new Set(groupNames).size, groupNames.length);
  },
  equalOpportunityDifference: (one) => oddsAgree(one),
  equalizedOddsDifference: (one) => oddsAgree(one),
  async refreshCopy({ X, d, rng }) {
    const sampler = copying.uniformSampler(widened(X));
    const estimator = classifiers.knn({ numNeighbors: 1 });
    const old = await copying.copy(parted(d), { sampler, estimator, budget: 20, rng });
    const fresh = await copying.refreshCopy(parted(d, 30), old,
      { sampler, estimator, probe: 10, budget: 20, expectedError: 0.5, rng });
    assert.ok(fresh.probeError >= 0 && fresh.probeError <= 1);
    assert.equal(fresh.spent, fresh.drifted ? 20 : 10);
    assert.equal(fresh.queries.y.length, fresh.drifted ? 20 : 30);
    await ownAnswers(fresh.queries);
  },
  tableSampler({ X, d, n, rng, seed }) {
    const columns = Array.from({ length: d }, (_, j) => ({ name: `x${j}`, kind: "numeric" as const, missing: 0 }));
    const sampler = copying.tableSampler(X, { columns });
    const drawn = sampler.sample(n, rng);
    assert.deepEqual(drawn.shape, [n, d]);
    assert.deepEqual(sampler.sample(n, seededRng(seed)), drawn);
    toRows(drawn).forEach((row) => row.forEach((value, j) => {
      const column = toRows(X).map((own) => own[j]);
      assert.ok(value >= Math.min(...column) && value <= Math.max(...column));
    }));
  },
  poolSampler({ X, n, rng, seed }) {
    const sampler = copying.poolSampler(X);
    const drawn = sampler.sample(n, rng);
    assert.deepEqual(sampler.sample(n, seededRng(seed)), drawn);
    assert.deepEqual(toRows(drawn).map(String).sort(), toRows(X).map(String).sort());
    assert.throws(() => sampler.sample(n + 1, rng), RangeError);
  },
  oneHotSampler({ X, d, n, rng, seed }) {
    const columns = [
      { name: "nominal", kind: "one-hot" as const, categories: ["a", "b", "c"], missing: 0 },
      ...Array.from({ length: d }, (_, j) => ({ name: `x${j}`, kind: "numeric" as const, missing: 0 })),
    ];
    const shares = [0.25, 0.5, 0.25].map((mean) =>
      ({ kind: "numeric" as const, min: 0, max: 1, mean, deviation: 0.4 }));
    const stepped = copying.dynamicalRange(X).map((range) => ({ ...range, step: 1 }));
    const options = { columns, numeric: uniform, equalShares: seed % 2 === 0 };
    const sampler = copying.oneHotSampler([...shares, ...stepped], options);
    const drawn = sampler.sample(n, rng);
    assert.deepEqual(drawn.shape, [n, d + 3]);
    assert.deepEqual(sampler.sample(n, seededRng(seed)), drawn);
    for (const row of toRows(drawn)) {
      assert.deepEqual(row.slice(0, 3).sort(), [0, 0, 1]);
      row.slice(3).forEach((value, j) =>
        assert.ok(Number.isInteger(value) && value >= stepped[j].min && value <= stepped[j].max));
    }
  },
  logLoss({ y, n }) {
    const { classes } = classifiers.encodeLabels(y);
    const k = classes.length;
    close(classifiers.logLoss(y, matrix(new Float64Array(n * k).fill(1 / k), [n, k]), classes), Math.log(k));
  },
};

/** Each rule's words hold those of its conditions and end with its label. */
function rulesInWords(X: Matrix, y: Int32Array, d: number): void {
  const featureNames = Array.from({ length: d }, (_, j) => `x${j}`);
  for (const rule of classifiers.treeRules(classifiers.decisionTree().fit(X, y) as classifiers.TreeClassifier)) {
    const text = classifiers.ruleText(rule, { featureNames });
    assert.ok(text.endsWith(String(rule.label)), text);
    for (const condition of rule.conditions)
      assert.ok(text.includes(classifiers.conditionText(condition, featureNames)), text);
  }
}

/** The gap of right hits is part of the gap of odds; both are 0 for a perfect reader. */
function oddsAgree({ y, n }: Case): void {
  const truth = Int32Array.of(...y.map((label) => label % 2), 0, 1, 0, 1);
  const predicted = Int32Array.of(...y.map((label) => Number(label === 4)), 0, 1, 1, 0);
  const groups = Int32Array.of(...y.map((_, i) => i % 2), 0, 0, 1, 1);
  const hits = classifiers.equalOpportunityDifference(truth, predicted, groups);
  const odds = classifiers.equalizedOddsDifference(truth, predicted, groups);
  assert.ok(hits >= 0 && hits <= odds + 1e-12 && odds <= 1, `${hits} and ${odds} of ${n}`);
  assert.equal(classifiers.equalizedOddsDifference(truth, truth, groups), 0);
}

/** The same rows with a row on either side of a plane, so that two labels occur. */
function twoSided(X: Matrix<Float64Array>): [Matrix<Float64Array>, Int32Array] {
  const d = X.shape[1];
  const rows = concatRows(X, matrix(new Float64Array(d).fill(-2), [1, d]), matrix(new Float64Array(d).fill(2), [1, d]));
  return [rows, side(rows)];
}

/** Properties that stand beside a function's other tests. */
const elsewhere: Record<string, string> = {
  blackBox: "copying/black-box", boundaryPoints: "copying/boundary", fidelityError: "copying/metrics",
  adaBoost: "classifiers/families", decisionTree: "classifiers/families", deserialize: "classifiers/families",
  gaussianNaiveBayes: "classifiers/families", gradientBoosting: "classifiers/families",
  logisticRegression: "classifiers/families", mlpClassifier: "classifiers/families",
  pipeline: "classifiers/families", randomForest: "classifiers/families", knn: "classifiers/neighbors/knn",
  extractDeepRelu: "copying/deep-relu", extractRelu: "copying/extraction",
  extractReluFromLabels: "copying/relu-labels", extractTree: "copying/extraction", linearAngle: "copying/extraction",
  proveTreesEqual: "copying/extraction", reluDifferenceBound: "copying/extraction", reluNetwork: "copying/extraction",
  reluNetworkOf: "copying/extraction", roundedScores: "copying/extraction",
  pradaWatcher: "copying/defenses", smoothedAnswers: "copying/defenses", shapiroWilk: "math/shapiro-wilk",
  gramMatrix: "classifiers/svm/svc", rocAuc: "classifiers/metrics",
  calibrationBins: "classifiers/confidence", calibrationError: "classifiers/confidence",
  confidences: "classifiers/confidence", rejectionCurve: "classifiers/confidence",
  ruleCoverage: "classifiers/trees/rules", treeRules: "classifiers/trees/rules", scorecard: "classifiers/scorecard",
  demographicParityDifference: "classifiers/fairness", demographicParityRatio: "classifiers/fairness",
  groupRates: "classifiers/fairness", massagedLabels: "copying/massage", reweighedPositions: "copying/reweigh",
};

const slow = new Set(["discoverRanges", "httpBlackBox", "lineSearchStrategy", "adaptCloud", "findContrast"]);

for (const [name, property] of Object.entries(properties))
  test(`${name} keeps its promise on tables of every kind`, () =>
    fc.assert(fc.asyncProperty(cases, async (one) => {
      const before = [one.X.data.slice(), one.y.slice()];
      await property(one);
      assert.deepEqual([one.X.data, one.y], before);
    }), { numRuns: slow.has(name) ? 15 : 60, seed: 1 }));

test("every public function of the classifiers and of copying has a property", () => {
  const exported = [...Object.keys(classifiers), ...Object.keys(copying)];
  assert.deepEqual(exported.filter((name) => !(name in properties || name in elsewhere)), []);
  for (const [name, file] of Object.entries(elsewhere)) {
    const text = readFileSync(join(__dirname, `../${file}.test.ts`), "utf8");
    assert.ok(text.includes("fc.assert") && text.includes(name), `${name} in ${file}`);
  }
});

test("NaN, infinite and empty tables are refused by name wherever rows come in", async () => {
  const bad = [fromRows([[NaN, 1]]), fromRows([[Infinity, 1]]), matrix(new Float64Array(0), [0, 2])];
  for (const X of bad) {
    for (const fn of [copying.dynamicalRange, copying.findCategories, classifiers.scaleGamma])
      assert.throws(() => fn(X), { name: "RangeError" });
    assert.throws(() => copying.mixedRange(X, { categorical: [] }), { name: "RangeError" });
    assert.throws(() => classifiers.svc().fit(X, new Int32Array(X.shape[0]).fill(1)), { name: "RangeError" });
  }
  for (const X of bad.slice(0, 2)) await assert.rejects(ruledBox(() => 0, 2).query(X), /must be finite/);
});
