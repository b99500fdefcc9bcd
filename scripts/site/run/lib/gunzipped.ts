/** In place of `lib/data/files/gunzipped.ts`: the browser's own way to decompress. */
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
