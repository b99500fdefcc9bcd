import { readTree, conditionText, type ReadingNames, type TreeClassifier, type TreeNode } from "../../../classifiers";
import { palette } from "../colors";
import type { FigureSpec } from "../spec";
import { arrow, box, drawing, ink, quiet, words, type Parts, type Point } from "./board";

export interface TreeDrawingOptions extends ReadingNames {
  /** Said in the description; "A decision tree" if not given. */
  title?: string;
}

const MOST_LEAVES = 16;
const SMALLEST = 128;
const LEVEL = 92;
const HEIGHT = 46;
const MOST_WIDTH = 1150;

interface Placed {
  readonly node: TreeNode;
  readonly at: Point;
  readonly children: readonly Placed[];
}

const leavesOf = (node: TreeNode): number => (node.kind === "label" ? 1 : leavesOf(node.yes) + leavesOf(node.no));

const depthOf = (node: TreeNode): number =>
  (node.kind === "label" ? 0 : 1 + Math.max(depthOf(node.yes), depthOf(node.no)));

/** Leaves side by side, each question above the middle of its two answers. */
function placed(root: TreeNode, width: number): Placed {
  let leaf = 0;
  const at = (node: TreeNode, depth: number): Placed => {
    const y = 40 + depth * LEVEL;
    if (node.kind === "label") return { node, at: [(leaf++ + 0.5) * width, y], children: [] };
    const children = [at(node.yes, depth + 1), at(node.no, depth + 1)];
    return { node, at: [(children[0].at[0] + children[1].at[0]) / 2, y], children };
  };
  return at(root, 0);
}

const question = ({ feature, threshold }: Extract<TreeNode, { kind: "question" }>, names: readonly string[]): string =>
  conditionText({ feature, above: -Infinity, atMost: threshold }, names);

/** Words in two lines where they are long. */
function folded(text: string, most: number): string {
  if (text.length <= most) return text;
  const middle = text.length / 2;
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  if (!spaces.length) return text;
  const cut = spaces.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best));
  return `${text.slice(0, cut)}<br>${text.slice(cut + 1)}`;
}

function partsOf({ node, at, children }: Placed, width: number, names: ReadingNames): Parts[] {
  const { featureNames, classNames = [] } = names;
  const small = 11;
  if (node.kind === "label") {
    const fill = palette[node.label % palette.length] ?? "#FFFFFF";
    const name = folded(classNames[node.label] ?? String(node.label), 17);
    return [box(at, [width - 12, HEIGHT], name, { fill, size: small })];
  }
  const [yes, no] = children;
  const bottom: Point = [at[0], at[1] + HEIGHT / 2];
  const top = ({ at: [x, y] }: Placed): Point => [x, y - HEIGHT / 2 - 2];
  const said = (child: Placed, text: string): Parts =>
    words([(at[0] + child.at[0]) / 2 + (text === "yes" ? -9 : 9), (at[1] + child.at[1]) / 2 - 7], text,
      { size: 11, color: quiet, anchor: text === "yes" ? "right" : "left" });
  return [
    arrow(bottom, top(yes), ink), arrow(bottom, top(no), ink), said(yes, "yes"), said(no, "no"),
    box(at, [Math.max(SMALLEST, width) + 16, HEIGHT], folded(question(node, featureNames), 22), { size: small }),
    ...children.flatMap((child) => partsOf(child, width, names)),
  ];
}

/** The tree in words, for those who don't see it. */
function inWords(node: TreeNode, { featureNames, classNames = [] }: ReadingNames): string {
  if (node.kind === "label") return classNames[node.label] ?? String(node.label);
  const [yes, no] = [node.yes, node.no].map((child) => inWords(child, { featureNames, classNames }));
  return `${question(node, featureNames)}? (yes: ${yes}; no: ${no})`;
}

/**
 * The drawing that `figure.drawing.tree` shows: the questions of a decision tree from the top, its labels in colour.
 *
 * @throws {RangeError} If the tree has more than 16 leaves, which nobody reads.
 * @example
 * const small = decisionTree().fit(fromRows([[1], [2], [3]]), Int32Array.of(0, 1, 1)) as TreeClassifier;
 * const spec = figureSpec.drawing.tree(small, { featureNames: ["size"], classNames: ["small", "large"] });
 */
export function tree(classifier: TreeClassifier, options: TreeDrawingOptions): FigureSpec {
  const root = readTree(classifier);
  const leaves = leavesOf(root);
  if (leaves > MOST_LEAVES)
    throw new RangeError(`drawing.tree: classifier must have at most ${MOST_LEAVES} leaves, got ${leaves}`);
  const width = Math.max(72, Math.min(SMALLEST, Math.floor(MOST_WIDTH / leaves)));
  const margin = leaves === 1 ? 60 : 40;
  const shifted = (part: Placed): Placed =>
    ({ ...part, at: [part.at[0] + margin, part.at[1]], children: part.children.map(shifted) });
  const size: Point = [Math.max(260, leaves * width + 2 * margin), 80 + depthOf(root) * LEVEL];
  const alt = `Drawing. ${options.title ?? "A decision tree"} of ${leaves} leaves. ${inWords(root, options)}.`;
  return drawing(size, alt, partsOf(shifted(placed(root, width)), width, options));
}
