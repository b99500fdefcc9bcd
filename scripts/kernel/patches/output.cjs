// What a cell writes and displays goes through its own output, to whichever cell the code belongs; an error is an
// error message, not text on stderr.
"use strict";
module.exports = {
  file: "jupyter.js",
  changes: [
    [
      `        process.stdout.write = this.createWriteToIopub("stdout", writeStream);
        process.stderr.write = this.createWriteToIopub("stderr", writeStream);
        exports.lastWriteDisplayData = writeDisplayData;
        let count = new ExecutionCount(++this.execCount);
        let ok = await this.executor.execute(req.code);
        if (!ok) {
            throw count;
        }
        return count;
`,
      `        const writeStream = (name, text) => cells.currentCell().write(name, text);
        process.stdout.write = this.createWriteToIopub("stdout", writeStream);
        process.stderr.write = this.createWriteToIopub("stderr", writeStream);
        exports.lastWriteDisplayData = (data, update) => cells.currentCell().display(data, update);
        let count = new ExecutionCount(++this.execCount);
        const cell = cells.begin(this.execCount, req.code, publish);
        try {
            await cells.execute(cell, () => this.executor.execute(req.code));
        }
        catch (error) {
            cells.showFailure(cell, error);
        }
        finally {
            cells.end(cell);
        }
        count.error = cell.error;
        if (count.error && req.stop_on_error !== false) {
            throw count;
        }
        return count;
`,
    ],
    [
      `const utf8Decoder = new util_1.TextDecoder();
`,
      `const cells = require("KERNEL/cells.cjs");
const utf8Decoder = new util_1.TextDecoder();
`,
    ],
    [
      `    async handleExecute(req, writeStream, writeDisplayData) {
`,
      `    async handleExecute(req, publish) {
`,
    ],
    [
      `this.execQueue.add(() => this.handleExecuteImpl(req, writeStream, writeDisplayData));`,
      `this.execQueue.add(() => this.handleExecuteImpl(req, publish));`,
    ],
    [
      `    async handleExecuteImpl(req, writeStream, writeDisplayData) {
`,
      `    async handleExecuteImpl(req, publish) {
`,
    ],
    [
      `        return {
            status: status,
            execution_count: count ? count.count : undefined,
        };
`,
      `        return {
            status: count && count.error ? "error" : status,
            execution_count: count ? count.count : undefined,
            ...(count && count.error),
        };
`,
    ],
    [
      `                status = "abort";
`,
      `                status = "aborted";
`,
    ],
    [
      `                // Sleep 200ms to abort all pending tasks in ZMQ queue then reset the task queue.
                // https://github.com/yunabe/tslab/issues/19
                // We might just need to sleep 1ms here to process all pending requests in ZMQ.
                // But we wait for 200ms for safety. 200ms is selected from:
                // https://material.io/design/motion/speed.html#duration
                this.execQueue.reset(200);
`,
      `                // Requests that wait are read, and so aborted, before the reply; what comes after it is not.
                await new Promise((resolve) => setTimeout(resolve, 20));
                this.execQueue.reset();
`,
    ],
    [
      `        const writeStream = (name, text) => {
            const reply = msg.createReply();
            reply.header.msg_type = "stream";
            reply.content = {
                name,
                text,
            };
            reply.signAndSend(this.connInfo.key, this.iopub);
        };
        const writeDisplayData = (data, update) => {
            const reply = msg.createReply();
            reply.header.msg_type = update ? "update_display_data" : "display_data";
            reply.content = data;
            reply.signAndSend(this.connInfo.key, this.iopub);
        };
        const content = await this.handler.handleExecute(msg.content, writeStream, writeDisplayData);
`,
      `        const publish = (type, content) => {
            const reply = msg.createReply();
            reply.header.msg_type = type;
            reply.content = content;
            reply.signAndSend(this.connInfo.key, this.iopub);
        };
        const content = await this.handler.handleExecute(msg.content, publish);
`,
    ],
    [
      `        this.iopub = new zmq.Publisher();
`,
      `        this.iopub = new zmq.Publisher({ sendHighWaterMark: 0 });
`,
    ],
  ],
};
