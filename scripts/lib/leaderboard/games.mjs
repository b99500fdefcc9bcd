import { createRequire } from "node:module";

/** @typedef {import("../../../lib/index.js").Matrix} Matrix */
/** @typedef {import("../../../lib/index.js").Rng} Rng */
/** @typedef {import("../../../lib/index.js").Classifier} Classifier */
/** @typedef {{ rows: number[], shape: [number, number] }} Sent a matrix, as it goes to an entry and comes from it */

/**
 * One run of an entry: what it is told, what it may ask, and what its answer is worth.
 * @typedef {object} Run
 * @property {object} task
 * @property {import("./cell.mjs").Services} services
 * @property {(answer: unknown) => number} score in [0, 1]; throws what is wrong with an answer that is none
 *
 * @typedef {object} Game
 * @property {string} title
 * @property {string} question what is measured, for the page
 * @property {string} unit of the levels
 * @property {(level: number) => string} heading of a level's column
 * @property {number[]} levels at which an entry is run
 * @property {(level: number, secret: number) => Promise<Run>} set
 */

/** Taken in when needed: before the set-up it is not compiled. @returns {typeof import("../../../lib/index.js")} */
const library = () => createRequire(import.meta.url)("../../../lib/dist/index.js");

/** @param {Matrix} X @returns {Sent} */
const sent = ({ data, shape }) => ({ rows: Array.from(data), shape: [...shape] });

/**
 * A matrix that came from an entry.
 * @param {unknown} given
 * @param {number} columns
 * @param {number} [rows]
 */
function received(given, columns, rows) {
  const { rows: data, shape } = /** @type {Partial<Sent>} */ (given ?? {});
  const fits = Array.isArray(data) && Array.isArray(shape) && shape[1] === columns && data.length === shape[0] * columns
    && (rows === undefined || shape[0] === rows) && data.every((value) => Number.isFinite(value));
  if (!fits) throw new Error(`that must be ${rows ?? "rows"} × ${columns} finite numbers`);
  return library().matrix(Float64Array.from(data), [shape[0], columns]);
}

/**
 * Whole numbers from 0 to below `end` that came from an entry, one for each of `n` rows.
 * @param {unknown} given
 * @param {number} n
 * @param {number} end
 * @param {string} what
 */
function wholeNumbers(given, n, end, what) {
  if (!Array.isArray(given)) throw new Error(`the answer must be ${n} ${what}, got ${typeof given}`);
  if (given.length !== n) throw new Error(`the answer must be ${n} ${what}, got ${given.length}`);
  if (!given.every((one) => Number.isInteger(one) && one >= 0 && one < end))
    throw new Error(`${what} must be whole numbers from 0 to ${end - 1}`);
  return Int32Array.from(given);
}

/**
 * A table whose columns, classes and halves only the room's secret knows: who has learned the table by heart does not
 * know which column is which, nor which rows are asked.
 * @param {import("../../../lib/index.js").TableName} name
 * @param {number} secret
 * @param {number} testFraction
 */
async function secretTable(name, secret, testFraction) {
  const { loadTable, seededRng, selectColumns, selectLabels, selectRows, stratifiedSplit } = library();
  const { X, y, classNames } = await loadTable(name);
  const [low, high] = [secret % 2 ** 32, Math.floor(secret / 2 ** 32)];
  const rng = high ? seededRng(low).spawn(high) : seededRng(low);
  const columns = selectColumns(X, Array.from(rng.spawn(1).permutation(X.shape[1])));
  const classes = rng.spawn(2).permutation(classNames.length);
  const labels = y.map((label) => classes[label]);
  const { train, test } = stratifiedSplit(labels, { testFraction, rng: rng.spawn(3) });
  const half = (/** @type {Int32Array} */ rows) => ({ X: selectRows(columns, rows), y: selectLabels(labels, rows) });
  return { train: half(train), test: half(test), numClasses: classNames.length, rng };
}

/** A seed that says nothing of the secret. @param {Rng} rng @param {number} level */
const seedFor = (rng, level) => rng.spawn(1000 + level).word();

/** @type {Game} */
const copy = {
  title: "Copy a model",
  question: "Share of held-out rows on which the copy answers as the original, by the questions that it may ask",
  unit: "questions",
  heading: (level) => `${level} asked`,
  levels: [30, 100, 300, 1000],
  async set(level, secret) {
    const { accuracy, dynamicalRange, pipeline, standardScaler, svc } = library();
    const { train, test, rng } = await secretTable("wdbc", secret, 0.5);
    const original = pipeline(standardScaler(), svc()).fit(train.X, train.y);
    const truth = original.predict(test.X);
    let left = level;
    return {
      task: { seed: seedFor(rng, level), level, ranges: dynamicalRange(train.X), X: sent(test.X) },
      services: {
        query({ X: asked }) {
          const X = received(asked, train.X.shape[1]);
          if (X.shape[0] > left) throw new Error(`the budget is ${level}, ${left} remain; asked for ${X.shape[0]}`);
          left -= X.shape[0];
          return Array.from(original.predict(X));
        },
      },
      score: (answer) => accuracy(truth, wholeNumbers(answer, truth.length, 2, "labels")),
    };
  },
};

const MOST_GROUPS = 1000;

/** @type {Game} */
const certify = {
  title: "Certify against flipped labels",
  question: "Share of held-out digits that are read rightly, and provably still are after so many flipped labels",
  unit: "flips",
  heading: (level) => `${level} flips`,
  levels: [0, 10, 25, 50],
  async set(level, secret) {
    const { certifiedAccuracy, certifyVotes, clusterClassCounts, readBy } = library();
    const { train, test, numClasses, rng } = await secretTable("digits", secret, 1 / 3);
    return {
      // The labels stay here. So no group depends on one, which is what the proof needs.
      task: { seed: seedFor(rng, level), level, numClasses, train: sent(train.X), test: sent(test.X) },
      services: {},
      score(answer) {
        const given = /** @type {{ train?: unknown, test?: unknown }} */ (answer ?? {});
        const groups = wholeNumbers(given.train, train.y.length, MOST_GROUPS, "groups of training rows");
        const read = wholeNumbers(given.test, test.y.length, MOST_GROUPS, "groups of test rows");
        const votes = clusterClassCounts(groups, train.y, { numClusters: MOST_GROUPS, numClasses });
        return certifiedAccuracy(test.y, readBy(certifyVotes(votes), read), [level])[0];
      },
    };
  },
};

const DELTA = 1e-5;
/** Of weights and noise: beyond, a sum could be no number, and would tell of the rows without any noise. */
const MOST = 1e100;

/**
 * Keeps private data, and publishes only what the budget still pays for.
 * @param {{ X: Matrix, y: Int32Array, numClasses: number }} data rows of length at most 1
 * @param {{ epsilon: number, rng: Rng }} options
 * @returns {import("./cell.mjs").Services}
 */
export function curator({ X, y, numClasses }, { epsilon, rng }) {
  const [n, d] = X.shape;
  const { composedEpsilon, matrix } = library();
  /** @type {{ kind: "gaussian", noiseMultiplier: number }[]} */
  const released = [];
  const charge = (/** @type {unknown} */ noiseMultiplier) => {
    if (typeof noiseMultiplier !== "number" || !(noiseMultiplier > 0 && noiseMultiplier <= MOST))
      throw new Error(`noiseMultiplier must be a number above 0, at most ${MOST}`);
    const event = { kind: /** @type {const} */ ("gaussian"), noiseMultiplier };
    const spent = composedEpsilon([...released, event], { delta: DELTA });
    if (!(spent <= epsilon))
      throw new Error(`that would cost ε = ${spent.toPrecision(4)} in all, and ${epsilon} is allowed`);
    released.push(event);
    return noiseMultiplier;
  };
  /** Adds noise to a sum to which each row has given a vector of length at most 1. */
  const noised = (/** @type {Float64Array} */ sum, /** @type {number} */ noise) =>
    sent(matrix(sum.map((value) => value + noise * rng.normal()), [numClasses, d + 1]));
  const rows = Array.from({ length: n }, (_, i) =>
    [...X.data.subarray(i * d, (i + 1) * d), 1].map((value) => value / Math.SQRT2));
  return {
    classSums({ noiseMultiplier }) {
      const noise = charge(noiseMultiplier);
      const sum = new Float64Array(numClasses * (d + 1));
      rows.forEach((row, i) => row.forEach((value, j) => (sum[y[i] * (d + 1) + j] += value)));
      return noised(sum, noise);
    },
    gradient({ weights: given, noiseMultiplier }) {
      const { data: weights } = received(given, d + 1, numClasses);
      if (!weights.every((weight) => Math.abs(weight) <= MOST)) throw new Error(`weights must be within ±${MOST}`);
      const noise = charge(noiseMultiplier);
      return noised(clippedGradient(rows, y, weights, numClasses), noise);
    },
  };
}

/**
 * The gradient of the logistic loss, each row's cut to length 1.
 * @param {number[][]} rows
 * @param {Int32Array} y
 * @param {ArrayLike<number>} weights shape [numClasses, length of a row]
 * @param {number} numClasses
 */
function clippedGradient(rows, y, weights, numClasses) {
  const width = rows[0].length;
  const sum = new Float64Array(numClasses * width);
  rows.forEach((row, i) => {
    const scores = Array.from({ length: numClasses }, (_, c) =>
      row.reduce((score, value, j) => score + value * weights[c * width + j], 0));
    const largest = Math.max(...scores);
    const odds = scores.map((score) => Math.exp(score - largest));
    const all = odds.reduce((a, b) => a + b, 0);
    const errors = odds.map((value, c) => value / all - (c === y[i] ? 1 : 0));
    const length = Math.hypot(...errors) * Math.hypot(...row);
    const scale = length > 1 ? 1 / length : 1;
    errors.forEach((error, c) => row.forEach((value, j) => (sum[c * width + j] += scale * error * value)));
  });
  return sum;
}

/** @type {Game} */
const secretly = {
  title: "Learn in private",
  question: "Accuracy on held-out digits of a model learned from noisy releases, by the ε that they cost in all",
  unit: "ε",
  heading: (level) => `ε = ${level}`,
  levels: [0.5, 1, 3, 10],
  async set(level, secret) {
    const { accuracy, matrix } = library();
    const { train, test, numClasses, rng } = await secretTable("digits", secret, 1 / 3);
    const unit = (/** @type {Matrix} */ { data, shape: [n, d] }) => {
      const lengths = Array.from({ length: n }, (_, i) => Math.hypot(...data.subarray(i * d, (i + 1) * d)) || 1);
      return matrix(Float64Array.from(data, (value, p) => value / lengths[Math.floor(p / d)] * (1 - 1e-12)), [n, d]);
    };
    const X = unit(train.X);
    const noise = rng.spawn(2000 + Math.round(1000 * level));
    return {
      task: { seed: seedFor(rng, Math.round(1000 * level)), level, delta: DELTA, shape: X.shape, numClasses,
        X: sent(unit(test.X)) },
      services: curator({ X, y: train.y, numClasses }, { epsilon: level, rng: noise }),
      score: (answer) => accuracy(test.y, wholeNumbers(answer, test.y.length, numClasses, "labels")),
    };
  },
};

/** The games, by the name that an entry's file has. @type {Record<string, Game>} */
export const games = { copy, certify, private: secretly };
