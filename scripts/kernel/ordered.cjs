// A socket that takes any number of messages in one turn of the event loop.
"use strict";

/**
 * @typedef {object} Socket
 * @property {(address: string) => Promise<void>} bind
 * @property {(frames: unknown) => Promise<void>} send
 * @property {() => void} close
 */

/**
 * zeromq sends some 500 messages of a turn at once, and refuses ("busy") those that come while the next one waits. Here
 * they wait too, in their order.
 */
class OrderedSocket {
  /** @type {unknown[]} */
  #waiting = [];
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {Socket} socket */
  constructor(socket) {
    this.socket = socket;
  }

  /** @param {string} address */
  bind(address) {
    return this.socket.bind(address);
  }

  close() {
    this.socket.close();
  }

  /** @param {unknown} frames */
  send(frames) {
    this.#waiting.push(frames);
    if (this.#waiting.length === 1) this.#sendWaiting();
  }

  #sendWaiting() {
    const goOn = () => this.#sendWaiting();
    while (this.#waiting.length)
      try {
        this.#last = this.socket.send(this.#waiting[0]);
        this.#last.catch(() => {});
        this.#waiting.shift();
      } catch (error) {
        if (/** @type {{ code?: string }} */ (error).code !== "EBUSY") throw error;
        return void this.#last.then(goOn, goOn);
      }
  }
}

module.exports = { OrderedSocket };
