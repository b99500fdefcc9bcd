/** The part of Node's Buffer that the library uses. */

type Encoding = "utf8" | "base64" | "hex" | "latin1";

function bytesOf(text: string, encoding: Encoding): Uint8Array {
  if (encoding === "utf8") return new TextEncoder().encode(text);
  if (encoding === "base64") return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (encoding === "latin1") return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

const PIECE = 8192;

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

export class BrowserBuffer extends Uint8Array {
  static override from(given: unknown, second?: unknown, length?: unknown): BrowserBuffer {
    if (typeof given === "string")
      return BrowserBuffer.from(bytesOf(given, (second as Encoding | undefined) ?? "utf8"));
    if (given instanceof ArrayBuffer)
      return new BrowserBuffer(given, second as number | undefined, length as number | undefined);
    return new BrowserBuffer(given as ArrayLike<number>);
  }

  static alloc(length: number): BrowserBuffer {
    return new BrowserBuffer(length);
  }

  static allocUnsafe(length: number): BrowserBuffer {
    return new BrowserBuffer(length);
  }

  static isBuffer(value: unknown): value is BrowserBuffer {
    return value instanceof BrowserBuffer;
  }

  static byteLength(text: string): number {
    return bytesOf(text, "utf8").length;
  }

  /** Which of two comes first, byte by byte. */
  static compare(a: Uint8Array, b: Uint8Array): number {
    const shorter = Math.min(a.length, b.length);
    for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return Math.sign(a.length - b.length);
  }

  static concat(parts: readonly Uint8Array[]): BrowserBuffer {
    const all = new BrowserBuffer(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  override toString(encoding: Encoding = "utf8", from = 0, to = this.length): string {
    const part = this.subarray(from, to);
    if (encoding === "utf8") return new TextDecoder().decode(part);
    if (encoding === "hex") return Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return encoding === "latin1" ? latin1(part) : btoa(latin1(part));
  }

  equals(other: Uint8Array): boolean {
    return this.length === other.length && this.every((byte, i) => byte === other[i]);
  }

  copy(target: Uint8Array, at = 0): number {
    target.set(this, at);
    return this.length;
  }

  readUInt8(at = 0): number {
    return this[at];
  }

  readUInt16BE(at = 0): number {
    return this.view().getUint16(at);
  }

  readUInt32BE(at = 0): number {
    return this.view().getUint32(at);
  }

  readUInt32LE(at = 0): number {
    return this.view().getUint32(at, true);
  }

  writeUInt32LE(value: number, at = 0): number {
    this.view().setUint32(at, value, true);
    return at + 4;
  }

  private view(): DataView {
    return new DataView(this.buffer, this.byteOffset, this.byteLength);
  }
}
