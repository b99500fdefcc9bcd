import type { SerializedTransformer } from "../../../data/scale";
import type { SerializedClassifier } from "../../classifier";
import { doubles, floats, integers, type OnnxGraph, type Value } from "./graph";
import { ELEMENT } from "./messages";
import type { OnnxPart } from "./part";

/** Scaling before the classifier. */
export function scaled(graph: OnnxGraph, X: Value, saved: SerializedClassifier): Value {
  const { center, scale } = (saved as unknown as { step: SerializedTransformer }).step;
  const centered = graph.node("Sub", [X, doubles(center, center.length)]);
  return graph.node("Div", [centered, doubles(scale, scale.length)]);
}

/** Some of the features only. */
export function chosen(graph: OnnxGraph, X: Value, saved: SerializedClassifier): Value {
  const { features } = saved as unknown as { features: number[] };
  return graph.node("Gather", [X, integers(features, features.length)], { axis: 1 });
}

const numbers = ({ element }: Value, value: number) => (element === "float" ? floats : doubles)([value]);

/** Probabilities to the power of 1 / T. */
export function calibratedPart(graph: OnnxGraph, part: OnnxPart, saved: SerializedClassifier): OnnxPart {
  const { temperature } = saved as unknown as { temperature: number };
  const P = part.probabilities!;
  const logs = graph.node("Log", [graph.node("Max", [P, numbers(P, 1e-6)])]);
  const logits = graph.node("Div", [logs, numbers(P, temperature)]);
  return { ...part, probabilities: graph.node("Softmax", [logits], { axis: 1 }) };
}

/** No label below a confidence: a place before all classes. */
export function rejectingPart(graph: OnnxGraph, part: OnnxPart, saved: SerializedClassifier): OnnxPart {
  const { atLeast, rejected } = saved as unknown as { atLeast: number; rejected: number };
  const P = part.probabilities!;
  const confidence = graph.node("ReduceMax", [P], { axes: [1], keepdims: 0 });
  // By products, not `Where`: with that, ONNX Runtime 1.16 gives other labels in the second run of a session.
  const isSure = graph.node("GreaterOrEqual", [confidence, numbers(P, atLeast)], {}, "bool");
  const sure = graph.node("Cast", [isSure], { to: ELEMENT.int64 }, "int64");
  const place = graph.node("Mul", [graph.node("Add", [part.place, integers([1])]), sure]);
  return { ...part, classes: [rejected, ...part.classes], place };
}
