import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { AnswerStore } from "../../lib/copying/answer-store";

const folder = mkdtempSync(join(tmpdir(), "answer-store-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "answers.jsonl");
const service = { url: "http://x/", probabilities: true };
const rows = [[0.5, 1e-7], [3, 4]];
const answers = [{ label: -2, probabilities: [0.25, 0.75], classes: [-2, 1] }, { label: 1 }];

function written(): Buffer {
  rmSync(file, { force: true });
  new AnswerStore(service, file).add(rows, answers);
  return readFileSync(file);
}

test("answers come back from the disk as they were given", () => {
  written();
  const again = new AnswerStore(service, file);
  assert.deepEqual(rows.map((row) => again.get(row)), answers);
});

test("a cache with any single bit changed is refused, or gives the same answers and asks for the rest again", () => {
  const bytes = written();
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    writeFileSync(file, flipped);
    try {
      const store = new AnswerStore(service, file);
      rows.forEach((row, i) => assert.deepEqual(store.get(row) ?? answers[i], answers[i]));
    } catch (error) {
      const { message } = error as Error;
      assert.match(message, /^httpBlackBox: (cacheFile must begin with|line \d+ of cacheFile .* is damaged)/);
    }
  }
});

test("a cache torn anywhere goes on with the whole lines that are left", () => {
  const bytes = written();
  for (let length = 0; length < bytes.length; length++) {
    writeFileSync(file, bytes.subarray(0, length));
    const store = new AnswerStore(service, file);
    store.add(rows, answers);
    const again = new AnswerStore(service, file);
    assert.deepEqual(rows.map((row) => again.get(row)), answers, `torn after ${length} bytes`);
  }
});

test("a damaged line says which one it is and what to do", () => {
  const [header, first, second] = written().toString().split("\n");
  writeFileSync(file, [header, first, second.slice(0, 9), ""].join("\n"));
  assert.throws(() => new AnswerStore(service, file), {
    message: /line 3 of cacheFile .*answers\.jsonl is damaged \(\{"row":\[3\); delete that line to ask for its row/,
  });
  writeFileSync(file, "hello\n");
  assert.throws(() => new AnswerStore(service, file), {
    message: /got hello in .*; name another file, or delete it/,
  });
});
