import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./say.mjs";

/** The sizes that a notebook can run in, as in lib/notebook/profile.ts. */
export const profiles = ["quick", "standard", "full"];

/**
 * What may stand behind an option. Gives the value, or throws an Error that says what it must be.
 * @template T
 * @typedef {(text: string) => T} Read
 */

/**
 * One option. Without `value` it is a switch.
 * @typedef {object} Option
 * @property {string} [value] the word that stands for its value in the usage line
 * @property {Read<unknown>} [read]
 * @property {string} [default] read as if it had been given
 * @property {string} [variable] of the environment, where the default comes from it
 * @property {boolean} [many] may be given more than once, and is a list
 */

/**
 * @template {Option} O
 * @typedef {O extends { value: string }
 *   ? O extends { read: Read<infer T> }
 *     ? O extends { many: true } ? T[] : O extends { default: string } ? T : T | undefined
 *     : O extends { many: true } ? string[] : O extends { default: string } ? string : string | undefined
 *   : boolean} ValueOf
 */

/** @param {string[]} names @returns {Read<string>} */
export const oneOf = (names) => (text) => {
  if (names.includes(text)) return text;
  throw new Error(`must be one of ${names.join(", ")}`);
};

/** @param {number} least @param {number} [most] @returns {Read<number>} */
export const integer = (least, most = Infinity) => (text) => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`must be an integer ${most < Infinity ? `from ${least} to ${most}` : `of at least ${least}`}`);
};

/** @param {number} least @returns {Read<number>} */
export const number = (least) => (text) => {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least) return value;
  throw new Error(`must be a number of at least ${least}`);
};

/** @type {Read<string>} */
export const existingFile = (text) => {
  if (existsSync(text)) return resolve(text);
  throw new Error("must name a file that is there");
};

/** @type {Read<string>} */
export const anyPath = (text) => resolve(text);

/**
 * The profile that a command runs: `--profile`, else KH_PROFILE, else quick.
 * @returns {{ value: string, default: string, variable: string, read: Read<string> }}
 */
export const profileOption = () => ({
  value: profiles.join("|"), default: process.env.KH_PROFILE || "quick", variable: "KH_PROFILE", read: oneOf(profiles),
});

/** @param {string} command @param {string} words @param {[string, Option][]} declared @returns {string} */
function usageOf(command, words, declared) {
  const options = declared.map(([name, { value = "", many }]) =>
    `[--${[name, value, many ? "…" : ""].filter(Boolean).join(" ")}]`);
  const all = [words, ...options].filter(Boolean);
  return `npm run ${command}${all.length ? ` -- ${all.join(" ")}` : ""}`;
}

/**
 * @param {[string, Option][]} declared
 * @param {string[]} given
 */
function parsed(declared, given) {
  const types = declared.map(([name, { value, many = false }]) =>
    [name, { type: value ? "string" : "boolean", multiple: many }]);
  const options = { ...Object.fromEntries(types), help: { type: "boolean", short: "h" } };
  const { values, positionals } = parseArgs({ args: given, allowPositionals: true, options });
  return { given: /** @type {Record<string, string | boolean | string[] | undefined>} */ (values), words: positionals };
}

/**
 * An option's value, or one for each time that it was given.
 * @param {Option} option
 * @param {string | boolean | string[] | undefined} text
 * @param {(text: string) => unknown} read
 */
function valueOf({ value, many, default: byDefault }, text, read) {
  if (!value) return text === true;
  const texts = [text ?? byDefault].flat().filter((one) => one !== undefined).map(String);
  return many ? texts.map(read) : texts.map(read)[0];
}

/**
 * Reads a command's line by its declaration; `--help` shows the usage and ends the process.
 * @template {Record<string, Option>} O
 * @param {string} command its name behind `npm run`
 * @param {{ words?: string, options?: O }} [declaration] `words` says what may stand beside the options, as in "[07 …]"
 * @param {string[]} [args]
 * @returns {{ values: { [K in keyof O]: ValueOf<O[K]> }, words: string[], refuse: (message: string) => never }}
 * @throws {UsageError} with the usage
 */
export function readArguments(command, { words: place = "", options } = {}, args = process.argv.slice(2)) {
  const declared = Object.entries(options ?? {});
  const usage = usageOf(command, place, declared);
  const refuse = (/** @type {string} */ message) => {
    throw new UsageError(message, usage);
  };
  /** @type {ReturnType<typeof parsed>} */
  let line;
  try {
    line = parsed(declared, args);
  } catch (error) {
    return refuse(/** @type {Error} */ (error).message.replace(/\. To specify a positional.*/s, ""));
  }
  const { given, words } = line;
  if (given.help) {
    process.stdout.write(`usage: ${usage}\n`);
    process.exit(0);
  }
  if (!place && words.length) {
    const takes = declared.length ? "no word beside its options" : "no argument";
    refuse(`npm run ${command} takes ${takes}, got ${words.join(" ")}`);
  }
  const values = declared.map(([name, option]) => [name, valueOf(option, given[name], (text) => {
    try {
      return option.read ? option.read(text) : text;
    } catch (error) {
      const source = given[name] === undefined && option.variable ? option.variable : `--${name}`;
      return refuse(`${source} ${/** @type {Error} */ (error).message}, got ${text}`);
    }
  })]);
  return { values: Object.fromEntries(values), words, refuse };
}
