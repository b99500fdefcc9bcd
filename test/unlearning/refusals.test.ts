import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as lib from "../../lib";
import {
  adadelta, adam, certifiedLogistic, conjugateGradients, correctLabels, cosineSimilarity, deepCnn, evaluateNetwork,
  fastVgg, fitLogisticWeights, fitTemperature, flipExperiment, flipToOpposite, gaussNewtonDiagonal, inferLabels,
  initializeNetwork, joinNetworks, lanczosEigenvalues, layer, layerShapes, leNet, linearScores, lissa, lossDerivatives,
  matrix, membershipScore, memorizedShare, mlp, networkOf, networkOutputs, oneCycle, parameterSpecs, relearn,
  relearnInferred, retrainSharded, seededRng, sgd, shallowCnn, softmaxRows, splitNetwork,
  subtractFromWeights, trainCached, trainNetwork, trainNetworkSync, trainSharded, unlearnFeatures, vggLike,
  withoutFeatures, type Architecture, type CorrectionRule, type Dataset, type Matrix,
} from "../../lib";

const rng = () => seededRng(1);
const architecture = mlp({ numFeatures: 2, hidden: [3], numClasses: 3 });
const network = initializeNetwork(architecture, { rng: rng() });
const X = matrix(Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)), [12, 2]);
const y = Int32Array.from({ length: 12 }, (_, i) => i % 3);
const halves = y.map((label) => Math.min(label, 1));
const small = matrix(X.data.map((value) => value / 2), [12, 2]);
const directory = join(tmpdir(), "never-written");

const at = (value: number, { data, shape } = X): Matrix => {
  const copy = Float64Array.from(data);
  copy[5] = value;
  return matrix(copy, shape);
};
/** Tables with a number that is none, or too many, or too few numbers; the last is more than float32 holds. */
const tables = [at(NaN), at(Infinity), at(1e39), matrix(new Float64Array(12), [12, 1]),
  { data: X.data.slice(0, 20), shape: [12, 2] } as Matrix];
const real = [at(NaN), at(-Infinity)];
const labels = [y.map((label, i) => (i === 4 ? 3 : label)), y.map((label, i) => (i === 4 ? -1 : label)),
  y.subarray(0, 11), new Int32Array(0)];
const positives = [NaN, Infinity, 0, -1];
const counts = [NaN, Infinity, 0, -1, 1.5];
const shares = [NaN, Infinity, -0.1, 1.1];
const positions = [[-1], [1e9], [0.5], [NaN]];
const rest = new Float64Array(network.weights.reduce((sum, { length }) => sum + length, 0));
const vectors = [rest.map((_, i) => (i === 3 ? NaN : 1)), rest.map((_, i) => (i === 3 ? Infinity : 1)),
  rest.subarray(1), new Float64Array(rest.length + 1)];
const pairs = [[1, NaN], [Infinity, 1], [1]];
const identity = (v: ArrayLike<number>): ArrayLike<number> => v;
const broken = [() => [NaN, 1], () => [1], () => [1, Infinity]] as ((v: ArrayLike<number>) => number[])[];

/** One call for each bad value. */
const each = <T>(bad: readonly T[], call: (value: T) => unknown) => bad.map((value) => () => call(value));

const train = (X: Matrix, y: Int32Array, options = {}) =>
  trainNetworkSync(architecture, X, y, { epochs: 1, rng: rng(), ...options });
const correct = (X: Matrix, y: Int32Array, options = {}) => correctLabels(network, X, y, { samples: 4, steps: 1,
  rule: { kind: "firstOrder", stepSize: 1e-3 }, parameters: "all", rng: rng(), ...options });
const rules = (kind: CorrectionRule["kind"], key: string, bad: readonly number[]) => each(bad, (value) =>
  correct(X, y, { rule: { kind, ...(kind === "gaussNewton" && { damping: 1 }), [key]: value } as CorrectionRule }));
const again = (X: Matrix, y: Int32Array, changed: ArrayLike<number> = [0], options = {}) =>
  relearn(network, X, y, changed, { gradients: 8, batchSize: 4, rng: rng(), ...options });
const all = Array.from(y.keys());
const chances = matrix(new Float64Array(36).fill(1 / 3), [12, 3]);
const convolutional = initializeNetwork({ inputShape: [4, 4, 1], inputScale: 1,
  layers: [layer.conv2d(2), layer.maxPool(2), layer.flatten(), layer.dense(3)] }, { rng: rng() });
const images = matrix(Float64Array.from({ length: 192 }, (_, i) => Math.sin(i)), [12, 16]);
const tiny = { patchSize: 2, filters: 2, grid: 2 };
const leaveOut = (X: Matrix, y: Int32Array, options = {}) => lib.leaveOneOutProbabilities(X, y,
  { imageShape: [4, 4, 1], numClasses: 3, patches: tiny, rng: rng(), ...options });
const estimated = (X: Matrix, y: Int32Array, options = {}) =>
  lib.networkEstimator(architecture, { epochs: 1, rng: rng(), ...options }).fit(X, y);
const towards = (X: Matrix, targets: Matrix, options = {}) =>
  lib.trainTowards(network, X, targets, { stages: [{ positions: [0, 1] }], rng: rng(), ...options });
const find = (known: ArrayLike<number>, options = {}, given = y) =>
  lib.findFlips(convolutional, images, given, known,
    { rounds: 1, patches: tiny, rng: rng(), ...options });
const swaps = (known: ArrayLike<number>, options = {}, given = y, table: Matrix = images) =>
  lib.findSwaps(convolutional, table, given, known, { patches: tiny, rng: rng(), ...options });
const partly = (known: ArrayLike<number>, options = {}) => lib.relearnPartlyKnown(convolutional, images, y, known,
  { gradients: 1000, batchSize: 4, search: { rounds: 1, patches: tiny }, rng: rng(), ...options });
const dampen = (options = {}, all = rest, forgotten = rest) => lib.dampenSelected(network, { all, forgotten }, options);
const student = (gone: ArrayLike<number>, options = {}) => lib.scrub(network, X, y, gone, { rng: rng(), ...options });
const taught = (gone: ArrayLike<number>, options = {}) => lib.badTeacher(network, X, gone, { rng: rng(), ...options });
const certified = (X: Matrix, y: Int32Array, options = {}) =>
  certifiedLogistic(X, y, { regularization: 0.1, epsilon: 1, delta: 1e-4, sigma: 1, rng: rng(), ...options });
const unlearn = (X: Matrix, y: Int32Array, options = {}, weights: ArrayLike<number> = [0, 1]) =>
  unlearnFeatures(weights, X, y, { features: [0], order: "second", regularization: 0.1, ...options });
const sharded = (options = {}, table: Matrix = X, given = y) =>
  trainSharded(architecture, table, given, { epochs: 1, numShards: 2, rng: rng(), ...options });
const changedShards = async (changed: ArrayLike<number>, table: Matrix = X, given = y) =>
  retrainSharded((await sharded()).model, table, given, { epochs: 1, rng: rng(), changed });
const infer = (wrong: Int32Array, chance = 1) => inferLabels(matrix(Float64Array.of(chance, 0, 0), [1, 3]), wrong);
const half = (): Dataset<Float64Array> =>
  ({ name: "places", X, y, classNames: ["a", "b", "c"], featureNames: ["p", "q"] });
const flips = (options: object) => flipExperiment({ train: half(), test: half() }, { architecture, images: 6,
  validation: 3, budget: 3, epochs: 1, seed: 1, directory, ...options });
const wide: Architecture = { ...architecture, inputShape: [2], layers: [layer.dense(3)] };

/** Bad training examples, and bad queries. */
const examples = (call: (one: lib.LabeledExamples, other: lib.LabeledExamples) => unknown) => [
  ...each(tables, (table) => call({ X: table, y }, { X, y })),
  ...each(tables, (table) => call({ X, y }, { X: table, y })),
  ...each(labels, (wrong) => call({ X, y: wrong }, { X, y })),
  ...each(labels, (wrong) => call({ X, y }, { X, y: wrong }))];
const pairsOf = all.map((i) => [i % 2]);
/** Twelve subsets of two examples, two queries. */
const datamodels = (scores: Matrix, outputs: Matrix = X, options = {}, subsets: number[][] = pairsOf) =>
  lib.linearDatamodelingScore(scores.shape[0] === 12 ? matrix(scores.data.slice(4, 8) as Float64Array, [2, 2]) : scores,
    { subsets, outputs }, { rng: rng(), ...options });

/** What each function must refuse with a RangeError. */
const refusals: Record<string, (() => unknown)[]> = {
  layerShapes: [...each(counts, (side) => layerShapes({ ...wide, inputShape: [side] })),
    ...each([NaN, Infinity], (inputScale) => layerShapes({ ...wide, inputScale })),
    ...each([NaN, 0, -1], (units) => layerShapes({ ...wide, layers: [{ ...layer.dense(3), units }] }))],
  parameterSpecs: each(counts, (side) => parameterSpecs({ ...wide, inputShape: [side] })),
  countParameters: each(counts, (side) => lib.countParameters({ ...wide, inputShape: [side] })),
  countMultiplications: each(counts, (side) => lib.countMultiplications({ ...wide, inputShape: [side] })),
  layer: [...each(counts, layer.dense), ...each(counts, layer.conv2d), ...each(counts, layer.maxPool),
    ...each(shares, layer.dropout), ...each(shares, (momentum) => layer.batchNorm({ momentum })),
    ...each(positives, (epsilon) => layer.batchNorm({ epsilon })),
    ...each(counts, (kernelSize) => layer.conv2d(1, { kernelSize }))],
  mlp: [...each(counts, (numFeatures) => mlp({ numFeatures, hidden: [], numClasses: 2 })),
    ...each(counts, (units) => mlp({ numFeatures: 2, hidden: [units], numClasses: 2 })),
    ...each(counts, (numClasses) => mlp({ numFeatures: 2, hidden: [], numClasses }))],
  leNet: each(counts, (numClasses) => leNet({ numClasses })),
  shallowCnn: each(counts, (numClasses) => shallowCnn({ numClasses })),
  deepCnn: each(counts, (numClasses) => deepCnn({ numClasses })),
  vggLike: [...each(counts, (filters) => vggLike({ filters })), ...each(counts, (denseUnits) =>
    vggLike({ filters: 1, denseUnits })), ...each(shares, (rate) => vggLike({ filters: 1, dropout: [0, 0, 0, rate] }))],
  fastVgg: [...each(counts, (filters) => fastVgg({ filters })), ...each(counts, (denseUnits) =>
    fastVgg({ filters: 1, denseUnits })), ...each(counts, (numClasses) => fastVgg({ filters: 1, numClasses }))],
  airbenchLike: [...each(counts, (filters) => lib.airbenchLike({ filters: [filters, 1, 1] })),
    ...each(counts, (numClasses) => lib.airbenchLike({ numClasses }))],
  muon: [...each(positives, (learningRate) => lib.muon({ learningRate })),
    ...each([NaN, 1, -1], (momentum) => lib.muon({ momentum }))],
  whitenedNetwork: [() => lib.whitenedNetwork(wide, X, { rng: rng() }),
    ...each(tables, (table) => lib.whitenedNetwork(lib.airbenchLike({ filters: [1, 1, 1] }), table, { rng: rng() }))],
  oneCycle: [...each(shares, (warmUp) => oneCycle({ warmUp })), ...each(shares, (last) => oneCycle({ last }))],
  adam: [...each(positives, (learningRate) => adam({ learningRate })),
    ...each([NaN, 1, -1], (beta1) => adam({ beta1 })), ...each([NaN, 1, -1], (beta2) => adam({ beta2 })),
    ...each(positives, (epsilon) => adam({ epsilon }))],
  adadelta: [...each(positives, (learningRate) => adadelta({ learningRate })),
    ...each(shares, (rho) => adadelta({ rho })), ...each(positives, (epsilon) => adadelta({ epsilon }))],
  sgd: [...each(positives, (learningRate) => sgd({ learningRate })), ...each(shares, (momentum) => sgd({ momentum }))],
  initializeNetwork: each(counts, (side) => initializeNetwork({ ...wide, inputShape: [side] }, { rng: rng() })),
  networkOf: [() => networkOf(architecture, network.weights.slice(1)),
    () => networkOf(architecture, network.weights.map((values) => values.slice(1))),
    ...each([NaN, Infinity], (bad) => networkOf(architecture, network.weights.map((values) => values.map(() => bad))))],
  splitNetwork: each([...counts, 2], (position) => splitNetwork(network, position)),
  joinNetworks: [() => joinNetworks(network, network)],
  networkOutputs: [...each(tables, (table) => networkOutputs(network, table)),
    ...each(counts, (batchSize) => networkOutputs(network, X, { batchSize })),
    () => networkOutputs(network, X, { mirror: true })],
  evaluateNetwork: [...each(tables, (table) => evaluateNetwork(network, table, y)),
    ...each(labels, (wrong) => evaluateNetwork(network, X, wrong))],
  softmaxRows: each(real, softmaxRows),
  networkEstimator: [...each(tables, (table) => estimated(table, y)), ...each(labels, (wrong) => estimated(X, wrong)),
    ...each(counts, (epochs) => estimated(X, y, { epochs })),
    ...each([NaN, -1, 0.5], (minSteps) => estimated(X, y, { minSteps })),
    ...each(counts, (batchSize) => estimated(X, y, { batchSize })),
    ...each(positives, (learningRate) => estimated(X, y, { learningRate }))],
  trainNetworkSync: [...each(tables, (table) => train(table, y)), ...each(labels, (wrong) => train(X, wrong)),
    () => train(matrix(X.data.map((value) => value + 1e9), X.shape), y),
    ...each(counts, (epochs) => train(X, y, { epochs })), ...each(counts, (batchSize) => train(X, y, { batchSize })),
    ...each(counts, (everySteps) => train(X, y, { checkpoint: { path: directory, everySteps } }))],
  trainNetwork: each(tables, (table) => trainNetwork(architecture, table, y, { epochs: 1, rng: rng() })),
  trainCached: each(tables, (table) => trainCached(architecture, table, y, { epochs: 1, rng: rng(), directory })),
  conjugateGradients: [...each(pairs.slice(0, 2), (b) => conjugateGradients(identity, b, { damping: 1 })),
    ...each(broken, (product) => conjugateGradients(product, [1, 2], { damping: 1 })),
    ...each([NaN, Infinity, -1], (damping) => conjugateGradients(identity, [1, 2], { damping })),
    ...each(positives, (tolerance) => conjugateGradients(identity, [1, 2], { damping: 1, tolerance })),
    ...each(counts, (maxIterations) => conjugateGradients(identity, [1, 2], { damping: 1, maxIterations })),
    ...each([...pairs, [-1, 1]], (diagonal) => conjugateGradients(identity, [1, 2], { damping: 1, diagonal }))],
  lissa: [...each(pairs.slice(0, 2), (d) => lissa(identity, d)), () => lissa(() => [1], [1, 2]),
    ...each(shares, (damping) => lissa(identity, [1, 2], { damping })),
    ...each(positives, (scale) => lissa(identity, [1, 2], { scale })),
    ...each(counts, (patience) => lissa(identity, [1, 2], { patience })),
    ...each(counts, (maxIterations) => lissa(identity, [1, 2], { maxIterations }))],
  lanczosEigenvalues: [...each(broken, (product) => lanczosEigenvalues(product, 2, { iterations: 2, rng: rng() })),
    ...each(counts, (size) => lanczosEigenvalues(identity, size, { iterations: 2, rng: rng() })),
    ...each(counts, (iterations) => lanczosEigenvalues(identity, 2, { iterations, rng: rng() }))],
  lossDerivatives: [...each(tables, (table) => lossDerivatives(network, table, y)),
    ...each(labels, (wrong) => lossDerivatives(network, X, wrong)),
    ...each(counts, (batchSize) => lossDerivatives(network, X, y, { batchSize })),
    ...each([NaN, Infinity, -1, 0.5], (cacheBytes) => lossDerivatives(network, X, y, { cacheBytes })),
    ...each(counts, (last) => lossDerivatives(network, X, y, { parameters: { last } }))],
  gaussNewtonDiagonal: [...each(tables, (table) => gaussNewtonDiagonal(network, table, { rng: rng(), groups: 2 })),
    ...each([...counts, 13], (groups) => gaussNewtonDiagonal(network, X, { rng: rng(), groups }))],
  subtractFromWeights: each(vectors, (update) => subtractFromWeights(network, "all", update)),
  correctLabels: [...each(tables, (table) => correct(table, y)),
    ...each(labels.slice(0, 3), (wrong) => correct(X, wrong)),
    ...each(counts, (samples) => correct(X, y, { samples })), ...each(counts, (steps) => correct(X, y, { steps })),
    ...rules("firstOrder", "stepSize", positives), ...rules("lissa", "damping", shares),
    ...rules("lissa", "scale", positives), ...rules("gaussNewton", "damping", positives),
    ...rules("gaussNewton", "stepSize", positives), ...rules("gaussNewton", "curvatureSamples", counts),
    ...rules("gaussNewton", "tolerance", positives)],
  relearn: [...each(tables, (table) => again(table, y)), ...each(labels, (wrong) => again(X, wrong)),
    ...each(positions, (changed) => again(X, y, changed)), () => again(X, y, []),
    ...each([...counts, 3], (gradients) => again(X, y, [0], { gradients })),
    ...each(counts, (batchSize) => again(X, y, [0], { batchSize })),
    ...each(shares, (changedShare) => again(X, y, [0], { changedShare })),
    ...each(positives, (learningRate) => again(X, y, [0], { learningRate })),
    ...each(counts, (restartFrom) => again(X, y, [0], { restartFrom })),
    () => again(X, y, [0], { augment: { mirror: "random" } }),
    ...[{ mirror: "inTurns" }, { mirror: "up" }, null, [], false].map((augment) => () => lib.relearn(convolutional,
      images, y, [0], { gradients: 8, batchSize: 4, augment: augment as { mirror: "random" }, rng: rng() }))],
  relearnInferred: [...each(positives, (temperature) => relearnInferred(network, X, y, [0],
    { temperature, gradients: 8, batchSize: 4, rng: rng() })), ...each(positions, (flipped) =>
    relearnInferred(network, X, y, flipped, { temperature: 1, gradients: 8, batchSize: 4, rng: rng() }))],
  memorizedShare: [...each(tables, (table) => memorizedShare(network, table, y)),
    ...each([y.subarray(1), new Int32Array(0)], (wrong) => memorizedShare(network, X, wrong))],
  membershipScore: [...each(tables, (table) => membershipScore(network, { X: table, y }, { X, y })),
    ...each(labels, (wrong) => membershipScore(network, { X, y }, { X, y: wrong }))],
  cosineSimilarity: each(pairs, (v) => cosineSimilarity(v, [1, 2])),
  flipToOpposite: [...each([NaN, Infinity, -3, 1.5, 2, 15], (budget) =>
    flipToOpposite(y, { budget, numClasses: 3, rng: rng() })),
    ...each([...counts, 2], (numClasses) => flipToOpposite(y, { budget: 0, numClasses, rng: rng() }))],
  flipExperiment: [...each([...counts, 13], (images) => flips({ images })),
    ...each([...counts, 7], (validation) => flips({ validation })),
    ...each([NaN, -3, 1, 1.5], (budget) => flips({ budget })), ...each(counts, (epochs) => flips({ epochs }))],
  certifiedLogistic: [...each([...real, at(3)], (table) => certified(table, halves)), () => certified(small, y),
    () => certified(small, halves.subarray(1)), ...each(positives, (epsilon) => certified(small, halves, { epsilon })),
    ...each([NaN, 0, -1, 1.5], (delta) => certified(small, halves, { delta })),
    ...each(positives, (sigma) => certified(small, halves, { sigma })),
    ...each(positives, (regularization) => certified(small, halves, { regularization })),
    ...each(positions, (gone) => certified(small, halves).remove(gone))],
  spectralBound: each(real, lib.spectralBound),
  fitLogisticWeights: [...each(real, (table) => fitLogisticWeights(table, halves, { regularization: 1 })),
    () => fitLogisticWeights(X, y, { regularization: 1 }),
    () => fitLogisticWeights(X, halves.subarray(1), { regularization: 1 }),
    ...each(positives, (regularization) => fitLogisticWeights(X, halves, { regularization }))],
  unlearnFeatures: [...each(real, (table) => unlearn(table, halves)), () => unlearn(X, y),
    ...each([[1, NaN], [1]], (weights) => unlearn(X, halves, {}, weights)),
    ...each([-1, 2, NaN, 0.5], (feature) => unlearn(X, halves, { features: [feature] })),
    ...each(positives, (regularization) => unlearn(X, halves, { regularization })),
    ...each(positives, (stepSize) => unlearn(X, halves, { stepSize, order: "first" }))],
  withoutFeatures: each([-1, 2, NaN, 0.5], (feature) => withoutFeatures(X, [feature])),
  linearScores: [...each(real, (table) => linearScores(table, [1, 2])), ...each(pairs, (w) => linearScores(X, w))],
  trainSharded: [...each(tables, (table) => sharded({}, table)), ...each(labels, (wrong) => sharded({}, X, wrong)),
    ...each([...counts, 13], (numShards) => sharded({ numShards }))],
  retrainSharded: [...each(positions, (changed) => changedShards(changed)),
    ...each(tables, (table) => changedShards([0], table)), ...each(labels, (wrong) => changedShards([0], X, wrong))],
  inferLabels: [...each([NaN, Infinity, -0.1, 1.1], (chance) => infer(Int32Array.of(0), chance)),
    ...each([3, -1], (wrong) => infer(Int32Array.of(wrong))), () => infer(new Int32Array(2))],
  fitTemperature: [...each(real, (logits) => fitTemperature(logits, halves)), () => fitTemperature(X, y),
    () => fitTemperature(X, halves.subarray(1))],
  leaveOneOutProbabilities: [...each(labels, (wrong) => leaveOut(images, wrong)), () => leaveOut(X, y),
    () => leaveOut(at(NaN, images), y), () => leaveOut(matrix(new Float64Array(16), [1, 16]), new Int32Array(1)),
    ...each([...counts, 1], (numClasses) => leaveOut(images, y, { numClasses })),
    ...each(positives, (ridge) => leaveOut(images, y, { ridge })),
    ...each(counts, (filters) => leaveOut(images, y, { patches: { ...tiny, filters } }))],
  trainTowards: [...each(tables, (table) => towards(table, chances)), ...each(real, (table) => towards(X, table)),
    () => towards(X, at(NaN, chances)), () => towards(X, chances, { stages: [] }),
    ...each(positions, (wrong) => towards(X, chances, { stages: [{ positions: wrong }] })),
    ...each(positives, (learningRate) => towards(X, chances, { learningRate })),
    ...each(counts, (batchSize) => towards(X, chances, { batchSize }))],
  findFlips: [...each([...positions, [], all], (known) => find(known)),
    ...each(labels, (wrong) => find([0], {}, wrong)),
    ...each(counts, (rounds) => find([0], { rounds })), ...each(shares, (threshold) => find([0], { threshold })),
    ...each(positives, (ridge) => find([0], { ridge })),
    ...each(counts, (grid) => find([0], { patches: { ...tiny, grid } })),
    () => lib.findFlips(network, X, y, [0], { rounds: 1, rng: rng() })],
  findSwaps: [...each([...positions, [], all, [0], [0, 1, 2]], (known) => swaps(known)),
    ...each(labels, (wrong) => swaps([0, 1], {}, wrong)), () => swaps([0, 1], {}, y, at(NaN, images)),
    ...each(positives, (ridge) => swaps([0, 1], { ridge })),
    ...each([NaN, -1, 0.5], (roundCount) => swaps([0, 1], { rounds: roundCount })),
    ...each(shares, (threshold) => swaps([0, 1], { threshold })),
    ...each(counts, (grid) => swaps([0, 1], { patches: { patchSize: 2, filters: 2, grid } }))],
  flipPosterior: [...each([...positions, [], all], (known) => lib.flipPosterior(chances, y, known)),
    ...each([NaN, -0.1, 1.1], (chance) => lib.flipPosterior(at(chance, chances), y, [0])),
    ...each(labels, (wrong) => lib.flipPosterior(chances, wrong, [0]))],
  relearnPartlyKnown: [...each([...positions, [], all], (known) => partly(known)),
    ...each(shares, (correctAbove) => partly([0], { correctAbove })),
    ...each(shares, (leaveOutAbove) => partly([0], { leaveOutAbove })),
    ...each([NaN, 0, -1, 1], (gradients) => partly([0], { gradients }))],
  weightImportance: [...each(tables, (table) => lib.weightImportance(network, table, y)),
    ...each(labels, (wrong) => lib.weightImportance(network, X, wrong)),
    ...each(counts, (batchSize) => lib.weightImportance(network, X, y, { batchSize }))],
  dampenSelected: [...each(positives, (alpha) => dampen({ alpha })), ...each(positives, (lambda) => dampen({ lambda })),
    () => dampen({}, rest.subarray(1)), () => dampen({}, rest, new Float64Array(0))],
  potion: [...each([...positions, [], all], (gone) => lib.potion(network, X, y, gone)),
    ...each(tables, (table) => lib.potion(network, table, y, [0])),
    ...each(labels, (wrong) => lib.potion(network, X, wrong, [0])),
    ...each(shares, (target) => lib.potion(network, X, y, [0], { target })),
    ...each([...positives, 1], (step) => lib.potion(network, X, y, [0], { step })),
    ...each(counts, (batchSize) => lib.potion(network, X, y, [0], { batchSize }))],
  selectiveDampening: [...each([...positions, [], all], (gone) => lib.selectiveDampening(network, X, y, gone)),
    ...each(tables, (table) => lib.selectiveDampening(network, table, y, [0])),
    ...each(positives, (alpha) => lib.selectiveDampening(network, X, y, [0], { alpha })),
    ...each(counts, (batchSize) => lib.selectiveDampening(network, X, y, [0], { batchSize }))],
  similarTo: [...each(real, (table) => lib.similarTo(table, all, [0, 1])), () => lib.similarTo(X, all, [0]),
    () => lib.similarTo(X, all, all), () => lib.similarTo(X, [0, 1, 2], [0, 5]),
    ...each(positions, ([wrong]) => lib.similarTo(X, [0, 1, 2, wrong], [0, 1]))],
  scrub: [...each([...positions, [], all], (gone) => student(gone)),
    ...each([NaN, Infinity, -1], (alpha) => student([0], { alpha })),
    ...each(counts, (passes) => student([0], { passes })),
    ...each([NaN, -1, 0.5, 2], (awayPasses) => student([0], { awayPasses })),
    ...each(positives, (learningRate) => student([0], { learningRate }))],
  badTeacher: [...each([...positions, [], all], (gone) => taught(gone)),
    ...each([...shares, 0], (keptShare) => taught([0], { keptShare })),
    ...each(counts, (passes) => taught([0], { passes })),
    ...each(positives, (learningRate) => taught([0], { learningRate }))],
  gradientSimilarity: [() => lib.gradientSimilarity([], { X, y }, { X, y }),
    ...examples((one, other) => lib.gradientSimilarity([network], one, other))],
  ekfacInfluence: [...examples((one, other) => lib.ekfacInfluence(network, one, other, { rng: rng() })),
    ...each(positives, (damping) => lib.ekfacInfluence(network, { X, y }, { X, y }, { damping, rng: rng() }))],
  solvedInfluence: [...examples((one, other) => lib.solvedInfluence(network, one, other)),
    ...each(positives, (damping) => lib.solvedInfluence(network, { X, y }, { X, y }, { damping })),
    ...each(positives, (tolerance) => lib.solvedInfluence(network, { X, y }, { X, y }, { tolerance })),
    ...each(counts, (maxIterations) => lib.solvedInfluence(network, { X, y }, { X, y }, { maxIterations }))],
  trak: [() => lib.trak([], { X, y }, { X, y }, { rng: rng() }),
    ...examples((one, other) => lib.trak([network], one, other, { dimensions: 4, rng: rng() })),
    ...each(counts, (dimensions) => lib.trak([network], { X, y }, { X, y }, { dimensions, rng: rng() })),
    ...each(positives, (damping) => lib.trak([network], { X, y }, { X, y }, { damping, rng: rng() }))],
  logOdds: [...each(tables, (table) => lib.logOdds(network, { X: table, y })),
    ...each(labels, (wrong) => lib.logOdds(network, { X, y: wrong }))],
  linearDatamodelingScore: [...each(real, (table) => datamodels(table)), ...each(real, (table) => datamodels(X, table)),
    () => datamodels(X, matrix(X.data.subarray(0, 22), [11, 2])), () => datamodels(X, chances),
    ...each(positions, ([wrong]) => datamodels(X, X, {}, [...pairsOf.slice(1), [wrong]])),
    () => datamodels(matrix(X.data, [2, 12]), matrix(X.data.subarray(0, 4), [2, 2]), {}, [[0], [1]]),
    ...each(counts, (resamples) => datamodels(X, X, { resamples })),
    ...each([...shares, 0, 1], (level) => datamodels(X, X, { level }))],
};

/** They take a name, a file or nothing, and have tests of their own. */
const others = ["DivergenceError", "loadNetwork", "matrixPrecision", "saveNetwork", "setMatrixPrecision",
  "tensorflowThreads"];

test("every public function of training and unlearning stands in this file's table", () => {
  const exported = ["training", "unlearning"].flatMap((topic) => Object.keys(require(`../../lib/dist/${topic}`)));
  const missing = exported.filter((name) => !(name in refusals) && !others.includes(name));
  assert.deepEqual(missing, []);
});

for (const [name, calls] of Object.entries(refusals))
  test(`${name} refuses what is no number, out of range or too short, in a RangeError`, async () => {
    for (const call of calls) await assert.rejects(async () => call(), { name: "RangeError" }, String(call));
  });
