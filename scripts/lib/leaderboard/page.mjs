import { games } from "./games.mjs";
import { ranking } from "./board.mjs";
import { escapeHtml } from "../report.mjs";

/** @typedef {import("./board.mjs").Result} Result */
/** @typedef {import("./board.mjs").Ranked} Ranked */

const SHOWN = 6;
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [560, 234, 46, 44];

const style = `
:root { --ink: #1f2328; --quiet: #57606a; --line: #d0d7de; --wash: #f6f8fa; --paper: #fff; --bad: #b00020;
  --c0: #0a58a6; --c1: #b45309; --c2: #0f766e; --c3: #9d174d; --c4: #5b21b6; --c5: #4d7c0f; color-scheme: light; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --quiet: #9da7b3; --line: #3d444d; --wash: #161b22; --paper: #0d1117; --bad: #ff8fa0;
    --c0: #79b8ff; --c1: #f5b041; --c2: #4fd1c5; --c3: #f9a8d4; --c4: #c4b5fd; --c5: #a3d977; color-scheme: dark; }
}
body { margin: 0; font: 16px/1.6 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink);
  background: var(--paper); }
main { max-width: 60rem; margin: 0 auto; padding: 1rem 1.2rem 3rem; }
h2 { margin-top: 2.4rem; border-bottom: 1px solid var(--line); }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid #1f6feb; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { border-bottom: 2px solid var(--line); text-align: left; }
th, td { padding: .25rem .7rem; } td.number, th.number { text-align: right; white-space: nowrap; }
tbody tr:nth-child(even) { background: var(--wash); }
tbody th { border: 0; font-weight: 600; }
.bad { color: var(--bad); } .quiet { color: var(--quiet); }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 13px; }
.axis { stroke: var(--line); } .curve { fill: none; stroke-width: 2.5; }
`;

/** How lines differ beside their colour. */
const dashes = ["", "8 4", "2 4", "12 4 2 4", "6 2 2 2", "1 3"];

/** @param {Ranked[]} rows @param {import("./games.mjs").Game} game @returns {string} the curves of the first ones */
function chart(rows, { title, unit, levels }) {
  const x = (/** @type {number} */ i) => LEFT + 10 + (i * (WIDTH - LEFT - 120)) / (levels.length - 1);
  const y = (/** @type {number} */ share) => 10 + (1 - share) * (HEIGHT - BOTTOM - 10);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    `<line class="axis" x1="${LEFT}" x2="${WIDTH - 100}" y1="${y(share)}" y2="${y(share)}"/>`
    + `<text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>`);
  const ticks = levels.map((level, i) => `<text x="${x(i)}" y="${HEIGHT - 24}" text-anchor="middle">${level}</text>`);
  const ends = rows.map((row, r) => ({ r, at: y(row.levels[levels.length - 1].score) })).sort((a, b) => a.at - b.at);
  // Names stand at the ends of their curves, one below the other.
  ends.forEach((end, i) => (end.at = i ? Math.max(end.at, ends[i - 1].at + 14) : end.at));
  const curves = rows.map(({ student, levels: reached }, r) => {
    const points = reached.map(({ score }, i) => `${x(i)},${y(score).toFixed(1)}`).join(" ");
    const { at } = /** @type {{ at: number }} */ (ends.find((end) => end.r === r));
    return `<polyline class="curve" stroke="var(--c${r})" stroke-dasharray="${dashes[r]}" points="${points}"/>`
      + `<text x="${WIDTH - 94}" y="${(at + 4).toFixed(1)}">${escapeHtml(student.slice(0, 13))}</text>`;
  });
  return `<svg role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" aria-label="${title}: `
    + `curves of the first ${rows.length}; the table has the numbers">${[...grid, ...ticks, ...curves].join("")}`
    + `<text x="${(LEFT + WIDTH - 100) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${unit}</text></svg>`;
}

/** @param {number} share @returns {string} */
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** @param {Ranked} row @param {import("./games.mjs").Game} game @returns {string} */
function tableRow({ rank, student, levels, mean, seconds, fault }, game) {
  const cells = fault === undefined
    ? [mean, ...levels.map(({ score }) => score)].map((share) => `<td class="number">${percent(share)}</td>`)
    : [`<td class="bad" colspan="${game.levels.length + 1}">no score: ${escapeHtml(fault)}</td>`];
  return `<tr><td class="number">${fault === undefined ? rank : "–"}</td><th scope="row">${escapeHtml(student)}</th>`
    + `${cells.join("")}<td class="number">${seconds.toFixed(1)}</td></tr>`;
}

/** @param {Result[]} results @param {string} name of the game @returns {string} */
function section(results, name) {
  const game = games[name];
  const rows = ranking(results, name);
  const curves = rows.filter(({ fault }) => fault === undefined).slice(0, SHOWN);
  const heads = ["mean", ...game.levels.map(game.heading)];
  const head = `<tr><th scope="col" class="number">rank</th><th scope="col">who</th>`
    + `${heads.map((text) => `<th scope="col" class="number">${text}</th>`).join("")}`
    + `<th scope="col" class="number">seconds</th></tr>`;
  const table = `<div class="scroll" tabindex="0" role="region" aria-label="${game.title}: results"><table>`
    + `<thead>${head}</thead><tbody>${rows.map((row) => tableRow(row, game)).join("\n")}</tbody></table></div>`;
  return `<h2>${game.title}</h2>\n<p>${game.question}. Entries are called <code>${name}.ts</code>.</p>\n`
    + (rows.length ? `${curves.length ? chart(curves, game) : ""}\n${table}` : `<p class="quiet">No entry yet.</p>`);
}

/**
 * The board as a page that needs nothing else.
 * @param {Result[]} results
 * @param {{ refresh?: number }} [options] seconds after which the page looks again
 * @returns {string}
 */
export function boardPage(results, { refresh } = {}) {
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Leaderboard: Knowledge Hacking</title>`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    refresh ? `<script>setTimeout(() => location.reload(), ${1000 * refresh})</script>` : "",
    `<style>${style}</style></head><body><main><h1>Leaderboard</h1>`,
    "<p>Each score was made by running the entry: strategies are handed in, numbers are not.</p>",
    ...Object.keys(games).map((name) => section(results, name)),
    "</main></body></html>\n",
  ].join("\n");
}
