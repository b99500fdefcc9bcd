// A kernel that can't have its ports ends and says why; tslab's waits for ever.
"use strict";
module.exports = {
  file: "main.js",
  changes: [
    [
      `    server.init();
`,
      `    require("KERNEL/control.cjs").serve(server);
`,
    ],
  ],
};
