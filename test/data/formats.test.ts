import { after, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { gunzipped } from "../../lib/data/files/gunzipped";
import { readGunzipped } from "../../lib/data/files/gzip";
import { readIdx } from "../../lib/data/idx";
import { tarEntries } from "../../lib/data/files/tar";

const folder = mkdtempSync(join(tmpdir(), "kh-formats-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** An archive written here by the format's description: header of 512 bytes, content padded to 512. */
function tar(...files: [name: string, content: string, type?: string][]): Buffer {
  const blocks = files.flatMap(([name, content, type = "0"]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, "0"), 124);
    header.write(type, 156);
    return [header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

const long = "x".repeat(1500);

for (const size of [1, 7, 512, 10000])
  test(`tarEntries reads the files of an archive that comes in chunks of ${size}`, async () => {
    const archive = tar(["a/", "", "5"], ["a/one", "first"], ["a/long", long], ["a/none", ""]);
    const found: [string, string][] = [];
    for await (const { name, chunks } of tarEntries(inChunks(archive, size))) {
      let text = "";
      for await (const chunk of chunks) text += chunk.toString();
      found.push([name, text]);
    }
    assert.deepEqual(found, [["a/one", "first"], ["a/long", long], ["a/none", ""]]);
  });

test("tarEntries skips what is not read", async () => {
  const names: string[] = [];
  for await (const { name, chunks } of tarEntries(inChunks(tar(["one", long], ["two", long], ["three", "3"]), 100))) {
    names.push(name);
    if (name === "two") for await (const chunk of chunks) if (chunk.length) break;
  }
  assert.deepEqual(names, ["one", "two", "three"]);
});

test("tarEntries refuses an archive that ends inside a file, and what is no archive", async () => {
  const read = async (bytes: Buffer): Promise<void> => {
    for await (const { chunks } of tarEntries(inChunks(bytes, 100))) for await (const chunk of chunks) chunk.toString();
  };
  await assert.rejects(read(tar(["one", long]).subarray(0, 900)), /the archive ends inside one/);
  await assert.rejects(read(Buffer.alloc(600, "<html>")), /not a tar archive/);
});

test("gunzipped reads a compressed and an uncompressed file alike", async () => {
  const content = Buffer.from(long);
  for (const [name, bytes] of [["c.gz", gzipSync(content)], ["u.gz", content]] as const) {
    const parts: Buffer[] = [];
    for await (const chunk of gunzipped(file(name, bytes))) parts.push(chunk);
    assert.deepEqual(Buffer.concat(parts), content);
  }
});

test("gunzipped fails on a truncated file rather than give less", async () => {
  const path = file("t.gz", gzipSync(Buffer.from(long)).subarray(0, -9));
  await assert.rejects(readGunzipped(path, 1500).then(async () => {
    for await (const chunk of gunzipped(path)) chunk.toString();
  }), /unexpected end of file/);
});

const idx = Buffer.concat([Buffer.from([0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2]), Buffer.from([1, 2, 3, 4, 5, 6])]);

test("readIdx reads as many items as asked for", async () => {
  const path = file("a.idx.gz", gzipSync(idx));
  assert.deepEqual(await readIdx(path, 2), { data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] });
  assert.deepEqual(await readIdx(path, 2, 1), { data: Uint8Array.of(1, 2), shape: [1, 2] });
});

test("readIdx refuses more items than there are, other files, and files cut short", async () => {
  const path = file("b.idx.gz", gzipSync(idx));
  await assert.rejects(readIdx(path, 2, 4), /holds 3 items, asked for 4/);
  await assert.rejects(readIdx(path, 1), /not an idx file of bytes with 1 dimensions/);
  await assert.rejects(readIdx(file("c.idx", idx.subarray(0, 15)), 2), /holds 15 bytes, needs 18/);
});
