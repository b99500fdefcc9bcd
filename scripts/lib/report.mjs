import { headingBefore, textOf, titleOf } from "./notebooks.mjs";

/** @typedef {import("./notebooks.mjs").Notebook} Notebook */
/** @typedef {Record<string, any>} Claim */
/** @typedef {import("./ledger.mjs").Run} Run */

const entities = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" });
/** @param {unknown} text @returns {string} text made safe inside HTML */
export const escapeHtml = (text) => String(text).replace(/[&<>"]/g, (character) => entities[character]);

/** @param {number} value @returns {string} four significant digits, and never fewer than its integer part has */
export function formatNumber(value) {
  if (Number.isInteger(value)) return String(value);
  return String(Math.abs(value) >= 1000 ? Number(value.toFixed(2)) : Number(value.toPrecision(4)));
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 0.8rem 0; font-size: 14px; } th { border-bottom: 2px solid #888; }
td, th { padding: 0.2rem 0.7rem; vertical-align: top; } tr:nth-child(even) td { background: #f6f6f6; }
img { max-width: 100%; height: auto; } h2 { margin-top: 3rem; border-top: 1px solid #ccc; padding-top: 1rem; }
h3 { margin-top: 2rem; } .bad { color: #b00020; font-weight: 600; } .number { text-align: right; white-space: nowrap; }
`;

/** @param {Claim[]} claims @returns {string} */
export function claimsTable(claims) {
  const rows = claims.map((claim) => [
    "<tr>",
    `<td>${escapeHtml(claim.notebook)}${claim.profile ? `<br><small>${escapeHtml(claim.profile)}</small>` : ""}</td>`,
    `<td>${escapeHtml(claim.statement)}<br><small>${escapeHtml(claim.id)} · ${escapeHtml(claim.source)}</small></td>`,
    `<td class="number">${escapeHtml(claim.expected)}</td>`,
    `<td class="number">${escapeHtml(formatNumber(claim.reproduced))}</td>`,
    `<td${claim.verdict === "not reproduced" ? ' class="bad"' : ""}>${escapeHtml(claim.verdict)}`,
    `${claim.reason ? `: ${escapeHtml(claim.reason)}` : ""}</td></tr>`,
  ].join(""));
  const heads = ["notebook", "claim", "expected", "reproduced", "verdict"].map((text) => `<th>${text}</th>`).join("");
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
}

/** @param {Notebook} notebook @returns {string} its figures and tables, under its headings */
function resultsOf(notebook) {
  let last = titleOf(notebook);
  /** @type {string[]} */
  const parts = [];
  notebook.cells.forEach((cell, index) => {
    const shown = (cell.outputs ?? []).flatMap(({ data, metadata }) => {
      if (!data) return [];
      const png = data["image/png"];
      if (png) {
        const width = /** @type {any} */ (metadata?.["image/png"])?.width;
        const source = textOf(/** @type {string} */ (png)).replace(/\s/g, "");
        const alt = escapeHtml(textOf(/** @type {string} */ (data["text/plain"])));
        return [`<p><img alt="${alt}"${width ? ` width="${width}"` : ""} src="data:image/png;base64,${source}"></p>`];
      }
      const html = textOf(/** @type {string} */ (data["text/html"]));
      return html && !html.includes("<script") ? [html] : [];
    });
    if (!shown.length) return;
    const heading = headingBefore(notebook, index);
    if (heading && heading !== last) parts.push(`<h3>${escapeHtml(heading)}</h3>`);
    last = heading;
    parts.push(...shown);
  });
  return parts.join("\n");
}

/** @param {Run} run @returns {string} when, with what and on what a run measured, in one line */
function ledgerLine({ id, profile, seed, commit, changed, threads, processor: { model, cores } }) {
  const state = commit ? ` · commit ${commit.slice(0, 10)}${changed ? ", changed" : ""}` : "";
  return `profile ${profile} · seed ${seed} · ${model}, ${cores} cores, TensorFlow on ${threads} · run ${id}${state}`;
}

/**
 * The report of some results: one HTML file that needs nothing else.
 * @param {object} report
 * @param {Claim[]} report.claims each with its notebook's name and its profile
 * @param {{ name: string, run: Run, seconds: number, notebook: Notebook }[]} report.runs
 * @returns {string}
 */
export function reportHtml({ claims, runs }) {
  const sections = runs.map(({ name, run, seconds, notebook }) =>
    `<h2 id="${escapeHtml(`${name}-${run.profile}`)}">${escapeHtml(titleOf(notebook) || name)}</h2>\n`
    + `<p>${escapeHtml(`${name} · ${(seconds / 60).toFixed(1)} minutes · ${ledgerLine(run)}`)}</p>\n`
    + resultsOf(notebook));
  const held = claims.filter(({ verdict }) => verdict === "reproduced").length;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Knowledge Hacking: results</title>`,
    `<style>${style}</style></head><body><h1>Knowledge Hacking: results</h1>`,
    `<p>The newest result of each notebook and profile · ${held} of ${claims.length} claims reproduced</p>`,
    claims.length ? claimsTable(claims) : "",
    ...sections,
    "</body></html>\n",
  ].join("\n");
}
