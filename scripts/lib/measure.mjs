import { textOf } from "./notebooks.mjs";

/** @typedef {import("./notebooks.mjs").Notebook} Notebook */

/**
 * What a reader meets in a notebook, in numbers, so that none grows beyond what an evening holds.
 * @param {Notebook} notebook
 * @returns {{ words: number, formulas: number, drawings: number, figures: number, code: number, exercises: number }}
 */
export function measuresOf(notebook) {
  const prose = notebook.cells.filter(({ cell_type: type }) => type === "markdown").map(({ source }) => textOf(source));
  const code = notebook.cells.filter(({ cell_type: type }) => type === "code").map(({ source }) => textOf(source));
  const pictures = notebook.cells.flatMap(({ outputs }) => outputs ?? []).filter(({ data }) => data?.["image/png"]);
  const text = prose.join("\n");
  const withoutFormulas = text.replace(/\$\$[^$]*\$\$/g, " ");
  const drawings = code.join("\n").match(/\bfigure\.drawing\./g)?.length ?? 0;
  return {
    words: withoutFormulas.match(/\p{L}[\p{L}\d'’-]*/gu)?.length ?? 0,
    formulas: text.match(/\$\$[^$]+\$\$/g)?.length ?? 0,
    drawings,
    figures: pictures.length - drawings,
    code: code.length,
    exercises: code.filter((source) => /\bawait check\(/.test(source)).length,
  };
}
