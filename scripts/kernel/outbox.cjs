// Messages on their way out. A ZeroMQ socket takes one at a time, and refuses the next while it can't get rid of one.
"use strict";
const { critical } = require("./critical.cjs");

/**
 * @typedef {{ send(frames: (string | Buffer)[]): Promise<void> }} Socket
 * @typedef {(string | Buffer)[]} Frames
 */

const AGAIN_MS = 2;

/** @type {WeakMap<Socket, { waiting: Frames[], timer: NodeJS.Timeout | undefined }>} */
const boxes = new WeakMap();

/** @param {Socket} socket @param {Frames} frames @returns {boolean} whether the socket took the message */
function offer(socket, frames) {
  try {
    socket.send(frames).catch(() => undefined);
    return true;
  } catch (error) {
    if (/** @type {{ code?: string }} */ (error).code === "EBUSY") return false;
    throw error;
  }
}

/**
 * Sends a message, at once where the socket takes it, and after those before it in any case.
 * @param {Socket} socket @param {Frames} [frames] none only to see whether those that wait can go
 */
function send(socket, frames) {
  const box = boxes.get(socket) ?? { waiting: [], timer: undefined };
  boxes.set(socket, box);
  if (frames) box.waiting.push(frames);
  critical(() => {
    while (box.waiting.length && offer(socket, box.waiting[0])) box.waiting.shift();
  });
  clearTimeout(box.timer);
  if (box.waiting.length) box.timer = setTimeout(send, AGAIN_MS, socket);
}

module.exports = { send };
