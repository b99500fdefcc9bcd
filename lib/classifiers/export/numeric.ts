import { LARGEST_FLOAT32 } from "../../validate";
import type { SerializedClassifier } from "../classifier";
import { MOST_SQUARABLE } from "../fitting";
import type { SerializedSvc } from "../svm/svc";
import { AS_THEY_ARE, SOFTMAX, type ModulePart } from "./part";
import { bayesConstants, centeredVectors, rowsOf } from "./saved";
import { list, num, singles } from "./text";

const table = (name: string, rows: readonly (readonly number[])[], write = list): string[] =>
  [`const ${name} = [`, ...rows.map((row) => `  ${write(row)},`), "];"];

/** One sum of products a class; two classes have one, towards the second. */
export function logisticPart(saved: SerializedClassifier): ModulePart {
  const { classes, coefficients, intercepts } = saved as unknown as Record<string, number[]>;
  const width = coefficients.length / intercepts.length;
  return {
    classes, numFeatures: width, probabilities: SOFTMAX,
    data: [...table("coefficients", rowsOf(coefficients, width)), `const intercepts = ${list(intercepts)};`],
    scores: [
      "const s = intercepts.map((sum, c) => {",
      `  for (let j = 0; j < ${width}; j++) sum += x[j] * coefficients[c][j];`,
      "  return sum;",
      "});",
      intercepts.length < classes.length ? "return [0, ...s];" : "return s;",
    ],
  };
}

/** Points that are added up. */
export function scorecardPart(saved: SerializedClassifier): ModulePart {
  const { classes, points, threshold, unit } = saved as unknown as {
    classes: number[]; points: number[]; threshold: number; unit: number;
  };
  return {
    classes, numFeatures: points.length,
    data: [`const points = ${list(points)};`],
    scores: [
      "let sum = 0;", `for (let j = 0; j < ${points.length}; j++) sum += points[j] * x[j];`,
      `return [0, sum - ${num(threshold)}];`,
    ],
    probabilities: [`const p = 1 / (1 + Math.exp(-${num(unit)} * s[1]));`, "return [1 - p, p];"],
  };
}

/** Normals of each feature within each class. */
export function naiveBayesPart(saved: SerializedClassifier): ModulePart {
  const { classes, logPrior, mean, variance } = saved as unknown as Record<string, number[]>;
  const width = mean.length / classes.length;
  const [means, variances] = [rowsOf(mean, width), rowsOf(variance, width)];
  const constants = bayesConstants(logPrior, variances);
  return {
    classes, numFeatures: width, probabilities: SOFTMAX, limits: { x: MOST_SQUARABLE },
    data: [`const constants = ${list(constants)};`, ...table("means", means),
      ...table("precisions", variances.map((row) => row.map((v) => 1 / v)))],
    scores: [
      "return constants.map((constant, c) => {",
      "  let sum = 0;",
      `  for (let j = 0; j < ${width}; j++) sum += (x[j] - means[c][j]) * (x[j] - means[c][j]) * precisions[c][j];`,
      "  return constant - sum / 2;",
      "});",
    ],
  };
}

/** Layers of ReLU units; the last one's scores as they are. */
export function mlpPart(saved: SerializedClassifier): ModulePart {
  const { classes, layers } = saved as unknown as {
    classes: number[]; layers: { shape: [number, number]; weights: number[]; biases: number[] }[];
  };
  const text = layers.map(({ shape, weights, biases }) =>
    `  { above: ${shape[1]}, weights: ${singles(weights)}, biases: ${singles(biases)} },`);
  const outputs = layers[layers.length - 1].shape[1];
  return {
    classes, numFeatures: layers[0].shape[0], probabilities: SOFTMAX, limits: { score: LARGEST_FLOAT32 },
    data: ["const layers = [", ...text, "];"],
    scores: [
      "let units = Array.from(x, Math.fround);",
      "layers.forEach(({ above, weights, biases }, l) => {",
      "  const sums = biases.slice();",
      "  units.forEach((u, i) => {",
      "    if (u !== 0) for (let o = 0; o < above; o++) sums[o] += u * weights[i * above + o];",
      "  });",
      "  units = l < layers.length - 1 ? sums.map((v) => Math.max(0, v)) : sums;",
      "});",
      outputs < classes.length ? "return [0, ...units];" : "return units;",
    ],
  };
}

/** Support vectors, which vote pair by pair. */
export function svcPart(saved: SerializedClassifier): ModulePart {
  const machine = saved as SerializedSvc;
  const { classes, numFeatures, kernel, counts, coefficients, rho } = machine;
  const k = classes.length;
  const { center, vectors } = centeredVectors(machine);
  const total = vectors.length;
  const value = kernel.type === "linear"
    ? ["  sum += x[j] * v[j];", "return sum;"]
    : ["  sum += (x[j] - v[j]) * (x[j] - v[j]);", `return Math.exp(${num(-kernel.gamma)} * sum);`];
  return {
    classes, numFeatures, limits: { x: MOST_SQUARABLE },
    ...(center.length && { steps: ["x = center.map((v, j) => x[j] - v);"] }),
    data: [...(center.length ? [`const center = ${list(center)};`] : []), ...table("vectors", vectors),
      `const counts = ${list(counts)};`, `const rho = ${list(rho)};`,
      ...table("coefficients", total ? rowsOf(coefficients, total) : []),
      "const kernel = (x, v) => {", "  let sum = 0;", `  for (let j = 0; j < ${numFeatures}; j++)`,
      ...value.map((line) => `  ${line}`), "};"],
    scores: [
      "const K = vectors.map((v) => kernel(x, v));",
      "const pairs = rho.map((v) => -v);",
      `for (let c = 0, start = 0; c < ${k}; start += counts[c++])`,
      `  for (let r = 0; r < ${k - 1}; r++) {`,
      "    const other = r < c ? r : r + 1;",
      "    const low = Math.min(c, other);",
      "    let sum = 0;",
      "    for (let i = start; i < start + counts[c]; i++) sum += coefficients[r][i] * K[i];",
      `    pairs[low * ${k} - (low * (low + 1)) / 2 + Math.abs(other - c) - 1] += sum;`,
      "  }",
      `const votes = new Array(${k}).fill(0);`,
      `for (let i = 0, p = 0; i < ${k}; i++) for (let j = i + 1; j < ${k}; j++) votes[pairs[p++] > 0 ? i : j]++;`,
      "return votes;",
    ],
  };
}

/** Always one label. */
export function constantPart(saved: SerializedClassifier): ModulePart {
  const { label, numFeatures } = saved as unknown as { label: number; numFeatures: number };
  return { classes: [label], numFeatures, data: [], scores: ["return [1];"], probabilities: AS_THEY_ARE };
}
