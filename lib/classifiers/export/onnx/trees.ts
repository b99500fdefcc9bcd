import type { SerializedClassifier } from "../../classifier";
import type { SerializedTree } from "../../trees/serialized-tree";
import { doubles, floats, type OnnxGraph, type Value } from "./graph";
import type { OnnxPart } from "./part";

/** A node of a tree: a question, or what a leaf adds to the score of each class. */
type TreeNode = { feature: number; threshold: number; yes: number; no: number } | { adds: readonly number[] };

const differences = (adds: readonly number[]): readonly number[] => (adds.length === 2 ? [0, adds[1] - adds[0]] : adds);

/**
 * Trees whose leaves' numbers are added up, as ONNX's `TreeEnsembleClassifier` in double precision. Of two classes the
 * operator gives the second where its sum is above 0, so that the scores are 0 and the difference.
 */
function ensemble(graph: OnnxGraph, X: Value, numClasses: number, trees: readonly (readonly TreeNode[])[],
): { place: Value; scores: Value } {
  const nodes = trees.flatMap((tree, t) => tree.map((node, n) => ({ t, n, node })));
  const leaves = nodes.flatMap(({ t, n, node }) =>
    ("adds" in node ? differences(node.adds).map((value, c) => ({ t, n, c, value })) : []));
  const of = (question: (node: Extract<TreeNode, { feature: number }>) => number): number[] =>
    nodes.map(({ node }) => ("adds" in node ? 0 : question(node)));
  const { label: place, scores } = graph.labeller("TreeEnsembleClassifier", X, {
    classlabels_int64s: Array.from({ length: numClasses }, (_, c) => c),
    nodes_treeids: nodes.map(({ t }) => t),
    nodes_nodeids: nodes.map(({ n }) => n),
    nodes_modes: nodes.map(({ node }) => ("adds" in node ? "LEAF" : "BRANCH_LEQ")),
    nodes_featureids: of(({ feature }) => feature),
    nodes_values_as_tensor: doubles(of(({ threshold }) => threshold), nodes.length),
    nodes_truenodeids: of(({ yes }) => yes),
    nodes_falsenodeids: of(({ no }) => no),
    class_treeids: leaves.map(({ t }) => t),
    class_nodeids: leaves.map(({ n }) => n),
    class_ids: leaves.map(({ c }) => c),
    class_weights_as_tensor: doubles(leaves.map(({ value }) => value), leaves.length),
    post_transform: "NONE",
  });
  return { place, scores };
}

const questionsOf = (tree: SerializedTree, k: number): TreeNode[] => tree.feature.map((feature, node) => (feature < 0
  ? { adds: tree.value.slice(node * k, (node + 1) * k) }
  : { feature, threshold: tree.threshold[node], yes: node + 1, no: tree.right[node] }));

/** The mean of the leaves' shares, in single precision. */
function means(graph: OnnxGraph, scores: Value, k: number, numTrees: number): Value {
  if (k !== 2) return graph.node("Div", [scores, floats([numTrees])]);
  const half = 0.5 / numTrees;
  return graph.node("Gemm", [scores, floats([0, 0, -half, half], 2, 2), floats([0.5, 0.5], 2)]);
}

export function forestPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { classes, trees } = saved as unknown as { classes: number[]; trees: SerializedTree[] };
  const k = classes.length;
  const { place, scores } = ensemble(graph, X, k, trees.map((tree) => questionsOf(tree, k)));
  return { classes, place, probabilities: means(graph, scores, k, trees.length) };
}

export const treePart = (graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart =>
  forestPart(graph, X, { ...saved, trees: [(saved as unknown as { tree: SerializedTree }).tree] });

/** A tree stored level by level. */
interface Level {
  readonly feature: number[];
  readonly threshold: number[];
  readonly value: number[];
}

/** Its nodes, without those that stand below a leaf. */
function boosted(tree: Level, adds: (value: number) => number[]): TreeNode[] {
  const nodes: TreeNode[] = [];
  const take = (from: number): number => {
    const at = nodes.length;
    nodes.push({ adds: [] });
    const feature = tree.feature[from];
    nodes[at] = feature < 0 ? { adds: adds(tree.value[from]) }
      : { feature, threshold: tree.threshold[from], yes: take(2 * from + 1), no: take(2 * from + 2) };
    return at;
  };
  take(0);
  return nodes;
}

interface Rounds {
  readonly classes: number[];
  readonly learningRate: number;
  readonly start: number[];
  readonly rounds: Level[][];
}

export function boostingPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { classes, learningRate, start, rounds } = saved as unknown as Rounds;
  const k = classes.length;
  const first = k - start.length;
  const toClass = (own: number) => (value: number): number[] =>
    classes.map((_, c) => (c === own ? learningRate * value : 0));
  const trees = rounds.flatMap((round) => round.map((tree, c) => boosted(tree, toClass(first + c))));
  // The start is a tree of one leaf: ONNX Runtime leaves base values out of the labels of two classes.
  const begin: TreeNode[] = [{ adds: classes.map((_, c) => (c < first ? 0 : start[c - first])) }];
  const { place, scores } = ensemble(graph, X, k, [begin, ...trees]);
  return { classes, place, probabilities: graph.node("Softmax", [scores], { axis: 1 }) };
}

interface Stumps {
  readonly classes: number[];
  readonly stumps: { feature: number; threshold: number | null; left: number; right: number; weight: number }[];
}

export function adaBoostPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { classes, stumps } = saved as unknown as Stumps;
  const k = classes.length;
  const total = stumps.reduce((sum, { weight }) => sum + weight, 0);
  const vote = (chosen: number, weight: number): TreeNode =>
    ({ adds: classes.map((_, c) => (c === chosen ? weight : -weight / (k - 1))) });
  const trees = stumps.map(({ feature, threshold, left, right, weight }): TreeNode[] => (threshold === null
    ? [vote(left, weight)]
    : [{ feature, threshold, yes: 1, no: 2 }, vote(left, weight), vote(right, weight)]));
  const { place, scores } = ensemble(graph, X, k, trees);
  const logits = graph.node("Div", [scores, floats([total * (k - 1)])]);
  return { classes, place, probabilities: graph.node("Softmax", [logits], { axis: 1 }) };
}
