// What a cell shows, on its way to the front end: text in batches, the last of several updates of one display, and very
// long text folded. Nothing is dropped without a note.
"use strict";

/**
 * @typedef {"stdout" | "stderr"} StreamName
 * @typedef {{ data: Record<string, unknown>, metadata: object, transient: { display_id?: string } }} DisplayData
 * @typedef {(type: string, content: Record<string, unknown>) => void} Publish
 */

/** Messages that go out at once; then one every so often, which takes along what came since. */
const BURST = 40;
const INTERVAL_MS = 25;
/** Of a cell's text, this much is shown as it comes, and the end of the rest. */
const MAX_CHARACTERS = 1_000_000;
const MAX_LINES = 10_000;
const LAST_CHARACTERS = 20_000;
const LAST_LINES = 200;
/** Of a line longer than both together, its beginning and its end are shown. */
const LINE_START = 20_000;
const LINE_END = 2_000;

const count = (/** @type {number} */ n) => n.toLocaleString("en-US");

/** @param {string} text @returns {number} */
function newlinesIn(text) {
  let found = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) found++;
  return found;
}

/** @param {string} text @returns {string} with the middle of very long lines left out */
function foldLines(text) {
  if (text.length <= LINE_START + LINE_END) return text;
  return text.split("\n").map((line) => {
    const folded = line.length - LINE_START - LINE_END;
    if (folded <= 0) return line;
    return `${line.slice(0, LINE_START)} … [${count(folded)} characters folded] … ${line.slice(-LINE_END)}`;
  }).join("\n");
}

/** The end of a text that is too long to be shown whole. */
class Tail {
  text = "";
  lines = 0;

  /** @param {string} text */
  add(text) {
    this.text += text;
    this.lines += newlinesIn(text);
    if (this.text.length > 4 * LAST_CHARACTERS) this.text = this.shown();
  }

  shown() {
    return this.text.slice(-LAST_CHARACTERS).split("\n").slice(-LAST_LINES - 1).join("\n");
  }

  take() {
    const last = this.shown();
    const folded = this.lines - newlinesIn(last);
    const note = folded > 0 ? `… [${count(folded)} lines folded; the end of the output:] …\n` : "";
    this.text = "";
    this.lines = 0;
    return note + last;
  }
}

class CellOutput {
  /** What has not gone out. @type {{ type: string, content: Record<string, any> }[]} */
  #pending = [];
  #tokens = BURST;
  #refilled = performance.now();
  #timer = /** @type {NodeJS.Timeout | undefined} */ (undefined);
  #characters = 0;
  #lines = 0;
  #closed = false;
  /** @type {Partial<Record<StreamName, Tail>>} */
  #tails = {};

  /** @param {Publish} publish */
  constructor(publish) {
    this.publish = publish;
  }

  /** @param {StreamName} name @param {string} text */
  write(name, text) {
    if (!text) return;
    const tail = this.#tails[name];
    if (tail) {
      tail.add(text);
      return this.#closed ? this.#soon() : undefined;
    }
    const shown = foldLines(text);
    this.#characters += shown.length;
    this.#lines += newlinesIn(shown);
    if (this.#characters > MAX_CHARACTERS || this.#lines > MAX_LINES) {
      this.#tails[name] = new Tail();
      return this.#tails[name].add(shown);
    }
    const last = this.#pending.at(-1);
    if (last?.type === "stream" && last.content.name === name) last.content.text += shown;
    else this.#pending.push({ type: "stream", content: { name, text: shown } });
    this.#soon();
  }

  /** @param {DisplayData} data @param {boolean} update */
  display(data, update) {
    const type = update ? "update_display_data" : "display_data";
    const id = data.transient?.display_id;
    const waiting = update && id !== undefined
      ? this.#pending.find(({ content }) => content.transient?.display_id === id) : undefined;
    if (waiting) waiting.content = { ...data };
    else this.#pending.push({ type, content: { ...data } });
    this.#soon();
  }

  /** @param {Record<string, unknown>} error */
  error(error) {
    this.#untail();
    this.#pending.push({ type: "error", content: error });
    this.#flush();
  }

  /** The cell is done: all that is left goes out. */
  close() {
    this.#closed = true;
    this.#flush();
  }

  #soon() {
    const now = performance.now();
    const refill = Math.floor((now - this.#refilled) / INTERVAL_MS);
    if (refill > 0) {
      this.#tokens = Math.min(BURST, this.#tokens + refill);
      this.#refilled = now;
    }
    if (this.#tokens > 0) {
      this.#tokens--;
      this.#send();
    } else this.#timer ??= setTimeout(() => this.#flush(), INTERVAL_MS);
  }

  #flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) this.#untail();
    this.#send();
  }

  #send() {
    const messages = this.#pending;
    this.#pending = [];
    for (const { type, content } of messages) this.publish(type, content);
  }

  #untail() {
    for (const name of /** @type {StreamName[]} */ (["stdout", "stderr"])) {
      const text = this.#tails[name]?.take();
      if (text) this.#pending.push({ type: "stream", content: { name, text } });
    }
  }
}

module.exports = { CellOutput };
