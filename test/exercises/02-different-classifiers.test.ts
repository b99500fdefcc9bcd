import assert from "node:assert/strict";
import { test } from "node:test";
import { classShares, decisionTree, seededRng, svc } from "../../lib";
import { exercises } from "../../notebooks/02-different-classifiers/exercises";
import { cloudsOf, judging, scaled } from "./helpers";

const judge = judging(exercises);

test("02-1 wants the favourite digit, and says how many points another one gets", async () => {
  const digits = await cloudsOf("digits");
  const reader = scaled(svc()).fit(digits.train.X, digits.train.y);
  const [{ label }] = classShares(reader.predict(digits.clouds.uniform.sample(50, seededRng(1))));
  const says = async (digit: number) => (await judge("02-1", digit, reader, digits.clouds.uniform, 42)).finding;
  assert.equal(await says(label), null);
  assert.match(String(await says((label + 1) % 10)), /gets 0\.0 % of a thousand/);
  assert.match(String(await says(10)), /a digit is wanted, from 0, 1/);
});

test("02-2 tells a cloud of one label from a family of another shape, and unknown names", async () => {
  const wdbc = await cloudsOf("wdbc");
  const families = { "SVC": () => scaled(svc()), "tree": () => decisionTree() };
  const says = async (family: string, cloud: string) =>
    (await judge("02-2", { family, cloud }, wdbc, families, 42)).finding;
  assert.equal(await says("SVC", "normal"), null);
  assert.match(String(await says("SVC", "uniform")), /get one label/);
  assert.match(String(await says("tree", "normal")), /original's shape/);
  assert.match(String(await says("svm", "normal")), /the families are SVC, tree/);
  assert.match(String(await says("SVC", "toString")), /the clouds are uniform and normal/);
});

test("02-3 counts the runs that the normal cloud wins, and knows ties and the other cloud's", async () => {
  const wine = await cloudsOf("wine");
  const says = async (count: number, clouds = wine.clouds) =>
    (await judge("02-3", count, { ...wine, clouds }, 42)).finding;
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
    (await judge("02-4", { rows, error }, 500, 42)).finding;
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
    (await judge("02-5", answer, settings, 42)).finding;
  const largest = (labels: Int32Array): number => Math.max(...classShares(labels).map(({ share }) => share));
  assert.equal(await says((labels) => largest(labels) > 0.95), null);
  assert.match(String(await says(() => false)), /silent about uniform points at the SVC of digits/);
  assert.match(String(await says((labels) => largest(labels) > 0.5)), /it warns of .*a good copy/);
  assert.match(String(await says(() => 1 as unknown as boolean)), /true or false are wanted/);
});
