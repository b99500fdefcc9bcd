import { doubles, type OnnxGraph, type Value } from "./graph";

/** What one classifier becomes: values of the graph, computed from a batch of rows. */
export interface OnnxPart {
  readonly classes: readonly number[];
  /** Place of the label among the classes: int64 of shape [n]. */
  readonly place: Value;
  /** Of shape [n, k]; absent where the classifier has none. */
  readonly probabilities?: Value;
}

/** The place of the largest score; of equal ones the first. */
export const largest = (graph: OnnxGraph, scores: Value): Value =>
  graph.node("ArgMax", [scores], { axis: 1, keepdims: 0 }, "int64");

/** Labels and probabilities of scores that are logits. */
export function ofLogits(graph: OnnxGraph, scores: Value, classes: readonly number[]): OnnxPart {
  const probabilities = graph.node("Softmax", [scores], { axis: 1 });
  return { classes, place: largest(graph, scores), probabilities };
}

/** Sums of products with one column of weights a class; one column for two classes is the second's. */
export function linear(graph: OnnxGraph, X: Value, rows: readonly (readonly number[])[], sums: readonly number[],
  numClasses: number): Value {
  const missing = numClasses - rows.length;
  const all = [...Array.from({ length: missing }, () => rows[0].map(() => 0)), ...rows];
  const weights = rows[0].flatMap((_, j) => all.map((row) => row[j]));
  const product = graph.node("MatMul", [X, doubles(weights, rows[0].length, numClasses)]);
  return graph.node("Add", [product, doubles([...new Array<number>(missing).fill(0), ...sums], numClasses)]);
}
