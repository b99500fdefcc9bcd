import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { makeFolder } from "../files";

const MAGIC = "KHCKPT01";

/** What a checkpoint says in words, and its arrays. */
export interface CheckpointContent<H> {
  readonly header: H;
  readonly arrays: readonly Float32Array[];
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done, bytes.length - done);
}

function syncDirectory(directory: string): void {
  const handle = fs.openSync(directory, "r");
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

const bytesOf = (array: Float32Array): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function encode<H>({ header, arrays }: CheckpointContent<H>): Uint8Array[] {
  const body = arrays.map(bytesOf);
  const hash = createHash("sha256");
  for (const part of body) hash.update(part);
  const words = { header, lengths: arrays.map((array) => array.length), sha256: hash.digest("hex") };
  const text = Buffer.from(JSON.stringify(words), "utf8");
  const start = Buffer.alloc(MAGIC.length + 4);
  start.write(MAGIC, "latin1");
  start.writeUInt32LE(text.length, MAGIC.length);
  return [start, text, ...body];
}

/**
 * Writes a checkpoint whole or not at all: to a file beside it first, flushed to the disk, then renamed over the old
 * one.
 * A process killed at any moment leaves the old checkpoint or the new one.
 *
 * @throws {Error} If it can't be written (disk full, no permission); the old checkpoint stays as it was.
 */
export function writeCheckpoint<H>(file: string, content: CheckpointContent<H>): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(path.dirname(file));
    const handle = fs.openSync(temporary, "w");
    try {
      for (const part of encode(content)) writeAll(handle, part);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(temporary, file);
    syncDirectory(path.dirname(file));
  } catch (error) {
    if (fs.existsSync(temporary)) fs.rmSync(temporary);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`writeCheckpoint: can't write ${file} (${reason}); an older checkpoint there is untouched`, {
      cause: error,
    });
  }
}

/**
 * Reads a checkpoint back; null if there is none.
 *
 * @throws {Error} If the file is not a whole checkpoint.
 */
export function readCheckpoint<H>(file: string): CheckpointContent<H> | null {
  if (!fs.existsSync(file)) return null;
  const damaged = (what: string): Error =>
    new Error(`readCheckpoint: ${file} is not a whole checkpoint (${what}); delete it to start anew`);
  const bytes = fs.readFileSync(file);
  const textAt = MAGIC.length + 4;
  if (bytes.length < textAt || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) throw damaged("no header");
  const bodyAt = textAt + bytes.readUInt32LE(MAGIC.length);
  let words: { header: H; lengths: number[]; sha256: string };
  try {
    words = JSON.parse(bytes.toString("utf8", textAt, bodyAt));
  } catch {
    throw damaged("header cut off");
  }
  const size = 4 * words.lengths.reduce((sum, length) => sum + length, 0);
  if (bytes.length !== bodyAt + size) throw damaged(`${bytes.length} bytes, needs ${bodyAt + size}`);
  const body = bytes.subarray(bodyAt);
  if (createHash("sha256").update(body).digest("hex") !== words.sha256) throw damaged("checksum differs");
  let offset = bodyAt;
  const arrays = words.lengths.map((length) => {
    const copy = new Float32Array(length);
    bytesOf(copy).set(bytes.subarray(offset, offset + 4 * length));
    offset += 4 * length;
    return copy;
  });
  return { header: words.header, arrays };
}

/** A hash of what made a run: its settings, and its arrays byte for byte. */
export function hashRun(settings: unknown, arrays: readonly ArrayBufferView[]): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify(settings));
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest("hex");
}

/**
 * Reads the checkpoint of one run back; null if there is none.
 *
 * @throws {Error} If the file is not a whole checkpoint, or another run's.
 */
export function readRun<H extends { fingerprint: string }>(
  fn: string,
  file: string,
  fingerprint: string,
): CheckpointContent<H> | null {
  const saved = readCheckpoint<H>(file);
  if (saved && saved.header.fingerprint !== fingerprint)
    throw new Error(
      `${fn}: ${file} belongs to another run (other data, settings or seed); choose another path, or delete it`,
    );
  return saved;
}
