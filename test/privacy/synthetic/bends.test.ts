import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, seededRng } from "../../../lib";
import { BEND_REACH, bendImages, type BendReleases, LOOKS_REACH } from "../../../lib/privacy/synthetic/bends";
import { fitCentralImages } from "../../../lib/privacy/synthetic/central-images";
import { privateGroupSums } from "../../../lib/privacy/synthetic/group-sums";
import { privateGroupSquares } from "../../../lib/privacy/synthetic/modes";
import { fitPoseLaw } from "../../../lib/privacy/synthetic/pose";
import { uprightImages } from "../../../lib/images/upright";
import { bars } from "./bars";

const side = 16;
const { X: images, y } = bars(40, { side });
const X = uprightImages(images).X;
const settings = { numClasses: 2, modesPerClass: false, noiseMultiplier: 0 };
const central = fitCentralImages(X, y, {
  ...settings, kept: 10, centersPerClass: 1, rounds: 0, modesNoiseMultiplier: 0, rng: seededRng(1),
});
const pose = fitPoseLaw(images, new Float64Array(40), y, { ...settings, rng: seededRng(1) });
const releases = (noiseMultiplier: number): BendReleases => {
  const rng = seededRng(3);
  const sums: BendReleases["bends"] = (Z, groups, numGroups) =>
    privateGroupSums(Z, groups, { numGroups, countWeight: 0.3, noiseMultiplier, rng });
  const squares = (reach: number): BendReleases["looks"] => (R, groups, numGroups) =>
    privateGroupSquares(R, groups, { numGroups, reach, noiseMultiplier, rng });
  return { templates: sums, bends: sums, looks: squares(LOOKS_REACH), bendSquares: squares(1) };
};

test("images that are all alike are not bent much, and their template is what they are", () => {
  const options = { pose, modesPerClass: false, releases: releases(0) };
  const { central: templates, bends } = bendImages(X, y, central, options);
  for (const count of templates.counts) assert.ok(Math.abs(count - 20) < 1e-9);
  assert.deepEqual(bends.means.shape, [2, 50]);
  assert.ok(bends.means.data.every((value) => Math.abs(value) < 1.5));
  for (const { deviations } of bends.modes) assert.ok(deviations.every((value) => value < 1));
  let [dot, here, there] = [0, 0, 0];
  templates.coefficients.data.forEach((value, p) => {
    dot += value * central.coefficients.data[p];
    here += value * value;
    there += central.coefficients.data[p] ** 2;
  });
  assert.ok(dot / Math.sqrt(here * there) > 0.95);
});

test("with one record other and every release replayed all is equal, and no release moves further than stated", () => {
  const other = matrix(X.data.slice(), X.shape);
  for (let p = 0; p < side * side; p++) other.data[7 * side * side + p] = ((31 * p) % 256) / 4000;
  const labels = y.map((label, i) => (i === 7 ? 1 - label : label));
  const noisy = releases(2);
  const exact = releases(0);
  const said = new Map<string, unknown>();
  const first = new Map<string, Float64Array>();
  const recording = (): BendReleases => Object.fromEntries((Object.keys(noisy) as (keyof BendReleases)[]).map((name) =>
    [name, (...args: Parameters<BendReleases["looks"]>) => {
      const data = numbers(exact[name](...args));
      if (!said.has(name)) said.set(name, noisy[name](...args));
      else {
        const before = first.get(name) as Float64Array;
        const square = data.reduce((sum, value, p) => sum + (value - before[p]) ** 2, 0);
        assert.ok(square > 0 && square <= 4 + 1e-6, `${name}: one record leaves and another comes, ${square}`);
      }
      first.set(name, data);
      return said.get(name);
    }])) as unknown as BendReleases;
  const numbers = (release: object): Float64Array =>
    (Object.values(release) as { data: Float64Array }[])[0].data;
  const run = (data: typeof X, classes: Int32Array) =>
    bendImages(data, classes, central, { pose, modesPerClass: true, releases: recording() });
  const here = run(X, y);
  assert.equal(said.size, 4);
  assert.deepEqual(run(other, labels), here);
});

test("rows and differences that are released are what the reach says: in units of it", () => {
  let longest = 0;
  bendImages(X, y, central, { pose, modesPerClass: false, releases: {
    ...releases(0), bends: (U, groups, numGroups) => {
      longest = U.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return releases(0).bends(U, groups, numGroups);
    },
  } });
  assert.ok(longest > 0 && longest < 4 / BEND_REACH, `${longest}`);
});
