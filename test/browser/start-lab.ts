import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

const python = join(resolve(__dirname, "..", ".."), ".venv", "bin", "python");

export const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

async function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A server for one folder, and what ends it. */
export async function startLab(folder: string): Promise<{ address: string; end: () => void }> {
  const port = await freePort();
  const lab: ChildProcess = spawn(python, ["-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
    `--port=${port}`, "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
    "--LabApp.expose_app_in_browser=True", `--ServerApp.root_dir=${folder}`], {
    cwd: folder, stdio: "ignore", detached: true,
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1", KH_PROFILE: "quick" },
  });
  const end = (): void => {
    if (lab.pid && lab.exitCode === null) process.kill(-lab.pid, "SIGTERM");
  };
  const address = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 300; i++) {
    const answered = await fetch(`${address}/api`).then(({ ok }) => ok, () => false);
    if (answered) return { address, end };
    await new Promise((done) => setTimeout(done, 200));
  }
  end();
  throw new Error("JupyterLab did not answer within a minute");
}
