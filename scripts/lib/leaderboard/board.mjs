import { existsSync, readdirSync } from "node:fs";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { bundleEntry, EntryError, readEntry } from "./bundle.mjs";
import { runEntry } from "./cell.mjs";
import { games } from "./games.mjs";
import { boardPage } from "./page.mjs";
import { SetupError } from "../../bootstrap/say.mjs";
import { digest, readText, writeWhole } from "../../bootstrap/stamp.mjs";

/**
 * What an entry came to.
 * @typedef {object} Result
 * @property {string} student
 * @property {string} game
 * @property {string} digest of the entry, the game and the room's secret
 * @property {{ level: number, score: number }[]} levels
 * @property {number} seconds
 * @property {string} [fault] why it has no score
 *
 * @typedef {{ student: string, game: string, file: string }} Entry
 * @typedef {import("./cell.mjs").Limits} Limits
 * @typedef {Result & { mean: number, rank: number }} Ranked
 */

const NAME = /^[a-z0-9][a-z0-9_-]{0,30}$/i;
const DECIMALS = 4;

/**
 * The entries that lie in a folder: FOLDER/STUDENT/BELOW/copy.ts and so on.
 * @param {string} folder
 * @param {string} [below]
 * @returns {Entry[]}
 */
export function entriesIn(folder, below = "") {
  const students = existsSync(folder) ? readdirSync(folder).filter((name) => NAME.test(name)).sort() : [];
  return students.flatMap((student) => Object.keys(games)
    .map((game) => ({ student, game, file: join(folder, student, below, `${game}.ts`) }))
    .filter(({ file }) => existsSync(file)));
}

/** More than can be tried one by one: an entry sees numbers that follow from its room's secret. */
const SECRETS = 2 ** 48 - 1;

/** @returns {number} what only the referee knows */
export const freshSecret = () => randomInt(SECRETS);

/** @param {string} folder @returns {number} what only the referee knows, made when it is first asked for */
export function roomSecret(folder) {
  const file = join(folder, "secret");
  const kept = readText(file)?.trim();
  if (kept) {
    const secret = Number(kept);
    if (Number.isInteger(secret) && secret >= 0 && secret < SECRETS) return secret;
    throw new SetupError(`${file} is damaged`, "remove it: tables are dealt anew and all entries run again");
  }
  const made = freshSecret();
  writeWhole(file, `${made}\n`, 0o600);
  return made;
}

const boardFile = (/** @type {string} */ folder) => join(folder, "board.json");

/** @param {any} one @returns {boolean} */
const isResult = (one) =>
  typeof one?.student === "string" && typeof one.game === "string" && Array.isArray(one.levels);

/**
 * What the board says so far.
 * @param {string} folder
 * @returns {Result[]}
 * @throws {SetupError} If the file is not what this program has written.
 */
export function readBoard(folder) {
  const text = readText(boardFile(folder));
  if (text === undefined) return [];
  try {
    const { results } = JSON.parse(text);
    if (Array.isArray(results) && results.every(isResult)) return results;
  } catch {
    // said below
  }
  throw new SetupError(`${boardFile(folder)} is damaged`, "remove it: all entries are run again");
}

/** Words of an entry as they may stand in a terminal: without what moves a cursor or turns a line round. */
const oneLine = (/** @type {string} */ text) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");

/** @param {string} file @returns {string} what tells an entry from another, also one that can't be read */
function contentOf(file) {
  try {
    return readEntry(file);
  } catch (error) {
    return `${error}`;
  }
}

/**
 * Runs an entry at every level of its game.
 * @param {Entry} entry
 * @param {number} secret
 * @param {Limits} limits for each level
 * @returns {Promise<Omit<Result, "digest">>}
 */
export async function judge({ student, game, file }, secret, limits) {
  const { levels, set } = games[game];
  /** @type {Result["levels"]} */
  const reached = [];
  let seconds = 0;
  const failed = (/** @type {string} */ fault) => ({ student, game, levels: [], seconds, fault: oneLine(fault) });
  try {
    const script = await bundleEntry(file);
    for (const level of levels) {
      const { task, services, score } = await set(level, secret);
      const outcome = await runEntry(script, { game, task }, services, limits);
      seconds += outcome.seconds;
      if (outcome.fault !== undefined) return failed(`at ${level}: ${outcome.fault}`);
      try {
        reached.push({ level, score: score(outcome.answer) });
      } catch (error) {
        return failed(`at ${level}: ${/** @type {Error} */ (error).message}`);
      }
    }
  } catch (error) {
    if (error instanceof EntryError) return failed(error.message);
    throw error;
  }
  return { student, game, levels: reached, seconds };
}

/**
 * The results of one game from first to last: the higher mean first, equal ones side by side, and those without a score
 * at the end.
 * @param {Result[]} results
 * @param {string} game
 * @returns {Ranked[]}
 */
export function ranking(results, game) {
  const rounded = (/** @type {number} */ value) => Number(value.toFixed(DECIMALS));
  const scored = results.filter((result) => result.game === game).map((result) => {
    const sum = result.levels.reduce((all, { score }) => all + score, 0);
    return { ...result, mean: result.fault === undefined ? rounded(sum / result.levels.length) : -1 };
  });
  return scored
    .map((result) => ({ ...result, rank: 1 + scored.filter(({ mean }) => mean > result.mean).length }))
    .sort((a, b) => a.rank - b.rank || a.student.localeCompare(b.student));
}

/**
 * Runs the entries that are new or changed, one after the other, and keeps the board after each: whoever ends it in
 * between loses the entry that was running, and nothing else.
 *
 * @param {string} folder the board's
 * @param {Entry[]} entries all there are now; what is no longer there leaves the board
 * @param {object} options
 * @param {Limits} options.limits
 * @param {string[]} [options.pages] where the page goes, beside the board
 * @param {number} [options.refresh] seconds after which the page looks again
 * @param {number} [options.secret] the room's; the one that the folder keeps when left out
 * @param {Result[]} [options.known] what is known already; what the board says when left out
 * @param {typeof judge} [options.judgeEntry]
 * @param {(result: Result) => void} [options.onResult]
 * @returns {Promise<Result[]>}
 */
export async function updateBoard(folder, entries, options) {
  const { limits, pages = [], refresh, judgeEntry = judge, onResult } = options;
  const { secret = roomSecret(folder), known = readBoard(folder) } = options;
  const keyOf = (/** @type {Entry} */ { game, file }) =>
    digest([game, String(secret), String(games[game].levels), contentOf(file)]);
  const wanted = entries.map((entry) => ({ entry, key: keyOf(entry) }));
  const resultOf = (/** @type {typeof wanted[number]} */ { entry, key }) =>
    known.filter((one) => one.student === entry.student && one.game === entry.game && one.digest === key);
  const waiting = wanted.filter((one) => !resultOf(one).length);
  let results = wanted.flatMap(resultOf);
  const write = () => {
    writeWhole(boardFile(folder), `${JSON.stringify({ results }, null, 2)}\n`);
    const page = boardPage(results, { refresh });
    writeWhole(join(folder, "index.html"), page);
    for (const file of pages) {
      try {
        writeWhole(file, page);
      } catch {
        // A page lies in a student's folder: whoever puts something in its way goes without.
      }
    }
  };
  write();
  for (const { entry, key } of waiting) {
    const result = { ...await judgeEntry(entry, secret, limits), digest: key };
    results = [...results, result];
    write();
    onResult?.(result);
  }
  return results;
}
