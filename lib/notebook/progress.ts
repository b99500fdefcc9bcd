import { onCellFailure } from "../interrupt";
import { requireInteger, requirePositive } from "../validate";
import { inNotebook, isHeadless, showInPlace } from "./display";
import { escapeHtml } from "./html";

export interface ProgressOptions {
  /** What is being done, such as "training". */
  label: string;
  /** What is counted, such as "images"; "steps" if not given. */
  unit?: string;
}

export interface Progress {
  /**
   * Says that some steps were done; shown at most ten times a second. Await it in a long loop: the front end then gets
   * to draw, and the kernel to be interrupted.
   */
  advance(steps?: number): Promise<void>;
  /** Leaves one line with the time it took. The step that reaches the total does it; call it if work ends early. */
  finish(): void;
}

const REDRAW_MS = 100;
const WIDTH = 30;

/** Seconds as a person says them: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** How far work under way has come. */
interface Standing {
  label: string;
  unit: string;
  done: number;
  total: number;
  seconds: number;
  /** Whether nothing more will come; so if all is done. */
  finished?: boolean;
  /** Whether the work was cut off. */
  stopped?: boolean;
}

/** One line about work under way: share, count, rate, time left. */
export function progressLine(standing: Standing): string {
  const { label, unit, done, total, seconds, finished = done >= total, stopped } = standing;
  const count = `${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} ${unit}`;
  if (stopped) return `${label}: stopped at ${count} after ${formatSeconds(seconds)}`;
  if (finished) return `${label}: ${count} in ${formatSeconds(seconds)}`;
  if (!done || !seconds) return `${label}: ${count}`;
  const rate = done / seconds;
  const shownRate = rate >= 10 ? Math.round(rate).toLocaleString("en-US") : rate.toPrecision(2);
  return `${label}: ${count} · ${shownRate} a second · ${formatSeconds((total - done) / rate)} left`;
}

type Draw = (line: string, share: number, last: boolean) => void;

let barsShown = 0;

function notebookDraw(): Draw {
  const displayId = `progress-${process.pid}-${++barsShown}`;
  let update = false;
  return (line, share, last) => {
    const bar = last ? "" : `<progress max="1" value="${share.toFixed(4)}" style="width:18em"></progress> `;
    showInPlace(displayId, { "text/plain": line, "text/html": `<div>${bar}${escapeHtml(line)}</div>` }, update);
    update = true;
  };
}

function terminalDraw(): Draw {
  return (line, share, last) => {
    const filled = Math.round(share * WIDTH);
    const bar = last ? "" : `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} `;
    process.stdout.write(`\r\u001b[2K${bar}${line}${last ? "\n" : ""}`);
  };
}

function chooseDraw(): Draw {
  if (isHeadless()) return () => undefined;
  if (inNotebook()) return notebookDraw();
  return process.stdout.isTTY ? terminalDraw() : () => undefined;
}

/**
 * A bar that updates in place while long work goes on, with rate and time left; where a notebook's cell fails or is
 * interrupted, it says that the work was stopped. Silent where nobody watches: in headless runs, and where the output
 * is not a terminal.
 *
 * @param total Number of steps, at least 1.
 * @throws {RangeError} If `total` is not such an integer.
 * @example
 * const bar = progress(220, { label: "poisoning", unit: "levels" });
 * for (let k = 0; k < 220; k++) await bar.advance();
 */
export function progress(total: number, { label, unit = "steps" }: ProgressOptions): Progress {
  requireInteger("progress", "total", total, 1);
  const draw = chooseDraw();
  const start = performance.now();
  let done = 0;
  let drawn = start;
  let finished = false;
  let forget = (): void => undefined;
  const redraw = (now: number, stopped = false): void => {
    drawn = now;
    const standing = { label, unit, done, total, seconds: (now - start) / 1000, finished, stopped };
    draw(progressLine(standing), done / total, finished || stopped);
    // Of the cell that draws now: the bar may have been made in another.
    forget();
    forget = finished || stopped ? () => undefined : onCellFailure(() => redraw(performance.now(), true));
  };
  const finish = (): void => {
    if (finished) return;
    finished = true;
    redraw(performance.now());
  };
  redraw(start);
  return {
    finish,
    async advance(steps = 1) {
      requirePositive("progress", "steps", steps);
      done = Math.min(total, done + steps);
      const now = performance.now();
      if (done === total) finish();
      else if (!finished && now - drawn >= REDRAW_MS) {
        redraw(now);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
