// Answers to what JupyterLab asks of every kernel: open comms, and past cells, of which it has none.
"use strict";
module.exports = {
  file: "jupyter.js",
  changes: [
    [
      `        reply.header.msg_type = "complete_reply";
        // comm is not supported`,
      `        reply.header.msg_type = "comm_info_reply";
        // comm is not supported`,
    ],
    [
      `                default:
                    console.warn(`,
      `                case "history_request": {
                    const reply = msg.createReply();
                    reply.header.msg_type = "history_reply";
                    reply.content = { status: "ok", history: [] };
                    reply.signAndSend(this.connInfo.key, sock);
                    break;
                }
                default:
                    console.warn(`,
    ],
  ],
};
