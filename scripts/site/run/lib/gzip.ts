/** In place of `lib/data/gzip.ts`: the browser's own way to decompress. */
import { readBytes } from "../files";
import { BrowserBuffer } from "../node/buffer";
import { resolve } from "../node/path";

/** @see RFC 1952, section 2.3.1 */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The decompressed bytes of a file, chunk by chunk; a file that is not compressed comes as it is. */
export async function* gunzipped(path: string): AsyncGenerator<BrowserBuffer> {
  const bytes = readBytes(resolve(path));
  if (!isGzip(bytes)) {
    yield BrowserBuffer.from(bytes);
    return;
  }
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield BrowserBuffer.from(step.value);
  } finally {
    await reader.cancel();
  }
}

/** The text of a file, decompressed where it is compressed. */
export async function readMaybeGzipped(path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of gunzipped(path)) chunks.push(chunk);
  return BrowserBuffer.concat(chunks).toString("utf8");
}

/** The first `length` decompressed bytes; the rest is not decompressed. */
export async function readGunzipped(path: string, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of gunzipped(path)) {
    const wanted = Math.min(chunk.length, length - filled);
    bytes.set(chunk.subarray(0, wanted), filled);
    filled += wanted;
    if (filled === length) return bytes;
  }
  throw new RangeError(`readGunzipped: ${path} holds ${filled} bytes, needs ${length}`);
}
