// Messages wait for their turn where the socket is busy; tslab lets the socket throw and loses them.
"use strict";
module.exports = {
  file: "jupyter.js",
  changes: [
    [
      "        sock.send(heads.concat(bodies));\n",
      "        require(\"KERNEL/outbox.cjs\").send(sock, heads.concat(bodies));\n",
    ],
  ],
};
