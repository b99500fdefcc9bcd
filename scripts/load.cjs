// Runs a command in the place of start.cjs, as if Node had been started with its file.
"use strict";
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const [name, ...words] = process.argv.slice(2);
process.argv = [process.argv[0], join(__dirname, `${name}.mjs`), ...words];
import(pathToFileURL(process.argv[1]).href);
