// A kernel that nobody uses gives memory back: V8 by itself collects what cells left only when it needs room.
"use strict";
const { getHeapStatistics, setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

const IDLE_MS = 25_000;
const AGAIN_MS = 1000;
/** Above it, the pause would be felt by who comes back just then. */
const MOST_BYTES = 500 * 2 ** 20;

/** @type {NodeJS.Timeout | undefined} */
let timer;
/** @type {(() => void) | undefined} */
let collect;

function rest() {
  if (getHeapStatistics().used_heap_size > MOST_BYTES) return;
  setFlagsFromString("--expose-gc");
  collect ??= /** @type {() => void} */ (runInNewContext("gc"));
  setFlagsFromString("--no-expose-gc");
  collect();
  // What the first one freed holds memory until the second.
  timer = setTimeout(collect, AGAIN_MS).unref();
}

/** A cell begins. */
const wake = () => clearTimeout(timer);

/** A cell has ended. */
function restLater() {
  clearTimeout(timer);
  timer = setTimeout(rest, IDLE_MS).unref();
}

module.exports = { restLater, wake };
