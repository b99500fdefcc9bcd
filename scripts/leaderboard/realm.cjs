// Runs one entry of the leaderboard: started by scripts/lib/leaderboard/cell.mjs as a process of its own, with Node's
// permission model on and strings that become code forbidden. The entry lives in a realm that has nothing of Node's;
// between the two go texts only, so that no object of this side is ever in the entry's hands.
"use strict";
const { createInterface } = require("node:readline");
const { createContext, Script } = require("node:vm");

const realm = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: true } });
const { stdout } = process;
const end = () => process.exit(0);
Object.assign(process, { kill: undefined });

/** What the entry's side says now, a list of JSON texts one a line; "" where it says nothing. */
const listen = new Script("__leaderboard.take()");

function pump() {
  let said;
  try {
    said = listen.runInContext(realm);
  } catch {
    return end();
  }
  // A text and nothing else: looking into an object could run the entry's code.
  if (typeof said !== "string") return end();
  if (said) stdout.write(`${said}\n`);
  return undefined;
}

/** @param {string} text JSON */
function tell(text) {
  try {
    new Script(`__leaderboard.give(${JSON.stringify(text)})`).runInContext(realm);
  } catch {
    return end();
  }
  // By then every promise of the entry's that can go on has done so.
  return setImmediate(pump);
}

let started = false;
createInterface({ input: process.stdin }).on("line", (line) => {
  if (started) return tell(line);
  started = true;
  try {
    new Script(JSON.parse(line)).runInContext(realm);
  } catch {
    return end();
  }
  return setImmediate(pump);
}).on("close", end);
