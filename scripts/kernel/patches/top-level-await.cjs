// A cell awaits wherever an await stands outside of every function, in `for await` too; tslab infers it from one
// compiler message, which `for await` does not cause.
"use strict";
module.exports = {
  file: "converter.js",
  changes: [
    [
      `            hasToplevelAwait: diag.hasToplevelAwait,`,
      `            hasToplevelAwait: require("KERNEL/lines.cjs").awaitsAtTop(srcFile),`,
    ],
    [
      `            if (d.file.fileName === srcFilename &&
                isTopLevelAwaitDiagnostic(srcFile, d)) {`,
      `            if (d.file.fileName === srcFilename && [1103, 1431, 1432].includes(d.code)) {
                continue;
            }
            if (d.file.fileName === srcFilename &&
                isTopLevelAwaitDiagnostic(srcFile, d)) {`,
    ],
  ],
};
