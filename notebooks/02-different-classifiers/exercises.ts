import {
  type Classifier, type Estimator, type Finding, type Rng, type Sampler, type TrainTest, adaBoost, blackBox,
  classShares, copy, decisionTree, dynamicalRange, fidelityError, loadTable, logisticRegression, normalSampler,
  notACount, notAShare, pipeline, randomForest, seededRng, spreadOf, standardScaler, stratifiedSplit, subset, svc,
  wholeNumbers,
} from "../../lib";

/** One table of notebook 02: its halves, and the clouds that copies are made from. */
export interface CloudSetting extends TrainTest {
  clouds: Record<string, Sampler>;
}

type Families = Record<string, (rng: Rng) => Estimator>;

interface Plan {
  cloud: Sampler;
  family: (rng: Rng) => Estimator;
  points: number;
  rng: Rng;
}

async function copyOf(original: Classifier, { cloud, family, points, rng }: Plan) {
  const options = { sampler: cloud, estimator: family(rng.spawn(0)), budget: points, rng };
  const { classifier, queries } = await copy(blackBox(original), options);
  const errorOn = ({ X }: TrainTest["test"]): number => fidelityError(original.predict(X), classifier.predict(X));
  return { errorOn, largestShare: largestShare(queries.y) };
}

const largestShare = (y: Int32Array): number => Math.max(...classShares(y).map(({ share }) => share));

const scaledSvc = ({ train }: TrainTest): Classifier => pipeline(standardScaler(), svc()).fit(train.X, train.y);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Clouds that teach an SVC's copy nothing, and clouds that teach it well. */
const CLOUDS: readonly [table: string, cloud: string, isBlind: boolean][] = [
  ["digits", "uniform", true], ["wdbc", "uniform", true],
  ["iris", "uniform", false], ["iris", "normal", false], ["wine", "normal", false], ["wdbc", "normal", false],
];

const RUNS = 4;

export const exercises = {
  /** The digit that the SVC sees in most uniform points. */
  "02-1": (answer: number, reader: Classifier, cloud: Sampler, seed: number): Finding => {
    if (!reader.classes.includes(answer)) return `a digit is wanted, from ${reader.classes.join(", ")}`;
    const shares = classShares(reader.predict(cloud.sample(1000, seededRng(seed + 1))));
    const own = shares.find(({ label }) => label === answer)?.share ?? 0;
    return own === Math.max(...shares.map(({ share }) => share)) ? null
      : `that digit gets ${percent(own)} of a thousand uniform points`;
  },

  /** A family and a cloud for a copy of WDBC's SVC from 1,000 points. */
  "02-2": async (
    answer: { family: string; cloud: string }, wdbc: CloudSetting, families: Families, seed: number,
  ): Promise<Finding> => {
    const { clouds } = wdbc;
    if (!Object.hasOwn(families, answer.family)) return `the families are ${Object.keys(families).join(", ")}`;
    if (!Object.hasOwn(clouds, answer.cloud)) return `the clouds are ${Object.keys(clouds).join(" and ")}`;
    const copied = await copyOf(scaledSvc(wdbc), {
      cloud: clouds[answer.cloud], family: families[answer.family], points: 1000, rng: seededRng(seed).spawn(0),
    });
    const error = copied.errorOn(wdbc.test);
    if (error <= 0.03) return null;
    return copied.largestShare > 0.99
      ? `${percent(copied.largestShare)} of the points get one label: from these no family learns much`
      : `its error is ${error.toFixed(3)}, and .03 are allowed: does the copy have the original's shape?`;
  },

  /** Runs of four in which the normal cloud makes the better tree copy of wine's forest, from 200 points. */
  "02-3": async (answer: number, wine: CloudSetting, seed: number): Promise<Finding> => {
    const wrong = notACount(answer, RUNS, "runs");
    if (wrong) return wrong;
    const original = randomForest({ rng: seededRng(seed) }).fit(wine.train.X, wine.train.y);
    const family = (rng: Rng): Estimator => decisionTree({ rng });
    const count = { normal: 0, uniform: 0, tie: 0 };
    for (let run = 0; run < RUNS; run++) {
      const errorOn = async (cloud: Sampler): Promise<number> =>
        (await copyOf(original, { cloud, family, points: 200, rng: seededRng(seed).spawn(run) })).errorOn(wine.test);
      const difference = (await errorOn(wine.clouds.normal)) - (await errorOn(wine.clouds.uniform));
      count[difference < 0 ? "normal" : difference > 0 ? "uniform" : "tie"]++;
    }
    if (answer === count.normal) return null;
    if (answer === count.normal + count.tie) return "a tie is not a win";
    return answer === count.uniform ? "that is how often the uniform cloud wins"
      : "take `copyOf` with the runs 0 to 3, `wineForest`, a tree and 200 points";
  },

  /** Rows of breast-cancer-wisc without a gap, and the mean error of a logistic copy of AdaBoost on two splits. */
  "02-4": async (answer: { rows: number; error: number }, points: number, seed: number): Promise<Finding> => {
    const all = await loadTable("breast-cancer-wisc", { missing: "median" });
    const complete = await loadTable("breast-cancer-wisc", { missing: "drop" });
    const wrong = notACount(answer.rows, all.y.length, "rows") ?? notAShare(answer.error);
    if (wrong) return wrong;
    if (answer.rows === all.y.length) return "those are all rows, also the incomplete ones";
    if (answer.rows !== complete.y.length) return "another number of rows has no gap: `loadTable` can drop the others";
    const errors: number[] = [];
    for (let run = 0; run < 2; run++) {
      const halves = stratifiedSplit(complete.y, { testFraction: 0.5, rng: seededRng(seed).spawn(run) });
      const train = subset(complete, halves.train);
      const original = adaBoost({ rng: seededRng(seed) }).fit(train.X, train.y);
      const cloud = wholeNumbers(normalSampler(dynamicalRange(train.X)), { min: 1, max: 10 });
      const copied = await copyOf(original, {
        cloud, family: () => pipeline(standardScaler(), logisticRegression()), points, rng: seededRng(seed).spawn(run),
      });
      errors.push(copied.errorOn(subset(complete, halves.test)));
    }
    const far = Math.abs(answer.error - spreadOf(errors).mean);
    return far <= 0.01 ? null : "the rows are right; the error is further from ours than other points explain";
  },

  /** A warning that looks at the answers alone: whether a cloud teaches nothing. */
  "02-5": (
    answer: (labels: Int32Array) => boolean, settings: ReadonlyMap<string, CloudSetting>, seed: number,
  ): Finding => {
    for (const [table, cloud, isBlind] of CLOUDS) {
      const setting = settings.get(table)!;
      const labels = scaledSvc(setting).predict(setting.clouds[cloud].sample(1000, seededRng(seed)));
      const warns: unknown = answer(labels);
      if (typeof warns !== "boolean") return `it answers ${String(warns)}, and true or false are wanted`;
      if (warns === isBlind) continue;
      const where = `${cloud} points at the SVC of ${table}, of which ${percent(largestShare(labels))} get one label`;
      return isBlind ? `it is silent about ${where}` : `it warns of ${where}: from these a good copy is made`;
    }
    return null;
  },
};
