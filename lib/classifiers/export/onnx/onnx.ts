import type { Classifier, SerializedClassifier } from "../../classifier";
import { requireNames } from "../names";
import { integers, OnnxGraph, type Value } from "./graph";
import { constantPart, logisticPart, mlpPart, naiveBayesPart, scorecardPart, svcPart } from "./numeric";
import type { OnnxPart } from "./part";
import { adaBoostPart, boostingPart, forestPart, treePart } from "./trees";
import { calibratedPart, chosen, rejectingPart, scaled } from "./wrapped";

export interface OnnxOptions {
  /** Written into the file's metadata, one a feature; none unless told. */
  featureNames?: readonly string[];
  /** Names of the labels 0, 1, …, written into the metadata; none unless told. */
  classNames?: readonly string[];
}

type PartOf = (graph: OnnxGraph, X: Value, saved: SerializedClassifier) => OnnxPart;

const plain: Readonly<Record<string, PartOf>> = {
  adaBoost: adaBoostPart, decisionTree: treePart, gaussianNaiveBayes: naiveBayesPart,
  gradientBoosting: boostingPart, logisticRegression: logisticPart, mlpClassifier: mlpPart, randomForest: forestPart,
  scorecard: scorecardPart, svc: svcPart,
};

const inner = (saved: SerializedClassifier): SerializedClassifier =>
  (saved as unknown as { classifier: SerializedClassifier }).classifier;

const wrapping: Readonly<Record<string, PartOf>> = {
  calibrated: (graph, X, saved) => calibratedPart(graph, partOf(graph, X, inner(saved)), saved),
  onFeatures: (graph, X, saved) => partOf(graph, chosen(graph, X, saved), inner(saved)),
  pipeline: (graph, X, saved) => partOf(graph, scaled(graph, X, saved), inner(saved)),
  rejecting: (graph, X, saved) => rejectingPart(graph, partOf(graph, X, inner(saved)), saved),
};

function partOf(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { family, classes, label } = saved as SerializedClassifier & { classes?: number[]; label?: number };
  if (Object.hasOwn(wrapping, family)) return wrapping[family](graph, X, saved);
  const only = family === "constant" ? label : classes?.length === 1 ? classes[0] : undefined;
  if (only !== undefined) return constantPart(graph, X, only, family !== "svc");
  if (Object.hasOwn(plain, family)) return plain[family](graph, X, saved);
  const known = ["constant", ...Object.keys(plain), ...Object.keys(wrapping)].sort().join(", ");
  throw new RangeError(`exportOnnx: classifier must be of ${known}, got ${family}`);
}

/**
 * Writes a classifier as an ONNX file, which runtimes in C++, C#, Java, Python, JavaScript and on phones read: the
 * input `X`, double [n, d], gives `label`, int64 [n], and `probabilities` [n, k] where the classifier has them. The
 * families are those of {@link exportModule}.
 *
 * Decisions are computed in double precision, a perceptron's in single, as by the classifier itself; probabilities of
 * trees come in single precision, which is what the format's operator for trees gives. Rows must be finite, as for the
 * classifier: the format can't refuse one.
 *
 * @returns The file's content (ONNX operator sets 13 and `ai.onnx.ml` 3).
 * @throws {RangeError} If the family can't be written, such as `knn`, which would carry its training data, or names are
 * not one a feature.
 * @see https://onnx.ai/onnx/intro/concepts.html
 * @example
 * const small = decisionTree().fit(fromRows([[1], [2], [3]]), Int32Array.of(0, 1, 1));
 * const file = exportOnnx(small, { featureNames: ["size"], classNames: ["small", "large"] });
 */
export function exportOnnx(classifier: Classifier, options: OnnxOptions = {}): Uint8Array {
  const { featureNames = [], classNames = [] } = options;
  requireNames("exportOnnx", classifier, options);
  const graph = new OnnxGraph();
  const X: Value = { name: "X", element: "double" };
  const { place, probabilities, classes } = partOf(graph, X, classifier.serialize());
  const label = graph.node("Gather", [integers(classes, classes.length), place]);
  return graph.encode(classifier.family, { value: X, shape: ["n", classifier.numFeatures] }, [
    { value: label, name: "label", shape: ["n"] },
    ...(probabilities
      ? [{ value: probabilities, name: "probabilities", shape: ["n", classifier.classes.length] }] : []),
  ], { featureNames: JSON.stringify(featureNames), classNames: JSON.stringify(classNames) });
}
