// The default import of a compiled ES module that has no default export is the module itself, as the types say
// (`import danfo from "danfojs-node"`).
"use strict";
module.exports = {
  file: "converter.js",
  changes: [
    [
      `    return out;
}
exports.esModuleToCommonJSModule`,
      `    out = out.replace("return (mod && mod.__esModule) ? mod : { \\"default\\": mod };",
        "return (mod && mod.__esModule && \\"default\\" in mod) ? mod : { \\"default\\": mod };");
    return out;
}
exports.esModuleToCommonJSModule`,
    ],
  ],
};
