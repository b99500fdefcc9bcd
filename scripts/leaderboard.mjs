import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { anyPath, integer, readArguments } from "./bootstrap/arguments.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main, say } from "./bootstrap/say.mjs";
import { checkWritable } from "./bootstrap/stamp.mjs";
import { entriesIn, ranking, updateBoard } from "./lib/leaderboard/board.mjs";
import { networkCanBeCut } from "./lib/leaderboard/cell.mjs";
import { games } from "./lib/leaderboard/games.mjs";
import { handOutExamples } from "./lib/leaderboard/hand-out.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

const WATCH_SECONDS = 5;

/** @typedef {import("./lib/leaderboard/board.mjs").Result} Result */

/** @param {Result[]} results @returns {string} */
function boardText(results) {
  return Object.keys(games).map((name) => {
    const rows = ranking(results, name).map(({ rank, student, mean, fault }) =>
      (fault === undefined ? [String(rank), student, `${(100 * mean).toFixed(2)} %`] : ["–", student, fault]));
    return textTable([["rank", games[name].title, "mean"], ...rows]);
  }).join("\n\n");
}

async function leaderboard() {
  const { values } = readArguments("leaderboard", { options: {
    folder: { value: "FOLDER", read: anyPath, default: join(root, "results", "leaderboard") },
    seconds: { value: "N", read: integer(1, 3600), default: "60" },
    memory: { value: "MiB", read: integer(128), default: "512" },
    watch: {},
  } });
  const { folder, seconds, memory, watch } = values;
  checkWritable(folder);
  await ensureSetup();
  handOutExamples(folder);
  if (!networkCanBeCut()) say("entries have no files here, but this system does not take the network from them");
  const entries = () => entriesIn(join(folder, "entries"));
  const update = () => updateBoard(folder, entries(), {
    limits: { seconds, mebibytes: memory }, refresh: watch ? WATCH_SECONDS : undefined,
    onResult: ({ student, game, fault }) => say(`${student}, ${game}: ${fault ?? "done"}`),
  });
  const results = await update();
  process.stdout.write(`${boardText(results)}\n\n${relative(process.cwd(), join(folder, "index.html"))}: opens in any `
    + `browser; entries are ${relative(process.cwd(), join(folder, "entries", "NAME", "copy.ts"))} and so on\n`);
  while (watch) {
    await sleep(1000 * WATCH_SECONDS);
    await update();
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(leaderboard);
