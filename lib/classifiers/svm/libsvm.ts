import { readFileSync } from "node:fs";
import type { Matrix } from "../../matrix";
import type { Kernel } from "./kernel";

/** What libsvm found, over the rows it was given. */
export interface SupportMachine {
  /** Positions of the support vectors among the rows given, grouped by class, shape [s]. */
  readonly support: Int32Array;
  /** Support vectors a class, shape [k]; sums to s. */
  readonly counts: Int32Array;
  /** Dual coefficients, row-major, shape [k − 1, s]: row r of a vector of class c is for the r-th other class. */
  readonly coefficients: Float64Array;
  /** Thresholds of the pairs (0, 1), (0, 2) … (k − 2, k − 1), shape [k (k − 1) / 2]. */
  readonly rho: Float64Array;
}

interface SvmExports {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _create_svm_nodes(rows: number, columns: number): number;
  _free_problem(problem: number): void;
  _libsvm_train_problem(problem: number, command: number): number;
  _svm_free_model(model: number): void;
  _svm_get_nr_sv(model: number): number;
  _svm_get_sv_indices(model: number, target: number): void;
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface SvmInstance extends SvmExports {
  readonly memory: WasmMemory;
}

/** The part of the global that is used here; TypeScript declares it only together with the whole browser. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => WasmMemory;
  Table: new (size: { initial: number; maximum: number; element: "anyfunc" }) => object;
  Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): { module: string; name: string; kind: string }[];
  };
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: unknown };
};

const PAGE = 65536;
const MAX_BYTES = 2 ** 31 - 16 * PAGE;
const KEPT_BYTES = 512 * 2 ** 20;
const CACHE_MEGABYTES = 200;
const NODE_BYTES = 16;
/** Fixed by the way the binary was compiled: static data end below, the stack follows, then the heap. */
const DYNAMIC_TOP = 10112;
const STACK_START = 10240;
const HEAP_START = STACK_START + 5 * 2 ** 20;
const TABLE_SIZE = 104;
/** Byte offsets in `struct svm_problem` and `struct svm_model` of libsvm's svm.h, on a 32-bit machine. */
const PROBLEM = { labels: 4, rows: 8 };
const MODEL = { numClasses: 96, numSupport: 100, coefficients: 108, rho: 112, counts: 132 };

/** What libsvm writes, it writes where its steps have run out without a solution. */
const WRITE = "___syscall146";

const stopped = (name: string): string => (name === WRITE
  ? "svc: X must be scaled: libsvm has found no solution within its ten million steps"
  : `svc: libsvm stopped in ${name}`);

let compiled: object | undefined;
let current: SvmInstance | undefined;

/**
 * libsvm-js's WebAssembly binary, set up here rather than by its own loader: that one is asynchronous and writes to
 * stderr under Node; its asm.js build is synchronous but two to three times slower.
 */
function instantiate(): SvmInstance {
  compiled ??= new WebAssembly.Module(readFileSync(require.resolve("libsvm-js/out/wasm/libsvm.wasm")));
  const memory = new WebAssembly.Memory({ initial: 256 });
  new Int32Array(memory.buffer)[DYNAMIC_TOP >> 2] = HEAP_START;
  const enlargeMemory = (): number => {
    const needed = new Int32Array(memory.buffer)[DYNAMIC_TOP >> 2] >>> 0;
    if (needed > MAX_BYTES) throw new RangeError("svc: libsvm needs more memory than its 2 GiB");
    memory.grow(Math.ceil((needed - memory.buffer.byteLength) / PAGE));
    return 1;
  };
  const env: Record<string, unknown> = {
    memory,
    table: new WebAssembly.Table({ initial: TABLE_SIZE, maximum: TABLE_SIZE, element: "anyfunc" }),
    tableBase: 0,
    DYNAMICTOP_PTR: DYNAMIC_TOP,
    STACKTOP: STACK_START,
    enlargeMemory,
    getTotalMemory: () => memory.buffer.byteLength,
    _emscripten_memcpy_big: (to: number, from: number, bytes: number) => {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes);
      return to;
    },
    ___lock: () => undefined,
    ___unlock: () => undefined,
  };
  let exports: Record<string, (...args: number[]) => number> = {};
  for (const { module, name, kind } of WebAssembly.Module.imports(compiled)) {
    if (module !== "env" || kind !== "function" || name in env) continue;
    env[name] = name.startsWith("invoke_")
      // eslint-disable-next-line no-restricted-syntax -- the arguments of a C function
      ? (...args: number[]) => exports[name.replace("invoke_", "dynCall_")](...args)
      : () => { throw new RangeError(stopped(name)); };
  }
  const instance = new WebAssembly.Instance(compiled, { env, global: { NaN, Infinity } });
  exports = instance.exports as typeof exports;
  return { ...(instance.exports as SvmExports), memory };
}

/** Runs one training; the instance is dropped after a failure and when it has grown large. */
function withInstance<T>(work: (svm: SvmInstance) => T): T {
  const svm = current ?? instantiate();
  current = undefined;
  const result = work(svm);
  if (svm.memory.buffer.byteLength <= KEPT_BYTES) current = svm;
  return result;
}

interface Problem {
  /** Class codes in row order; equal codes stand together, ascending. */
  readonly codes: Int32Array;
  /** Nodes of the longest row, without the end mark. */
  readonly width: number;
  /** libsvm's `-t`, and `-g` where it needs it. */
  readonly kernel: string;
  /** Writes row i's nodes at a byte offset; returns the offset behind the last. */
  write(i: number, offset: number, index: Int32Array, value: Float64Array): number;
}

function train({ codes, width, kernel, write }: Problem, C: number): SupportMachine {
  const n = codes.length;
  const bytes = n * (width + 1) * NODE_BYTES + 2 * CACHE_MEGABYTES * 2 ** 20;
  if (bytes > MAX_BYTES)
    throw new RangeError(`svc: ${n} rows of ${width} features need more than libsvm's 2 GiB; fit on fewer rows`);
  return withInstance((svm) => {
    const problem = svm._create_svm_nodes(n, width);
    const text = Buffer.from(`-s 0 -t ${kernel} -c ${C} -m ${CACHE_MEGABYTES} -e 0.001 -h 1 -q 1\0`);
    const command = svm._malloc(text.length);
    new Uint8Array(svm.memory.buffer).set(text, command);
    let ints = new Int32Array(svm.memory.buffer);
    let doubles = new Float64Array(svm.memory.buffer);
    doubles.set(codes, ints[(problem + PROBLEM.labels) >> 2] >> 3);
    const rows = ints[(problem + PROBLEM.rows) >> 2] >> 2;
    for (let i = 0; i < n; i++) ints[write(i, ints[rows + i], ints, doubles) >> 2] = -1;

    const model = svm._libsvm_train_problem(problem, command);
    const total = svm._svm_get_nr_sv(model);
    const indices = svm._malloc(4 * total + 4);
    svm._svm_get_sv_indices(model, indices);
    ints = new Int32Array(svm.memory.buffer);
    doubles = new Float64Array(svm.memory.buffer);
    const k = ints[(model + MODEL.numClasses) >> 2];
    if (ints[(model + MODEL.numSupport) >> 2] !== total) throw new Error("svc: libsvm's model has an unknown layout");
    const field = (offset: number): number => ints[(model + offset) >> 2];
    const coefficients = new Float64Array((k - 1) * total);
    for (let r = 0; r < k - 1; r++) {
      const row = ints[(field(MODEL.coefficients) >> 2) + r] >> 3;
      coefficients.set(doubles.subarray(row, row + total), r * total);
    }
    const rho = field(MODEL.rho) >> 3;
    const counts = field(MODEL.counts) >> 2;
    const machine = {
      support: ints.slice(indices >> 2, (indices >> 2) + total).map((i) => i - 1),
      counts: ints.slice(counts, counts + k),
      coefficients,
      rho: doubles.slice(rho, rho + (k * (k - 1)) / 2),
    };
    svm._free(indices);
    svm._svm_free_model(model);
    svm._free_problem(problem);
    svm._free(command);
    requireFiniteMachine(machine);
    return machine;
  });
}

/** libsvm holds its kernel in float32, which large features of a linear kernel overflow. */
function requireFiniteMachine({ coefficients, rho }: SupportMachine): void {
  if (!coefficients.every(Number.isFinite) || !rho.every(Number.isFinite))
    throw new RangeError("svc: X must be small enough for libsvm's kernel in float32: scale the features first");
}

/** Rows to train on, of a larger set. */
export interface RowsOfClasses {
  /** Positions in the set, shape [n]; equal classes stand together, ascending. */
  readonly rows: Int32Array;
  /** Their classes, integers in [0, k), shape [n], k ≥ 2: libsvm turns labels −1 and +1 round. */
  readonly codes: Int32Array;
}

/**
 * Trains on a kernel matrix.
 *
 * @param K Kernel values of the whole set, shape [size, size].
 */
export function trainOnGram(
  { data: K, shape: [size] }: Matrix<Float64Array>, { rows, codes }: RowsOfClasses, C: number,
): SupportMachine {
  const n = rows.length;
  return train({
    codes, width: n + 1, kernel: "4",
    write: (i, offset, _, value) => {
      const from = rows[i] * size;
      let at = (offset >> 3) + 1;
      value[at] = i + 1;
      for (let j = 0; j < n; j++) value[(at += 2)] = K[from + rows[j]];
      return (at + 1) << 3;
    },
  }, C);
}

/**
 * Trains on rows of features, with libsvm's own kernel.
 *
 * @param X The whole set, shape [size, d].
 */
export function trainOnRows(
  { data: X, shape: [, d] }: Matrix, { rows, codes }: RowsOfClasses, kernel: Kernel, C: number,
): SupportMachine {
  return train({
    codes, width: d, kernel: kernel.type === "rbf" ? `2 -g ${kernel.gamma}` : "0",
    write: (i, offset, index, value) => {
      const from = rows[i] * d;
      let at = offset;
      for (let j = 0; j < d; j++) {
        const x = X[from + j];
        if (x === 0) continue;
        index[at >> 2] = j + 1;
        value[(at + 8) >> 3] = x;
        at += NODE_BYTES;
      }
      return at;
    },
  }, C);
}
