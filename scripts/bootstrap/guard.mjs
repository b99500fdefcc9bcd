// Runs a program for as long as the process that asked for it lives: guard.mjs PROGRAM ARGUMENTS…
// When that process ends, even by kill -9, its channel to us closes, and the whole group ends: no forgotten `npm ci`
// goes on writing into the folders that the next set-up wants to fill.
import { spawn } from "node:child_process";

const [program, ...args] = process.argv.slice(2);
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
const child = spawn(program, args, { stdio: "inherit" });
child.once("error", (error) => {
  process.stderr.write(error.message, () => process.exit(127));
});
child.once("exit", (code) => process.exit(code ?? 1));
