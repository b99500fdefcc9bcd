// A cell runs in a turn of the event loop of its own, in its own context, and ends with an outcome: done, failed or
// interrupted.
"use strict";
module.exports = {
  file: "executor.js",
  changes: [
    [
      `                if (prop === "__esModule") {
                    return true;
                }
`,
      `                if (prop === "__esModule") {
                    return true;
                }
                cells.assigned(prop, attrs);
`,
    ],
    [
      `function createExecutor(rootDir, convs, console) {
`,
      `const cells = require("KERNEL/cells.cjs");
const { withoutExports } = require("KERNEL/lines.cjs");
function createExecutor(rootDir, convs, console) {
`,
    ],
    [
      `        exports,
        require: req,
    });`,
      `        exports,
        require: req,
        declare: cells.declare,
        wait: cells.wait,
        waitEach: cells.waitEach,
    });`,
    ],
    [
      `        const converted = convs.node.convert(prevDecl, src);
`,
      `        const converted = cells.compile(() => convs.node.convert(prevDecl, withoutExports(src)));
`,
    ],
    [
      `            printDiagnostics(converted.diagnostics);
            return false;
        }
        if (!converted.output) {
            prevDecl = converted.declOutput || "";
            return true;
        }
`,
      `            cells.showDiagnostics(converted.diagnostics);
            return false;
        }
        if (!converted.output) {
            prevDecl = cells.compile(() => converted.declarations());
            return true;
        }
`,
    ],
    [
      `        let promise = null;
        try {
            // Wrap code with (function(){...}) to improve the performance (#11)
            // Also, it's necessary to redeclare let and const in tslab.
            const prefix = converted.hasToplevelAwait
                ? "(async function(exports, require) { "
                : "(function(exports, require) { ";
            const wrapped = prefix +
                converted.output +
                "\\n})(__tslab__.exports, __tslab__.require)";
            const ret = vm_1.default.runInThisContext(wrapped, {
                breakOnSigint: true,
            });
            if (converted.hasToplevelAwait) {
                promise = ret;
            }
        }
        catch (e) {
            console.error(e);
            return false;
        }
        if (promise) {
            try {
                await Promise.race([promise, interruptPromise]);
            }
            catch (e) {
                console.error(e);
                return false;
            }
        }
        prevDecl = converted.declOutput || "";
`,
      `        const evaluate = (code, filename) => vm_1.default.runInThisContext(code, { filename, lineOffset: -1 });
        const outcome = await cells.run(converted, evaluate);
        if (outcome.failed) {
            prevDecl = cells.compile(() => converted.declarations(outcome.assigned));
            return false;
        }
        for (const name of converted.names) {
            if (!outcome.assigned.has(name)) {
                exports[name] = undefined;
            }
        }
        prevDecl = cells.compile(() => converted.declarations());
`,
    ],
    [
      `            console.log(ret);
`,
      `            return cells.showValue(() => require("KERNEL/display.cjs").show(ret));
`,
    ],
  ],
};
