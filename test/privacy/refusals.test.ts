import assert from "node:assert/strict";
import { test } from "node:test";
import * as api from "../../lib";

const rng = () => api.seededRng(1);
const X = api.fromRows([[0.6, 0.8, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0.6, 0, 0, 0.8]]);
const images = api.matrix(Float32Array.from(X.data), X.shape);
const bits = api.matrix(Uint8Array.from(X.data, Math.ceil), X.shape);
const y = Int32Array.of(0, 1, 0, 1);
const relation = { neighbors: "add-remove" } as const;
const scores = { members: [1, 2, 3, 4], nonMembers: [0, 1, 1, 2] };
const guarantee = { epsilon: 1, delta: 1e-5 };
const network = api.mlp({ numFeatures: 4, hidden: [3], numClasses: 2 });

/** A public function of the privacy folder, options that it takes, and the call. */
type Call = [options: Record<string, unknown>, call: (options: never) => unknown];

const entry = <O extends object>(options: O, call: (options: O) => unknown): Call =>
  [options as Record<string, unknown>, call as (options: never) => unknown];

const table: api.CsvDataset = {
  name: "small", X: api.fromRows([[1], [2]]), y: Int32Array.of(0, 1), featureNames: ["size"], classNames: ["a", "b"],
  columns: [{ name: "size", kind: "numeric", missing: 0 }], target: "kind", dropped: [],
};

const calls: Record<string, Call> = {
  gdpExponentialEpsilon: entry({ mu: 0.1 }, api.gdpExponentialEpsilon),
  syntheticTable: entry({ epsilon: 1, delta: 1e-6 }, (o) => api.syntheticTable(table,
    { ...o, domain: { size: { min: 0, max: 3 }, kind: ["a", "b"] }, rows: 2, rng: rng() })),
  advancedComposition: entry({ ...guarantee, count: 3, slack: 1e-6 }, ({ epsilon, delta, ...rest }) =>
    api.advancedComposition({ epsilon, delta }, rest)),
  addGaussianNoise: entry({ sigma: 1 }, (o) => api.addGaussianNoise([1], { ...o, rng: rng() })),
  analyticGaussianSigma: entry({ ...guarantee, sensitivity: 1 }, api.analyticGaussianSigma),
  auditEpsilon: entry({ delta: 0.1, confidence: 0.9 }, (o) => api.auditEpsilon(scores, { ...o, rng: rng() })),
  basicComposition: entry(guarantee, (o) => api.basicComposition([o])),
  binarizeImages: entry({ cutoff: 1 }, (o) => api.binarizeImages(X, o)),
  certifiedLogistic: entry({ regularization: 1, ...guarantee, sigma: 1 }, (o) =>
    api.certifiedLogistic(X, y, { ...o, rng: rng() })),
  classicalGaussianSigma: entry({ ...guarantee, sensitivity: 1 }, api.classicalGaussianSigma),
  clopperPearson: entry({ successes: 1, trials: 3, confidence: 0.9 }, api.clopperPearson),
  composedDelta: entry({ epsilon: 1 }, (o) => api.composedDelta([{ kind: "gaussian", noiseMultiplier: 1 }], o)),
  composedEpsilon: entry({ delta: 1e-5 }, (o) => api.composedEpsilon([{ kind: "laplace", noiseMultiplier: 1 }], o)),
  "composedEpsilon of a Gaussian": entry({ noiseMultiplier: 1, count: 2 }, (o) =>
    api.composedEpsilon([{ kind: "gaussian", ...o }], { delta: 1e-5 })),
  "composedEpsilon of a Laplace mechanism": entry({ noiseMultiplier: 1, count: 2 }, (o) =>
    api.composedEpsilon([{ kind: "laplace", ...o }], { delta: 1e-5 })),
  "composedEpsilon of a sampled Gaussian": entry({ noiseMultiplier: 1, samplingRate: 0.1, count: 2 }, (o) =>
    api.composedEpsilon([{ kind: "subsampled-gaussian", ...o }], { delta: 1e-5 })),
  "composedEpsilon of a guarantee": entry({ ...guarantee, count: 2 }, (o) =>
    api.composedEpsilon([{ kind: "guarantee", ...o }], { delta: 1e-3 })),
  composeGdp: entry({ mu: 1 }, ({ mu }) => api.composeGdp([1, mu])),
  debiasedClassShares: entry({ epsilon: 1, numClasses: 2 }, (o) => api.debiasedClassShares(y, o)),
  debiasedShares: entry({ p: 0.8, q: 0.2 }, (o) => api.debiasedShares(bits, o)),
  discreteGaussianDelta: entry({ sigma: 2, sensitivity: 1, epsilon: 1 }, api.discreteGaussianDelta),
  discreteGaussianMechanism: entry({ ...guarantee, sensitivity: 1 }, (o) =>
    api.discreteGaussianMechanism([1], { ...o, ...relation, rng: rng() })),
  discreteGaussianNoise: entry({ sigma: 1 }, ({ sigma }) => api.discreteGaussianNoise(sigma, rng())),
  discreteLaplaceMechanism: entry({ epsilon: 1, sensitivity: 1 }, (o) =>
    api.discreteLaplaceMechanism([1], { ...o, ...relation, rng: rng() })),
  discreteLaplaceNoise: entry({ scale: 1 }, ({ scale }) => api.discreteLaplaceNoise(scale, rng())),
  dpSgdEpsilon: entry({ noiseMultiplier: 1, samplingRate: 0.1, steps: 2, delta: 1e-5 }, api.dpSgdEpsilon),
  dpSgdNoiseMultiplier: entry({ ...guarantee, samplingRate: 0.1, steps: 2 }, api.dpSgdNoiseMultiplier),
  dpSgdRdpEpsilon: entry({ noiseMultiplier: 1, samplingRate: 0.1, steps: 2, delta: 1e-5 }, api.dpSgdRdpEpsilon),
  epsilonLowerBound: entry({ truePositives: 3, members: 4, falsePositives: 1, nonMembers: 4, delta: 0.1,
    confidence: 0.9 }, ({ delta, confidence, ...counts }) => api.epsilonLowerBound(counts, { delta, confidence })),
  exactExponentialMechanism: entry({ epsilon: 1, sensitivity: 1 }, (o) =>
    api.exactExponentialMechanism([1, 2], { ...o, ...relation, rng: rng() })),
  exponentialMechanism: entry({ epsilon: 1, sensitivity: 1 }, (o) =>
    api.exponentialMechanism([1, 2], { ...o, ...relation, rng: rng() })),
  exponentialProbabilities: entry({ epsilon: 1, sensitivity: 1 }, (o) =>
    api.exponentialProbabilities([1, 2], { ...o, ...relation })),
  gaussianDelta: entry({ sigma: 1, sensitivity: 1, epsilon: 1 }, api.gaussianDelta),
  gaussianEpsilon: entry({ sigma: 1, sensitivity: 1, delta: 1e-5 }, api.gaussianEpsilon),
  gaussianMechanism: entry({ ...guarantee, sensitivity: 1 }, (o) =>
    api.gaussianMechanism([1], { ...o, ...relation, rng: rng() })),
  gaussianNoiseMultiplier: entry({ ...guarantee, count: 2 }, api.gaussianNoiseMultiplier),
  gaussianRho: entry({ sigma: 1, sensitivity: 1 }, api.gaussianRho),
  gdpDelta: entry({ mu: 1, epsilon: 1 }, api.gdpDelta),
  gdpEpsilon: entry({ mu: 1, delta: 1e-5 }, api.gdpEpsilon),
  labeledBitDesign: entry({ epsilon: 1, numClasses: 2 }, api.labeledBitDesign),
  laplaceMechanism: entry({ epsilon: 1, sensitivity: 1 }, (o) =>
    api.laplaceMechanism([1], { ...o, ...relation, rng: rng() })),
  laplaceNoise: entry({ scale: 1 }, ({ scale }) => api.laplaceNoise(scale, rng())),
  noiseImages: entry(guarantee, (o) => api.noiseImages(images, { ...o, rng: rng() })),
  normalizeGroups: entry({ groups: 2 }, (o) => api.normalizeGroups(X, o)),
  normalizeImages: entry({ imagesPerNorm: 2 }, (o) => api.normalizeImages(X, o)),
  orientationFeatures: entry({ cells: 1, orientations: 4, inputScale: 1 }, (o) => api.orientationFeatures(X, o)),
  planReleases: entry({ ...guarantee, share: 1, count: 2 }, ({ share, count, ...o }) =>
    api.planReleases([{ name: "all", share, count }], o)),
  poolImages: entry({ side: 1 }, (o) => api.poolImages(X, o)),
  privacyBudget: entry(guarantee, (o) => api.privacyBudget({ ...o, ...relation })),
  privateMarginals: entry({ ...guarantee, numClasses: 2, mostOnes: 2 }, (o) =>
    api.privateMarginals(bits, y, { ...o, rng: rng() })),
  privateStandardScaler: entry({ ...guarantee, lower: 0, upper: 2 }, (o) =>
    api.privateStandardScaler(X, { ...o, ...relation, rng: rng() })),
  randomizeBits: entry({ p: 0.8, q: 0.2 }, (o) => api.randomizeBits(bits, { ...o, rng: rng() })),
  randomizedResponse: entry({ epsilon: 1, numClasses: 2 }, (o) => api.randomizedResponse(y, { ...o, rng: rng() })),
  randomizedResponseProbabilities: entry({ epsilon: 1, numClasses: 2 }, api.randomizedResponseProbabilities),
  rdpEpsilon: entry({ order: 2, divergence: 1, delta: 1e-5 }, ({ order, divergence, delta }) =>
    api.rdpEpsilon({ orders: [order], divergences: [divergence] }, { delta })),
  reportLabeledBits: entry({ epsilon: 1, numClasses: 2, bitsPerUser: 1, subsetSize: 1 }, (o) =>
    api.reportLabeledBits(bits, y, { ...o, rng: rng() })),
  reportRandomBits: entry({ pixelEpsilon: 1, labelEpsilon: 1, numClasses: 2 }, (o) =>
    api.reportRandomBits(bits, y, { ...o, rng: rng() })),
  sampleFromMarginals: entry({ size: 2 }, (o) =>
    api.sampleFromMarginals({ means: api.fromRows([[0.5]]), shares: Float64Array.of(1) }, { ...o, rng: rng() })),
  sourceNoisedImages: entry({ ...guarantee, imagesPerNorm: 2 }, (o) =>
    api.sourceNoisedImages(X, { ...o, divideAfterNoise: false, clipAtZero: false, rng: rng() })),
  subsampledGaussianRdp: entry({ noiseMultiplier: 1, samplingRate: 0.1, order: 2 }, api.subsampledGaussianRdp),
  subsetSelection: entry({ epsilon: 1, numSymbols: 3, subsetSize: 1 }, (o) =>
    api.subsetSelection(y, { ...o, rng: rng() })),
  subsetSelectionProbabilities: entry({ epsilon: 1, numSymbols: 3, subsetSize: 1 }, api.subsetSelectionProbabilities),
  trainPrivateLinear: entry({ ...guarantee, numClasses: 2, steps: 2, samplingRate: 0.5, clipNorm: 1, learningRate: 1,
    momentum: 0.5 }, (o) => api.trainPrivateLinear(X, y, { ...o, rng: rng() })),
  trainPrivateNetwork: entry({ ...guarantee, steps: 2, samplingRate: 0.5, clipNorm: 1, microBatchSize: 2 }, (o) =>
    api.trainPrivateNetwork(network, X, y, { ...o, rng: rng() })),
  truePositiveRateAt: entry({ falsePositiveRate: 0.1 }, (o) => api.truePositiveRateAt(scores, o)),
  unaryEncode: entry({ numClasses: 2 }, ({ numClasses }) => api.unaryEncode(y, numClasses)),
  unaryEpsilon: entry({ p: 0.8, q: 0.2 }, api.unaryEpsilon),
  unaryProbabilities: entry({ epsilon: 1 }, (o) => api.unaryProbabilities({ ...o, kind: "symmetric" })),
  zcdpDelta: entry({ rho: 1, epsilon: 1 }, api.zcdpDelta),
  zcdpEpsilon: entry({ rho: 1, delta: 1e-5 }, api.zcdpEpsilon),
  zcdpEpsilonClosed: entry({ rho: 1, delta: 1e-5 }, api.zcdpEpsilonClosed),
};

/** −1 is a number like any other to these. */
const anyFinite = new Set(["lower", "cutoff", "inputScale"]);
/** A divergence may be unbounded: then so is ε. */
const mayBeInfinite = new Set(["divergence"]);

for (const [name, [options, call]] of Object.entries(calls))
  test(`${name} takes its options, and refuses each of them as NaN, ±Infinity or −1`, () => {
    call(options as never);
    for (const option of Object.keys(options))
      for (const bad of [NaN, Infinity, -Infinity, -1]) {
        if ((bad === -1 && anyFinite.has(option)) || (bad === Infinity && mayBeInfinite.has(option))) continue;
        assert.throws(() => call({ ...options, [option]: bad } as never), RangeError, `${option} of ${bad}`);
      }
  });

const broken = (value: number) => api.fromRows([[value, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 1]]);

for (const value of [NaN, Infinity, -Infinity])
  test(`a number of ${value} in the data is refused by all that take numbers`, () => {
    const X = broken(value);
    const single = api.matrix(Float32Array.from(X.data), X.shape);
    for (const [name, call] of Object.entries({
      addGaussianNoise: () => api.addGaussianNoise([value], { sigma: 1, rng: rng() }),
      auditEpsilon: () =>
        api.auditEpsilon({ ...scores, members: [1, value] }, { delta: 0, confidence: 0.9, rng: rng() }),
      binarizeImages: () => api.binarizeImages(X, { cutoff: 1 }),
      certifiedLogistic: () => api.certifiedLogistic(X, y, { regularization: 1, ...guarantee, sigma: 1, rng: rng() }),
      discreteGaussianMechanism: () =>
        api.discreteGaussianMechanism([value], { ...guarantee, sensitivity: 1, ...relation, rng: rng() }),
      discreteLaplaceMechanism: () =>
        api.discreteLaplaceMechanism([value], { epsilon: 1, sensitivity: 1, ...relation, rng: rng() }),
      exactExponentialMechanism: () =>
        api.exactExponentialMechanism([1, value], { epsilon: 1, sensitivity: 1, ...relation, rng: rng() }),
      exponentialMechanism: () =>
        api.exponentialMechanism([1, value], { epsilon: 1, sensitivity: 1, ...relation, rng: rng() }),
      gaussianMechanism: () =>
        api.gaussianMechanism([value], { ...guarantee, sensitivity: 1, ...relation, rng: rng() }),
      laplaceMechanism: () => api.laplaceMechanism([value], { epsilon: 1, sensitivity: 1, ...relation, rng: rng() }),
      linkageRate: () => api.linkageRate(X, X),
      membershipAuc: () => api.membershipAuc({ members: [value], nonMembers: [1] }),
      nearestDistanceScores: () => api.nearestDistanceScores(broken(0), X),
      nearestReleased: () => api.nearestReleased(X, broken(0)),
      noiseImages: () => api.noiseImages(single, { ...guarantee, rng: rng() }),
      normalizeGroups: () => api.normalizeGroups(X, { groups: 2 }),
      normalizeImages: () => api.normalizeImages(X),
      orientationFeatures: () => api.orientationFeatures(X, { cells: 1, orientations: 4, inputScale: 1 }),
      poolImages: () => api.poolImages(X, { side: 1 }),
      privateStandardScaler: () =>
        api.privateStandardScaler(X, { lower: 0, upper: 1, ...guarantee, ...relation, rng: rng() }),
      scatteringFeatures: () => api.scatteringFeatures(api.matrix(new Float64Array(16).fill(value), [1, 16]),
        { inputScale: 1 }),
      sourceNoisedImages: () => api.sourceNoisedImages(X, { ...guarantee, imagesPerNorm: 1, divideAfterNoise: false,
        clipAtZero: false, rng: rng() }),
      trainPrivateLinear: () => api.trainPrivateLinear(X, y, { ...guarantee, numClasses: 2, steps: 1, clipNorm: 1,
        learningRate: 1, rng: rng() }),
      trainPrivateNetwork: () => api.trainPrivateNetwork(network, X, y, { ...guarantee, steps: 1, samplingRate: 1,
        clipNorm: 1, rng: rng() }),
      truePositiveRateAt: () =>
        api.truePositiveRateAt({ members: [1], nonMembers: [value] }, { falsePositiveRate: 0.1 }),
    }))
      assert.throws(call, RangeError, name);
  });

test("no public function of the privacy folder that takes a number is missing above", () => {
  const privacy = require("../../lib/dist/privacy") as Record<string, unknown>;
  const takeNoNumber = new Set([
    "BudgetExceededError", "PrivacyBudget", "classMeansFromReports", "decodeUnaryLabels", "defaultRdpOrders",
    "fitLabeledBits", "linkageRate", "membershipAuc", "nearestDistanceScores", "nearestReleased",
    "bernoulliNaiveBayes", "digitsPlan", "scatteringFeatures", "centralPictures",
    // What they refuse stands beside their other tests in synthetic/ and tables/.
    "condenseImages", "drawnFeatures", "frechetDistance", "marginalDistance", "releaseShares", "warpedCopies",
    // Asynchronous: what it refuses stands in synthetic/private-digits.test.ts.
    "fitPrivateDigits",
  ]);
  const missing = Object.keys(privacy).filter((name) => !(name in calls) && !takeNoNumber.has(name));
  assert.deepEqual(missing, []);
});
