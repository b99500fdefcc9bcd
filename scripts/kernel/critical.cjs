// Work that must not be cut in the middle: the kernel's own, and TensorFlow's bookkeeping around its native operations.
"use strict";

let depth = 0;

/** @returns {boolean} whether such work is under way */
const inCriticalWork = () => depth > 0;

/** Code was cut: the little that runs between the order and the cut may have begun such work. */
function forgetCutWork() {
  depth = 0;
}

/**
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
function critical(work) {
  depth++;
  try {
    return work();
  } finally {
    depth--;
  }
}

module.exports = { critical, forgetCutWork, inCriticalWork };
