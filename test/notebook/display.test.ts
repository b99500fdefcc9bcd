import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { inNotebook, show, showInPlace } from "../../lib/notebook/display";
import { progress, table } from "../../lib/notebook";

const OUTPUT = Symbol.for("knowledge-hacking.output");
interface Shown {
  data: Record<string, unknown>;
  metadata: object;
  transient: { display_id?: string };
}
const taken: { message: Shown; update: boolean }[] = [];
const front = globalThis as { [OUTPUT]?: (message: Shown, update: boolean) => void };

afterEach(() => {
  delete front[OUTPUT];
  taken.length = 0;
});

test("a front end of its own takes every output with all its forms, and in place where it says so", async () => {
  assert.ok(!inNotebook());
  front[OUTPUT] = (message, update) => void taken.push({ message, update });
  assert.ok(inNotebook());
  show({ "text/plain": "a", "text/html": "<b>a</b>" }, { "text/html": { wide: true } });
  showInPlace("bar", { "text/plain": "1 of 2" }, true);
  assert.deepEqual(taken, [
    { message: { data: { "text/plain": "a", "text/html": "<b>a</b>" }, metadata: { "text/html": { wide: true } },
      transient: {} }, update: false },
    { message: { data: { "text/plain": "1 of 2" }, metadata: {}, transient: { display_id: "bar" } }, update: true },
  ]);
  table([{ model: "a", error: 0.5 }]);
  assert.match(String(taken[2].message.data["text/html"]), /<table>/);
  await progress(1, { label: "work" }).advance();
  assert.ok(taken.length > 3);
});
