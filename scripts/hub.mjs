import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { anyPath, existingFile, integer, readArguments } from "./bootstrap/arguments.mjs";
import {
  checkAddress, checkPassword, checkPorts, classPassword, hubEnd, hubEnvironment, hubUrl, startHub,
} from "./lib/hub.mjs";
import { root, venvProgram } from "./bootstrap/paths.mjs";
import { environmentReady, makeEnvironment } from "./bootstrap/python.mjs";
import { causeIn, run } from "./bootstrap/run.mjs";
import { main, SetupError } from "./bootstrap/say.mjs";
import { checkWritable } from "./bootstrap/stamp.mjs";
import { notebookFile } from "./lib/notebooks.mjs";
import { releasesIn } from "./lib/nbgrader.mjs";
import { keepBoard } from "./lib/leaderboard/hub-board.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

const mostPort = 2 ** 16 - 3;

/** @typedef {{ student: string, bytes: number, lab: number, first: number, notebook: number, fault?: string }} Row */

/** What the command line asks for. */
function request() {
  const { values, refuse } = readArguments("hub", { options: {
    ip: { value: "127.0.0.1", default: "127.0.0.1" },
    port: { value: "8000", read: integer(1, mostPort), default: "8000" },
    folder: { value: "FOLDER", read: anyPath, default: join(root, "results", "hub") },
    "ssl-key": { value: "FILE", read: existingFile },
    "ssl-cert": { value: "FILE", read: existingFile },
    assignments: { value: "FOLDER", read: existingFile },
    leaderboard: {},
    trial: { value: "STUDENTS", read: integer(1, 200) },
    notebook: { value: "01", default: "01" },
  } });
  const { "ssl-key": sslKey = "", "ssl-cert": sslCert = "", notebook, ...rest } = values;
  if (Boolean(sslKey) !== Boolean(sslCert)) refuse("--ssl-key and --ssl-cert need each other");
  return { ...rest, sslKey, sslCert, notebook: basename(notebookFile(notebook)) };
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
  if (code !== 0) throw new SetupError(`the simulated students failed:\n${causeIn(output)}`);
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

async function hub() {
  if (process.platform === "win32")
    throw new SetupError("JupyterHub does not run on Windows", "use Linux, macOS, or the Linux of WSL");
  const { trial, notebook, leaderboard, assignments: course, ...asked } = request();
  checkAddress(asked.ip);
  checkPassword();
  if (trial === undefined) checkWritable(asked.folder);
  await checkPorts(asked);
  await ensureSetup();
  if (!environmentReady(hubEnvironment)) await makeEnvironment(hubEnvironment);
  const folder = trial === undefined ? asked.folder : mkdtempSync(join(tmpdir(), "kh-hub-"));
  const assignments = course ? releasesIn(course) : [];
  const options = { ...asked, folder, assignments, password: classPassword(folder) };
  try {
    const child = await startHub(options);
    if (trial === undefined) {
      process.stdout.write(`students open ${hubUrl(options)}, choose a name and give the password ${options.password}\n`
        + `their work is in ${join(folder, "students")}; Ctrl-C ends the hub\n`);
      if (!leaderboard) return await hubEnd(child);
      process.stdout.write(`the leaderboard is ${join(folder, "leaderboard", "index.html")}, and in each student's `
        + "folder leaderboard\n");
      return await keepBoard(folder, hubEnd(child));
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
