// Starts a kernel as a server does, a process from one of its cells and an endless cell, and says who they are.
import { TestKernel } from "./client";

void (async () => {
  const kernel = await TestKernel.start();
  const { stdout } = await kernel.run(`import { spawn } from "child_process";
    spawn(process.execPath, ["-e", "setInterval(() => {}, 100)"], { detached: true }).pid`);
  void kernel.run("for (;;) {}");
  process.stdout.write(`${kernel.process.pid} ${stdout}`);
  setInterval(() => undefined, 1000);
})();
