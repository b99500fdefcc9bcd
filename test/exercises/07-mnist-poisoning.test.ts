import assert from "node:assert/strict";
import { test } from "node:test";
import {
  crossGram, flipFirst, fromRows, gramMatrix, incorrectByPredicted, seededRng, svc,
} from "../../lib";
import { type PoisoningSetting, exercises } from "../../notebooks/07-mnist-poisoning/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

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

test("07-1 to 07-4 tell the attack turned round, a linear machine, the tipping point and mended labels", async () => {
  const setting = clusters();
  const { train, test: held, gram, cross } = setting;
  const wrong = (digit: number, y: Int32Array): number =>
    incorrectByPredicted(held.y, svc().fitGram(gram, y).predictGram(cross), 10)[digit];
  const right = wrong(1, flipFirst(train.y, { from: 2, to: 1, count: 100 }).y);
  assert.equal((await judge("07-1", right, setting)).verdict, "right");
  assert.equal((await judge("07-1", right + 1, setting)).verdict, "not yet");
  assert.match(String((await judge("07-1", wrong(1, train.y), setting)).finding), /clean model/);
  const linear = gramMatrix(train.X, { kernel: "linear" });
  const linear2 = (y: Int32Array): number => incorrectByPredicted(held.y,
    svc({ kernel: "linear" }).fitGram(linear, y).predictGram(crossGram(held.X, linear)), 10)[2];
  const hundred = flipFirst(train.y, { from: 1, to: 2, count: 100 }).y;
  assert.equal((await judge("07-2", linear2(hundred), setting)).verdict, "right");
  assert.match(String((await judge("07-2", wrong(2, hundred), setting)).finding), /curved kernel/);
  assert.match(String((await judge("07-2", 0.5, setting)).finding), /whole number/);
  assert.match(String((await judge("07-3", 0, setting)).finding), /nothing to tip/);
  assert.match(String((await judge("07-3", 10, setting)).finding), /more than 20 are wanted/);
  assert.match(String((await judge("07-3", 220, setting)).finding), /so do 219/);
  const poisoned = flipFirst(train.y, { from: 1, to: 2, count: 80 }).y;
  assert.match(String((await judge("07-4", train.y, setting)).finding), /true labels/);
  assert.match(String((await judge("07-4", poisoned, setting)).finding), /still the poisoned/);
  const nearly = Int32Array.from(train.y);
  nearly[0] = 3;
  assert.equal((await judge("07-4", nearly, setting)).verdict, "right");
});
