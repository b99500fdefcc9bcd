import type { SerializedClassifier } from "../../classifier";
import type { SerializedSvc } from "../../svm/svc";
import { bayesConstants, centeredVectors, rowsOf } from "../saved";
import { doubles, floats, integers, type OnnxGraph, type Value } from "./graph";
import { ELEMENT } from "./messages";
import { largest, linear, ofLogits, type OnnxPart } from "./part";

export function logisticPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { classes, coefficients, intercepts } = saved as unknown as Record<string, number[]>;
  const rows = rowsOf(coefficients, coefficients.length / intercepts.length);
  return ofLogits(graph, linear(graph, X, rows, intercepts, classes.length), classes);
}

export function scorecardPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { classes, points, threshold, unit } = saved as unknown as {
    classes: number[]; points: number[]; threshold: number; unit: number;
  };
  const scores = linear(graph, X, [points], [-threshold], 2);
  const logits = graph.node("Mul", [scores, doubles([unit])]);
  return { ...ofLogits(graph, logits, classes), place: largest(graph, scores) };
}

export function naiveBayesPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { classes, logPrior, mean, variance } = saved as unknown as Record<string, number[]>;
  const k = classes.length;
  const d = mean.length / k;
  const constants = bayesConstants(logPrior, rowsOf(variance, d));
  const apart = graph.node("Sub", [graph.node("Unsqueeze", [X, integers([1], 1)]), doubles(mean, 1, k, d)]);
  const halves = doubles(variance.map((v) => 0.5 / v), 1, k, d);
  const weighted = graph.node("Mul", [graph.node("Mul", [apart, apart]), halves]);
  const distance = graph.node("ReduceSum", [weighted, integers([2], 1)], { keepdims: 0 });
  return ofLogits(graph, graph.node("Sub", [doubles(constants, 1, k), distance]), classes);
}

/** In single precision, as the network itself. */
export function mlpPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const { classes, layers } = saved as unknown as {
    classes: number[]; layers: { shape: [number, number]; weights: number[]; biases: number[] }[];
  };
  let units = graph.node("Cast", [X], { to: ELEMENT.float }, "float");
  layers.forEach(({ shape, weights, biases }, l) => {
    units = graph.node("Gemm", [units, floats(weights, shape[0], shape[1]), floats(biases, shape[1])]);
    if (l < layers.length - 1) units = graph.node("Relu", [units]);
  });
  if (layers[layers.length - 1].shape[1] < classes.length)
    units = graph.node("Concat", [graph.node("Sub", [units, units]), units], { axis: 1 });
  return ofLogits(graph, units, classes);
}

/** The kernel's value of each row and each support vector, [n, number of vectors], from their differences. */
function kernelOf(graph: OnnxGraph, X: Value, machine: SerializedSvc): Value {
  const { kernel, numFeatures: d } = machine;
  const { center, vectors } = centeredVectors(machine);
  const total = vectors.length;
  const rows = center.length ? graph.node("Sub", [X, doubles(center, d)]) : X;
  if (kernel.type === "linear") {
    const transposed = Array.from({ length: d }, (_, j) => vectors.map((vector) => vector[j])).flat();
    return graph.node("MatMul", [rows, doubles(transposed, d, total)]);
  }
  const each = graph.node("Unsqueeze", [rows, integers([1], 1)]);
  const apart = graph.node("Sub", [each, doubles(vectors.flat(), 1, total, d)]);
  const squares = graph.node("ReduceSumSquare", [apart], { axes: [2], keepdims: 0 });
  return graph.node("Exp", [graph.node("Mul", [squares, doubles([-kernel.gamma])])]);
}

/** Support vectors, which vote pair by pair. */
export function svcPart(graph: OnnxGraph, X: Value, saved: SerializedClassifier): OnnxPart {
  const machine = saved as SerializedSvc;
  const { classes, counts, coefficients, rho } = machine;
  const k = classes.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const pairs = rho.length;
  const weights = new Float64Array(total * pairs);
  const votes = new Float64Array(pairs * k);
  const lost = new Float64Array(k);
  for (let c = 0, start = 0; c < k; start += counts[c++])
    for (let r = 0; r < k - 1; r++) {
      const other = r < c ? r : r + 1;
      const low = Math.min(c, other);
      const pair = low * k - (low * (low + 1)) / 2 + Math.abs(other - c) - 1;
      for (let i = start; i < start + counts[c]; i++) weights[i * pairs + pair] = coefficients[r * total + i];
      // The first of a pair wins where its sum is above 0, else the second: 1 and −1 + 1.
      votes[pair * k + c] = c < other ? 1 : -1;
      if (c > other) lost[c]++;
    }
  const sums = graph.node("MatMul", [kernelOf(graph, X, machine), doubles(weights, total, pairs)]);
  const wins = graph.node("Greater", [sums, doubles(rho, pairs)], {}, "bool");
  const ones = graph.node("Cast", [wins], { to: ELEMENT.double }, "double");
  const won = graph.node("MatMul", [ones, doubles(votes, pairs, k)]);
  return { classes, place: largest(graph, graph.node("Add", [won, doubles(lost, k)])) };
}

/** Always one label; `hasProbabilities` says whether the classifier gives its chance, too. */
export function constantPart(graph: OnnxGraph, X: Value, label: number, hasProbabilities: boolean): OnnxPart {
  const zeros = graph.node("ReduceSum", [graph.node("Mul", [X, doubles([0])]), integers([1], 1)], { keepdims: 1 });
  const part = ofLogits(graph, zeros, [label]);
  return hasProbabilities ? part : { ...part, probabilities: undefined };
}
