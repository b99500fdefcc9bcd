import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { freePorts, TestKernel } from "./client";

const root = resolve(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "kh-life-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const isAlive = (pid: number): boolean => {
  // A process that nobody waits for any more stays as a zombie where the container has no init.
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

async function waitFor(what: () => boolean, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end && !what();) await new Promise((done) => setTimeout(done, 100));
  return what();
}

test("a busy kernel ends when it is asked to", async () => {
  const kernel = await TestKernel.start();
  const running = assert.rejects(kernel.run("for (;;) {}"), /the kernel ended/);
  await new Promise((done) => setTimeout(done, 1000));
  assert.ok((await kernel.shutdown()) < 3000);
  await running;
});

test("a kernel and what its cells started end with the process that started it, also killed and while busy",
  { skip: existsSync("/proc/self/status") ? false : "needs /proc" }, async () => {
    const parent = spawn(process.execPath, ["--import", "tsx", join(__dirname, "server-to-kill.ts")],
      { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    const said = await new Promise<string>((done) => parent.stdout.once("data", (text: Buffer) => done(String(text))));
    const pids = said.trim().split(" ").map(Number);
    assert.deepEqual(pids.map(isAlive), [true, true]);
    parent.kill("SIGKILL");
    assert.ok(await waitFor(() => !pids.some(isAlive), 15_000), "all have ended");
  });

for (const [at, name] of ["shell", "control", "iopub", "stdin", "heartbeat"].entries())
  test(`a kernel whose ${name} port is taken says so and ends, so that its client can start another`, async () => {
    const ports = await freePorts(5);
    const other = createServer().listen(ports[at], "127.0.0.1");
    try {
      await assert.rejects(TestKernel.startOn(ports), /the kernel can't listen on the ports it was given: .*in use/);
    } finally {
      other.close();
    }
  });

for (const signal of ["SIGHUP", "SIGKILL"] as const)
  test(`JupyterLab ends with what started it, by ${signal}, and so do its kernels`,
    { skip: existsSync("/proc/self/status") ? false : "needs /proc" }, async () => {
      const lab = spawn(process.execPath, [join(root, "scripts", "lab.mjs"), "--no-browser", "--port=0",
        "--IdentityProvider.token=secret"], { cwd: root, stdio: "ignore", detached: true,
        env: { ...process.env, JUPYTER_RUNTIME_DIR: join(folder, signal) } });
      const servers = (): { url: string; pid: number }[] => {
        const runtime = join(folder, signal);
        return (existsSync(runtime) ? readdirSync(runtime) : []).filter((file) => /^jpserver-\d+\.json$/.test(file))
          .map((file) => JSON.parse(readFileSync(join(runtime, file), "utf8")));
      };
      assert.ok(await waitFor(() => servers().length > 0, 90_000), "the server has started");
      const [{ url, pid }] = servers();
      const started = await fetch(`${url}api/kernels`, { method: "POST",
        headers: { authorization: "token secret" }, body: JSON.stringify({ name: "tslab" }) });
      assert.equal(started.status, 201);
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
      assert.ok(children.length > 0 && children.every(isAlive));
      lab.kill(signal);
      assert.ok(await waitFor(() => ![pid, ...children].some(isAlive), 20_000), "all have ended");
    });
