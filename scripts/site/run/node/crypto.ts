/** The part of `node:crypto` that the library uses; SHA-256 at once, which WebCrypto only promises. */
import { BrowserBuffer } from "./buffer";

/** The first 32 bits of the fractions of a root of the first primes. */
function primeFractions(count: number, root: (prime: number) => number): Uint32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  return Uint32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const START = primeFractions(8, Math.sqrt);
const ROUND = primeFractions(64, Math.cbrt);
const BLOCK = 64;

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** @see NIST, FIPS 180-4, section 6.2 */
class Sha256 {
  private readonly state = Uint32Array.from(START);
  private readonly block = new Uint8Array(BLOCK);
  private readonly words = new Uint32Array(64);
  private filled = 0;
  private length = 0;

  update(data: string | Uint8Array): this {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.length += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + BLOCK - this.filled);
      this.block.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === BLOCK) this.mix();
    }
    return this;
  }

  digest(encoding?: "hex" | "base64"): string | BrowserBuffer {
    const bits = this.length * 8;
    this.update(Uint8Array.of(0x80));
    if (this.filled > BLOCK - 8) this.update(new Uint8Array(BLOCK - this.filled));
    this.block.fill(0, this.filled);
    const end = new DataView(this.block.buffer);
    end.setUint32(BLOCK - 8, Math.floor(bits / 2 ** 32));
    end.setUint32(BLOCK - 4, bits);
    this.mix();
    const result = BrowserBuffer.alloc(32);
    this.state.forEach((word, i) => new DataView(result.buffer).setUint32(4 * i, word));
    return encoding ? result.toString(encoding) : result;
  }

  private mix(): void {
    const { words, state } = this;
    const view = new DataView(this.block.buffer);
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(4 * i);
    for (let i = 16; i < 64; i++) {
      const [w15, w2] = [words[i - 15], words[i - 2]];
      words[i] = words[i - 16] + words[i - 7] + (turned(w15, 7) ^ turned(w15, 18) ^ (w15 >>> 3))
        + (turned(w2, 17) ^ turned(w2, 19) ^ (w2 >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const chosen = (e & f) ^ (~e & g);
      const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + ROUND[i] + words[i]) | 0;
      const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
    this.filled = 0;
  }
}

export function createHash(name: string): Sha256 {
  if (name !== "sha256") throw new Error(`createHash: only sha256 is there in the browser, got ${name}`);
  return new Sha256();
}

const MOST_BYTES = 65536;

export function randomFillSync<T extends ArrayBufferView>(array: T): T {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let at = 0; at < bytes.length; at += MOST_BYTES) crypto.getRandomValues(bytes.subarray(at, at + MOST_BYTES));
  return array;
}
