/**
 * What a notebook's kernel gives under `Symbol.for("knowledge-hacking.interrupt")`. Its flag is also seen by code that
 * keeps the thread busy, to which no event can get through.
 *
 * @internal
 */
export interface KernelInterrupt {
  /** Of the cell that the code belongs to. */
  readonly signal: AbortSignal;
  requested(): boolean;
  /** The kernel cuts nothing until the returned function is called. */
  hold(): () => void;
  /** Has a function called if the cell fails or is interrupted, until the returned function is called. */
  onFailure(tell: () => void): () => void;
}

const KEY = Symbol.for("knowledge-hacking.interrupt");

const kernelInterrupt = (): KernelInterrupt | undefined => (globalThis as { [KEY]?: KernelInterrupt })[KEY];

/** Why work ended before it was done: the cell that it belongs to was interrupted. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";

  constructor() {
    super("interrupted");
  }
}

/** Whether work is to end: the notebook's cell was interrupted, or the caller's signal is aborted. */
export function isInterrupted(signal?: AbortSignal): boolean {
  return (kernelInterrupt()?.requested() ?? false) || (signal?.aborted ?? false);
}

/**
 * Says that work asks often by itself whether to end, so that the kernel need not cut it by force in the middle of a
 * step, where `finally` would not run.
 *
 * @returns What ends this; call it in a `finally`.
 * @example
 * const release = holdInterrupts();
 * try {
 *   for (let i = 0; i < 1000; i++) throwIfInterrupted();
 * } finally {
 *   release();
 * }
 */
export function holdInterrupts(): () => void {
  return kernelInterrupt()?.hold() ?? (() => undefined);
}

/**
 * Ends work that was asked to stop: long loops call it between steps, where nothing is half done. It costs a tenth of a
 * microsecond.
 *
 * @param signal The caller's own, beside the notebook's ■.
 * @throws {InterruptedError} If the notebook's cell was interrupted.
 * @throws The signal's reason, if it is aborted.
 * @example
 * for (let i = 0; i < 1000; i++) throwIfInterrupted();
 */
export function throwIfInterrupted(signal?: AbortSignal): void {
  if (kernelInterrupt()?.requested()) throw new InterruptedError();
  signal?.throwIfAborted();
}

/**
 * Has a function called if the notebook's cell that runs fails or is interrupted; outside of a notebook it never is.
 *
 * @returns What ends this.
 * @example
 * const forget = onCellFailure(() => console.log("the cell has failed"));
 * forget();
 */
export function onCellFailure(tell: () => void): () => void {
  return kernelInterrupt()?.onFailure(tell) ?? (() => undefined);
}

/**
 * The signal of the cell that runs, for functions that take one, such as `fetch`; undefined outside of a notebook.
 *
 * @example
 * const signal = interruptSignal();
 */
export function interruptSignal(): AbortSignal | undefined {
  return kernelInterrupt()?.signal;
}
