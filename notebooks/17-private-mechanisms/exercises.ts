import {
  type BernoulliNaiveBayes, type Dataset, type Finding, accuracy, bernoulliNaiveBayes, binarizeImages,
  classMeansFromReports, equalRounded, gaussianMechanism, matrix, notAShare, poolImages,
  randomizedResponseProbabilities, reportRandomBits, seededRng, unaryEpsilon,
} from "../../lib";

/** The crowd, the test images, and how often everything is repeated. */
export interface CrowdSetting {
  crowd: Dataset;
  test: Dataset;
  seeds: number;
  seed: number;
}

const PIXELS = 784;
const SIDES = [4, 7, 14, 28];

const meanOver = (seeds: number, measure: (s: number) => number): number =>
  Array.from({ length: seeds }, (_, s) => measure(s)).reduce((sum, value) => sum + value, 0) / seeds;

/** The accuracy of one random pixel a person, as the notebook measures it. */
function oneBit(side: number, { crowd, test, seeds, seed }: CrowdSetting): number {
  const [bits, testBits] = [crowd, test].map(({ X }) => binarizeImages(poolImages(X, { side }), { cutoff: 64 }));
  const budget = { pixelEpsilon: 2, labelEpsilon: 2, numClasses: 10 };
  return meanOver(seeds, (s) => {
    const reports = reportRandomBits(bits, crowd.y, { ...budget, rng: seededRng(seed).spawn(70 + s) });
    return accuracy(test.y, classMeansFromReports(reports, budget).predict(testBits));
  });
}

const plausible = (share: number): number => Math.min(0.995, Math.max(0.005, share));

/** How many images of each digit have each pixel on, and after these how many images of the digit there are. */
function countsOf({ X, y }: Dataset): Float64Array {
  const bits = binarizeImages(X, { cutoff: 115 });
  const counts = new Float64Array(10 * (PIXELS + 1));
  y.forEach((label, i) => {
    const at = label * (PIXELS + 1);
    for (let j = 0; j < PIXELS; j++) counts[at + j] += bits.data[i * PIXELS + j];
    counts[at + PIXELS]++;
  });
  return counts;
}

/** The noised means of ε = 0.1, digit after digit, and the shares of the digits. */
function noisedMeans(counts: Float64Array, seed: number, key: number): { means: Float64Array; shares: Float64Array } {
  const { values } = gaussianMechanism(counts, { epsilon: 0.1, delta: 1e-5, sensitivity: Math.sqrt(PIXELS + 1),
    neighbors: "add-remove", rng: seededRng(seed).spawn(key) });
  const totals = Array.from({ length: 10 }, (_, digit) => Math.max(1, values[digit * (PIXELS + 1) + PIXELS]));
  const means = Float64Array.from({ length: 10 * PIXELS }, (_, p) =>
    values[p + Math.floor(p / PIXELS)] / totals[Math.floor(p / PIXELS)]);
  const all = totals.reduce((sum, total) => sum + total, 0);
  return { means, shares: Float64Array.from(totals, (total) => total / all) };
}

const readerOf = (means: Float64Array, shares: Float64Array): BernoulliNaiveBayes =>
  bernoulliNaiveBayes({ means: matrix(means.map(plausible), [10, PIXELS]), shares });

export const exercises = {
  /** The q that gives a one-hot label with p = .75 an ε of 2, to three decimals. */
  "17-1": (answer: number): Finding => {
    if (Number.isNaN(answer)) return "that is not a number";
    if (!(answer > 0)) return "it must be above 0";
    if (answer >= 0.75) return "q must lie below p, or a report says nothing or the opposite";
    const { bit, pair } = unaryEpsilon({ p: 0.75, q: answer });
    if (Math.abs(pair - 2) < 0.01) return null;
    if (Math.abs(bit - 2) < 0.01) return "that is the ε of one bit; between two labels two bits differ";
    return `this label is ${pair > 2 ? "less" : "more"} private than ε = 2`;
  },

  /** The share of labels that k-ary randomised response changes at ε = 1 with ten digits, to two decimals. */
  "17-2": (answer: number): Finding => {
    const wrong = notAShare(answer);
    if (wrong) return wrong;
    const { p, q } = randomizedResponseProbabilities({ epsilon: 1, numClasses: 10 });
    if (Math.abs(answer - (1 - p)) <= 0.0051) return null;
    if (equalRounded(answer, p, 2)) return "that is the share that stays";
    if (equalRounded(answer, q, 2)) return "that is the chance of one of the nine wrong digits";
    return answer < 1 - p ? "more labels change" : "fewer labels change";
  },

  /** The side with which one random pixel a person reads best at ε = 4; within half a point of the best is right. */
  "17-3": (answer: number, setting: CrowdSetting): Finding => {
    if (!SIDES.includes(answer)) return `it is one of ${SIDES.join(", ")}`;
    const found = SIDES.map((side) => oneBit(side, setting));
    const best = Math.max(...found);
    const own = found[SIDES.indexOf(answer)];
    return own >= best - 0.005 ? null : `another side reads ${(100 * (best - own)).toFixed(1)} points more`;
  },

  /** A function that makes better means of the noised ones. */
  "17-4": (answer: (means: Float64Array) => Float64Array, { crowd, test, seeds, seed }: CrowdSetting): Finding => {
    const counts = countsOf(crowd);
    const testBits = binarizeImages(test.X, { cutoff: 115 });
    let finding: Finding = null;
    const gain = meanOver(seeds, (s) => {
      const { means, shares } = noisedMeans(counts, seed, 200 + s);
      const better = answer(means.slice());
      if (!(better instanceof Float64Array) || better.length !== means.length || better.some(Number.isNaN)) {
        finding = `it must return a Float64Array of ${means.length} numbers`;
        return 0;
      }
      const right = (table: Float64Array): number => accuracy(test.y, readerOf(table, shares).predict(testBits));
      return right(better) - right(means);
    });
    if (finding) return finding;
    return gain >= 0.005 ? null : `on the mean it gains ${(100 * gain).toFixed(2)} points, less than half a point`;
  },
};
