import katex from "@vscode/markdown-it-katex";
import GithubSlugger, { slug } from "github-slugger";
import hljs from "highlight.js/lib/common";
import MarkdownIt from "markdown-it";
import anchor from "markdown-it-anchor";
import { escapeHtml } from "../report.mjs";

/**
 * @typedef {{ heading: string, level: number, id: string, text: string }} Section
 * @typedef {object} Page what rendering one page collects, across its pieces of Markdown
 * @property {GithubSlugger} slugger
 * @property {Section[]} sections
 * @property {(href: string) => string} resolve where a link of the source leads in the site
 */

/** @param {(href: string) => string} resolve @returns {Page} */
export const newPage = (resolve) => ({ slugger: new GithubSlugger(), sections: [], resolve });

/** @param {string} code @param {string} [language] @returns {string} */
export const highlighted = (code, language = "") =>
  hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : escapeHtml(code);

/** The id of a heading that an anchor means, in GitHub's spelling or in Jupyter's. */
export const anchorId = (/** @type {string} */ fragment) => slug(decodeURIComponent(fragment).replaceAll("-", " "));

// MathML needs neither style sheet nor fonts.
const markdown = new MarkdownIt({ html: true, highlight: highlighted })
  .use(/** @type {any} */ (katex).default ?? katex, { output: "mathml" })
  .use(anchor, { tabIndex: false, slugifyWithState: (title, { env }) => env.slugger.slug(title) });

for (const [kind, attribute] of [["link_open", "href"], ["image", "src"]]) {
  const before = markdown.renderer.rules[kind];
  markdown.renderer.rules[kind] = (tokens, index, options, env, self) => {
    const token = tokens[index];
    token.attrSet(attribute, env.resolve(token.attrGet(attribute) ?? ""));
    return before ? before(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
  };
}
// A formula wider than the page scrolls: by the keyboard too.
for (const kind of Object.keys(markdown.renderer.rules).filter((name) => name.startsWith("math_"))) {
  const formula = markdown.renderer.rules[kind];
  markdown.renderer.rules[kind] = (...given) =>
    (formula?.(...given) ?? "").replace(/<math (?=[^>]*display="block")/g, '$&tabindex="0" ');
}
markdown.renderer.rules.table_open = () => '<div class="scroll" tabindex="0" role="group" aria-label="table"><table>\n';
markdown.renderer.rules.table_close = () => "</table></div>\n";
markdown.renderer.rules.fence = (
  /** @type {import("markdown-it").Token[]} */ tokens, /** @type {number} */ index,
) => codeBlock(tokens[index].content.trimEnd(), tokens[index].info.trim());

/** @param {string} code @param {string} [language] @returns {string} */
export const codeBlock = (code, language) =>
  `<pre class="code" tabindex="0"><code>${highlighted(code, language)}</code></pre>\n`;

/** @param {import("markdown-it").Token[]} tokens @returns {string} */
const plainText = (tokens) => tokens.map(({ content, type, children }) =>
  children ? plainText(children) : type.startsWith("html") ? " " : content || " ").join("");

/**
 * Renders a piece of Markdown, and notes its sections for the menu and the search.
 * @param {string} source
 * @param {Page} page
 * @returns {string}
 */
export function render(source, page) {
  const tokens = markdown.parse(source, page);
  tokens.forEach((token, i) => {
    if (token.type === "heading_open") {
      const heading = plainText([tokens[i + 1]]).trim();
      page.sections.push({ heading, level: Number(token.tag[1]), id: token.attrGet("id") ?? "", text: "" });
    } else if (token.type === "inline" && tokens[i - 1]?.type !== "heading_open" && page.sections.length)
      page.sections[page.sections.length - 1].text += ` ${plainText([token])}`;
  });
  return markdown.renderer.render(tokens, markdown.options, page);
}

/**
 * What is to be read in a piece of Markdown, block by block; in place of code, formulas and tags stands a bar.
 * @param {string} source
 * @returns {string[]}
 */
export const proseOf = (source) => markdown.parse(source, newPage((href) => href)).flatMap(({ type, children }) =>
  type !== "inline" ? [] : (children ?? []).map(({ type: kind, content }) =>
    kind === "text" ? content : kind === "softbreak" ? " " : /_(?:open|close)$/.test(kind) ? "" : " | ").join(""));
