import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { entriesIn, freshSecret, updateBoard } from "./board.mjs";
import { handOutExamples } from "./hand-out.mjs";
import { say, sentenceOf } from "../../bootstrap/say.mjs";

const EVERY_SECONDS = 5;
const limits = { seconds: 60, mebibytes: 512 };

/** Hands out where it can, and says once what stands in the way: one student's folder is no matter of the others'. */
function carefulHandOut() {
  const said = new Set();
  return (/** @type {string} */ place) => {
    try {
      handOutExamples(place);
    } catch (error) {
      const fault = sentenceOf(error);
      if (!said.has(fault)) say(`leaderboard: ${fault}`);
      said.add(fault);
    }
  };
}

/**
 * Keeps a hub's leaderboard while the hub runs: examples and the page in each student's folder `leaderboard`, and what
 * they hand in there is run, one entry after the other. Students' kernels may read and write whatever this account may,
 * so secret and results stay in this process, and the files are written anew each time.
 *
 * @param {string} folder the hub's
 * @param {Promise<number>} ended the hub's exit code
 * @returns {Promise<number>}
 */
export async function keepBoard(folder, ended) {
  const students = join(folder, "students");
  const secret = freshSecret();
  const handOut = carefulHandOut();
  /** @type {import("./board.mjs").Result[]} */
  let known = [];
  /** @type {number | undefined} */
  let code;
  const end = ended.then((value) => (code = value));
  while (code === undefined) {
    const homes = existsSync(students) ? readdirSync(students) : [];
    const places = homes.map((student) => join(students, student, "leaderboard"));
    try {
      places.forEach(handOut);
      known = await updateBoard(join(folder, "leaderboard"), entriesIn(students, "leaderboard"), {
        secret, known, limits, refresh: EVERY_SECONDS, pages: places.map((place) => join(place, "board.html")),
        onResult: ({ student, game, fault }) => say(`leaderboard: ${student}, ${game}: ${fault ?? "done"}`),
      });
    } catch (error) {
      // A student's folder may change at any time; the class goes on.
      say(`leaderboard: ${sentenceOf(error)}`);
    }
    await Promise.race([end, sleep(1000 * EVERY_SECONDS)]);
  }
  return code;
}
