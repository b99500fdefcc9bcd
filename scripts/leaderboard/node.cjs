// What the library finds in the place of Node's modules, in a realm that has none.
"use strict";
const refused = () => {
  throw new Error("an entry has no files, no threads and no network");
};

/** The bytes of a text in base64. @param {string} text */
function decoded(text) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const codes = Uint8Array.from(text, (letter) => letters.indexOf(letter));
  return Uint8Array.from({ length: (codes.length * 3) >> 2 }, (_, i) => {
    const [at, part] = [4 * Math.floor(i / 3), i % 3];
    return (codes[at + part] << (2 * part + 2)) | (codes[at + part + 1] >> (4 - 2 * part));
  });
}

const LIBSVM = "libsvm-js/out/wasm/libsvm.wasm";
module.exports = {
  availableParallelism: () => 1, homedir: () => "/", hostname: () => "realm", threadId: 0, isMainThread: true,
  join: (/** @type {string[]} */ ...parts) => parts.join("/"), existsSync: () => false,
  // Only what reads files asks for one, and while it is loaded.
  createHash: () => ({ update() { return this; }, digest: () => "" }),
  dirname: refused, basename: refused, resolve: refused, isAbsolute: refused, fileURLToPath: refused, readFile: refused,
  // @ts-expect-error -- put in by bundle.mjs
  readFileSync: (/** @type {string} */ path) => (path === LIBSVM ? decoded(__LIBSVM__) : refused()),
};

Object.assign(globalThis, {
  process: { env: {}, platform: "realm", versions: {}, stdout: { isTTY: false, write: () => true } },
  require: Object.assign(refused, { resolve: (/** @type {string} */ name) => name }),
  console: { log: () => undefined, warn: () => undefined, error: () => undefined },
  performance: { now: () => Date.now() },
  Buffer: { from: (/** @type {string} */ text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)) },
});
