import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BlackBox, type Classifier, type NumericRange, type Rng, type Sampler, activeStrategy, betaSampler, blackBox,
  copy, dynamicalRange, fidelityError, knownMomentsSampler, logisticRegression, mlpClassifier,
  normalSampler, pipeline, rangeScaler, rangesOnly, seededRng, svc,
} from "../../lib";
import { exercises } from "../../notebooks/05-neural-nets/exercises";
import { halvesOf, judging, scaled } from "./helpers";

const judge = judging(exercises);

test("05-1 knows the attacker who has means and deviations, 05-2 swapped means", async () => {
  const digits = await halvesOf("digits");
  const ranges = dynamicalRange(digits.train.X);
  const original = scaled(svc()).fit(digits.train.X, digits.train.y);
  const errorFrom = async (sampler: Sampler) => fidelityError(original.predict(digits.test.X), (await copy(
    blackBox(original), { sampler, budget: 200, rng: seededRng(42),
      estimator: pipeline(rangeScaler(ranges), svc({ C: 1000, gamma: 0.25 / 64 })),
    })).classifier.predict(digits.test.X));
  const says = async (error: number) => (await judge("05-1", error, digits, 200, 42)).finding;
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
  const judged = async (answer: typeof right) => (await judge("05-2", answer, wdbc)).finding;
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
  const says = async (answer: typeof right) => (await judge("05-3", answer, original, wine, setting)).finding;
  assert.equal(await says(right), null);
  assert.match(String(await says({ once: right.fourfold, fourfold: right.once })), /each other's place/);
  assert.match(String(await says({ ...right, once: wide })), /many units/);
  assert.match(String(await says({ ...right, fourfold: 1 })), /`fourfold` is further/);

  const wdbc = await halvesOf("wdbc");
  const theft = async (answer: (box: BlackBox, known: readonly NumericRange[], rng: Rng) => Promise<Classifier>) =>
    (await judge("05-4", answer, wdbc)).finding;
  const copied = (budget: number, C: number) => async (box: BlackBox, known: readonly NumericRange[], rng: Rng) =>
    (await copy(box, { sampler: knownMomentsSampler(known), budget, rng,
      estimator: pipeline(rangeScaler(known), logisticRegression({ C })) })).classifier;
  assert.match(String(await theft(copied(101, 1))), /it stops with “query: the budget is 100/);
  assert.match(String(await theft(copied(10, 1e-6))), /it disagrees on .*`auto` on/);
  assert.match(String(await theft(async () => scaled(svc()).fit(wdbc.train.X, wdbc.train.y))), /asked nothing/);
});
