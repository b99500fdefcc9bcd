import type { Classifier } from "../../classifiers";
import type { BlackBox, Copy, FeatureRange } from "../../copying";
import { countParameters, type Network } from "../../training";
import { count, listed, type Description } from "./description";
import { hasMethods, hasNumbers, isFields, isLabeled, isMatrix, type Fields } from "./guards";

const isClassifier = (value: Fields): boolean =>
  typeof value.family === "string" && value.classes instanceof Int32Array && hasMethods(value, "predict");

const isNetwork = (value: Fields): boolean =>
  isFields(value.architecture) && Array.isArray(value.architecture.layers) && Array.isArray(value.weights);

function ofClassifier({ family, classes, numFeatures, predictProba }: Classifier): Description {
  return {
    what: `classifier ${family}: ${count(numFeatures, "feature")}, ${count(classes.length, "class")}`,
    facts: { classes: listed(classes), probabilities: predictProba ? "yes" : "no" },
    next: "model.predict(X), accuracy(y, model.predict(X)), blackBox(model)",
  };
}

function ofNetwork({ architecture }: Network): Description {
  const { layers, inputShape } = architecture;
  return {
    what: `network: ${count(layers.length, "layer")}, ${count(countParameters(architecture), "parameter")}`,
    facts: { takes: inputShape.join(" × "), layers: listed(layers.map(({ kind }) => kind)) },
    next: "evaluateNetwork(network, X, y), saveNetwork(network, path)",
  };
}

function ofTraining({ network, history, keptEpoch }: Fields): Description {
  const epochs = history as readonly { loss: number; accuracy: number }[];
  return {
    what: `training: ${count(epochs.length, "epoch")}, the weights of epoch ${keptEpoch} kept`,
    facts: { network: ofNetwork(network as Network).what },
    rows: epochs.slice(-5).map(({ loss, accuracy }, i) => (
      { epoch: String(Math.max(0, epochs.length - 5) + i + 1), loss, accuracy })),
    next: "evaluateNetwork(result.network, X, y)",
  };
}

function ofBlackBox({ used, budget, remaining, queryProba }: BlackBox): Description {
  return {
    what: `black box: ${count(used, "row")} answered, `
      + (budget === Infinity ? "no budget" : `${remaining.toLocaleString("en-US")} of ${count(budget, "row")} left`),
    facts: { answers: queryProba ? "labels and probabilities" : "labels" },
    next: "await copy(box, { sampler, estimator, budget, rng }), await box.query(X)",
  };
}

function ofCopy({ classifier, queries, spent, strategy }: Copy): Description {
  return {
    what: `copy: ${classifier.family} from ${count(spent, "query")}, asked by ${strategy}`,
    facts: { classifier: ofClassifier(classifier).what, queries: `${queries.X.shape.join(" × ")}` },
    next: "fidelityError(original.predict(X), stolen.classifier.predict(X)), evaluateCopy(original, stolen, { test })",
  };
}

function ofRanges(ranges: readonly FeatureRange[]): Description {
  return {
    what: `ranges of ${count(ranges.length, "feature")}`,
    rows: ranges.slice(0, 10).map((range, j) => ({
      feature: String(j),
      ...(range.kind === "numeric"
        ? { least: range.min, greatest: range.max, mean: range.mean, deviation: range.deviation, step: range.step }
        : { values: listed(range.values) }),
    })),
    numRows: ranges.length, next: "uniformSampler(ranges), normalSampler(ranges)",
  };
}

const isRanges = (value: unknown): value is FeatureRange[] => Array.isArray(value) && value.length > 0
  && value.every((range) => isFields(range) && (range.kind === "categorical" || (range.kind === "numeric"
    && hasNumbers(range, "min", "max", "mean", "deviation"))));

/** Describes what learns, what has learned, and what can be asked. */
export function describeModel(value: unknown): Description | undefined {
  if (isRanges(value)) return ofRanges(value);
  if (!isFields(value)) return undefined;
  if (isNetwork(value)) return ofNetwork(value as unknown as Network);
  if (isClassifier(value)) return ofClassifier(value as unknown as Classifier);
  if (isFields(value.network) && isNetwork(value.network) && Array.isArray(value.history)) return ofTraining(value);
  if (hasMethods(value, "query") && hasNumbers(value, "used", "budget", "remaining"))
    return ofBlackBox(value as unknown as BlackBox);
  if (isFields(value.classifier) && isClassifier(value.classifier) && isLabeled(value.queries))
    return ofCopy(value as unknown as Copy);
  if (typeof value.family === "string" && hasMethods(value, "fit"))
    return { what: `estimator ${value.family}: has not learned yet`, next: "estimator.fit(train.X, train.y)" };
  if (typeof value.name === "string" && hasNumbers(value, "numFeatures") && hasMethods(value, "sample"))
    return {
      what: `${value.name}: draws points of ${count(value.numFeatures as number, "feature")}`,
      next: "sampler.sample(100, seededRng(1)), await copy(box, { sampler, … })",
    };
  if (typeof value.name === "string" && hasMethods(value, "collect"))
    return { what: `query strategy ${value.name}`, next: "await copy(box, { strategy, budget, rng })" };
  return isMatrix(value.centers) && value.clusters instanceof Int32Array ? ofClusters(value) : undefined;
}

function ofClusters({ centers, clusters, inertia }: Fields): Description {
  const [k, d] = (centers as { shape: [number, number] }).shape;
  return {
    what: `${count(k, "cluster")} of ${count((clusters as Int32Array).length, "row")} in ${count(d, "dimension")}`,
    facts: { inertia }, next: "matchClusters(result.clusters, y, { numClusters, numClasses })",
  };
}
