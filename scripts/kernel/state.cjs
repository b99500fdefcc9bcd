// What the kernel's main thread and its control thread both see at once, also while the main thread is busy.
"use strict";

/** Places in the shared array. */
const RUNNING = 0;
const REQUESTED = 1;
const PONG = 2;
/** The cell whose JavaScript was cut last. */
const CUT = 3;
/** Stays 0: to wait for it is to wait for the end of the process. */
const NEVER = 4;
const PLACES = 5;

module.exports = { CUT, NEVER, PLACES, PONG, REQUESTED, RUNNING };
