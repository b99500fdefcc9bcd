/**
 * The ■ of a page whose cells run in a worker. A busy worker hears no message; but the page can withdraw an address
 * that it made, and the worker sees that at its next fetch of it, which it waits for. That takes no header of the
 * server.
 */

import type { KernelInterrupt } from "../../../lib/interrupt";

/** How often a busy cell looks. */
const LOOK_MS = 150;

export class InterruptedError extends Error {
  override readonly name = "InterruptedError";

  constructor() {
    super("interrupted");
  }
}

let lifeline: string | undefined;
let lookedAt = 0;
let wasAsked = false;
let controller = new AbortController();
const waits = new Set<(error: Error) => void>();
/** What the cell's code wants to be told if it fails. */
const failures = new Set<() => void>();

function isWithdrawn(address: string): boolean {
  try {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.send();
    return false;
  } catch {
    return true;
  }
}

/** Whether the cell that runs is to end. */
export function requested(): boolean {
  if (wasAsked || lifeline === undefined) return wasAsked;
  const now = performance.now();
  if (now - lookedAt < LOOK_MS) return false;
  wasAsked = isWithdrawn(lifeline);
  lookedAt = performance.now();
  return wasAsked;
}

/** A cell begins. */
export function begin(address: string): void {
  lifeline = address;
  lookedAt = performance.now();
  wasAsked = false;
  controller = new AbortController();
  waits.clear();
  failures.clear();
}

/** The cell has failed, or was interrupted. */
export function tellFailure(): void {
  for (const tell of failures)
    try {
      tell();
    } catch {
      // the cell has failed already, and says why
    }
}

/** A cell has ended. */
export function end(): void {
  lifeline = undefined;
  waits.clear();
}

/** The message of the ■ got through: the cell waits for something. */
export function interrupt(): void {
  wasAsked = true;
  const error = new InterruptedError();
  controller.abort(error);
  for (const reject of waits) reject(error);
}

const TICKS = 1024;
let ticks = 0;

/** A loop of a cell's own code goes round. */
export function tick(): void {
  if (++ticks % TICKS === 0 && requested()) throw new InterruptedError();
}

/** What a cell's `await x` waits for: x, or the cell's interruption. */
export function wait(value: unknown): unknown {
  if (requested()) throw new InterruptedError();
  const then = (value as { then?: unknown } | null | undefined)?.then;
  if (typeof then !== "function") return value;
  return new Promise((resolve, reject) => {
    waits.add(reject);
    Promise.resolve(value).then(
      (result) => (requested() ? reject(new InterruptedError()) : resolve(result)), reject,
    ).finally(() => waits.delete(reject));
  });
}

/** What a cell's `for await (… of x)` goes over. */
export function waitEach(iterable: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<unknown> {
  const isAsync = Symbol.asyncIterator in iterable;
  const iterator = isAsync ? iterable[Symbol.asyncIterator]() : (iterable as Iterable<unknown>)[Symbol.iterator]();
  return { [Symbol.asyncIterator]: () => ({
    async next() {
      const step = (await wait(iterator.next())) as IteratorResult<unknown>;
      return isAsync || step.done ? step : { done: false, value: await wait(step.value) };
    },
    return: async (value?: unknown) => (await iterator.return?.(value)) ?? { done: true, value },
  }) };
}

/** What `lib/interrupt.ts` finds. */
Object.assign(globalThis, {
  [Symbol.for("knowledge-hacking.interrupt")]: {
    get signal() {
      return controller.signal;
    },
    requested,
    // Nothing is cut: code ends where it asks, or with its worker.
    hold: () => () => undefined,
    onFailure(tell) {
      failures.add(tell);
      return () => void failures.delete(tell);
    },
  } satisfies KernelInterrupt,
});
