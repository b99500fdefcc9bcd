import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkAddress, classPassword, hubEnd, hubEnvironment, hubUrl, startHub } from "./lib/hub.mjs";
import { root, venvProgram } from "./lib/paths.mjs";
import { environmentReady, makeEnvironment } from "./lib/python.mjs";
import { run, tail } from "./lib/run.mjs";
import { main, SetupError } from "./lib/say.mjs";
import { makeFolder } from "./lib/stamp.mjs";
import { notebookFile } from "./lib/sweep/cells.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

const usage = "npm run hub -- [--ip 127.0.0.1] [--port 8000] [--folder results/hub] [--ssl-key FILE --ssl-cert FILE]"
  + " [--trial STUDENTS [--notebook 01]]";
const mostPort = 2 ** 16 - 3;

/** @typedef {{ student: string, bytes: number, lab: number, first: number, notebook: number, fault?: string }} Row */

/** @param {string} name @param {string} text @param {number} most @returns {number} */
function integerOf(name, text, most) {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
  throw new SetupError(`--${name} must be an integer from 1 to ${most}, got ${text}`);
}

/** What the command line asks for. */
function request() {
  try {
    const { values } = parseArgs({
      options: {
        ip: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "8000" },
        folder: { type: "string", default: join(root, "results", "hub") },
        "ssl-key": { type: "string", default: "" },
        "ssl-cert": { type: "string", default: "" },
        trial: { type: "string" },
        notebook: { type: "string", default: "01" },
      },
    });
    const text = /** @type {Record<string, string>} */ (values);
    const [sslKey, sslCert] = [text["ssl-key"], text["ssl-cert"]].map((file) => file && resolve(file));
    if (Boolean(sslKey) !== Boolean(sslCert)) throw new SetupError("--ssl-key and --ssl-cert need each other");
    for (const file of [sslKey, sslCert].filter(Boolean))
      if (!existsSync(file)) throw new SetupError(`there is no file ${file}`);
    return {
      ip: text.ip, port: integerOf("port", text.port, mostPort), folder: resolve(text.folder), sslKey, sslCert,
      trial: text.trial === undefined ? undefined : integerOf("trial", text.trial, 200),
      notebook: basename(notebookFile(text.notebook)),
    };
  } catch (error) {
    throw new SetupError(/** @type {Error} */ (error).message, usage);
  }
}

/** @param {number} bytes @returns {string} */
const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)}`;

/**
 * Lets simulated students work at once, and shows what they needed.
 * @param {import("./lib/hub.mjs").HubOptions} options
 * @param {number} students
 * @param {string} notebook
 * @param {number} pid the hub's
 * @returns {Promise<boolean>} whether all came to the notebook's end
 */
async function tryOut(options, students, notebook, pid) {
  const program = join(root, "scripts", "hub", "students.py");
  const args = [program, hubUrl(options), String(students), notebook, String(pid)];
  const env = { KH_HUB_PASSWORD: options.password };
  const { code, stdout, output } = await run(venvProgram(hubEnvironment.venv, "python"), args, { env });
  if (code !== 0) throw new SetupError(`the simulated students failed:\n${tail(output)}`);
  const result = JSON.parse(stdout);
  /** @type {Row[]} */
  const rows = result.rows;
  const cells = rows.map(({ student, lab, first, notebook: all, bytes, fault }) => fault
    ? [student, "", "", "", mebibytes(bytes), fault]
    : [student, lab.toFixed(1), first.toFixed(1), all.toFixed(1), mebibytes(bytes), ""]);
  const columns = ["student", "to JupyterLab (s)", "first result (s)", "notebook (s)", "peak (MiB)", ""];
  process.stdout.write(`${textTable([columns, ...cells])}\n`
    + `${students} student${students > 1 ? "s" : ""} at once, ${notebook}: ${result.seconds.toFixed(0)} s in all, `
    + `at the peak ${mebibytes(result.all)} MiB with the hub's ${mebibytes(result.hub)}; `
    + `${result.cores} cores, ${(result.memory / 2 ** 30).toFixed(1)} GiB of memory\n`);
  return rows.every(({ fault }) => !fault);
}

/** @param {string} folder @throws {SetupError} */
function checkFolder(folder) {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new SetupError(`--folder ${folder} can't be made: ${/** @type {Error} */ (error).message}`);
  }
}

async function hub() {
  if (process.platform === "win32")
    throw new SetupError("JupyterHub does not run on Windows", "use Linux, macOS, or the Linux of WSL");
  const { trial, notebook, ...asked } = request();
  checkAddress(asked.ip);
  if (trial === undefined) checkFolder(asked.folder);
  await ensureSetup();
  if (!environmentReady(hubEnvironment)) await makeEnvironment(hubEnvironment);
  const folder = trial === undefined ? asked.folder : mkdtempSync(join(tmpdir(), "kh-hub-"));
  const options = { ...asked, folder, password: classPassword(folder) };
  try {
    const child = await startHub(options);
    if (trial === undefined) {
      process.stdout.write(`students open ${hubUrl(options)}, choose a name and give the password ${options.password}\n`
        + `their work is in ${join(folder, "students")}; Ctrl-C ends the hub\n`);
      return await hubEnd(child);
    }
    try {
      return (await tryOut(options, trial, notebook, Number(child.pid))) ? 0 : 1;
    } finally {
      child.kill("SIGTERM");
      await hubEnd(child);
    }
  } finally {
    if (trial !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(hub);
