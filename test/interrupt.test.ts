import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { InterruptedError, interruptSignal, throwIfInterrupted } from "../lib/interrupt";

const key = Symbol.for("knowledge-hacking.interrupt");
const place = globalThis as { [key]?: { signal: AbortSignal; requested: () => boolean } };
afterEach(() => delete place[key]);

test("outside of a notebook nothing interrupts", () => {
  throwIfInterrupted();
  throwIfInterrupted(new AbortController().signal);
  assert.equal(interruptSignal(), undefined);
});

test("an aborted signal ends the work with its reason", () => {
  const controller = new AbortController();
  controller.abort(new RangeError("enough"));
  assert.throws(() => throwIfInterrupted(controller.signal), { name: "RangeError", message: "enough" });
});

test("the kernel's request ends the work, with or without another signal", () => {
  const { signal } = new AbortController();
  let requested = false;
  place[key] = { signal, requested: () => requested };
  throwIfInterrupted();
  assert.equal(interruptSignal(), signal);
  requested = true;
  assert.throws(() => throwIfInterrupted(), InterruptedError);
  assert.throws(() => throwIfInterrupted(new AbortController().signal), { name: "InterruptedError" });
});
