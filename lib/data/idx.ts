import { readGunzipped } from "./files/gzip";

/** Numbers of an idx file: unsigned bytes, row-major. */
export interface IdxArray {
  readonly data: Uint8Array;
  readonly shape: readonly number[];
}

/**
 * Reads the first items of an idx file of unsigned bytes (gzip or plain), and decompresses no more than those.
 *
 * @param items How many along the first axis; all of them by default.
 * @throws {RangeError} If the file is not such a file, or holds fewer items.
 * @see LeCun, Cortes & Burges, "The MNIST database", file formats.
 */
export async function readIdx(path: string, dimensions: number, items?: number): Promise<IdxArray> {
  const length = 4 + 4 * dimensions;
  const header = Buffer.from((await readGunzipped(path, length)).buffer);
  if (header.readUInt16BE(0) !== 0 || header[2] !== 8 || header[3] !== dimensions)
    throw new RangeError(`readIdx: ${path} is not an idx file of bytes with ${dimensions} dimensions`);
  const shape = Array.from({ length: dimensions }, (_, axis) => header.readUInt32BE(4 + 4 * axis));
  if (items !== undefined) {
    if (items > shape[0]) throw new RangeError(`readIdx: ${path} holds ${shape[0]} items, asked for ${items}`);
    shape[0] = items;
  }
  const size = shape.reduce((product, n) => product * n, 1);
  return { data: (await readGunzipped(path, length + size)).slice(length), shape };
}
