// The control channel is served by a thread of its own, so that a busy cell can be interrupted.
"use strict";
module.exports = {
  file: "jupyter.js",
  changes: [
    [
      `        this.control = new zmq.Router();
`,
      `        this.control = new (require("KERNEL/control.cjs").ControlSocket)();
`,
    ],
    [
      `        const res = (0, converter_1.isCompleteCode)(req.code);
`,
      `        const res = critical(() => (0, converter_1.isCompleteCode)(req.code));
`,
    ],
    [
      `        const info = this.executor.inspect(req.code, req.cursor_pos);
`,
      `        const info = critical(() => this.executor.inspect(req.code, req.cursor_pos));
`,
    ],
    [
      `        const info = this.executor.complete(req.code, req.cursor_pos);
`,
      `        const info = critical(() => this.executor.complete(req.code, req.cursor_pos));
`,
    ],
    [
      `/** The zmq identity prefix delimiter */
`,
      `const { critical } = require("KERNEL/critical.cjs");
/** The zmq identity prefix delimiter */
`,
    ],
  ],
};
