// What the kernel's main thread and its control thread both see at once, also while the main thread is busy.
"use strict";

/** Places in the shared array. */
const RUNNING = 0;
const REQUESTED = 1;
const PONG = 2;
/** Stays 0: to wait for it is to wait for the end of the process. */
const NEVER = 3;
const PLACES = 4;

module.exports = { NEVER, PLACES, PONG, REQUESTED, RUNNING };
