import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  copy, dynamicalRange, fidelityError, fromRows, httpBlackBox, knn, loadCsv, normalSampler, pipeline, seededRng,
  selectColumns, standardScaler, stratifiedSplit, subset, svc, WidthError,
} from "../../lib";
import { exercises } from "../../notebooks/10-your-own-model-and-data/exercises";
import { loansCsv } from "../../notebooks/10-your-own-model-and-data/loans";
import { startService } from "../../notebooks/10-your-own-model-and-data/service";
import { judging } from "./helpers";

const judge = judging(exercises);
const file = join(__dirname, "../../notebooks/10-your-own-model-and-data/loans.csv");
const loansOf = () => loadCsv(file, { target: "repaid", ignore: ["customer"], missing: "drop" });

test("the bank's table is what its own file invents", () => {
  assert.equal(readFileSync(file, "utf8"), loansCsv());
});

test("the Python service and the stand-in answer the same, and refuse another width in words", async (t) => {
  const { X, y, classNames } = await loansOf();
  const customers = selectColumns(X, [0, 1, 2, 3]);
  const standIn = await startService(file, { pythons: ["no-such-python"] });
  t.after(() => standIn.stop());
  assert.equal(standIn.model, "stand-in");
  const box = httpBlackBox({ url: standIn.url, classNames });
  const answers = await box.query(customers);
  assert.ok(fidelityError(y, answers) < 0.1);
  const refused = (error: Error) => error instanceof WidthError && /must have 4 columns|4 features/.test(error.message);
  await assert.rejects(box.query(fromRows([[1, 2, 3]])), refused);
  const python = await startService(file);
  t.after(() => python.stop());
  if (python.model === "stand-in") return t.diagnostic("no Python with scikit-learn here");
  const theirs = httpBlackBox({ url: python.url, classNames });
  assert.deepEqual(await theirs.query(customers), answers);
  await assert.rejects(theirs.query(fromRows([[1, 2, 3]])), refused);
});

test("10-1 tells the filling from other categories and from other words", async () => {
  const finding = async (answer: string) => (await judge("10-1", answer, file)).finding;
  assert.equal(await finding("rent"), null);
  assert.match(String(await finding("own")), /not the most frequent/);
  assert.match(String(await finding("23")), /one of family, own, rent is wanted/);
});

test("10-2 accepts the error after 100 questions, and knows that of 1,000", async (t) => {
  const { X, classNames } = await loansOf();
  const customers = selectColumns(X, [0, 1, 2, 3]);
  const service = await startService(file, { pythons: [] });
  t.after(() => service.stop());
  const box = httpBlackBox({ url: service.url, classNames });
  const answers = await box.query(customers);
  const errorOf = async (budget: number, estimator = pipeline(standardScaler(), svc())) => fidelityError(answers,
    (await copy(box, { sampler: normalSampler(dynamicalRange(customers)), estimator, budget, rng: seededRng(3) }))
      .classifier.predict(customers));
  const setting = { url: service.url, customers, classNames, seed: 3 };
  const finding = async (answer: number) => (await judge("10-2", answer, setting)).finding;
  assert.equal(await finding(await errorOf(100)), null);
  assert.match(String(await finding(await errorOf(1000))), /after 1,000 questions/);
  assert.match(String(await finding(await errorOf(100, knn()))), /not this copy's/);
  assert.match(String(await finding(9.1)), /at most 1/);
});

test("10-3 tells the recall from the precision and from that of fewer flips", async () => {
  const loans = await loansOf();
  const train = subset(loans, stratifiedSplit(loans.y, { testFraction: 0.3, rng: seededRng(42) }).train);
  const finding = async (answer: number) => (await judge("10-3", answer, train, 42)).finding;
  // Worked out by the solutions notebook.
  assert.equal(await finding(0.4769), null);
  assert.match(String(await finding(0.6821)), /precision/);
  assert.match(String(await finding(0.6694)), /at 20 %/);
  assert.match(String(await finding(0.5)), /not this filter's|multiple of/);
});

test("10-4 knows the bounds of a composition", async () => {
  const finding = async (answer: number) => (await judge("10-4", answer)).finding;
  assert.match(String(await finding(1)), /no more than the sum/);
  assert.match(String(await finding(0.95)), /the model alone costs more/);
  assert.match(String(await finding(0.99)), /noise multipliers/);
  assert.match(String(await finding(NaN)), /not a number/);
});
