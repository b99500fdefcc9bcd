/** Tags whose text is no prose: code, types, names, references. */
const noProse = /^@(?:example|see|typedef|type|template|module|import)\b/;

/**
 * The prose of a source's docstrings: without code, names of parameters, types and references.
 * @param {string} source
 * @returns {string[]}
 */
export function docstringsIn(source) {
  return [...source.matchAll(/\/\*\*(.*?)\*\//gs)].flatMap(([, inside]) => {
    const text = inside.replace(/^\s*\*? ?/gm, "").replace(/`[^`]*`/g, "").replace(/\{@link [^}]*\}/g, "");
    return text.split(/^(?=@\w)/m).filter((part) => !noProse.test(part)).map((part) =>
      part.replace(/^@(?:param|property)\s+(?:\{[^\n]*?\}\s+)?\S+/, "").replace(/^@\w+(?:\s+\{[^\n]*?\}(?=\s))?/, "")
        .replace(/\{[^{}]*\}/g, "").trim());
  }).filter(Boolean);
}
