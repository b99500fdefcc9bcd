import assert from "node:assert/strict";
import { test } from "node:test";
import { progress } from "../../lib";
import { formatSeconds, progressLine } from "../../lib/dist/notebook/progress";

const standing = { label: "poisoning", unit: "levels", total: 220 };

test("a progress line says count, rate and time left, and at the end the time it took", () => {
  assert.equal(progressLine({ ...standing, done: 0, seconds: 0 }), "poisoning: 0 of 220 levels");
  const halfway = "poisoning: 55 of 220 levels · 11 a second · 15 s left";
  assert.equal(progressLine({ ...standing, done: 55, seconds: 5 }), halfway);
  assert.equal(progressLine({ ...standing, done: 220, seconds: 20 }), "poisoning: 220 of 220 levels in 20 s");
  const stopped = progressLine({ ...standing, done: 55, seconds: 5, stopped: true });
  assert.equal(stopped, "poisoning: stopped at 55 of 220 levels after 5.0 s");
});

test("times are written as a person says them", () => {
  assert.deepEqual([0.42, 12.3, 200, 7500].map(formatSeconds), ["0.4 s", "12 s", "3 min 20 s", "2 h 5 min"]);
});

test("a bar is silent where the output is not a terminal", async () => {
  const written: unknown[] = [];
  const write = process.stdout.write;
  const isTTY = process.stdout.isTTY;
  process.stdout.isTTY = false;
  process.stdout.write = ((text: unknown) => written.push(text) > 0) as typeof write;
  try {
    const bar = progress(3, { label: "work" });
    for (let i = 0; i < 3; i++) await bar.advance();
  } finally {
    process.stdout.write = write;
    process.stdout.isTTY = isTTY;
  }
  assert.deepEqual(written, []);
});

test("a bar refuses a total that is not a count", () => {
  const message = /total must be an integer of at least 1/;
  assert.throws(() => progress(0, { label: "work" }), { name: "RangeError", message });
});
