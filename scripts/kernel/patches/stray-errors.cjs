// An error that no code waited for is shown once, in the output of the cell that caused it.
"use strict";
module.exports = {
  file: "main.js",
  changes: [
    [
      `        console.error("UncaughtException:", err);
`,
      `        require("KERNEL/cells.cjs").showStray("Error outside of a cell's own run", err);
`,
    ],
    [
      `        console.error("UnhandledPromiseRejection:", reason);
`,
      `        require("KERNEL/cells.cjs").showStray("Promise that nothing awaited", reason);
`,
    ],
    [
      `    process.on("SIGINT", () => {
        executor.interrupt();
    });
`,
      `    process.on("SIGINT", () => require("KERNEL/cells.cjs").interrupt());
`,
    ],
  ],
};
