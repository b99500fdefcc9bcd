import { indexOfLargest } from "../../math/extremes";
import { rowOf, type Matrix } from "../../matrix";
import { requireSameLength } from "../../validate";
import { checkQuery } from "../fitting";
import type { TreeClassifier } from "./decision-tree";

/** A tree as people read it: a question with two answers, or a label. */
export type TreeNode =
  | { readonly kind: "label"; readonly label: number }
  | {
    readonly kind: "question";
    readonly feature: number;
    readonly threshold: number;
    /** Where the feature is at most the threshold. */
    readonly yes: TreeNode;
    readonly no: TreeNode;
  };

/** What one feature must be: above one number, at most another. */
export interface RuleCondition {
  readonly feature: number;
  /** −∞ where there is no lower bound. */
  readonly above: number;
  /** ∞ where there is no upper bound. */
  readonly atMost: number;
}

/** If all conditions hold, the tree answers the label. */
export interface TreeRule {
  /** One a feature, in the order of the tree's questions; none where the tree asks nothing. */
  readonly conditions: readonly RuleCondition[];
  readonly label: number;
}

/** How features and classes are called. */
export interface ReadingNames {
  /** One a feature; a name such as `sex=Female` is a category's, which a row has (1) or has not (0). */
  readonly featureNames: readonly string[];
  /** Names of the labels 0, 1, …; the labels themselves unless given. */
  readonly classNames?: readonly string[];
}

/**
 * The questions of a tree; where both answers lead to one label, the question is left out.
 *
 * @example
 * const small = decisionTree().fit(fromRows([[1], [2], [3]]), Int32Array.of(0, 1, 1)) as TreeClassifier;
 * readTree(small); // { kind: "question", feature: 0, threshold: 1.5, … }
 */
export function readTree({ tree, classes }: TreeClassifier): TreeNode {
  const k = classes.length;
  const from = (node: number): TreeNode => {
    if (tree.feature[node] < 0)
      return { kind: "label", label: classes[indexOfLargest(tree.value.subarray(node * k, (node + 1) * k))] };
    const [yes, no] = [from(tree.left[node]), from(tree.right[node])];
    if (yes.kind === "label" && no.kind === "label" && yes.label === no.label) return yes;
    return { kind: "question", feature: tree.feature[node], threshold: tree.threshold[node], yes, no };
  };
  return from(0);
}

/**
 * A tree as rules, one a leaf; each row fits exactly one of them, and its label is the tree's.
 *
 * @example
 * const small = decisionTree().fit(fromRows([[1], [2], [3]]), Int32Array.of(0, 1, 1)) as TreeClassifier;
 * treeRules(small).map((rule) => ruleText(rule, { featureNames: ["size"] })); // ["if size ≤ 1.5: 0", …]
 */
export function treeRules(classifier: TreeClassifier): TreeRule[] {
  const rules: TreeRule[] = [];
  const walk = (node: TreeNode, conditions: readonly RuleCondition[]): void => {
    if (node.kind === "label") {
      rules.push({ conditions, label: node.label });
      return;
    }
    const { feature, threshold } = node;
    walk(node.yes, narrowed(conditions, { feature, above: -Infinity, atMost: threshold }));
    walk(node.no, narrowed(conditions, { feature, above: threshold, atMost: Infinity }));
  };
  walk(readTree(classifier), []);
  return rules;
}

function narrowed(conditions: readonly RuleCondition[], next: RuleCondition): RuleCondition[] {
  const known = conditions.find(({ feature }) => feature === next.feature);
  if (!known) return conditions.concat(next);
  const both = {
    feature: next.feature, above: Math.max(known.above, next.above), atMost: Math.min(known.atMost, next.atMost),
  };
  return conditions.map((condition) => (condition === known ? both : condition));
}

/** Whether a threshold parts those who have a category from those who have not. */
const isCategory = (name: string, condition: RuleCondition): boolean =>
  name.includes("=") && [condition.above, condition.atMost].every((bound) => !Number.isFinite(bound)
    || (bound > 0 && bound < 1));

/** Six digits, or all before the point and one behind it: two years in milliseconds are not one number. */
function written(bound: number): string {
  const digits = Math.min(17, Math.max(6, Math.ceil(Math.log10(Math.abs(bound) + 1)) + 1));
  return String(Number(bound.toPrecision(digits))).replace("-", "−");
}

/**
 * A condition in words.
 *
 * @example
 * conditionText({ feature: 0, above: 2.5, atMost: Infinity }, ["age"]); // "age > 2.5"
 */
export function conditionText(condition: RuleCondition, featureNames: readonly string[]): string {
  const { feature, above, atMost } = condition;
  const name = featureNames[feature] ?? `feature ${feature}`;
  if (isCategory(name, condition)) {
    const at = name.indexOf("=");
    return `${name.slice(0, at)} ${above > 0 ? "is" : "is not"} ${name.slice(at + 1)}`;
  }
  if (above === -Infinity) return `${name} ≤ ${written(atMost)}`;
  return atMost === Infinity ? `${name} > ${written(above)}` : `${written(above)} < ${name} ≤ ${written(atMost)}`;
}

/** A rule in words. @see `treeRules` for an example. */
export function ruleText({ conditions, label }: TreeRule, { featureNames, classNames = [] }: ReadingNames): string {
  const answer = classNames[label] ?? String(label);
  if (!conditions.length) return `always: ${answer}`;
  return `if ${conditions.map((condition) => conditionText(condition, featureNames)).join(" and ")}: ${answer}`;
}

/** What a rule does to rows. */
export interface RuleCoverage {
  readonly rule: TreeRule;
  /** Rows that fit it. */
  readonly count: number;
  /** Share of those rows whose label is the rule's; NaN where there is none. */
  readonly agreement: number;
}

/**
 * How many rows each rule takes, and how often it is right about them: with an original's answers for `y`, where a copy
 * and its original differ.
 *
 * @param X Shape [n, d]. @param y Labels, shape [n].
 * @throws {RangeError} If the lengths differ, or a row is too short for a rule.
 */
export function ruleCoverage(rules: readonly TreeRule[], X: Matrix, y: Int32Array): RuleCoverage[] {
  requireSameLength("ruleCoverage", "X", X.shape[0], "y", y.length);
  const widest = rules.reduce((most, { conditions }) =>
    conditions.reduce((width, { feature }) => Math.max(width, feature + 1), most), 0);
  if (X.shape[1] < widest)
    throw new RangeError(`ruleCoverage: X must have at least ${widest} columns, got ${X.shape[1]}`);
  checkQuery("ruleCoverage", X, X.shape[1]);
  return rules.map((rule) => {
    let [count, agreeing] = [0, 0];
    for (let i = 0; i < y.length; i++) {
      const row = rowOf(X, i);
      const fits = ({ feature: j, above, atMost }: RuleCondition): boolean => row[j] > above && row[j] <= atMost;
      if (!rule.conditions.every(fits)) continue;
      count++;
      if (y[i] === rule.label) agreeing++;
    }
    return { rule, count, agreement: agreeing / count };
  });
}
