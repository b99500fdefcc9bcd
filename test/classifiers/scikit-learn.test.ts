import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  fromRows, gaussianNaiveBayes, knn, logisticRegression, pipeline, selectLabels, selectRows, standardScaler,
} from "../../lib";
import { agreement, labels } from "./helpers";

interface Reference {
  X: number[][];
  y: string;
  train: number[];
  test: number[];
  predicted: Record<string, string>;
}
const reference = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/iris-classifiers.json"), "utf8"),
) as Reference;

const families = {
  knn: pipeline(standardScaler(), knn()),
  logisticRegression: pipeline(standardScaler(), logisticRegression()),
  gaussianNaiveBayes: gaussianNaiveBayes(),
};

const X = fromRows(reference.X);
const y = labels(reference.y);
for (const name of Object.keys(families) as (keyof typeof families)[])
  test(`${name} answers the iris test half as scikit-learn does`, () => {
    const classifier = families[name].fit(selectRows(X, reference.train), selectLabels(y, reference.train));
    assert.equal(agreement(classifier.predict(selectRows(X, reference.test)), labels(reference.predicted[name])), 1);
  });
