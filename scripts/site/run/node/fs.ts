/** The part of `node:fs` and `node:fs/promises` that the library uses, over `files.ts`. */
import { fileExists, filesIn, makeDirectory, readBytes, removeFile, writeBytes } from "../files";
import { BrowserBuffer } from "./buffer";
import { resolve } from "./path";

const bytesOf = (data: string | Uint8Array): Uint8Array =>
  (typeof data === "string" ? new TextEncoder().encode(data) : data);

export const existsSync = (path: string): boolean => fileExists(resolve(path));

export function readFileSync(path: string, encoding?: "utf8"): string | BrowserBuffer {
  const bytes = BrowserBuffer.from(readBytes(resolve(path)));
  return encoding ? bytes.toString(encoding) : bytes;
}

export function writeFileSync(path: string, data: string | Uint8Array): void {
  writeBytes(resolve(path), bytesOf(data));
}

export function appendFileSync(path: string, data: string | Uint8Array): void {
  const before = existsSync(path) ? readBytes(resolve(path)) : new Uint8Array(0);
  writeFileSync(path, BrowserBuffer.concat([before, bytesOf(data)]));
}

export const mkdirSync = (path: string): void => makeDirectory(resolve(path));

export const readdirSync = (path: string): string[] => [...new Set(filesIn(resolve(path)))];

export function renameSync(from: string, to: string): void {
  writeFileSync(to, readBytes(resolve(from)));
  removeFile(resolve(from));
}

export function rmSync(path: string): void {
  removeFile(resolve(path));
}

export const unlinkSync = rmSync;

export function statSync(path: string): Record<string, unknown> {
  return { size: readBytes(resolve(path)).length, mtimeMs: 0, ctimeMs: 0, mtimeNs: 0n, ctimeNs: 0n, ino: 0,
    isDirectory: () => false };
}

const refused = (): never => {
  throw new Error("streams and open files are not there in the browser");
};

export const openSync = refused;
export const closeSync = refused;
export const writeSync = refused;
export const readSync = refused;
export const fsyncSync = refused;
export const createReadStream = refused;

export const readFile = async (path: string, encoding?: "utf8") => readFileSync(path, encoding);
export const writeFile = async (path: string, data: string | Uint8Array) => writeFileSync(path, data);
export const stat = async (path: string) => statSync(path);
export const rename = async (from: string, to: string) => renameSync(from, to);
export const rm = async (path: string) => rmSync(path);
export const readdir = async (path: string) => readdirSync(path);
export const open = async () => refused();
