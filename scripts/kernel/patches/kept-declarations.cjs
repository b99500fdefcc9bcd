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
            const isType = (symbol) => {
                if ((symbol.declarations || []).some((decl) => ts.isTypeOnlyImportOrExportDeclaration(decl))) {
                    return true;
                }
                const named = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
                return !(named.flags & ts.SymbolFlags.Value);
            };
            const kept = new Map([...(srcFile.locals || [])]
                .filter(([name, symbol]) => assigned.has(name) || isType(symbol)));
            return require("KERNEL/lines.cjs").declarationsOf(ownDeclarations, kept)
                + remainingDecls(checker, { locals: kept }, declsFile);
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
