// The compiler also says which line of the cell a place in the compiled code comes from.
"use strict";
module.exports = {
  file: "converter.js",
  changes: [
    [
      `        rootDir: cwd,
        outDir,
`,
      `        rootDir: cwd,
        outDir,
        sourceMap: true,
`,
    ],
    [
      `                if (!fileName.endsWith(".js")) {`,
      `                if (fileName === dstFilename + ".map") {
                    toModule = data;
                    return;
                }
                if (!fileName.endsWith(".js")) {`,
    ],
    [
      `        let lastExpressionVar;
        let sideOutputs;
`,
      `        let lastExpressionVar;
        let sideOutputs;
        let toModule, toCommonJS;
`,
    ],
    [
      `            output: esModuleToCommonJSModule(output, transpileTarget),`,
      `            output: esModuleToCommonJSModule(output, transpileTarget, (map) => { toCommonJS = map; }),
            placeOf: require("KERNEL/lines.cjs").placesBy(toModule, toCommonJS),`,
    ],
    [
      `function esModuleToCommonJSModule(js, target) {
    let out = ts.transpileModule(js, {`,
      `function esModuleToCommonJSModule(js, target, onMap) {
    const transpiled = ts.transpileModule(js, {`,
    ],
    [
      `            // Remove 'use strict' from outputs.
            noImplicitUseStrict: true,
        },
    }).outputText;
`,
      `            // Remove 'use strict' from outputs.
            noImplicitUseStrict: true,
            sourceMap: onMap !== undefined,
        },
    });
    if (onMap) {
        onMap(transpiled.sourceMapText);
    }
    let out = transpiled.outputText;
`,
    ],
  ],
};
