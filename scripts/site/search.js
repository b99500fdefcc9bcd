// How the site's search reads words: a name such as loadCsv also as its parts, and without words that say nothing.
(() => {
  const idle = new Set("a an and are by can do does for from how i in is it me my of on or own the this to what which "
    .concat("with you your").split(" "));
  const parts = (word) => word.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2").split(" ");
  const tokenize = (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
    .flatMap((word) => (parts(word).length > 1 ? [word, ...parts(word)] : [word]));
  const processTerm = (term) => {
    const word = term.toLowerCase();
    return idle.has(word) ? null : word;
  };

  /** A search over these entries: { title, page, url, text } each. */
  globalThis.siteSearch = (MiniSearch, entries) => {
    const engine = new MiniSearch({
      fields: ["title", "page", "text"],
      storeFields: ["title", "page", "url"],
      tokenize,
      processTerm,
      searchOptions: { boost: { title: 3, page: 1.5 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
    });
    engine.addAll(entries.map((entry, id) => ({ id, ...entry })));
    return engine;
  };
})();
