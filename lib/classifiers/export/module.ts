import { requireOneOf } from "../../validate";
import type { Classifier, SerializedClassifier } from "../classifier";
import { requireNames } from "./names";
import {
  constantPart, logisticPart, mlpPart, naiveBayesPart, scorecardPart, svcPart,
} from "./numeric";
import type { ModulePart } from "./part";
import { adaBoostPart, boostingPart, forestPart, treePart } from "./trees";
import { list, num } from "./text";
import { calibratedPart, onFeaturesPart, pipelinePart, rejectingPart } from "./wrapped";

export interface ExportOptions {
  /** Written into the module, one a feature; none unless told. */
  featureNames?: readonly string[];
  /** Names of the labels 0, 1, …, written into the module; none unless told. */
  classNames?: readonly string[];
  /** How the module is taken in: by `import` or by `require`; `import` unless told. */
  format?: "import" | "require";
}

/** A classifier as a file. */
export interface ExportedModule {
  /** JavaScript without any import: `predict(row)`, and `predictProba(row)` where the classifier has it. */
  readonly code: string;
  /** TypeScript declarations of the same, a `.d.ts`. */
  readonly types: string;
  /** Size of `code` in UTF-8. */
  readonly bytes: number;
}

const plain: Readonly<Record<string, (saved: SerializedClassifier) => ModulePart>> = {
  adaBoost: adaBoostPart, constant: constantPart, decisionTree: treePart, gaussianNaiveBayes: naiveBayesPart,
  gradientBoosting: boostingPart, logisticRegression: logisticPart, mlpClassifier: mlpPart, randomForest: forestPart,
  scorecard: scorecardPart, svc: svcPart,
};

const wrapping: Readonly<Record<string, (saved: SerializedClassifier, part: ModulePart) => ModulePart>> = {
  calibrated: calibratedPart, onFeatures: onFeaturesPart, pipeline: pipelinePart, rejecting: rejectingPart,
};

function partOf(saved: SerializedClassifier): ModulePart {
  const { family } = saved;
  if (Object.hasOwn(wrapping, family))
    return wrapping[family](saved, partOf((saved as unknown as { classifier: SerializedClassifier }).classifier));
  if (Object.hasOwn(plain, family)) return plain[family](saved);
  const known = Object.keys(plain).concat(Object.keys(wrapping)).sort().join(", ");
  throw new RangeError(`exportModule: classifier must be of ${known}, got ${family}`);
}

const block = (head: string, body: readonly string[]): string[] => [head, ...body.map((line) => `  ${line}`), "}"];

function functionsOf(part: ModulePart): string[] {
  const { numFeatures: d, rejections = [], probabilities, steps, limits = {} } = part;
  const most = limits.x ?? (steps ? Number.MAX_VALUE : undefined);
  return [
    ...part.data,
    ...(steps ? block("function prepared(x) {", steps.concat("return x;")) : []),
    ...block("function scores(x) {", part.scores),
    ...(probabilities ? block("function probabilities(s) {", probabilities) : []),
    ...rejections.flatMap(({ probabilities: own }, r) => block(`function confidence${r}(s) {`,
      ["const p = (() => {", ...own.map((line) => `  ${line}`), "})();", "return Math.max(...p);"])),
    ...block("function scoresOf(fn, row) {", [
      `if (row.length !== ${d}) throw new RangeError(fn + ": row must have ${d} numbers, got " + row.length);`,
      `for (let j = 0; j < ${d}; j++) if (!Number.isFinite(row[j]))`,
      "  throw new RangeError(fn + \": row must be finite, got \" + row[j] + \" at \" + j);",
      ...(most || limits.score ? [`const x = ${steps ? "prepared(row)" : "row"};`] : []),
      ...(most ? [`for (let j = 0; j < x.length; j++) if (!(Math.abs(x[j]) <= ${num(most)}))`,
        `  throw new RangeError(fn + ": row must be within ±${num(most)}, got " + x[j] + " at " + j);`] : []),
      ...(limits.score ? ["const s = scores(x);", `if (!s.every((v) => Math.abs(v) <= ${num(limits.score)}))`,
        "  throw new RangeError(fn + \": row must be small enough for scores in float32\");", "return s;"]
        : [`return scores(${most ? "x" : "row"});`]),
    ]),
    ...block("function predict(row) {", [
      "const s = scoresOf(\"predict\", row);",
      ...rejections.map(({ atLeast, rejected }, r) => `if (confidence${r}(s) < ${num(atLeast)}) return ${rejected};`),
      "let best = 0;", "for (let c = 1; c < s.length; c++) if (s[c] > s[best]) best = c;", "return classes[best];",
    ]),
    ...(probabilities
      ? block("function predictProba(row) {", ["return probabilities(scoresOf(\"predictProba\", row));"]) : []),
  ];
}

function typesOf({ rejections = [], probabilities }: ModulePart): string {
  const rejected = rejections.length
    ? ` ${rejections.map((one) => one.rejected).join(" or ")} where it is not sure.` : "";
  return [
    "/** Labels that `predict` may give, ascending. */", "export declare const classes: readonly number[];",
    "/** Names of the features, in the order of a row. */", "export declare const featureNames: readonly string[];",
    "/** Names of the labels 0, 1, … */", "export declare const classNames: readonly string[];",
    `/** The label of a row.${rejected} @throws {RangeError} If its length is wrong, or a number is not finite. */`,
    "export declare function predict(row: ArrayLike<number>): number;",
    ...(probabilities ? ["/** A probability for each of `classes`. */",
      "export declare function predictProba(row: ArrayLike<number>): number[];"] : []),
    "",
  ].join("\n");
}

/**
 * Writes a classifier as one JavaScript file that needs nothing else, with its types: a model for a web page, a phone
 * or a service that has no machine-learning library. Trees, forests, boosting, linear models, scorecards, naive Bayes,
 * support vector machines and perceptrons can be written, also scaled, calibrated, rejecting or seeing some features
 * only.
 *
 * Sums run in the order of the classifier's own, so that labels are equal; a perceptron's and a support vector
 * machine's sums differ in the last bits, which decides only between scores that are equal but for rounding.
 *
 * @throws {RangeError} If the family can't be written, such as `knn`, which would carry its training data, names are
 * not one a feature, or an option is none.
 * @example
 * const small = decisionTree().fit(fromRows([[1], [2], [3]]), Int32Array.of(0, 1, 1));
 * const { code, types } = exportModule(small, { featureNames: ["size"], classNames: ["small", "large"] });
 */
export function exportModule(classifier: Classifier, options: ExportOptions = {}): ExportedModule {
  const { featureNames = [], classNames = [], format = "import" } = options;
  requireOneOf("exportModule", "format", format, ["import", "require"]);
  requireNames("exportModule", classifier, options);
  const part = partOf(classifier.serialize());
  const names = ["classes", "featureNames", "classNames", "predict", ...(part.probabilities ? ["predictProba"] : [])];
  const code = [
    `// ${classifier.family}: ${part.numFeatures} features, ${part.classes.length} classes. Needs no other file.`,
    `const classes = ${list(part.classes)};`,
    `const featureNames = ${JSON.stringify(featureNames)};`,
    `const classNames = ${JSON.stringify(classNames)};`,
    ...functionsOf(part),
    format === "import" ? `export { ${names.join(", ")} };` : `module.exports = { ${names.join(", ")} };`,
    "",
  ].join("\n");
  return { code, types: typesOf(part), bytes: Buffer.byteLength(code) };
}
