import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import type { CorrectedNetwork, RelearnedNetwork } from "../../lib";
import { readCheckpoint } from "../../lib/dist/training/checkpoint";

interface Updates {
  correctLabels(file: string | null): CorrectedNetwork;
  relearn(file: string | null): RelearnedNetwork;
}
const { updates } = require("./update-to-kill.cjs") as { updates: Updates };
const directory = fs.mkdtempSync(path.join(os.tmpdir(), "resume-"));
after(() => fs.rmSync(directory, { recursive: true }));
const at = (name: string): string => path.join(directory, name);

/** Starts an update in a child process and kills it as soon as it has saved something. */
function killed(which: keyof Updates, file: string): Promise<string | null> {
  const child = spawn(process.execPath, [path.join(__dirname, "update-to-kill.cjs"), which, file], { stdio: "ignore" });
  const timer = setInterval(() => {
    if (fs.existsSync(file)) child.kill("SIGKILL");
  }, 1);
  return new Promise((resolve) =>
    child.on("exit", (_, signal) => {
      clearInterval(timer);
      resolve(signal);
    }),
  );
}

test("a Gauss–Newton update killed by SIGKILL goes on and ends at the same numbers and counts", async () => {
  const file = at("correction");
  assert.equal(await killed("correctLabels", file), "SIGKILL");
  const saved = readCheckpoint<{ step: number }>(file) ?? assert.fail("no checkpoint");
  assert.ok(saved.header.step < 15, `killed after step ${saved.header.step}`);
  const resumed = updates.correctLabels(file);
  const whole = updates.correctLabels(null);
  assert.deepEqual(resumed.network, whole.network);
  assert.deepEqual({ ...resumed.counters, seconds: 0 }, { ...whole.counters, seconds: 0 });
});

test("relearning killed by SIGKILL goes on and ends at the same numbers, with less left to do", async () => {
  const file = at("relearning");
  assert.equal(await killed("relearn", file), "SIGKILL");
  const resumed = updates.relearn(file);
  const whole = updates.relearn(null);
  assert.deepEqual(resumed.network, whole.network);
  assert.equal(whole.gradients, 32_000);
  assert.ok(resumed.gradients < whole.gradients && resumed.gradients > 0);
});

test("a finished update's checkpoint returns its result at once", () => {
  const first = updates.correctLabels(at("done"));
  const again = updates.correctLabels(at("done"));
  assert.deepEqual(again.network, first.network);
  assert.equal(again.counters.gradients, first.counters.gradients);
  updates.relearn(at("relearned"));
  assert.equal(updates.relearn(at("relearned")).gradients, 0);
});

test("an update does not take up another one's checkpoint", () => {
  updates.relearn(at("other"));
  assert.throws(() => updates.correctLabels(at("other")), { message: /^correctLabels: .* belongs to another run/ });
});
