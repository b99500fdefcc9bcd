const BLOCK = 512;

/** A regular file in a tar archive. */
export interface TarEntry {
  readonly name: string;
  /** Its content, to be read before the next entry is asked for; what is not read is skipped. */
  readonly chunks: AsyncIterable<Buffer>;
}

/**
 * The regular files of a tar archive in the order they stand, read as a stream.
 *
 * @throws {Error} If the archive ends in the middle of a file, or is not an archive.
 * @see POSIX.1-1988 (ustar). Names over 100 bytes come cut off.
 */
export async function* tarEntries(archive: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const source = new ByteSource(archive[Symbol.asyncIterator]());
  try {
    for (;;) {
      const header = await source.block();
      if (header === null || header[0] === 0) return;
      const name = header.toString("latin1", 0, 100).replace(/\0.*$/s, "");
      const size = parseInt(header.toString("latin1", 124, 136), 8);
      if (!Number.isInteger(size)) throw new Error("tarEntries: this is not a tar archive");
      let left = size;
      const chunks = async function* (): AsyncGenerator<Buffer> {
        while (left > 0) {
          const chunk = await source.atMost(left, name);
          left -= chunk.length;
          yield chunk;
        }
      };
      if (header[156] === 0 || header[156] === 0x30) yield { name, chunks: chunks() };
      left += (BLOCK - (size % BLOCK)) % BLOCK;
      while (left > 0) left -= (await source.atMost(left, name)).length;
    }
  } finally {
    await source.close();
  }
}

class ByteSource {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly chunks: AsyncIterator<Buffer>) {}

  /** The next 1 to `limit` bytes, of the file `name`. */
  async atMost(limit: number, name: string): Promise<Buffer> {
    while (this.rest.length === 0) {
      const { value, done } = await this.chunks.next();
      if (done) throw new Error(`tarEntries: the archive ends inside ${name}`);
      this.rest = value;
    }
    const part = this.rest.subarray(0, limit);
    this.rest = this.rest.subarray(part.length);
    return part;
  }

  /** The next 512 bytes; null where the archive ends. */
  async block(): Promise<Buffer | null> {
    const parts = [this.rest];
    let length = this.rest.length;
    while (length < BLOCK) {
      const { value, done } = await this.chunks.next();
      if (done) return null;
      parts.push(value);
      length += value.length;
    }
    const all = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    this.rest = all.subarray(BLOCK);
    return all.subarray(0, BLOCK);
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
