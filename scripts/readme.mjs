import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { profiles, readArguments } from "./bootstrap/arguments.mjs";
import { measuresOf } from "./lib/measure.mjs";
import { claimsIn, nameOf, notebookFiles, readNotebook, titleOf } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";
import { inMinutes, readRecord } from "./lib/record.mjs";
import { formatNumber } from "./lib/report.mjs";
import { main, say, SetupError } from "./bootstrap/say.mjs";
import { makeFolder } from "./bootstrap/stamp.mjs";
import { ensureSetup } from "./setup.mjs";

/** @param {string} file @returns {string} */
const read = (file) => readFileSync(join(root, file), "utf8");

/**
 * What the README says beyond what stands in the notebooks: which cell draws the figure at the top, and the rows of
 * bench/measured.json that it shows, with their work and peer in words.
 * @typedef {{ notebook: string, cell: string, file: string }} Figure
 * @typedef {{ work: string, peer: string }} Benchmark
 * @type {{ picture: Figure, benchmarks: Record<string, Benchmark> }}
 */
const { picture, benchmarks } = JSON.parse(read("scripts/readme-notes.json"));

/**
 * What the README says of a notebook: the work it reproduces, and the claims that sum it up, id by label.
 * @typedef {{ source: string, headline: Record<string, string> }} Note
 */

/** @param {string} name @returns {string} where a notebook's notes stand */
const notesFile = (name) => `notebooks/${name}/notes.json`;

/** @param {string} name @returns {Note} */
function notesOf(name) {
  if (!existsSync(join(root, notesFile(name))))
    throw new SetupError(`add source and headline of ${name} to ${notesFile(name)}`);
  return JSON.parse(read(notesFile(name)));
}

/** @param {string} text @returns {string} */
const cellText = (text) => text.replace(/\|/g, "\\|").replace(/\n/g, " ");

/** @param {string[][]} rows the first one the headings @returns {string} */
const markdownTable = ([headings, ...rows]) =>
  [headings, headings.map(() => "---"), ...rows].map((row) => `| ${row.map(cellText).join(" | ")} |`).join("\n");

/** The notebooks as they are committed, with their notes. */
function committedNotebooks() {
  return notebookFiles().map((file) => {
    const name = nameOf(file);
    const notebook = readNotebook(file);
    const records = profiles.map((profile) => readRecord(name, profile));
    return { name, title: titleOf(notebook), claims: claimsIn(notebook), records, ...notesOf(name) };
  });
}

/**
 * What each profile measured for a claim.
 * @param {ReturnType<typeof committedNotebooks>[number]["records"]} records
 * @param {string} id
 * @returns {string[]} "" where it was not run; † where it deviates and the reason is known, ✗ where it does not hold
 */
function measured(records, id) {
  const marks = /** @type {Record<string, string>} */ ({ "explained deviation": "†", "not reproduced": "✗" });
  return records.map((record) => {
    const claim = record?.claims.find((candidate) => candidate.id === id);
    return claim ? `${formatNumber(claim.reproduced)}${marks[claim.verdict] ?? ""}` : "";
  });
}

/** @param {ReturnType<typeof committedNotebooks>[number]} notebook @returns {string} published → ours */
function headlineOf({ name, claims, headline, records }) {
  return Object.entries(headline).map(([label, id]) => {
    const claim = claims.find((candidate) => candidate.id === id);
    if (!claim) throw new SetupError(`${notesFile(name)} names the claim ${id}, which ${name} does not make`);
    return `${label}: ${claim.expected} → ${measured(records, id).filter(Boolean).join(" · ")}`;
  }).join("; ");
}

/** @returns {string} a line for each notebook */
function notebookTable() {
  const rows = committedNotebooks().map((notebook) => {
    const { name, title, source, claims, records } = notebook;
    const kept = claims.filter(({ verdict }) => verdict === "reproduced").length;
    return [
      `[${name}](notebooks/${name}.ipynb)`, title, source, headlineOf(notebook), `${kept} of ${claims.length}`,
      records.map((record) => (record ? inMinutes(record.seconds) : "not run")).join(" · "),
    ];
  });
  const headings = ["notebook", "what it asks", "source", "published or required → ours", "claims that hold",
    `minutes: ${profiles.join(" · ")}`];
  return markdownTable([headings, ...rows]);
}

/**
 * Claims that only larger profiles make: those that bring their words along.
 * @param {ReturnType<typeof committedNotebooks>[number]} notebook
 * @returns {import("./lib/record.mjs").RecordedClaim[]}
 */
function furtherClaims({ records }) {
  const told = records.flatMap((record) => record?.claims ?? []).filter(({ statement }) => statement);
  return [...new Map(told.map((claim) => [claim.id, claim])).values()];
}

/** @returns {string} every claim of every notebook */
function claimTable() {
  const rows = committedNotebooks().flatMap((notebook) => {
    const number = notebook.name.slice(0, 2);
    return [
      ...notebook.claims.map((claim) => [number, claim.statement, claim.expected,
        ...measured(notebook.records, claim.id), claim.verdict + (claim.reason ? `: ${claim.reason}` : "")]),
      ...furtherClaims(notebook).map(({ id, statement = "", expected = "" }) =>
        [number, statement, expected, ...measured(notebook.records, id), ""]),
    ];
  });
  return markdownTable([["", "claim", "published or required", ...profiles, `verdict (${profiles[0]})`], ...rows]);
}

/** @returns {string} what a reader meets in each notebook, counted */
function measureTable() {
  const rows = notebookFiles().map((file) => {
    const { words, formulas, drawings, figures, code, exercises } = measuresOf(readNotebook(file));
    return [nameOf(file), ...[words, formulas, drawings, figures, code, exercises].map(String)];
  });
  return markdownTable([["notebook", "words", "formulas", "drawings", "figures", "code cells", "exercises"], ...rows]);
}

/** @returns {string} the works that were measured beside their Python peers (`npm run bench -- NAME --save`) */
function speedTable() {
  /** @type {import("./lib/bench.mjs").Row[]} */
  const measured = JSON.parse(read("bench/measured.json"));
  const rows = Object.entries(benchmarks).map(([name, { work, peer }]) => {
    const row = measured.find((candidate) => candidate.work === name);
    if (!row) throw new SetupError(`scripts/readme-notes.json names the work ${name}, not in bench/measured.json`);
    return [work, peer, ...[row.ours_s, row.peer_s].map((s) => s.toPrecision(3)), row.ratio.toFixed(2)];
  });
  return markdownTable([["work", "peer", "ours (s)", "peer (s)", "ours / peer"], ...rows]);
}

/**
 * Puts the generated parts between their marks.
 * @param {string} text
 * @param {Record<string, string>} parts
 * @returns {string}
 */
function fill(text, parts) {
  return Object.entries(parts).reduce((filled, [mark, part]) => {
    const [begin, end] = [`<!-- ${mark}: generated by npm run readme -->`, `<!-- ${mark}: end -->`];
    const [from, to] = [filled.indexOf(begin), filled.indexOf(end)];
    if (from < 0 || to < from) throw new SetupError(`the marks of the part "${mark}" are missing`);
    return `${filled.slice(0, from + begin.length)}\n${part}\n${filled.slice(to)}`;
  }, text);
}

/**
 * What the README and the claims page must say, from the outputs of the committed notebooks.
 * @returns {Promise<Record<string, string>>} text by file
 */
export async function generatedPages() {
  const { nameLists } = await import("./lib/task-index.mjs");
  return {
    "README.md": fill(read("README.md"), { notebooks: notebookTable(), speed: speedTable() }),
    "docs/CLAIMS.md": fill(read("docs/CLAIMS.md"), { claims: claimTable() }),
    "CONTRIBUTING.md": fill(read("CONTRIBUTING.md"), { measures: measureTable() }),
    "docs/tasks.md": fill(read("docs/tasks.md"), { names: nameLists() }),
  };
}

/** @returns {Buffer} the README's figure, as the committed notebook shows it */
export function generatedPicture() {
  const cells = readNotebook(join(root, "notebooks", `${picture.notebook}.ipynb`)).cells;
  const png = cells.find(({ id }) => id === picture.cell)?.outputs
    ?.map((output) => output.data?.["image/png"]).find((data) => typeof data === "string");
  if (typeof png !== "string") throw new SetupError(`${picture.notebook} has no figure in cell ${picture.cell}`);
  return Buffer.from(png, "base64");
}

/** The file of the README's figure. */
export const pictureFile = join(root, picture.file);

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    readArguments("readme");
    await ensureSetup();
    for (const [file, text] of Object.entries(await generatedPages())) writeFileSync(join(root, file), text);
    makeFolder(dirname(pictureFile));
    writeFileSync(pictureFile, generatedPicture());
    say(`README.md, CONTRIBUTING.md, docs and ${basename(pictureFile)} say what the committed notebooks show`);
  });
}
