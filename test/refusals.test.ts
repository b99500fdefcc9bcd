import assert from "node:assert/strict";
import { test } from "node:test";
import * as lib from "../lib";
import { renderTable } from "../lib/notebook/table";

/*
 * Every number that a public function of the classifiers, of copying, poisoning and clustering takes, with what it must
 * refuse: NaN and infinities always, fractions where whole numbers are meant, and what lies out of range.
 */

const { fromRows, seededRng } = lib;
const X = fromRows([[0, 0], [0, 1], [1, 0], [5, 5], [5, 6], [6, 5]]);
const y = Int32Array.of(0, 0, 0, 1, 1, 1);
const ranges = lib.dynamicalRange(X);
const sampler = lib.uniformSampler(ranges);
const scores = fromRows([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]);
const classes = Int32Array.of(0, 1);
const gram = lib.gramMatrix(X);
const rng = () => seededRng(1);
const fit = (estimator: lib.Estimator): unknown => estimator.fit(X, y);
const image = fromRows([Array.from({ length: 16 }, (_, p) => p)]);
const box = () => lib.blackBox((rows) => new Int32Array(rows.shape[0]).map((_, i) => (rows.data[2 * i] > 3 ? 1 : 0)),
  { numFeatures: 2 });
const known = { X, y };
const cloud = { center: Float64Array.of(3, 3), scale: Float64Array.of(2, 2) };
const collect = (strategy: lib.QueryStrategy): unknown => strategy.collect(box(), { budget: 20, rng: rng() });
const pair = ["a", "b"].map((name): lib.TableColumn => ({ name, kind: "numeric", missing: 0 }));
const withX = (bad: number): lib.Matrix<Float64Array> => fromRows([[0, bad], [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]);

const whole = [NaN, Infinity, -Infinity, 0.5, -1];
const positive = [NaN, Infinity, -Infinity, -1, 0];
const share = [NaN, Infinity, -Infinity, -0.1, 1.1];
const finite = [NaN, Infinity, -Infinity];
const notNegative = [...finite, -1];
const label = [...finite, 1.5, 2 ** 31];

type Attempt = (bad: number) => unknown;

const attempts: Record<string, [readonly number[], Attempt]> = {
  "knn numNeighbors": [whole, (v) => fit(lib.knn({ numNeighbors: v }))],
  "svc C": [positive, (v) => lib.svc({ C: v })],
  "svc gamma": [positive, (v) => lib.svc({ gamma: v })],
  "svc.fitGram rows": [whole, (v) => lib.svc().fitGram(gram, y, [0, v] as unknown as Int32Array)],
  "gramMatrix gamma": [positive, (v) => lib.gramMatrix(X, { gamma: v })],
  "gramMatrix X": [finite, (v) => lib.gramMatrix(withX(v))],
  "crossGram X": [finite, (v) => lib.crossGram(withX(v), gram)],
  "scaleGamma X": [finite, (v) => lib.scaleGamma(withX(v))],
  "logisticRegression C": [positive, (v) => lib.logisticRegression({ C: v })],
  "logisticRegression maxIterations": [whole, (v) => lib.logisticRegression({ maxIterations: v })],
  "gaussianNaiveBayes varSmoothing": [[...share, 0], (v) => lib.gaussianNaiveBayes({ varSmoothing: v })],
  "decisionTree maxDepth": [[NaN, -Infinity, 0.5, 0, -1], (v) => lib.decisionTree({ maxDepth: v })],
  "decisionTree minSamplesSplit": [[...whole, 1], (v) => lib.decisionTree({ minSamplesSplit: v })],
  "decisionTree minSamplesLeaf": [[...whole, 0], (v) => lib.decisionTree({ minSamplesLeaf: v })],
  "randomForest numTrees": [[...whole, 0], (v) => lib.randomForest({ numTrees: v, rng: rng() })],
  "randomForest maxFeatures": [[...whole, 0, 3], (v) => fit(lib.randomForest({ maxFeatures: v, rng: rng() }))],
  "randomForest numThreads": [[...whole, 0], (v) => lib.randomForest({ numThreads: v, rng: rng() })],
  "adaBoost numRounds": [[...whole, 0], (v) => lib.adaBoost({ numRounds: v, rng: rng() })],
  "adaBoost learningRate": [positive, (v) => lib.adaBoost({ learningRate: v, rng: rng() })],
  "scorecard maxPoints": [[...whole, 0, 1001], (v) => lib.scorecard({ maxPoints: v })],
  "scorecard C": [positive, (v) => lib.scorecard({ C: v })],
  "onFeatures feature": [[...whole, 2], (v) => fit(lib.onFeatures(lib.decisionTree(), [v]))],
  "rejecting atLeast": [share, (v) => lib.rejecting(lib.decisionTree().fit(X, y), { atLeast: v })],
  "rejecting rejected": [label, (v) => lib.rejecting(lib.decisionTree().fit(X, y), { atLeast: 0, rejected: v })],
  "calibrationBins bins": [[...whole, 0], (v) => lib.calibrationBins(y, new Float64Array(6), { bins: v })],
  "calibrationBins confidence": [share, (v) => lib.calibrationBins(Int32Array.of(1), [v])],
  "rejectionCurve confidence": [finite, (v) => lib.rejectionCurve(Int32Array.of(1), [v])],
  "ruleCoverage X": [finite, (v) => lib.ruleCoverage([], withX(v), y)],
  "reweighedPositions strength": [notNegative, (v) => lib.reweighedPositions(y, y, { strength: v, rng: rng() })],
  "reweighedPositions n": [[...whole, 0], (v) => lib.reweighedPositions(y, y, { n: v, rng: rng() })],
  "massagedLabels strength": [[...notNegative, 11], (v) =>
    lib.massagedLabels(y, { groups: y, scores: y, strength: v })],
  "massagedLabels scores": [finite, (v) =>
    lib.massagedLabels(Int32Array.of(0), { groups: Int32Array.of(0), scores: [v] })],
  "tableSampler mix": [share, (v) => lib.tableSampler(X, { columns: pair, mix: v })],
  "poolSampler X": [finite, (v) => lib.poolSampler(withX(v))],
  "poolSampler n": [[...whole, 7], (v) => lib.poolSampler(X).sample(v, rng())],
  "knockoffStrategy batch": [[...whole, 0], (v) =>
    lib.knockoffStrategy({ pool: X, groups: y, learner: lib.gaussianNaiveBayes(), batch: v })],
  "knockoffStrategy policyRate": [positive, (v) =>
    lib.knockoffStrategy({ pool: X, groups: y, learner: lib.gaussianNaiveBayes(), policyRate: v })],
  "knockoffStrategy pool": [finite, (v) =>
    lib.knockoffStrategy({ pool: withX(v), groups: y, learner: lib.gaussianNaiveBayes() })],
  "pradaWatcher threshold": [[...share, 0, 1], (v) => lib.pradaWatcher({ threshold: v })],
  "pradaWatcher least": [[...whole, 2], (v) => lib.pradaWatcher({ least: v })],
  "pradaWatcher observe X": [finite, (v) => lib.pradaWatcher().observe(withX(v), y)],
  "smoothedAnswers share": [share, (v) => lib.smoothedAnswers(lib.gaussianNaiveBayes().fit(X, y), { share: v })],
  "shapiroWilk values": [finite, (v) => lib.shapiroWilk([1, 2, v])],
  "tableSampler X": [finite, (v) => lib.tableSampler(withX(v), { columns: pair })],
  "gradientBoosting numRounds": [[...whole, 0], (v) => lib.gradientBoosting({ numRounds: v })],
  "gradientBoosting learningRate": [positive, (v) => lib.gradientBoosting({ learningRate: v })],
  "gradientBoosting maxDepth": [[...whole, 0, 13], (v) => lib.gradientBoosting({ maxDepth: v })],
  "mlpClassifier hiddenLayers": [[...whole, 0], (v) => lib.mlpClassifier({ hiddenLayers: [v], rng: rng() })],
  "mlpClassifier learningRate": [positive, (v) => lib.mlpClassifier({ learningRate: v, rng: rng() })],
  "mlpClassifier batchSize": [[...whole, 0], (v) => lib.mlpClassifier({ batchSize: v, rng: rng() })],
  "mlpClassifier maxEpochs": [[...whole, 0], (v) => lib.mlpClassifier({ maxEpochs: v, rng: rng() })],
  "mlpClassifier l2": [notNegative, (v) => lib.mlpClassifier({ l2: v, rng: rng() })],
  "mlpClassifier tolerance": [notNegative, (v) => lib.mlpClassifier({ tolerance: v, rng: rng() })],
  "mlpClassifier patience": [[...whole, 0], (v) => lib.mlpClassifier({ patience: v, rng: rng() })],
  "encodeLabels y": [label, (v) => lib.encodeLabels([1, v])],
  "logLoss probabilities": [share, (v) => lib.logLoss(Int32Array.of(0), fromRows([[v, 0.5]]), classes)],
  "rocAuc scores": [finite, (v) => lib.rocAuc(Int32Array.of(0, 1), [0, v])],

  "boundaryPoints n": [[...whole, 0], (v) => lib.boundaryPoints(box(), known, { ranges, n: v, rng: rng() })],
  "boundaryPoints tolerance": [positive, (v) =>
    lib.boundaryPoints(box(), known, { ranges, n: 2, tolerance: v, rng: rng() })],
  "boundaryPoints known": [finite, (v) =>
    lib.boundaryPoints(box(), { X: withX(v), y }, { ranges, n: 2, rng: rng() })],
  "crossingSegments n": [whole, (v) => lib.crossingSegments(known, v, rng())],
  "decisionMap resolution": [[...whole, 1], (v) =>
    lib.decisionMap((rows) => new Int32Array(rows.shape[0]), { ranges, features: [0, 1], resolution: v })],
  "decisionMap features": [whole, (v) =>
    lib.decisionMap((rows) => new Int32Array(rows.shape[0]), { ranges, features: [0, v] })],
  "decisionMap at": [finite, (v) =>
    lib.decisionMap((rows) => new Int32Array(rows.shape[0]), { ranges, features: [0, 1], at: [0, v] })],
  "copy budget": [[...whole, 0], (v) => lib.copy(box(), { sampler, estimator: lib.knn(), budget: v, rng: rng() })],
  "copyStream batch": [[...whole, 1], (v) =>
    lib.copyStream(box(), { sampler, estimator: lib.knn(), batch: v, rng: rng() }).next()],
  "copyStream growth": [[...finite, -1, 5], (v) =>
    lib.copyStream(box(), { sampler, estimator: lib.knn(), growth: v, rng: rng() }).next()],
  "copyStream budget": [[NaN, -Infinity, 0.5, 0, -1], (v) =>
    lib.copyStream(box(), { sampler, estimator: lib.knn(), budget: v, rng: rng() }).next()],
  "copyStream tolerance": [share, (v) =>
    lib.copyStream(box(), { sampler, estimator: lib.knn(), tolerance: v, rng: rng() }).next()],
  "copyStream patience": [[...whole, 0], (v) =>
    lib.copyStream(box(), { sampler, estimator: lib.knn(), patience: v, rng: rng() }).next()],
  "balancedQueries n": [[...whole, 0], (v) => lib.balancedQueries(box(), sampler, { n: v, rng: rng() })],
  "balancedQueries batch": [[...whole, 0], (v) => lib.balancedQueries(box(), sampler, { n: 4, batch: v, rng: rng() })],
  "balancedQueries maxTries": [[...whole, 0], (v) =>
    lib.balancedQueries(box(), sampler, { n: 4, maxTries: v, rng: rng() })],
  "balancedQueries classes": [label, (v) =>
    lib.balancedQueries(box(), sampler, { n: 4, classes: [0, v], rng: rng() })],
  "bootstrapInterval n": [[...whole, 0], (v) => lib.bootstrapInterval(v, () => 1, { rng: rng() })],
  "bootstrapInterval resamples": [[...whole, 0], (v) =>
    lib.bootstrapInterval(3, () => 1, { resamples: v, rng: rng() })],
  "bootstrapInterval confidence": [[...share, 0, 1], (v) =>
    lib.bootstrapInterval(3, () => 1, { confidence: v, rng: rng() })],
  "mean values": [finite, (v) => lib.mean([1, v])],
  "spreadOf values": [finite, (v) => lib.spreadOf([1, v])],
  "seriesOfRuns runs": [finite, (v) => lib.seriesOfRuns({ name: "a", x: [1], runs: [[1, v]] })],
  "dynamicalRange X": [finite, (v) => lib.dynamicalRange(withX(v))],
  "findCategories X": [finite, (v) => lib.findCategories(withX(v))],
  "mixedRange categorical": [whole, (v) => lib.mixedRange(X, { categorical: [v] })],
  "reducedSpace sigmas": [positive, (v) => lib.reducedSpace(ranges, v)],
  "rangesOnly min": [finite, (v) => lib.rangesOnly([{ ...ranges[0], min: v }])],
  "uniformSampler max": [finite, (v) => lib.uniformSampler([{ ...ranges[0], max: v }])],
  "normalSampler deviation": [notNegative, (v) => lib.normalSampler([{ ...ranges[0], deviation: v }])],
  "betaSampler mean": [[...finite, 99], (v) => lib.betaSampler([{ ...ranges[0], mean: v }])],
  "gridSampler n": [whole, (v) => lib.gridSampler(ranges).sample(v, rng())],
  "sobolSampler n": [whole, (v) => lib.sobolSampler(ranges).sample(v, rng())],
  "latinHypercubeSampler n": [whole, (v) => lib.latinHypercubeSampler(ranges).sample(v, rng())],
  "categoricalSampler shares": [finite, (v) =>
    lib.categoricalSampler([{ kind: "categorical", values: [0, 1], shares: [v, 0.5] }])],
  "imageRandomSampler imageShape": [[...whole, 0], (v) => lib.imageRandomSampler({ imageShape: [2, v, 1] })],
  "imageRandomSampler max": [whole, (v) => lib.imageRandomSampler({ imageShape: [2, 2, 1], max: v })],
  "sphericalSampler numFeatures": [[...whole, 0], (v) => lib.sphericalSampler({ numFeatures: v })],
  "sphericalSampler radiusMin": [notNegative, (v) => lib.sphericalSampler({ numFeatures: 2, radiusMin: v })],
  "sphericalSampler radiusMax": [notNegative, (v) => lib.sphericalSampler({ numFeatures: 2, radiusMax: v })],
  "wholeNumbers min": [[...finite, 0.5], (v) => lib.wholeNumbers(sampler, { min: v, max: 9 })],
  "wholeNumbers max": [[...finite, 0.5, -1], (v) => lib.wholeNumbers(sampler, { min: 0, max: v })],
  "activeStrategy batch": [[...whole, 0], (v) =>
    lib.activeStrategy({ ranges, sampler, committee: [lib.svc()], batch: v })],
  "activeStrategy first": [[...whole, 0], (v) =>
    lib.activeStrategy({ ranges, sampler, committee: [lib.svc()], first: v })],
  "activeStrategy pool": [whole, (v) => lib.activeStrategy({ ranges, sampler, committee: [lib.svc()], pool: v })],
  "activeStrategy spread": [[...whole, 0], (v) =>
    lib.activeStrategy({ ranges, sampler, committee: [lib.svc()], spread: v })],
  "bisectionStrategy firstShare": [[...share, 0], (v) => lib.bisectionStrategy({ sampler, firstShare: v })],
  "bisectionStrategy halvings": [[...whole, 0], (v) => lib.bisectionStrategy({ sampler, halvings: v })],
  "jacobianStrategy firstShare": [[...share, 0], (v) =>
    lib.jacobianStrategy({ ranges, sampler, learner: lib.logisticRegression(), firstShare: v })],
  "jacobianStrategy step": [positive, (v) =>
    lib.jacobianStrategy({ ranges, sampler, learner: lib.logisticRegression(), step: v })],
  "lineSearchStrategy first": [[...whole, 1], (v) => lib.lineSearchStrategy({ ranges, sampler, first: v })],
  "lineSearchStrategy halvings": [[...whole, 0], (v) => lib.lineSearchStrategy({ ranges, sampler, halvings: v })],
  "pathFindingStrategy firstShare": [[...share, 0], (v) =>
    lib.pathFindingStrategy({ ranges, sampler, firstShare: v })],
  "pathFindingStrategy halvings": [[...whole, 0], (v) => lib.pathFindingStrategy({ ranges, sampler, halvings: v })],
  "discoverNumFeatures max": [[...whole, 0], (v) => lib.discoverNumFeatures(box(), { max: v })],
  "findContrast numFeatures": [[...whole, 0], (v) => lib.findContrast(box(), { numFeatures: v, rng: rng() })],
  "findContrast budget": [[...whole, 1], (v) => lib.findContrast(box(), { numFeatures: 2, budget: v, rng: rng() })],
  "findContrast examples": [finite, (v) => lib.findContrast(box(), { numFeatures: 2, examples: withX(v), rng: rng() })],
  "adaptCloud population": [[...whole, 5], (v) => lib.adaptCloud(box(), { cloud, population: v, rng: rng() })],
  "adaptCloud generations": [[...whole, 0], (v) => lib.adaptCloud(box(), { cloud, generations: v, rng: rng() })],
  "adaptCloud center": [finite, (v) =>
    lib.adaptCloud(box(), { cloud: { ...cloud, center: Float64Array.of(0, v) }, rng: rng() })],
  "adaptCloud scale": [positive, (v) =>
    lib.adaptCloud(box(), { cloud: { ...cloud, scale: Float64Array.of(1, v) }, rng: rng() })],
  "sweepFeatures scale": [positive, (v) => lib.sweepFeatures(box(), { bases: X, scale: [1, v] })],
  "sweepFeatures bases": [finite, (v) => lib.sweepFeatures(box(), { bases: withX(v), scale: [1, 1] })],
  "sweepFeatures halvings": [whole, (v) => lib.sweepFeatures(box(), { bases: X, scale: [1, 1], halvings: v })],
  "sweepFeatures up": [whole, (v) => lib.sweepFeatures(box(), { bases: X, scale: [1, 1], up: v })],
  "findStep changes": [finite, (v) => lib.findStep([1, v], 1e-3)],
  "findStep tolerance": [positive, (v) => lib.findStep([1, 2], v)],
  "discoverRanges numFeatures": [[...whole, 0], (v) => lib.discoverRanges(box(), { numFeatures: v, rng: rng() })],
  "discoverRanges starts": [[...whole, 0], (v) =>
    lib.discoverRanges(box(), { numFeatures: 2, starts: v, rng: rng() })],
  "discoverRanges rounds": [[...whole, 0], (v) =>
    lib.discoverRanges(box(), { numFeatures: 2, rounds: v, rng: rng() })],
  "discoverRanges bases": [[...whole, 1], (v) =>
    lib.discoverRanges(box(), { numFeatures: 2, bases: v, rng: rng() })],
  "discoverRanges searchBudget": [[...whole, 1], (v) =>
    lib.discoverRanges(box(), { numFeatures: 2, searchBudget: v, rng: rng() })],
  "geneticSearch population": [[...whole, 3], (v) =>
    lib.geneticSearch(box(), { numFeatures: 2, population: v, rng: rng() })],
  "geneticSearch size": [positive, (v) => lib.geneticSearch(box(), { numFeatures: 2, size: v, rng: rng() })],
  "geneticSearch mutationRate": [share, (v) =>
    lib.geneticSearch(box(), { numFeatures: 2, mutationRate: v, rng: rng() })],
  "geneticSearch mutationSize": [positive, (v) =>
    lib.geneticSearch(box(), { numFeatures: 2, mutationSize: v, rng: rng() })],
  "geneticSearch center": [finite, (v) => lib.geneticSearch(box(), { numFeatures: 2, center: [0, v], rng: rng() })],

  "flipLabels count": [[...whole, 7], (v) => lib.flipLabels(y, { count: v, numClasses: 2, rng: rng() })],
  "flipLabels numClasses": [[...whole, 1], (v) => lib.flipLabels(y, { count: 3, numClasses: v, rng: rng() })],
  "flipFirst to": [label, (v) => lib.flipFirst(y, { from: 0, to: v, count: 1 })],
  "flipFirst from": [label, (v) => lib.flipFirst(y, { from: v, to: 1, count: 0 })],
  "flipFirst count": [[...whole, 4], (v) => lib.flipFirst(y, { from: 0, to: 1, count: v })],
  "flipRandom to": [label, (v) => lib.flipRandom(y, { from: 0, to: v, count: 1, rng: rng() })],
  "flipRandom count": [[...whole, 4], (v) => lib.flipRandom(y, { from: 0, to: 1, count: v, rng: rng() })],
  "flipNearest to": [label, (v) => lib.flipNearest(y, { from: 0, to: v, count: 1, margins: [1, 2, 3, 4, 5, 6] })],
  "flipNearest margins": [finite, (v) => lib.flipNearest(y, { from: 0, to: 1, count: 1, margins: [1, 2, 3, 4, 5, v] })],
  "flipToRunnerUp count": [[...whole, 7], (v) =>
    lib.flipToRunnerUp(y, { count: v, scores, classes, order: "nearest" })],
  "flipToRunnerUp scores": [finite, (v) =>
    lib.flipToRunnerUp(y, { count: 1, scores: withX(v), classes, order: "nearest" })],
  "labelMargins scores": [finite, (v) => lib.labelMargins(y, withX(v), classes)],
  "confidentJoint scores": [finite, (v) => lib.confidentJoint(y, withX(v), classes)],
  "heldOutScores folds": [[...whole, 0, 1], (v) => lib.heldOutScores(gram, y, { folds: v, rng: rng() })],
  "nearestNeighbors count": [[...whole, 0, 6], (v) => lib.nearestNeighbors(gram, v)],
  "sanitizeByNeighbors agreement": [[...share, 0.4], (v) =>
    lib.sanitizeByNeighbors(y, lib.nearestNeighbors(gram, 2), { numNeighbors: 2, agreement: v })],
  "sanitizeByNeighbors numNeighbors": [[...whole, 0, 3], (v) =>
    lib.sanitizeByNeighbors(y, lib.nearestNeighbors(gram, 2), { numNeighbors: v, agreement: 0.6 })],
  "trainingImpact baseSize": [[...whole, 0, 5], (v) =>
    lib.trainingImpact(gram, y, { baseSize: v, validationSize: 1, repetitions: 1, rng: rng() })],
  "trainingImpact repetitions": [[...whole, 0], (v) =>
    lib.trainingImpact(gram, y, { baseSize: 2, validationSize: 1, repetitions: v, rng: rng() })],
  "detectionScores suspects": [whole, (v) => lib.detectionScores([v], [1])],
  "detectionScores flipped": [whole, (v) => lib.detectionScores([1], [v])],
  "accuracyRecovered defended": [finite, (v) => lib.accuracyRecovered({ clean: 0.9, poisoned: 0.5, defended: v })],
  "certifyVotes votes": [whole, (v) => lib.certifyVotes(fromRows([[v, 2]]))],
  "certifiedAccuracy budget": [[NaN, Infinity, -Infinity, -1], (v) =>
    lib.certifiedAccuracy(Int32Array.of(0), lib.certifyVotes(fromRows([[3, 2]])), [v])],
  "certifyWeightedVotes weights": [finite, (v) =>
    lib.certifyWeightedVotes(fromRows([[v, 1]]), Int32Array.of(0, 1), { numClasses: 2 })],
  "certifyBySmoothing noise": [[...share, 0, 0.5], (v) =>
    lib.certifyBySmoothing(fromRows([[1, 1]]), Int32Array.of(0, 1), { noise: v })],
  "electInCluster count": [[...whole, 4], (v) =>
    lib.electInCluster(y, new Int32Array(6), { cluster: 0, to: 1, count: v, numClasses: 2 })],
  "flipsToElect votes": [whole, (v) => lib.flipsToElect([v, 3], 1)],
  "worstAttack budget": [whole, (v) => lib.worstAttack(fromRows([[3, 2]]), fromRows([[1, 1]]), { budget: v })],
  "partitionByContent numPartitions": [[...whole, 0], (v) => lib.partitionByContent(X, v)],
  "partitionVotes X": [finite, (v) => lib.partitionVotes({ X, y }, withX(v),
    { partitions: new Int32Array(6), numPartitions: 1, numClasses: 2 })],
  "neighborVotes numNeighbors": [[...whole, 0, 7], (v) =>
    lib.neighborVotes({ X, y }, X, { numNeighbors: v, numClasses: 2 })],
  "certifyInsertions numClasses": [[...whole, 0, 1], (v) =>
    lib.certifyInsertions({ X, y: new Int32Array(6) }, X, { numNeighbors: 2, numClasses: v })],
  "ridgeWeights ridge": [positive, (v) => lib.ridgeWeights(X, X, { ridge: v })],
  "accuracyRecovered clean": [finite, (v) => lib.accuracyRecovered({ clean: v, poisoned: 0.5, defended: 0.6 })],
  "without suspects": [[...whole, 6], (v) => lib.without(6, [v])],
  "without n": [whole, (v) => lib.without(v, [])],
  "below threshold": [finite, (v) => lib.below(Float64Array.of(1), v)],
  "below values": [finite, (v) => lib.below(Float64Array.of(v), 1)],
  "incorrectByTrue numClasses": [[...whole, 0, 1], (v) => lib.incorrectByTrue(y, y, v)],
  "incorrectByPredicted numClasses": [[...whole, 0, 1], (v) => lib.incorrectByPredicted(y, y, v)],

  "kMeans numClusters": [[...whole, 0, 7], (v) => lib.kMeans(X, { numClusters: v, rng: rng() })],
  "kMeans starts": [[...whole, 0], (v) => lib.kMeans(X, { numClusters: 2, starts: v, rng: rng() })],
  "kMeans maxIterations": [[...whole, 0], (v) => lib.kMeans(X, { numClusters: 2, maxIterations: v, rng: rng() })],
  "kMeans tolerance": [notNegative, (v) => lib.kMeans(X, { numClusters: 2, tolerance: v, rng: rng() })],
  "kMeans X": [finite, (v) => lib.kMeans(withX(v), { numClusters: 2, rng: rng() })],
  "kMeans initialCenters": [finite, (v) =>
    lib.kMeans(X, { numClusters: 2, initialCenters: fromRows([[0, 0], [0, v]]), rng: rng() })],
  "assignClusters X": [finite, (v) => lib.assignClusters({ centers: X }, withX(v))],
  "assignClusters centers": [finite, (v) => lib.assignClusters({ centers: withX(v) }, X)],
  "hungarian cost": [finite, (v) => lib.hungarian(fromRows([[0, v], [1, 2]]))],
  "matchClusters numClasses": [[...whole, 0, 1], (v) =>
    lib.matchClusters(y, y, { numClusters: 2, numClasses: v, method: "majority" })],
  "mutualInformation joint": [[...finite, -1], (v) => lib.mutualInformation(fromRows([[v, 0.5], [0.5, 0]]))],
  "mutualInformation marginalWeight": [positive, (v) =>
    lib.mutualInformation(fromRows([[0.5, 0], [0, 0.5]]), { marginalWeight: v })],
  "imageViews image": [finite, (v) =>
    lib.imageViews(fromRows([Array.from({ length: 16 }, () => v)]), [0], { side: 2, views: null, rng: rng() })],
  "imageViews positions": [[...whole, 1], (v) => lib.imageViews(image, [v], { side: 2, views: null, rng: rng() })],
  "imageViews side": [[...whole, 0, 5], (v) => lib.imageViews(image, [0], { side: v, views: null, rng: rng() })],
  "iicTrunk side": [[...whole, 0, 17], (v) => lib.iicTrunk({ side: v })],
  "iicTrunk filters": [[...whole, 0], (v) => lib.iicTrunk({ filters: v })],
  "iicTrunk inputScale": [positive, (v) => lib.iicTrunk({ inputScale: v })],
};
for (const option of ["rotation", "zoom", "shear", "shift", "brightness", "noise"])
  attempts[`imageViews ${option}`] = [notNegative, (v) =>
    lib.imageViews(image, [0], { side: 2, views: { [option]: v }, rng: rng() })];

for (const [name, [refused, attempt]] of Object.entries(attempts))
  test(`${name} refuses ${refused.join(", ")}`, async () => {
    for (const bad of refused)
      await assert.rejects(async () => attempt(bad), { name: "RangeError" }, `${name} took ${bad}`);
  });

test("ranges of another width than the points' are refused wherever both come in", async () => {
  const wide = lib.dynamicalRange(fromRows([[0, 0, 0], [1, 1, 1]]));
  const message = /ranges must name the 2 features of .*, got 3/;
  await assert.rejects(lib.boundaryPoints(box(), known, { ranges: wide, n: 3, rng: rng() }), { message });
  const makers: ((ranges: lib.NumericRange[]) => lib.QueryStrategy)[] = [
    (r) => lib.pathFindingStrategy({ ranges: r, sampler }),
    (r) => lib.autoStrategy({ ranges: r, sampler }),
    (r) => lib.activeStrategy({ ranges: r, sampler, committee: [lib.svc()] }),
    (r) => lib.jacobianStrategy({ ranges: r, sampler, learner: lib.logisticRegression() }),
    (r) => lib.lineSearchStrategy({ ranges: r, sampler }),
    (r) => lib.equationSolvingStrategy({ ranges: r, sampler }),
  ];
  for (const make of makers) assert.throws(() => make(wide), { name: "RangeError", message });
  await assert.doesNotReject(async () => collect(lib.pathFindingStrategy({ ranges, sampler })));
});

test("a spent budget is named as such", async () => {
  const spent = lib.blackBox((rows) => new Int32Array(rows.shape[0]), { numFeatures: 2, budget: 1 });
  await spent.query(fromRows([[0, 0]]));
  await assert.rejects(lib.copyStream(spent, { sampler, estimator: lib.knn(), rng: rng() }).next(),
    { name: "QueryBudgetError", message: /the budget is 1, 1 are used, 0 remain/ });
  const box5 = lib.blackBox((rows) => new Int32Array(rows.shape[0]), { numFeatures: 2, budget: 5 });
  const strategy = lib.bisectionStrategy({ sampler });
  await assert.rejects(lib.copy(box5, { strategy, estimator: lib.knn(), budget: 6, rng: rng() }),
    { name: "QueryBudgetError" });
  assert.equal(box5.used, 0);
});

test("detectionScores counts a suspect named twice once", () => {
  assert.deepEqual(lib.detectionScores([1, 1, 1], [1, 2]), { precision: 1, recall: 0.5, f1: 2 / 3 });
});

test("arrays of half a million entries overflow no stack, and segments are drawn in linear time", () => {
  const n = 500_000;
  const many = Int32Array.from({ length: n }, (_, i) => i % 2);
  const { train, test: held } = lib.stratifiedSplit(many, { testFraction: 0.5, rng: rng() });
  assert.deepEqual([train.length, held.length], [n / 2, n / 2]);
  assert.equal(lib.spreadOf(many).max, 1);
  assert.equal(lib.stratifiedKFold(many, { folds: 2, rng: rng() }).length, 2);
  const wide = lib.matrix(Float64Array.from(many), [n, 1]);
  const start = performance.now();
  assert.equal(lib.crossingSegments({ X: wide, y: many }, 10, rng()).labels.length, 10);
  assert.ok(performance.now() - start < 5000);
  assert.ok(renderTable(Array.from(many, (value, i) => ({ i, value })), {}).text.length > n);
});
