import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../bootstrap/paths.mjs";
import { writeWhole } from "../../bootstrap/stamp.mjs";

/** @typedef {import("./table.mjs").Row} Row */

const figuresOf = ["claim", "n", "mean", "sd", "min", "max", "held"];
const mostSeries = 10;

/**
 * Draws a claim's mean, with a band of one standard deviation, over the first parameter that takes several numbers.
 * @param {Row[]} summary
 * @param {string} folder
 * @returns {string[]} the files; none where no parameter but the seed varies
 */
export function drawSummary(summary, folder) {
  const parameters = [...new Set(summary.flatMap(Object.keys))].filter((key) => !figuresOf.includes(key));
  const varied = (/** @type {string} */ key) => new Set(summary.map((row) => row[key])).size > 1;
  const axis = parameters.find((key) => varied(key) && summary.every((row) => typeof row[key] === "number"));
  if (!axis) return [];
  const others = parameters.filter((key) => key !== axis && varied(key));
  const nameOf = (/** @type {Row} */ row) => others.map((key) => `${key} ${row[key]}`).join(", ") || "mean";
  const { figureSpec, renderFigure } = createRequire(import.meta.url)(join(root, "lib"));
  return [...new Set(summary.map(({ claim }) => String(claim)))].map((claim) => {
    const rows = summary.filter((row) => row.claim === claim).sort((a, b) => Number(a[axis]) - Number(b[axis]));
    const names = [...new Set(rows.map(nameOf))].slice(0, mostSeries);
    const series = names.map((name) => {
      const mine = rows.filter((row) => nameOf(row) === name);
      const spread = mine.map(({ sd }) => Number(sd ?? 0));
      const y = mine.map(({ mean }) => Number(mean));
      const edge = (/** @type {number} */ sign) => y.map((value, i) => value + sign * spread[i]);
      return { name, x: mine.map((row) => Number(row[axis])), y, low: edge(-1), high: edge(1) };
    });
    const file = join(folder, `${claim.replace(/[^\w.-]/g, "_")}.png`);
    const title = `${claim}: mean ± one standard deviation`;
    writeWhole(file, renderFigure(figureSpec.lines(series, { title, xTitle: axis, yTitle: "reproduced" })).png);
    return file;
  });
}
