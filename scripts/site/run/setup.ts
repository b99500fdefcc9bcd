/**
 * What the library finds in the place of Node: to be loaded before anything of it. TensorFlow is loaded when it is
 * first asked for.
 */
import type * as tfjs from "@tensorflow/tfjs";
import { ROOT } from "./files";
import { useFastMatrixProducts } from "./matrix-product";
import { BrowserBuffer } from "./node/buffer";

declare const importScripts: (...addresses: string[]) => void;

const modules: Record<string, () => unknown> = {
  // What it lacks there is put back for TensorFlow in Node alone.
  "node:util": () => ({}),
  "@tensorflow/tfjs-node": () => {
    const scope = globalThis as { tf?: typeof tfjs };
    if (scope.tf) return scope.tf;
    importScripts(new URL("tensorflow.js", self.location.href).href);
    // The only one that counts alike in every browser, and at once.
    void scope.tf!.setBackend("cpu");
    useFastMatrixProducts(scope.tf!);
    return scope.tf;
  },
};

/** What cells may import beside the library and the notebook's own folder. */
export const packages = modules;

function load(name: string): unknown {
  if (Object.hasOwn(modules, name)) return modules[name]();
  throw new Error(`there is no ${name} in the browser`);
}

const channel = new MessageChannel();
const soon: (() => void)[] = [];
channel.port1.onmessage = () => soon.shift()?.();

Object.assign(globalThis, {
  Buffer: BrowserBuffer,
  global: globalThis,
  process: {
    env: { KH_DATA_DIR: `${ROOT}/fetched` } as Record<string, string>,
    pid: 1, platform: "browser", version: "", versions: {}, argv: [], cwd: () => `${ROOT}/notebooks`,
    stdout: { isTTY: false, write: (text: string) => console.log(text.replace(/\n$/, "")) },
  },
  require: Object.assign(load, { cache: {}, resolve: (name: string) => `${ROOT}/node_modules/${name}` }),
  setImmediate: (work: () => void) => {
    soon.push(work);
    channel.port2.postMessage(null);
  },
});
// Without headers of the server's that a page can't set, there is none, and with one thread no need for it.
(globalThis as { SharedArrayBuffer?: unknown }).SharedArrayBuffer ??= ArrayBuffer;
