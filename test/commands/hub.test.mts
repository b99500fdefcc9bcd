import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { checkAddress, classPassword, hubEnvironment, hubUrl } from "../../scripts/lib/hub.mjs";
import { nameOf, notebookFiles, readNotebook } from "../../scripts/lib/notebooks.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { environmentReady, makeEnvironment } from "../../scripts/bootstrap/python.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-hub-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

// Beside the notebooks' test, which takes longest: a machine that is asked for everything need not wait for it.
if (process.env.CI === "true" && !environmentReady(hubEnvironment))
  await makeEnvironment(hubEnvironment).catch((error) => process.stderr.write(`${error.message}\n`));
const skip = environmentReady(hubEnvironment) ? false
  : "JupyterHub is not installed here (`npm run hub -- --trial 1` installs and tries it)";
const script = join(root, "scripts", "hub.mjs");

/** Asks a hub as a browser's address line does (`fetch` says that it is a script), and gives status and cookies. */
function visit(port: number, path: string, cookie = "", form?: string): Promise<{ status?: number; cookie: string }> {
  const headers = { cookie, ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}) };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method: form ? "POST" : "GET", headers };
    const asked = request(options, (answer) => {
      const cookies = (answer.headers["set-cookie"] ?? []).map((text) => text.split(";")[0]);
      answer.resume().once("end", () => resolve({ status: answer.statusCode, cookie: cookies.join("; ") }));
    });
    asked.once("error", reject).end(form);
  });
}

/** The first of three ports in a row that are free now. */
async function freePorts(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port < 65_000 ? port : freePorts();
}

test("a hub of root's is refused an address that others reach, and has one that only this machine does", () => {
  for (const ip of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) checkAddress(ip, 0);
  for (const ip of ["0.0.0.0", "::", "192.168.1.7"]) {
    checkAddress(ip, 1000);
    assert.throws(() => checkAddress(ip, 0), /runs as root must not be open to others .*\n {2}cure: run it from/);
  }
  assert.throws(() => checkAddress("classroom", 1000), /--ip must be an IP address, got classroom/);
});

test("the password is the given one, else a made one that stays and that only its owner may read", () => {
  assert.equal(classPassword(folder, "sesame-open"), "sesame-open");
  for (const bad of ["short", "with a space", "größeres!"])
    assert.throws(() => classPassword(folder, bad), /KH_HUB_PASSWORD must have 8 or more/);
  const made = classPassword(folder, "");
  assert.match(made, /^[a-z]{10}$/);
  assert.equal(classPassword(folder, ""), made);
  assert.equal(statSync(join(folder, "password")).mode & 0o077, 0);
  assert.notEqual(classPassword(join(folder, "another"), ""), made);
});

test("the address that students open has the certificate's scheme, and brackets where it needs them", () => {
  const options = { ip: "127.0.0.1", port: 8000, folder, password: "", sslKey: "", sslCert: "" };
  assert.equal(hubUrl(options), "http://127.0.0.1:8000");
  assert.equal(hubUrl({ ...options, ip: "::1", sslKey: "key.pem", sslCert: "cert.pem" }), "https://[::1]:8000");
});

test("a port in use is refused in one sentence", { skip }, async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const { status, stderr } = spawnSync(process.execPath, [script, "--port", String(port), "--folder", folder],
    { encoding: "utf8" });
  server.close();
  assert.equal(status, 1);
  assert.match(stderr, RegExp(`^error: port ${port} at 127\\.0\\.0\\.1 is in use; .*\\n {2}cure: .*\\n$`));
});

test("two simulated students run notebook 00 at once, and no process of theirs is left", { skip, timeout: 300_000 },
  async () => {
    const args = [script, "--trial", "2", "--notebook", "00", "--port", String(await freePorts())];
    const env = { ...process.env, TMPDIR: mkdtempSync(join(folder, "trial-")) };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^student1 +\d+\.\d +\d+\.\d +\d+\.\d +[1-9]\d+$/m);
    assert.match(stdout, /^student2 +\d+\.\d +\d+\.\d +\d+\.\d +[1-9]\d+$/m);
    assert.match(stdout, /^2 students at once, 00-start-here\.ipynb: \d+ s in all, at the peak [1-9]\d+ MiB /m);
    assert.deepEqual(readdirSync(env.TMPDIR), []);
    assert.ok(!spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout.includes(env.TMPDIR));
  });

test("a hub gives a student notebooks, assignments and the library, refuses others, and ends with all its servers",
  { skip, timeout: 180_000 }, async () => {
    const port = await freePorts();
    const course = join(folder, "course");
    const release = join(course, "release", "00-start-here", "00-start-here.ipynb");
    mkdirSync(dirname(release), { recursive: true });
    copyFileSync(join(root, "notebooks", "00-start-here.ipynb"), release);
    const words = ["--port", String(port), "--folder", folder, "--assignments", course, "--leaderboard"];
    const hub = spawn(process.execPath, [script, ...words], {
      stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, KH_HUB_PASSWORD: "sesame-open" },
    });
    after(() => hub.kill("SIGTERM"));
    let said = "";
    hub.stdout.setEncoding("utf8").on("data", (text) => (said += text));
    while (!said.includes("Ctrl-C ends the hub\n")) {
      assert.equal(hub.exitCode, null, "the hub has ended");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.match(said, RegExp(`^students open http://127\\.0\\.0\\.1:${port}, .* password sesame-open\n`));

    const login = async (username: string, password: string) => {
      const { cookie } = await visit(port, "/hub/login");
      const form = new URLSearchParams({ username, password, _xsrf: /_xsrf=([^;]+)/.exec(cookie)?.[1] ?? "" });
      return visit(port, "/hub/login", cookie, form.toString());
    };
    assert.equal((await login("ada", "sesame-shut")).status, 403);
    for (const name of ["../ada", "a/b", "-ada", "a".repeat(40)])
      assert.equal((await login(name, "sesame-open")).status, 403, name);
    const entered = await login("ada", "sesame-open");
    assert.equal(entered.status, 302);
    await visit(port, "/hub/spawn", entered.cookie);

    const home = join(folder, "students", "ada");
    const notebooks = join(home, "notebooks");
    const given = () =>
      (existsSync(notebooks) ? readdirSync(notebooks) : []).filter((name) => name.endsWith(".ipynb")).sort();
    const expected = ["00-start-here-assignment", ...notebookFiles().map(nameOf)].map((name) => `${name}.ipynb`).sort();
    while (given().length < expected.length) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(readdirSync(join(folder, "students")), ["ada"]);
    const names = given();
    assert.deepEqual(names, expected);
    const board = join(home, "leaderboard", "board.html");
    while (!existsSync(board)) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(existsSync(join(home, "leaderboard", "examples", "copy.ts")));
    assert.ok(readNotebook(join(notebooks, names[1])).cells.every(({ outputs }) => !outputs?.length));
    assert.ok(readFileSync(join(home, "lib", "package.json")).length > 0);

    hub.kill("SIGTERM");
    const code = await new Promise((resolve) => hub.once("exit", resolve));
    assert.equal(code, 0);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  });
