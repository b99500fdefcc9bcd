import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "./bootstrap/arguments.mjs";
import { nameOf, notebookFiles } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main, SetupError } from "./bootstrap/say.mjs";
import { writeWhole } from "./bootstrap/stamp.mjs";

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
    ["code", `import { check, profile } from "./${name}";\n\nconst { seed, sizes } = profile();`],
    ["markdown", "## 1 The data\n\nWhat it is, and its shape."],
    ["code", "import { loadTable, seededRng, stratifiedSplit, subset, table } from \"../lib\";\n\n"
      + `const iris = await loadTable("iris");\n`
      + "const rows = stratifiedSplit(iris.y, { testFraction: sizes.testFraction, rng: seededRng(seed) });\n"
      + "const [train, test] = [subset(iris, rows.train), subset(iris, rows.test)];\n"
      + "table([{ train: train.y.length, test: test.y.length }]);"],
    ["markdown", "## 2 The baseline\n\nThe number that the attack has to move."],
    ["code", "import { accuracy, knn } from \"../lib\";\n\n"
      + "const clean = knn({ numNeighbors: 5 }).fit(train.X, train.y);\n"
      + "const baseline = accuracy(test.y, clean.predict(test.X));\n"
      + "table([{ model: \"clean\", accuracy: baseline }]);"],
    ["markdown", "## 3 The attack or the defence\n\nWhy it should work; then, after the cell, what it shows."],
    ["markdown", "## 4 Claims\n\nPublished beside reproduced."],
    ["code", `import { claim } from "../lib";\n\n`
      + `claim({\n  id: "${topic}-baseline", statement: "The clean model knows 9 of 10 flowers",\n`
      + "  reproduced: baseline, atLeast: 0.9, source: \"ours\",\n});"],
    ["markdown", "## Summary\n\nWhat holds, what does not, and why.\n\n## Exercises\n\n"
      + "**1** How many flowers are tested?\n\n<details><summary>Hint</summary>\n\nOne a row.\n</details>\n\n"
      + `Solutions: [solutions/${name}.ipynb](solutions/${name}.ipynb)`],
    ["code", "let tested: number | undefined; // = your answer"],
    ["code", `await check("${name.slice(0, 2)}-1", tested, test);`],
  ]);

const solutionCells = (/** @type {string} */ name, /** @type {string} */ title) =>
  /** @type {["code" | "markdown", string][]} */ ([
    ["markdown", `# Solutions: ${title}\n\nThe exercises of [${name}](../${name}.ipynb).`],
    ["code", `import { loadTable, seededRng, stratifiedSplit, subset } from "../../lib";\n`
      + `import { check, profile } from "../${name}";\n\n`
      + "const { seed, sizes } = profile();\n"
      + `const iris = await loadTable("iris");\n`
      + "const rows = stratifiedSplit(iris.y, { testFraction: sizes.testFraction, rng: seededRng(seed) });\n"
      + "const test = subset(iris, rows.test);"],
    ["markdown", "## 1 How many flowers are tested?"],
    ["code", `const tested = test.y.length;\nawait check("${name.slice(0, 2)}-1", tested, test);`],
  ]);

/** The notes that the README's table needs. */
const notes = (/** @type {string} */ topic) => ({
  source: "ours", headline: { "accuracy of the clean model": `${topic}-baseline` },
});

/** The files of the folder beside the notebook. */
const folderFiles = (/** @type {string} */ name) => ({
  "index.ts": `import { experiment } from "../../lib";
import { exercises } from "./exercises";
import { sizes } from "./sizes";

export const { check, profile } = experiment({ name: "${name}", sizes, exercises });
`,
  "sizes.ts": `import type { PerProfile } from "../../lib";

export interface Sizes {
  testFraction: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { testFraction: 0.3 },
  standard: { testFraction: 0.3 },
  full: { testFraction: 0.3 },
};
`,
  "exercises.ts": `import { type Dataset, type Finding, notACount } from "../../lib";

export const exercises = {
  /** The number of test flowers. */
  "${name.slice(0, 2)}-1": (answer: number, test: Dataset): Finding => {
    const wrong = notACount(answer, 150, "flowers");
    if (wrong) return wrong;
    return answer === test.y.length ? null : "count the labels of the test half";
  },
};
`,
  "notes.json": `${JSON.stringify(notes(name.slice(3)), null, 2)}\n`,
  "package.json": `{ "main": "../../dist/${name}/index.js", "types": "../../dist/${name}/index.d.ts" }\n`,
});

/**
 * The files of a new experiment: the notebook, its solutions, and a folder beside it; nothing is written here.
 * @param {string} name such as `20-topic`
 * @returns {Record<string, string>} text by path
 * @throws {SetupError} if the name is unfit or taken
 */
export function experimentFiles(name) {
  if (!/^\d\d-[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new SetupError(`a name must be two digits and lower-case words, like 20-topic; got ${name || "nothing"}`);
  const [number, topic] = [name.slice(0, 2), name.slice(3)];
  const taken = notebookFiles().map(nameOf).find((other) => other.startsWith(number));
  if (taken) throw new SetupError(`the number ${number} is taken by ${taken}`);
  const words = topic.replaceAll("-", " ");
  const title = words[0].toUpperCase() + words.slice(1);
  const files = {
    [`notebooks/${name}.ipynb`]: notebookText(number, skeleton(name, title, topic)),
    [`notebooks/solutions/${name}.ipynb`]: notebookText(number, solutionCells(name, title), "s"),
    ...Object.fromEntries(Object.entries(folderFiles(name)).map(([file, text]) => [`notebooks/${name}/${file}`, text])),
  };
  const present = Object.keys(files).find((path) => existsSync(join(root, path)));
  if (present) throw new SetupError(`${present} exists already`);
  return files;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    const { words, refuse } = readArguments("new", { words: "20-topic" });
    if (words.length !== 1) refuse(`one name is needed, got ${words.length}`);
    const [name] = words;
    const files = experimentFiles(name);
    for (const [path, text] of Object.entries(files)) writeWhole(join(root, path), text);
    process.stdout.write(`${Object.keys(files).join("\n")}\nnext: npm run lab, then `
      + `npm run reproduce -- ${name} --save --solutions, then npm run readme\n`);
    return 0;
  });
}
