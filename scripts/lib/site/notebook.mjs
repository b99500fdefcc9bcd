import { createHash } from "node:crypto";
import { textOf } from "../notebooks.mjs";
import { escapeHtml } from "../report.mjs";
import { codeBlock, render } from "./markdown.mjs";

/**
 * @typedef {import("../notebooks.mjs").Notebook} Notebook
 * @typedef {import("../notebooks.mjs").Output} Output
 * @typedef {{ file: string, png: Buffer, alt: string, id: string }} Picture
 */

const plotly = "application/vnd.plotly.v1+json";

/** @param {unknown} value @returns {string} JSON that can stand inside a script element */
const inlineJson = (value) => JSON.stringify(value).replace(/</g, "\\u003c");

/**
 * A figure: its picture first; where scripts run, the page draws the interactive one in its place.
 * @param {Output} output
 * @param {Picture[]} pictures gets the picture
 * @param {string} base
 * @returns {string}
 */
function figure({ data = {}, metadata }, pictures, base) {
  const png = Buffer.from(textOf(/** @type {string} */ (data["image/png"])), "base64");
  const file = `${createHash("sha256").update(png).digest("hex").slice(0, 16)}.png`;
  const alt = textOf(/** @type {string} */ (data["text/plain"])).replace(/\s+/g, " ");
  const id = `figure-${pictures.length + 1}`;
  pictures.push({ file, png, alt, id });
  const size = /** @type {{ width?: number, height?: number } | undefined} */ (metadata?.["image/png"]);
  const sides = size?.width ? ` width="${size.width}" height="${size.height}"` : "";
  const image = `<img src="${base}figures/${file}" alt="${escapeHtml(alt)}"${sides} loading="lazy">`;
  const spec = data[plotly] ? `<script type="application/json">${inlineJson(data[plotly])}</script>` : "";
  return `<figure id="${id}">${image}${spec}</figure>\n`;
}

/** @param {string} html @returns {string} */
const scrollable = (html) => `<div class="scroll" tabindex="0" role="group" aria-label="result">${html}</div>\n`;

/** @param {unknown} text @returns {string} */
const plain = (text) => `<pre class="text" tabindex="0">${escapeHtml(textOf(/** @type {string} */ (text)))}</pre>\n`;

/** @param {Output} output @param {Picture[]} pictures @param {string} base @returns {string} */
function outputHtml(output, pictures, base) {
  const { data } = output;
  if (output.output_type === "stream") return plain(output.text);
  if (!data) return "";
  if (data["image/png"]) return figure(output, pictures, base);
  const html = textOf(/** @type {string} */ (data["text/html"]));
  return html && !html.includes("<script") ? scrollable(html) : plain(data["text/plain"]);
}

/**
 * A notebook as it ran: prose, code and results.
 * @param {Notebook} notebook
 * @param {import("./markdown.mjs").Page} page
 * @param {string} base what leads from the page to the site's folder
 * @returns {{ html: string, pictures: Picture[] }}
 */
export function notebookHtml(notebook, page, base) {
  /** @type {Picture[]} */
  const pictures = [];
  const html = notebook.cells.map(({ id, cell_type: type, source, outputs = [] }) => {
    if (type === "markdown") return render(textOf(source), page);
    if (type === "raw") return "";
    const results = outputs.map((output) => outputHtml(output, pictures, base));
    return `<div class="cell" data-id="${escapeHtml(id)}">${codeBlock(textOf(source), "typescript")}`
      + `<div class="results">${results.join("")}</div></div>`;
  }).join("\n");
  return { html, pictures };
}
