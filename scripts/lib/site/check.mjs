import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { filesBelow } from "../../bootstrap/stamp.mjs";

const outside = /^(?:[a-z][a-z+.-]*:|\/\/)/i;

/** @param {string} text @returns {string} */
const unescape = (text) => text.replace(/&amp;/g, "&").replace(/&quot;/g, '"').replace(/&#x?27;|&#39;/g, "'");

/**
 * The links of a folder of HTML files that lead nowhere: no such file, or no such place in it.
 * @param {string} folder
 * @returns {string[]}
 */
export function brokenLinks(folder) {
  /** @type {Map<string, Set<string>>} */
  const ids = new Map();
  const idsOf = (/** @type {string} */ file) => {
    const known = ids.get(file) ?? new Set(
      [...readFileSync(file, "utf8").matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id]) => unescape(id)));
    ids.set(file, known);
    return known;
  };
  const pages = filesBelow(folder).filter((file) => file.endsWith(".html"));
  return pages.flatMap((file) => {
    const text = readFileSync(file, "utf8").replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, (script) =>
      script.slice(0, script.indexOf(">") + 1));
    const links = text.matchAll(/<(?!use\b)[a-z][^>]*?\s(?:href|src)="([^"]*)"/gi);
    const targets = new Set([...links].map(([, href]) => unescape(href)));
    return [...targets].flatMap((href) => {
      if (outside.test(href)) return [];
      const [path, fragment = ""] = href.split("#");
      const target = path ? join(dirname(file), decodeURIComponent(path.split("?")[0])) : file;
      const here = relative(folder, file);
      if (!existsSync(target) || statSync(target).isDirectory()) return [`${here}: ${href} leads to no file`];
      const id = decodeURIComponent(fragment);
      return id && target.endsWith(".html") && !idsOf(target).has(id) ? [`${here}: ${href} leads to no heading`] : [];
    });
  });
}
