import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { inspect as shown } from "../../../scripts/site/run/inspect";
import { BrowserBuffer } from "../../../scripts/site/run/node/buffer";
import { createHash as browserHash } from "../../../scripts/site/run/node/crypto";
import * as path from "../../../scripts/site/run/node/path";
import { mappedLines } from "../../../scripts/site/run/source-map";

describe("what stands for Node in the browser does the same", () => {
  test("SHA-256 of any bytes, in any pieces", () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (parts) => {
      const [ours, nodes] = [browserHash("sha256"), createHash("sha256")];
      for (const part of parts) {
        ours.update(part);
        nodes.update(part);
      }
      assert.equal(ours.digest("hex"), nodes.digest("hex"));
    }), { seed: 1 });
  });

  test("SHA-256 of text, and an unknown hash is refused", () => {
    const text = "grüße";
    assert.equal(browserHash("sha256").update(text).digest("hex"), createHash("sha256").update(text).digest("hex"));
    assert.throws(() => browserHash("md5"), /only sha256/);
  });

  test("Buffer's text in every encoding, there and back", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      for (const encoding of ["base64", "hex", "latin1", "utf8"] as const) {
        const text = Buffer.from(bytes).toString(encoding);
        assert.equal(BrowserBuffer.from(bytes).toString(encoding), text);
        assert.deepEqual([...BrowserBuffer.from(text, encoding)], [...Buffer.from(text, encoding)]);
      }
    }), { seed: 1, numRuns: 30 });
  });

  test("Buffer on a part of another array's bytes, and several in one", () => {
    const floats = Float32Array.of(1, 2, 3);
    const given = [floats.buffer, 4, 8] as const;
    assert.equal(BrowserBuffer.from(...given).toString("hex"), Buffer.from(...given).toString("hex"));
    assert.deepEqual([...BrowserBuffer.concat([Uint8Array.of(1), Uint8Array.of(2, 3)])], [1, 2, 3]);
    assert.equal(BrowserBuffer.from([0, 0, 8, 3, 0, 0, 1, 0]).readUInt32BE(4), 256);
    assert.ok(BrowserBuffer.isBuffer(BrowserBuffer.from([1]).subarray(0, 1)));
  });

  test("the order of two Buffers", () => {
    const bytes = fc.uint8Array({ maxLength: 3, max: 3 });
    fc.assert(fc.property(bytes, bytes, (a, b) =>
      BrowserBuffer.compare(a, b) === Buffer.compare(a, b)), { seed: 1, numRuns: 300 });
  });

  test("paths", () => {
    const part = fc.constantFrom("a", "b.csv", "..", ".", "c", "");
    fc.assert(fc.property(fc.array(part, { maxLength: 5 }), fc.boolean(), (parts, isAbsolute) => {
      const given = (isAbsolute ? "/" : "") + parts.filter(Boolean).join("/");
      assert.equal(path.join(given, "x"), posix.join(given, "x"));
      assert.equal(path.basename(`${given}/y.txt`, ".txt"), "y");
      assert.equal(path.resolve(given), posix.resolve("/kh/notebooks", given));
      if (isAbsolute) assert.equal(path.dirname(`${posix.normalize(given)}/z`), posix.dirname(posix.join(given, "z")));
    }), { seed: 1 });
  });
});

test("values are shown as in Node where a notebook shows some", () => {
  class Box {
    size = 3;
  }
  const values: unknown[] = [
    1, -0, "text", "it's", null, undefined, true, 12n, Symbol("s"), [], {}, [1, 2, 3], ["a", "b"],
    { a: 1, "b-c": [1, { d: 2 }] },
    { a: { b: { c: { d: 1 } } } }, { list: [[[[1]]]] }, new Box(), new Map([["a", 1]]), new Set([1, 2]), () => 1, Box,
    function named() {}, Object.create(null), [undefined, null], Int32Array.of(1, 2), { f: (x: number) => x },
    { train: [75, 4], test: [75, 4], classes: ["setosa", "versicolor", "virginica"],
      firstFlower: [5.1, 3.5, 1.4, 0.2] },
    { one: "a long text that says a lot about nothing", two: "another long text that says even more", three: 3 },
    new Date(0), /a+/g, { "get": 1 }, [[1, 2], [3, 4]], "line\nline", ["line\nline"],
  ];
  for (const value of values) if (typeof value !== "string") assert.equal(shown(value), inspect(value));
});

test("a value that holds itself, or is very long or deep, has an end", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  assert.match(shown(circle), /Circular/);
  assert.match(shown(Array.from({ length: 1000 }, (_, i) => i)), /900 more items/);
  assert.equal(shown({ a: { b: { c: { d: {} } } } }), "{ a: { b: { c: [Object] } } }");
});

test("a source map's lines are read: hand-worked", () => {
  // AAAA: all 0; IACC: 4 columns on, one line and one column further; the next line starts at column 0 again.
  assert.deepEqual(mappedLines("AAAA,IACC;;AADA"), [
    [{ column: 0, sourceLine: 0, sourceColumn: 0 }, { column: 4, sourceLine: 1, sourceColumn: 1 }], [],
    [{ column: 0, sourceLine: 0, sourceColumn: 1 }],
  ]);
});
