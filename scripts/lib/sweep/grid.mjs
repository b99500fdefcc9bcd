import { SetupError } from "../../bootstrap/say.mjs";

/** @typedef {Record<string, unknown>} Parameters the value of every key of the grid, in its order */

const mostCells = 100_000;

/**
 * Parts of a text between commas that stand outside brackets, braces and quotes.
 * @param {string} text
 * @returns {string[]}
 */
function parts(text) {
  const found = [""];
  let depth = 0;
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    if (!quoted && "[{".includes(letter)) depth++;
    if (!quoted && "]}".includes(letter)) depth--;
    if (letter === "," && depth === 0 && !quoted) found.push("");
    else found[found.length - 1] += letter;
  }
  return found;
}

/** @param {string} key @param {string} text @returns {unknown[]} one value, or those of a range such as 42..46 */
function valuesOf(key, text) {
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(text);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (to < from) throw new SetupError(`the range ${text} of ${key} must go up`);
    if (to - from >= mostCells) throw new SetupError(`the range ${text} of ${key} has more than ${mostCells} values`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }
  if (text.trim() === "") throw new SetupError(`${key} has an empty value; write ${key}=value,value or ${key}=42..46`);
  try {
    return [JSON.parse(text)];
  } catch {
    return [text];
  }
}

/**
 * Every combination of the values that words such as `seed=42..46` and `budget=2500,5000` name; the last word's value
 * changes fastest.
 * @param {string[]} words
 * @returns {Parameters[]}
 * @throws {SetupError} if a word has another form, or a key or a value stands twice
 */
export function parseGrid(words) {
  if (words.length === 0) throw new SetupError("give the grid, as in --grid seed=42..46 queries=250,500,1000");
  /** @type {Map<string, unknown[]>} */
  const axes = new Map();
  for (const word of words) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined) throw new SetupError(`a part of the grid has the form key=values, got ${word}`);
    if (axes.has(key)) throw new SetupError(`the grid names ${key} twice`);
    const values = parts(text).flatMap((part) => valuesOf(key, part));
    const texts = values.map((value) => JSON.stringify(value));
    const twice = texts.find((one, i) => texts.indexOf(one) !== i);
    if (twice !== undefined) throw new SetupError(`the grid gives ${key} the value ${twice} twice`);
    axes.set(key, values);
  }
  const count = [...axes.values()].reduce((product, values) => product * values.length, 1);
  if (count > mostCells) throw new SetupError(`the grid has ${count} cells; at most ${mostCells} are taken`);
  /** @type {Parameters[]} */
  let cells = [{}];
  for (const [key, values] of axes) cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [key]: value })));
  return cells;
}
