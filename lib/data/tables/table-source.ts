import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DataFileError } from "../files/provide";

/** The text of a table and a name for it. */
export interface TableText {
  readonly name: string;
  readonly text: string;
}

export interface TextOptions {
  /** A name that `TextDecoder` knows; a byte order mark of UTF-8 or UTF-16 decides before it. */
  encoding: string;
  /** The function that reads, as messages name it. */
  loader: string;
}

const TIME_OUT = 60_000;

/**
 * Reads a table's text: from the web where `source` is an http(s) address, from itself where it has more than one line,
 * from a file otherwise.
 *
 * @throws {DataFileError} If there is no such file or address, or its bytes are not text in this encoding.
 */
export async function readTableText(source: string | URL, options: TextOptions): Promise<TableText> {
  const address = source instanceof URL ? source : webAddress(source);
  if (address?.protocol === "file:") return readTableText(fileURLToPath(address), options);
  if (address)
    return { name: nameOf(address.pathname), text: decoded(await fetched(address, options), address.href, options) };
  const path = source as string;
  if (/[\r\n]/.test(path)) return { name: "CSV", text: path.replace(/^\uFEFF/, "") };
  return { name: nameOf(path), text: decoded(await bytesOf(path, options), path, options) };
}

const webAddress = (source: string): URL | null => (/^(https?|file):\/\//i.test(source) ? new URL(source) : null);

const nameOf = (path: string): string => basename(path).replace(/\.[^.]*$/, "") || "CSV";

async function bytesOf(path: string, { loader }: TextOptions): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "that is a folder" : message;
    throw new DataFileError(`${loader}: ${path}: ${why}; looked for at ${resolve(path)}`, { cause: error });
  }
}

async function fetched(address: URL, { loader }: TextOptions): Promise<Uint8Array> {
  let reply: Response;
  let bytes: ArrayBuffer;
  try {
    reply = await fetch(address, { signal: AbortSignal.timeout(TIME_OUT) });
    bytes = await reply.arrayBuffer();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new DataFileError(`${loader}: ${address.href}: ${cause?.message || message}`, { cause: error });
  }
  if (!reply.ok)
    throw new DataFileError(`${loader}: ${address.href}: status ${reply.status} ${reply.statusText}`.trim());
  if (/html/.test(reply.headers.get("content-type") ?? ""))
    throw new DataFileError(`${loader}: ${address.href}: that is a web page; is there an address of the raw file?`);
  return new Uint8Array(bytes);
}

/** What a packed file begins with. */
const PACKED: readonly (readonly [bytes: readonly number[], advice: string])[] = [
  [[0x1f, 0x8b], "is packed by gzip; unpack it first"],
  [[0x50, 0x4b, 0x03, 0x04], "is packed; a spreadsheet must be saved as CSV first, an archive unpacked"],
];

function decoded(bytes: Uint8Array, source: string, { encoding, loader }: TextOptions): string {
  const [a, b] = bytes;
  const packed = PACKED.find(([start]) => start.every((byte, i) => bytes[i] === byte));
  if (packed) throw new DataFileError(`${loader}: ${source} ${packed[1]}`);
  const marked = a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : encoding;
  let text: string;
  try {
    text = new TextDecoder(marked, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError)
      throw new RangeError(`${loader}: encoding must be one that TextDecoder knows, got ${JSON.stringify(encoding)}`);
    throw new DataFileError(
      `${loader}: ${source} is not ${marked} text; older spreadsheets write encoding: "windows-1252"`,
      { cause: error });
  }
  if (text.includes("\0"))
    throw new DataFileError(`${loader}: ${source} is not text; a spreadsheet must be saved as CSV first`);
  return text;
}
