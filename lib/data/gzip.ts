import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";

const CHUNK = 1 << 18;

/**
 * The decompressed bytes of a gzip file, chunk by chunk; a file that is not compressed comes as it is (some servers and
 * browsers unpack while they download). Reading stops when the consumer stops.
 */
export async function* gunzipped(path: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: CHUNK });
  if (!(await isGzip(path))) {
    yield* source;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    yield* gunzip;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** A file's decompressed content as UTF-8 text. */
export async function gunzippedText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of gunzipped(path)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The first `length` decompressed bytes; the rest is not decompressed. */
export async function readGunzipped(path: string, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of gunzipped(path)) {
    const wanted = Math.min(chunk.length, length - filled);
    bytes.set(wanted === chunk.length ? chunk : chunk.subarray(0, wanted), filled);
    filled += wanted;
    if (filled === length) return bytes;
  }
  throw new RangeError(`readGunzipped: ${path} holds ${filled} bytes, needs ${length}`);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
