import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { textOf, titleOf } from "./notebooks.mjs";
import { escapeHtml } from "./report.mjs";
import { newPage, render } from "./site/markdown.mjs";

/**
 * @typedef {import("./notebooks.mjs").Notebook} Notebook
 * @typedef {import("./notebooks.mjs").Cell} Cell
 */

/** Paragraphs of the first cell that are for readers at their own desk. */
const readersOnlyAtFirst = /^\*\*(?:You will|Before this|You need)|^quick|^Teaching/;

/** Sections that are for readers at their own desk. */
const readersOnly = /^(?:Exercises|Claims|Further reading|Where to go next)/;

/** @param {string} markdown @returns {string} links lead nowhere from a screen on the wall, so they become text */
const html = (markdown) => render(markdown, newPage(() => "#")).replace(/<a\b[^>]*>|<\/a>/g, "");

/** @param {string} heading such as "3 The attack · 4 min" @returns {string} */
const plainHeading = (heading) => heading.replace(/^\d+ /, "").replace(/ · \d+ min$/, "");

/** @param {string} heading @param {string} body HTML @returns {string} */
const slide = (heading, body) => `<section><h2>${escapeHtml(plainHeading(heading))}</h2>\n${body}</section>`;

/** @param {Cell} cell @returns {string} its text with the line ends that all else here looks for */
const linesOf = (cell) => textOf(cell.source).replace(/\r\n?/g, "\n");

/** @param {Cell} cell @returns {string} the question, the source and what was published */
function titleSlide(cell) {
  const paragraphs = linesOf(cell).split(/\n\n+/);
  const told = paragraphs.slice(1).filter((paragraph) => !readersOnlyAtFirst.test(paragraph));
  return `<section>${html(paragraphs[0])}\n<div class="told">${html(told.join("\n\n"))}</div></section>`;
}

/** @param {string} markdown @param {string} heading @returns {string[]} each formula, and what its symbols mean */
function formulaSlides(markdown, heading) {
  const paragraphs = markdown.split(/\n\n+/);
  return paragraphs.flatMap((paragraph, i) => /^\$\$[\s\S]*\$\$$/.test(paragraph.trim())
    ? [slide(heading, html([paragraph, paragraphs[i + 1] ?? ""].join("\n\n")))] : []);
}

/** @param {string} markdown @returns {string[]} a question each; its answer comes with the next key */
const questionSlides = (markdown) =>
  [...markdown.matchAll(/\*\*(.+?)\*\*\s+<details><summary>Answer<\/summary>\s+([\s\S]+?)<\/details>/g)].map(
    ([, question, answer]) => slide("A question", `${html(question)}\n<div class="fragment">${html(answer)}</div>`));

/** @param {Cell} cell @param {string} heading @returns {string[]} its figures */
const figureSlides = ({ outputs }, heading) => (outputs ?? []).flatMap(({ data }) => {
  const png = textOf(/** @type {string | undefined} */ (data?.["image/png"])).replace(/\s/g, "");
  const alt = escapeHtml(textOf(/** @type {string | undefined} */ (data?.["text/plain"])).replace(/\s+/g, " "));
  return png ? [slide(heading, `<img alt="${alt}" src="data:image/png;base64,${png}">`)] : [];
});

/**
 * A talk of a notebook: its question, each formula and figure under its section's heading, the summary, the questions.
 * A cell that JupyterLab marks with the slide type "skip" is left out.
 * @param {Notebook} notebook
 * @returns {string[]} HTML
 */
export function slidesOf(notebook) {
  let heading = "";
  return notebook.cells.flatMap((cell, i) => {
    const markdown = cell.cell_type === "markdown" ? linesOf(cell) : "";
    const skipped = /** @type {any} */ (cell.metadata)?.slideshow?.slide_type === "skip";
    if (i === 0) return [titleSlide(cell)];
    if (cell.cell_type !== "markdown")
      return skipped || readersOnly.test(plainHeading(heading)) ? [] : figureSlides(cell, heading);
    return markdown.split(/^(?=## )/m).flatMap((part) => {
      heading = /^## (.+)$/m.exec(part)?.[1] ?? heading;
      const name = plainHeading(heading);
      if (skipped || readersOnly.test(name)) return [];
      if (name === "Three questions") return questionSlides(part);
      if (name === "Summary") return [slide(name, html(part.replace(/^## .+\n/, "")))];
      return formulaSlides(part, heading);
    });
  });
}

const style = `
:root { --r-main-font: system-ui, sans-serif; --r-heading-font: system-ui, sans-serif; --r-main-font-size: 30px;
  --r-heading2-size: 1.4em; --r-heading1-size: 1.8em; --r-heading-text-transform: none; }
.reveal section { text-align: left; } .reveal section img { max-height: 78vh; display: block; margin: 0 auto; }
.reveal .told { font-size: 0.8em; } .reveal table { font-size: 0.7em; } .reveal math[display=block] { margin: 0.6em 0; }
`;

const revealOptions = { width: 1280, height: 800, margin: 0.06, hash: true, slideNumber: "c/t", transition: "none" };

/** @param {string} file @returns {string} a file of reveal.js, without what it would fetch */
const revealFile = (file) => readFileSync(join(root, "node_modules", "reveal.js", "dist", file), "utf8")
  .replace(/@import[^;]+;/g, "").replace(/<\/script/g, "<\\/script").replace(/\/\/# sourceMappingURL=.*/g, "");

/**
 * The talk as one HTML file that needs no network.
 * @param {Notebook} notebook
 * @returns {string}
 */
export function deckHtml(notebook) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(titleOf(notebook))}</title><link rel="icon" href="data:,">
<style>${revealFile("reset.css")}${revealFile("reveal.css")}${revealFile("theme/white.css")}${style}</style></head>
<body><div class="reveal"><div class="slides">
${slidesOf(notebook).join("\n")}
</div></div>
<script>${revealFile("reveal.js")}</script>
<script>Reveal.initialize(${JSON.stringify(revealOptions)});</script>
</body></html>
`;
}
