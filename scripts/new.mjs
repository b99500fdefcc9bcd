import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { nameOf, notebookFiles } from "./lib/notebooks.mjs";
import { root } from "./lib/paths.mjs";
import { main, SetupError } from "./lib/say.mjs";
import { writeWhole } from "./lib/stamp.mjs";

const usage = "usage: npm run new -- 10-topic";
const profilesEnd = "\n};\n\n/** A notebook's name";

/**
 * @param {string} id
 * @param {"code" | "markdown"} type
 * @param {string} source
 */
const cell = (id, type, source) => type === "code"
  ? { id, cell_type: type, metadata: {}, source, outputs: [], execution_count: null }
  : { id, cell_type: type, metadata: {}, source };

/**
 * @param {string} number
 * @param {["code" | "markdown", string][]} sources
 * @param {string} [suffix]
 * @returns {string}
 */
function notebookText(number, sources, suffix = "") {
  const cells = sources.map(([type, source], i) =>
    cell(`${number}${suffix}-${String(i).padStart(2, "0")}`, type, source));
  const metadata = {
    kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
    language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
  };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** The cells of a notebook's skeleton, which runs as it stands. */
const skeleton = (/** @type {string} */ name, /** @type {string} */ title, /** @type {string} */ topic) =>
  /** @type {["code" | "markdown", string][]} */ ([
    ["markdown", `# ${title}: the question in one line\n\nWho can do what to which model, and how would we know?\n\n`
      + "**Source** work, section.\n\n**Published** the numbers to reproduce.\n\n"
      + "**You will be able to** one thing, and another.\n\n"
      + "quick about 1 min · standard about 1 min · full about 1 min"],
    ["code", "import {\n  accuracy, claim, knn, loadTable, profile, seededRng, stratifiedSplit, subset, table,\n} "
      + `from "../lib";\n`
      + `const { seed, sizes } = profile("${name}");`],
    ["markdown", "## 1 The data\n\nWhat it is, and its shape."],
    ["code", `const iris = await loadTable("iris");\n`
      + "const rows = stratifiedSplit(iris.y, { testFraction: sizes.testFraction, rng: seededRng(seed) });\n"
      + "const [train, test] = [subset(iris, rows.train), subset(iris, rows.test)];\n"
      + "table([{ train: train.y.length, test: test.y.length }]);"],
    ["markdown", "## 2 The baseline\n\nThe number that the attack has to move."],
    ["code", "const clean = knn({ numNeighbors: 5 }).fit(train.X, train.y);\n"
      + "const baseline = accuracy(test.y, clean.predict(test.X));\n"
      + "table([{ model: \"clean\", accuracy: baseline }]);"],
    ["markdown", "## 3 The attack or the defence\n\nWhy it should work; then, after the cell, what it shows."],
    ["markdown", "## 4 Claims\n\nPublished beside reproduced."],
    ["code", `claim({\n  id: "${topic}-baseline", statement: "The clean model knows 9 of 10 flowers",\n`
      + "  reproduced: baseline, atLeast: 0.9, source: \"ours\",\n});"],
    ["markdown", "## Summary\n\nWhat holds, what does not, and why.\n\n## Exercises\n\n"
      + "**1** Change one number.\n\n<details><summary>Hint</summary>\n\nWhich one?\n</details>\n\n"
      + `Solutions: [solutions/${name}.ipynb](solutions/${name}.ipynb)`],
  ]);

const solutionCells = (/** @type {string} */ name, /** @type {string} */ title) =>
  /** @type {["code" | "markdown", string][]} */ ([
    ["markdown", `# Solutions: ${title}\n\nThe exercises of [${name}](../${name}.ipynb).`],
    ["code", `import { loadTable, table } from "../../lib";\n\nconst iris = await loadTable("iris");`],
    ["markdown", "## 1 Change one number"],
    ["code", "table([{ flowers: iris.y.length }]);"],
  ]);

/** The notes that the README's table needs. */
const note = (/** @type {string} */ topic) => ({
  source: "ours", headline: { "accuracy of the clean model": `${topic}-baseline` },
  minutes: { quick: "1", standard: "1", full: "1" },
});

/**
 * The files of a new experiment, in a project's folder; nothing is written here.
 * @param {string} name such as `10-topic`
 * @param {string} [project]
 * @returns {Record<string, string>} text by path
 * @throws {SetupError} if the name is unfit, taken, or the files to extend look unlike themselves
 */
export function experimentFiles(name, project = root) {
  if (!/^\d\d-[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new SetupError(`a name must be two digits and lower-case words, like 10-topic; got ${name || "nothing"}`);
  const [number, topic] = [name.slice(0, 2), name.slice(3)];
  const taken = notebookFiles().map(nameOf).find((other) => other.startsWith(number));
  if (taken) throw new SetupError(`the number ${number} is taken by ${taken}`);
  const solutions = join(project, "notebooks", "solutions", `${name}.ipynb`);
  if (existsSync(solutions)) throw new SetupError(`notebooks/solutions/${name}.ipynb exists already`);
  const read = (/** @type {string[]} */ ...path) => readFileSync(join(project, ...path), "utf8");
  const profiles = read("lib", "notebook", "profiles.ts");
  if (!profiles.includes(profilesEnd))
    throw new SetupError("the end of the table in lib/notebook/profiles.ts is missing");
  const sizes = ["quick", "standard", "full"].map((profile) => `    ${profile}: { testFraction: 0.3 },\n`).join("");
  const entry = `\n  "${name}": sizes({\n${sizes}  }),`;
  const notes = JSON.parse(read("scripts", "readme-notes.json"));
  notes.notebooks[name] = note(topic);
  const words = topic.replaceAll("-", " ");
  const title = words[0].toUpperCase() + words.slice(1);
  return {
    [`notebooks/${name}.ipynb`]: notebookText(number, skeleton(name, title, topic)),
    [`notebooks/solutions/${name}.ipynb`]: notebookText(number, solutionCells(name, title), "s"),
    "lib/notebook/profiles.ts": profiles.replace(profilesEnd, () => entry + profilesEnd),
    "scripts/readme-notes.json": `${JSON.stringify(notes, null, 2)}\n`,
  };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    const names = process.argv.slice(2);
    if (names.length !== 1) {
      process.stderr.write(`one name is needed, got ${names.length}\n${usage}\n`);
      return 2;
    }
    const [name] = names;
    const files = experimentFiles(name);
    for (const [path, text] of Object.entries(files)) writeWhole(join(root, path), text);
    process.stdout.write(`${Object.keys(files).join("\n")}\nnext: npm run lab, then `
      + `npm run reproduce -- ${name} --save --solutions, then npm run readme\n`);
    return 0;
  });
}
