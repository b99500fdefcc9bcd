import { formatNumber } from "./format";

/** What is wrong with an answer, as the end of a sentence that begins "not yet"; null where nothing is. */
export type Finding = string | null;

/** Whether two numbers are equal but for rounding to `digits` decimals by the reader. */
export function equalRounded(a: number, b: number, digits = 4): boolean {
  return Math.abs(a - b) <= 0.5001 * 10 ** -digits;
}

/** How many decimals a number is written with. */
function decimalsOf(answer: number): number {
  const [mantissa, exponent = "0"] = String(answer).split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}

/**
 * Rounded so far that it can't be told from its neighbours: right to the decimals that it has, but fewer than the
 * `digits` that are compared. A whole number says too little to be called rounded.
 */
export function notUnrounded(answer: number, truth: number, digits = 4): Finding {
  const decimals = decimalsOf(answer);
  const isRounded = decimals > 0 && decimals < digits && equalRounded(answer, truth, decimals);
  return isRounded && !equalRounded(answer, truth, digits)
    ? `${formatNumber(answer)} may be right, but it is rounded: give it unrounded` : null;
}

/** Not a whole number from 0 to `most`; `what` names what is counted, such as "test images". */
export function notACount(answer: number, most: number, what: string): Finding {
  if (Number.isNaN(answer)) return "that is not a number";
  if (!Number.isInteger(answer)) return `count ${what}: a whole number, not a share`;
  if (answer < 0) return "a count can't be below 0";
  return answer > most ? `there are only ${most.toLocaleString("en-US")} ${what}` : null;
}

/** Not a number in [0, 1]. */
export function notAShare(answer: number): Finding {
  if (Number.isNaN(answer)) return "that is not a number";
  if (answer < 0) return "a share can't be below 0";
  if (answer > 1) return "a share is at most 1: divide by the number of all, and give no percents";
  return null;
}

/** Not a share of `n` rows, thus no multiple of 1 / n; rounding to four decimals is forgiven. */
export function notAShareOf(answer: number, n: number, what: string): Finding {
  const nearest = Math.round(answer * n) / n;
  const wrong = notAShare(answer);
  if (wrong || equalRounded(answer, nearest)) return wrong;
  return notUnrounded(answer, nearest)
    ?? `a share of ${n} ${what} is a multiple of 1/${n}, so ${formatNumber(answer)} comes from other rows`;
}

/** Not one label for each row, or a label that no row has in `known`. */
export function notLabels(answer: ArrayLike<number>, known: ArrayLike<number>): Finding {
  if (answer.length !== known.length) return `it needs ${known.length} labels, one a row, and has ${answer.length}`;
  const classes = new Set(Array.from(known));
  const odd = Array.from(answer).find((label) => !classes.has(label));
  return odd === undefined ? null : `${odd} is not one of the labels`;
}

/** Not positions of `n` rows, or one of them twice. */
export function notPositions(answer: ArrayLike<number>, n: number): Finding {
  const bad = Array.from(answer).find((i) => !Number.isInteger(i) || i < 0 || i >= n);
  if (bad !== undefined) return `positions are integers from 0 to ${n - 1}, and ${bad} is none`;
  return new Set(Array.from(answer)).size === answer.length ? null : "some position is named twice";
}
