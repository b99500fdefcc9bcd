import { escapeHtml } from "../report.mjs";

/**
 * @typedef {{ title: string, path: string }} Entry
 * @typedef {{ name: string, entries: Entry[] }} Group
 * @typedef {import("./markdown.mjs").Section} Section
 */

/** @param {string} path of a page of the site @returns {string} what leads from it to the site's folder */
export const baseOf = (path) => "../".repeat(path.split("/").length - 1);

/** @param {Entry} entry @param {string} base @param {string} [rel] @returns {string} */
const link = ({ title, path }, base, rel) =>
  `<a href="${base}${path}"${rel ? ` rel="${rel}"` : ""}>${escapeHtml(title)}</a>`;

/** @param {Group[]} groups @param {string} current @param {Section[]} sections @returns {string} */
function menu(groups, current, sections) {
  const base = baseOf(current);
  const inside = sections.filter(({ level }) => level === 2)
    .map(({ heading, id }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(heading)}</a></li>`).join("");
  const item = (/** @type {Entry} */ entry) => entry.path === current
    ? `<li><a href="" aria-current="page">${escapeHtml(entry.title)}</a>${inside ? `<ul>${inside}</ul>` : ""}</li>`
    : `<li>${link(entry, base)}</li>`;
  return groups.map(({ name, entries }) =>
    `<p class="group">${escapeHtml(name)}</p><ul>${entries.map(item).join("")}</ul>`).join("\n");
}

/**
 * One page of the site.
 * @param {object} page
 * @param {string} page.path within the site
 * @param {string} page.title
 * @param {string} page.body HTML
 * @param {Section[]} page.sections
 * @param {Group[]} page.groups every page there is
 * @returns {string}
 */
export function layout({ path, title, body, sections, groups }) {
  const base = baseOf(path);
  const row = groups.find(({ entries }) => entries.some((entry) => entry.path === path))?.entries ?? [];
  const at = row.findIndex((entry) => entry.path === path);
  const [before, after] = [row[at - 1], row[at + 1]];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}${path === "index.html" ? "" : " · Knowledge Hacking"}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}site.css">
<script defer src="${base}site.js"></script>
</head>
<body data-base="${base}">
<a class="skip" href="#content">Skip to the content</a>
<header>
<a class="brand" href="${base}index.html">Knowledge Hacking</a>
<div class="search" role="search">
<input id="search" type="search" placeholder="Search" aria-label="Search" autocomplete="off">
<ul id="found" aria-label="Search results" hidden></ul>
<p id="found-count" class="unseen" role="status"></p>
</div>
</header>
<div class="frame">
<nav aria-label="Pages"><details class="menu" open><summary>Contents</summary>
${menu(groups, path, sections)}
</details><script>if (innerWidth < 900) document.currentScript.previousElementSibling.open = false;</script></nav>
<main id="content">
${body}
${before || after ? `<p class="turn">${before ? `<span>← ${link(before, base, "prev")}</span>` : "<span></span>"}
${after ? `<span>${link(after, base, "next")} →</span>` : ""}</p>` : ""}
</main>
</div>
</body>
</html>
`;
}
