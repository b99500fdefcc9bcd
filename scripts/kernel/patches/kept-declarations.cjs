// What a cell declared before it failed, or was interrupted, is there in the next one: the compiler gives the
// declarations for the names that were given a value.
"use strict";
module.exports = {
  file: "converter.js",
  changes: [
    [
      `        declOutput += remainingDecls(builder.getProgram().getTypeChecker(), srcFile, declsFile);
`,
      `        const ownDeclarations = declOutput || "";
        const checker = builder.getProgram().getTypeChecker();
        // Once, after the cell has ended: it takes the former declarations apart.
        const declarations = (assigned) => {
            if (!assigned) {
                return ownDeclarations + remainingDecls(checker, srcFile, declsFile);
            }
            const isReached = (name) => assigned.has(name);
            const isType = (symbol) => !(symbol.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Alias));
            const reached = new Map([...(srcFile.locals || [])]
                .filter(([name, symbol]) => isReached(name) || isType(symbol)));
            return require("KERNEL/lines.cjs").declarationsOf(ownDeclarations, isReached)
                + remainingDecls(checker, { locals: reached }, declsFile);
        };
        const names = keys;
`,
    ],
    [
      `            declOutput,
            diagnostics: diag.diagnostics,`,
      `            declarations,
            names,
            diagnostics: diag.diagnostics,`,
    ],
  ],
};
