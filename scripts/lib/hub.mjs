import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { chmodSync, closeSync, openSync, readFileSync } from "node:fs";
import { createServer, isIP } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { classNotebooks } from "./classroom.mjs";
import { handedOutName } from "./nbgrader.mjs";
import { cacheDir, root, venvProgram } from "../bootstrap/paths.mjs";
import { labEnvironment } from "../bootstrap/python.mjs";
import { causeIn, childEnv } from "../bootstrap/run.mjs";
import { SetupError } from "../bootstrap/say.mjs";
import { readText, writeWhole } from "../bootstrap/stamp.mjs";

/**
 * @typedef {object} HubOptions
 * @property {string} ip the address that the hub listens on
 * @property {number} port of the hub; the two after it are used inside
 * @property {string} folder for the students' work and what the hub keeps
 * @property {string} password of the class
 * @property {string} sslKey a file, or empty
 * @property {string} sslCert a file, or empty
 * @property {{ name: string, file: string }[]} [assignments] releases to be handed out beside the notebooks
 */

/** @type {import("../bootstrap/python.mjs").Environment} */
export const hubEnvironment = {
  title: "JupyterHub",
  venv: join(root, ".venv-hub"),
  requirements: join(root, "scripts", "hub", "requirements.txt"),
  oldestPython: [3, 10],
};

const letters = "abcdefghjkmnpqrstuvwxyz";

/** @param {string} ip @returns {boolean} whether only this machine reaches it */
const isLoopback = (ip) => ip === "localhost" || ip === "::1" || (isIP(ip) === 4 && ip.startsWith("127."));

/**
 * Refuses an address that is none, and to open a hub that runs as root: its students could do anything to the machine.
 * @param {string} ip
 * @param {number | undefined} [user] the account's number, 0 for root
 * @throws {SetupError}
 */
export function checkAddress(ip, user = process.getuid?.()) {
  if (ip !== "localhost" && !isIP(ip)) throw new SetupError(`--ip must be an IP address, got ${ip}`);
  if (isLoopback(ip) || user !== 0) return;
  throw new SetupError(
    `a hub that runs as root must not be open to others (--ip ${ip}): every student could do anything to this machine`,
    "run it from an account made for the class, in a clone of its own",
  );
}

/**
 * Refuses a password of the environment that is too weak, or none.
 * @param {string} [given]
 * @throws {SetupError}
 */
export function checkPassword(given = process.env.KH_HUB_PASSWORD) {
  if (!given || /^[\x21-\x7e]{8,}$/.test(given)) return;
  throw new SetupError("KH_HUB_PASSWORD must have 8 or more letters, digits or signs, in ASCII and without spaces");
}

/**
 * The class's password: KH_HUB_PASSWORD, else the one of an earlier start, else a new one, kept in the folder.
 * @param {string} folder
 * @param {string} [given]
 * @returns {string}
 * @throws {SetupError}
 */
export function classPassword(folder, given = process.env.KH_HUB_PASSWORD) {
  checkPassword(given);
  if (given) return given;
  const file = join(folder, "password");
  const kept = readText(file)?.trim();
  if (kept) return kept;
  const made = Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join("");
  writeWhole(file, `${made}\n`);
  chmodSync(file, 0o600);
  return made;
}

/**
 * @param {string} ip
 * @param {number} port
 * @throws {SetupError} if it can't be listened on
 */
async function checkPort(ip, port) {
  const server = createServer();
  try {
    await new Promise((resolve, reject) => {
      server.once("error", reject).listen({ port, host: ip, exclusive: true }, () => resolve(undefined));
    });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    const reasons = { EADDRINUSE: "is in use", EADDRNOTAVAIL: "is at an address that this machine does not have" };
    const reason = reasons[/** @type {keyof typeof reasons} */ (code)] ?? `can't be used (${code})`;
    throw new SetupError(`port ${port} at ${ip} ${reason}; the hub takes three ports from --port on`,
      "end the hub that runs already, or choose others with --port and --ip");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/**
 * Refuses ports that a hub would need and can't have.
 * @param {{ ip: string, port: number }} options
 * @throws {SetupError}
 */
export async function checkPorts({ ip, port }) {
  await checkPort(ip, port);
  for (const inner of [port + 1, port + 2]) await checkPort("127.0.0.1", inner);
}

/** @param {HubOptions} options @returns {string} */
export function hubUrl({ ip, port, sslKey }) {
  return `${sslKey ? "https" : "http"}://${isIP(ip) === 6 ? `[${ip}]` : ip}:${port}`;
}

/**
 * Starts a hub and waits until students can come.
 * @param {HubOptions} options
 * @returns {Promise<import("node:child_process").ChildProcess>} it ends by SIGTERM, with all its servers
 * @throws {SetupError}
 */
export async function startHub(options) {
  const { port, folder } = options;
  await checkPorts(options);
  for (const entry of classNotebooks())
    if ("text" in entry) writeWhole(join(folder, "class", basename(entry.name)), entry.text);
  for (const { name, file } of options.assignments ?? [])
    writeWhole(join(folder, "class", handedOutName(name)), readFileSync(file));
  const settings = {
    ...options, root, url: hubUrl(options), proxyPort: port + 1, hubPort: port + 2, cache: cacheDir(),
    proxy: [process.execPath, join(root, "node_modules", "configurable-http-proxy", "bin", "configurable-http-proxy")],
    singleUser: venvProgram(hubEnvironment.venv, "jupyterhub-singleuser"),
    jupyterPath: join(labEnvironment.venv, "share", "jupyter"),
  };
  const config = join(root, "scripts", "hub", "jupyterhub_config.py");
  const logFile = join(folder, "hub.log");
  const log = openSync(logFile, "a");
  const hub = spawn(venvProgram(hubEnvironment.venv, "jupyterhub"), ["-f", config], {
    cwd: folder, env: childEnv({ KH_HUB: JSON.stringify(settings) }), stdio: ["ignore", log, log],
  });
  closeSync(log);
  // Ctrl-C reaches the hub too, which ends its servers and then itself.
  const stop = () => hub.kill("SIGTERM");
  const wait = () => {};
  process.on("SIGTERM", stop).on("SIGINT", wait);
  hub.once("exit", () => process.off("SIGTERM", stop).off("SIGINT", wait));
  const health = `http://127.0.0.1:${settings.hubPort}/hub/health`;
  while (hub.exitCode === null && hub.signalCode === null) {
    if (await fetch(health).then(({ ok }) => ok, () => false)) return hub;
    await sleep(200);
  }
  throw new SetupError(`JupyterHub ended before it was ready; ${logFile} says\n${causeIn(readText(logFile) ?? "")}`);
}

/** @param {import("node:child_process").ChildProcess} hub @returns {Promise<number>} its exit code */
export const hubEnd = (hub) => new Promise((resolve) => {
  if (hub.exitCode !== null || hub.signalCode !== null) resolve(hub.exitCode ?? 0);
  else hub.once("exit", (code) => resolve(code ?? 0));
});
