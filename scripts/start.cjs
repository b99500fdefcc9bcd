// What `npm run NAME` starts: start.cjs NAME WORDS…
// Every Node can read this file, the oldest too, so that one too old for the rest is told so in a sentence.
"use strict";
var version = process.versions.node;
if (Number(version.split(".")[0]) < 20) {
  process.stderr.write("error: Node 20 or later is needed, this is " + version + "\n" +
    "  cure: install Node 22 or 24 from your package manager, nvm (`nvm install 22`) or nodejs.org, then run the " +
    "command again\n");
  process.exit(1);
}
require("./load.cjs");
