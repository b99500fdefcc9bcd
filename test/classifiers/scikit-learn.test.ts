import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import {
  accuracy, adaBoost, DataFileError, decisionTree, gaussianNaiveBayes, knn, loadTable, logisticRegression,
  mlpClassifier, pipeline, randomForest, seededRng, selectLabels, selectRows, standardScaler, stratifiedSplit,
  tableNames, type Estimator, type Matrix, type TableName,
} from "../../lib";
import { agreement, labels } from "./helpers";

interface Reference {
  tables: Record<TableName, { predicted: Record<string, string>; accuracies: Record<string, number[]> }>;
}

// The predictions and accuracies of scikit-learn 1.9.1; the file's `origin` says how they were made.
const { tables } = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/scikit-learn-classifiers.json"), "utf8"),
) as Reference;

interface Halves {
  trainX: Matrix;
  trainY: Int32Array;
  testX: Matrix;
  testY: Int32Array;
}

/** The halves of a table, classes of fewer than 4 rows left out; skips the test where the file can't be had. */
async function halves(name: TableName, t: TestContext): Promise<Halves | undefined> {
  try {
    const table = await loadTable(name);
    const size = new Map<number, number>();
    for (const label of table.y) size.set(label, (size.get(label) ?? 0) + 1);
    const kept = Int32Array.from([...table.y.keys()].filter((i) => size.get(table.y[i])! >= 4));
    const X = selectRows(table.X, kept);
    const y = selectLabels(table.y, kept);
    const { train, test } = stratifiedSplit(y, { testFraction: 0.5, rng: seededRng(42) });
    return {
      trainX: selectRows(X, train),
      trainY: selectLabels(y, train),
      testX: selectRows(X, test),
      testY: selectLabels(y, test),
    };
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error;
    t.skip(`${name} is not at hand`);
    return undefined;
  }
}

const scaled = (estimator: Estimator): Estimator => pipeline(standardScaler(), estimator);

const sameAnswers: Record<string, { make: () => Estimator; share: number }> = {
  knn: { make: () => scaled(knn()), share: 0.995 },
  logisticRegression: { make: () => scaled(logisticRegression()), share: 0.995 },
  gaussianNaiveBayes: { make: () => gaussianNaiveBayes(), share: 0.995 },
  decisionTree: { make: () => decisionTree({ rng: seededRng(42) }), share: 0.995 },
  randomForest: { make: () => randomForest({ rng: seededRng(42) }), share: 0.98 },
};

for (const name of tableNames)
  test(`every family answers the test half of ${name} as scikit-learn does`, async (t) => {
    const data = await halves(name, t);
    if (!data) return;
    for (const [family, { make, share }] of Object.entries(sameAnswers)) {
      const predicted = make().fit(data.trainX, data.trainY).predict(data.testX);
      const same = agreement(predicted, labels(tables[name].predicted[family]));
      assert.ok(same >= share, `${family} agrees on ${same} of ${name}`);
    }
    tables[name].accuracies.adaBoost.forEach((expected, seed) => {
      const boosted = adaBoost({ rng: seededRng(seed) }).fit(data.trainX, data.trainY);
      const reached = accuracy(data.testY, boosted.predict(data.testX));
      assert.ok(Math.abs(reached - expected) < 0.02, `adaBoost, seed ${seed}: ${reached} on ${name}, not ${expected}`);
    });
  });

for (const name of ["iris", "wine", "ionosphere"] as const)
  test(`mlpClassifier is as accurate on ${name} as scikit-learn's, seed by seed`, async (t) => {
    const data = await halves(name, t);
    if (!data) return;
    tables[name].accuracies.mlp.forEach((expected, seed) => {
      const network = scaled(mlpClassifier({ rng: seededRng(seed) })).fit(data.trainX, data.trainY);
      const reached = accuracy(data.testY, network.predict(data.testX));
      assert.ok(Math.abs(reached - expected) < 0.02, `seed ${seed}: ${reached}, not ${expected}`);
    });
  });
