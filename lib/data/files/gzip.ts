import { gunzipped } from "./gunzipped";

/** The text of a file, decompressed where it is compressed. */
export async function readMaybeGzipped(path: string): Promise<string> {
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
