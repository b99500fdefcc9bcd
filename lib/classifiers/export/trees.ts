import type { SerializedClassifier } from "../classifier";
import type { SerializedTree } from "../trees/serialized-tree";
import { AS_THEY_ARE, SOFTMAX, type ModulePart } from "./part";
import { list, num } from "./text";

interface WithTree {
  readonly classes: number[];
  readonly numFeatures: number;
  readonly tree: SerializedTree;
}

/** More questions one within the other than this are written as lists: nobody reads them, and parsers give up. */
const DEEPEST = 200;

/** The most questions on a way from the root to a leaf; nodes stand in preorder. */
function depthOf({ feature, right }: SerializedTree): number {
  const depth = new Int32Array(feature.length);
  let deepest = 0;
  feature.forEach((f, node) => {
    deepest = Math.max(deepest, depth[node]);
    if (f >= 0) depth[node + 1] = depth[right[node]] = depth[node] + 1;
  });
  return deepest;
}

/** Nested questions, as a person would write them. */
export function treePart(saved: SerializedClassifier): ModulePart {
  const { classes, numFeatures, tree } = saved as unknown as WithTree;
  if (depthOf(tree) > DEEPEST) return partOfTrees({ classes, numFeatures, trees: [tree] });
  const k = classes.length;
  const lines: string[] = [];
  const shares = (node: number): string => list(tree.value.slice(node * k, (node + 1) * k));
  const walk = (node: number, depth: number): void => {
    const indent = " ".repeat(Math.min(depth, 40));
    if (tree.feature[node] < 0) {
      lines.push(`${indent}return ${shares(node)};`);
      return;
    }
    lines.push(`${indent}if (x[${tree.feature[node]}] <= ${num(tree.threshold[node])}) {`);
    walk(node + 1, depth + 1);
    lines.push(`${indent}}`);
    walk(tree.right[node], depth);
  };
  walk(0, 0);
  return { classes, numFeatures, data: [], scores: lines, probabilities: AS_THEY_ARE };
}

interface WithTrees {
  readonly classes: number[];
  readonly numFeatures: number;
  readonly trees: SerializedTree[];
}

/** All trees in a few lists; the mean of the leaves' shares. */
export const forestPart = (saved: SerializedClassifier): ModulePart => partOfTrees(saved as unknown as WithTrees);

function partOfTrees({ classes, numFeatures, trees }: WithTrees): ModulePart {
  const k = classes.length;
  const starts: number[] = [];
  const [feature, threshold, right, leafShares]: number[][] = [[], [], [], []];
  for (const tree of trees) {
    const start = feature.length;
    starts.push(start);
    tree.feature.forEach((f, node) => {
      feature.push(f);
      threshold.push(f < 0 ? 0 : tree.threshold[node]);
      right.push(f < 0 ? leafShares.length : start + tree.right[node]);
      if (f < 0) for (let c = 0; c < k; c++) leafShares.push(tree.value[node * k + c]);
    });
  }
  return {
    classes, numFeatures, probabilities: AS_THEY_ARE,
    data: [`const starts = ${list(starts)};`, `const feature = ${list(feature)};`,
      `const threshold = ${list(threshold)};`, `const next = ${list(right)};`, `const shares = ${list(leafShares)};`],
    scores: [
      `const s = new Array(${k}).fill(0);`,
      "for (let node of starts) {",
      "  while (feature[node] >= 0) node = x[feature[node]] <= threshold[node] ? node + 1 : next[node];",
      `  for (let c = 0; c < ${k}; c++) s[c] += shares[next[node] + c];`,
      "}",
      `return s.map((v) => v / ${trees.length});`,
    ],
  };
}

interface WithRounds {
  readonly classes: number[];
  readonly numFeatures: number;
  readonly learningRate: number;
  readonly start: number[];
  readonly rounds: { feature: number[]; threshold: number[]; value: number[] }[][];
}

/** The trees level by level, as they are grown. */
export function boostingPart(saved: SerializedClassifier): ModulePart {
  const { classes, numFeatures, learningRate, start, rounds } = saved as unknown as WithRounds;
  const text = rounds.map((trees) => `[${trees.map(({ feature, threshold, value }) =>
    `[${list(feature)},${list(feature.map((f, node) => (f < 0 ? value[node] : threshold[node])))}]`).join(",")}]`);
  const offset = classes.length - start.length;
  return {
    classes, numFeatures, probabilities: SOFTMAX,
    data: ["// each tree: features (-1 at a leaf), and thresholds or, at a leaf, values", `const rounds = [`,
      ...text.map((round) => `  ${round},`), "];"],
    scores: [
      `const s = ${list(start)};`,
      "for (const trees of rounds)",
      "  for (let c = 0; c < s.length; c++) {",
      "    const [feature, number] = trees[c];",
      "    let node = 0;",
      "    while (feature[node] >= 0) node = 2 * node + (x[feature[node]] <= number[node] ? 1 : 2);",
      `    s[c] += ${num(learningRate)} * number[node];`,
      "  }",
      offset ? "return [0, ...s];" : "return s;",
    ],
  };
}

interface WithStumps {
  readonly classes: number[];
  readonly numFeatures: number;
  readonly stumps: { feature: number; threshold: number | null; left: number; right: number; weight: number }[];
}

/** Weighted votes of stumps. */
export function adaBoostPart(saved: SerializedClassifier): ModulePart {
  const { classes, numFeatures, stumps } = saved as unknown as WithStumps;
  const k = classes.length;
  const total = stumps.reduce((sum, { weight }) => sum + weight, 0);
  const rows = stumps.map(({ feature, threshold, left, right, weight }) =>
    `  [${feature},${num(threshold ?? Infinity)},${left},${right},${num(weight)}],`);
  return {
    classes, numFeatures,
    data: ["// feature, threshold, class at most the threshold, class above it, weight", "const stumps = [", ...rows,
      "];"],
    scores: [
      `const s = new Array(${k}).fill(0);`,
      "for (const [feature, threshold, left, right, weight] of stumps) {",
      "  const vote = x[feature] <= threshold ? left : right;",
      `  for (let c = 0; c < ${k}; c++) s[c] += c === vote ? weight : -weight / ${k - 1};`,
      "}",
      `return s.map((v) => v / ${num(total)});`,
    ],
    probabilities: [`s = s.map((v) => v / ${k - 1});`, ...SOFTMAX],
  };
}
