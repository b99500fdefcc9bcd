import { createHash } from "node:crypto";
import { gunzipped } from "./gunzipped";
import { readMaybeGzipped } from "./gzip";
import { tableText } from "../tables/table-text";
import { tarEntries } from "./tar";

/** A file that a loader needs, and how its content is known to be right. */
export interface DataFile {
  /** Path below a data directory, as `mnist/train-images-idx3-ubyte.gz`. */
  readonly name: string;
  /** Where it can be downloaded, best first. */
  readonly mirrors: readonly string[];
  readonly content: DataContent;
}

/**
 * What the checksum is taken of: never the wrapper, which differs between mirrors.
 * - `gzip`: the decompressed bytes;
 * - `text`: the text, its lines separated by `\n`;
 * - `tar.gz`: each named file in the archive;
 * - `table`: the last `columns` values of each line, in the form of `tableText`, decompressed where need be.
 */
export type DataContent =
  | { readonly kind: "gzip"; readonly sha256: string }
  | { readonly kind: "text"; readonly sha256: string }
  | { readonly kind: "table"; readonly columns: number; readonly sha256: string }
  | { readonly kind: "tar.gz"; readonly sha256: Readonly<Record<string, string>> };

/** The checksums a file should have, by part; a file that is one part has one, named "content". */
export function expectedHashes({ content }: DataFile): Readonly<Record<string, string>> {
  return typeof content.sha256 === "string" ? { content: content.sha256 } : content.sha256;
}

/** The checksums of what a path really holds, by part. */
export async function contentHashes({ content }: DataFile, path: string): Promise<Record<string, string>> {
  if (content.kind === "table")
    return { content: sha256(tableText(await readMaybeGzipped(path), content.columns)) };
  if (content.kind === "text") return { content: sha256((await readMaybeGzipped(path)).replace(/\r\n?/g, "\n")) };
  if (content.kind === "gzip") return { content: await hashChunks(gunzipped(path)) };
  const found: Record<string, string> = {};
  for await (const { name, chunks } of tarEntries(gunzipped(path)))
    if (name in content.sha256) found[name] = await hashChunks(chunks);
  return found;
}

/** SHA-256 of bytes or text, as hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

async function hashChunks(chunks: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}
