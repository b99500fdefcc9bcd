/** What the drawing thread is at, as both sides see it in one shared integer. */
export const IDLE = 0;
/** The asking side waits until it is idle again, with the reply in the port. */
export const ASKED = 1;
/** It has had nothing to do for a while, and is gone. */
export const ENDED = 2;
