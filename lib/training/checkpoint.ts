import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { isRunning, makeFolder } from "../files";

const MAGIC = "KHCKPT02";

/** Before the header: the magic word, the header's length, and the length of the whole file. */
const START = MAGIC.length + 4 + 8;
const CHECKSUM = 32;

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

const sha256 = (parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Start, header, arrays, and a checksum over all of them. */
function encode<H>({ header, arrays }: CheckpointContent<H>): Uint8Array[] {
  const body = arrays.map(bytesOf);
  const text = Buffer.from(JSON.stringify({ header, lengths: arrays.map((array) => array.length) }), "utf8");
  const size = body.reduce((sum, part) => sum + part.length, START + text.length + CHECKSUM);
  const start = Buffer.alloc(START);
  start.write(MAGIC, "latin1");
  start.writeUInt32LE(text.length, MAGIC.length);
  start.writeBigUInt64LE(BigInt(size), MAGIC.length + 4);
  const parts = [start, text, ...body];
  return [...parts, sha256(parts)];
}

/**
 * Removes what killed processes left half-written beside a file, `name.<pid>.tmp`. What can't be removed stays.
 *
 * @param isOurs Which names may be removed, without their `.<pid>.tmp`.
 */
export function removeLeftovers(directory: string, isOurs: (name: string) => boolean): void {
  try {
    for (const name of fs.readdirSync(directory)) {
      const [, of, pid] = /^(.+)\.(\d+)\.tmp$/.exec(name) ?? [];
      if (of && isOurs(of) && !isRunning(Number(pid))) fs.rmSync(path.join(directory, name));
    }
  } catch {
    return;
  }
}

/**
 * Writes a checkpoint whole or not at all: to a file beside it first, flushed to the disk, then renamed over the old
 * one. A process killed at any moment leaves the old checkpoint or the new one.
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
 * Reads a checkpoint back; null if there is none. What a killed process left half-written beside it is removed.
 *
 * @throws {Error} If the file is not a whole checkpoint, to the last bit.
 */
export function readCheckpoint<H>(file: string): CheckpointContent<H> | null {
  removeLeftovers(path.dirname(file), (name) => name === path.basename(file));
  if (!fs.existsSync(file)) return null;
  const bytes = fs.readFileSync(file);
  requireWhole(file, bytes);
  const bodyAt = START + bytes.readUInt32LE(MAGIC.length);
  const words = JSON.parse(bytes.toString("utf8", START, bodyAt)) as { header: H; lengths: number[] };
  let offset = bodyAt;
  const arrays = words.lengths.map((length) => {
    const copy = new Float32Array(length);
    bytesOf(copy).set(bytes.subarray(offset, offset + 4 * length));
    offset += 4 * length;
    return copy;
  });
  return { header: words.header, arrays };
}

function requireWhole(file: string, bytes: Buffer): void {
  const damaged = (what: string): Error =>
    new Error(`readCheckpoint: ${file} is not a whole checkpoint (${what}); delete it to start anew`);
  const magic = bytes.toString("latin1", 0, MAGIC.length);
  if (magic === "KHCKPT01") throw damaged("written by an older version");
  if (bytes.length < START + CHECKSUM || magic !== MAGIC) throw damaged("no header");
  const size = bytes.readBigUInt64LE(MAGIC.length + 4);
  if (BigInt(bytes.length) !== size) throw damaged(`${bytes.length} bytes, needs ${size}`);
  const checksumAt = bytes.length - CHECKSUM;
  if (!sha256([bytes.subarray(0, checksumAt)]).equals(bytes.subarray(checksumAt))) throw damaged("checksum differs");
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
