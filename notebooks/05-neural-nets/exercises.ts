import {
  type BlackBox, type Classifier, type Estimator, type Finding, type NumericRange, type Rng, type Sampler,
  type TrainTest, activeStrategy, autoStrategy, betaSampler, blackBox, copy, dynamicalRange, equalRounded,
  fidelityError, mlpClassifier, normalSampler, notAShare, notAShareOf, notUnrounded, pipeline, rangeScaler,
  rangesOnly, seededRng, spreadOf, standardScaler, svc,
} from "../../lib";

/** How notebook 05 makes its networks and copies. */
export interface NetworkSetting {
  queries: number;
  epochs: number;
  seed: number;
}

const scaledSvc = ({ train }: TrainTest): Classifier => pipeline(standardScaler(), svc()).fit(train.X, train.y);

interface Plan {
  ranges: readonly NumericRange[];
  sampler: Sampler;
  family: Estimator;
  queries: number;
  seed: number;
}

async function errorOf(original: Classifier, { test }: TrainTest, plan: Plan): Promise<number> {
  const { classifier } = await copy(blackBox(original), {
    sampler: plan.sampler, estimator: pipeline(rangeScaler(plan.ranges), plan.family), budget: plan.queries,
    rng: seededRng(plan.seed),
  });
  return fidelityError(original.predict(test.X), classifier.predict(test.X));
}

const RUNS = 3;
/** Runs of exercise 4: with three, of some ten wrong rows in all, chance decides. */
const THEFTS = 10;
/** Labels of the copies of exercises 2 and 4. */
const FEW = 100;

async function meanError(runs: number, errorOfRun: (run: number) => Promise<number>): Promise<number> {
  const errors: number[] = [];
  for (let run = 0; run < runs; run++) errors.push(await errorOfRun(run));
  return spreadOf(errors).mean;
}

export const exercises = {
  /** The error of an SVC copy of the digits SVC, from beta points of ranges without means and deviations. */
  "05-1": async (answer: number, digits: TrainTest, queries: number, seed: number): Promise<Finding> => {
    const wrong = notAShareOf(answer, digits.test.y.length, "test digits");
    if (wrong) return wrong;
    const original = scaledSvc(digits);
    const ranges = dynamicalRange(digits.train.X);
    const family = svc({ C: 1000, gamma: 0.25 / ranges.length });
    const errorFrom = (sampler: Sampler): Promise<number> =>
      errorOf(original, digits, { ranges, sampler, family, queries, seed });
    if (equalRounded(answer, await errorFrom(betaSampler(rangesOnly(ranges))))) return null;
    if (equalRounded(answer, await errorFrom(betaSampler(ranges))))
      return "that attacker knows means and deviations: does the sampler get `rangesOnly(…)`?";
    return "a possible error, but not of this copy: the notebook's SVC, queries and seed, and other points";
  },

  /** Mean errors of SVC copies of WDBC's SVC with a hundred labels: plain points, and active ones. */
  "05-2": async (answer: { plain: number; active: number }, wdbc: TrainTest): Promise<Finding> => {
    const wrong = notAShare(answer.plain) ?? notAShare(answer.active);
    if (wrong) return wrong;
    const original = scaledSvc(wdbc);
    const truth = original.predict(wdbc.test.X);
    const ranges = dynamicalRange(wdbc.train.X);
    const sampler = normalSampler(ranges, { clip: true });
    const learner = svc({ C: 1000, gamma: 0.5 / ranges.length });
    const mean = (way: { sampler: Sampler } | { strategy: ReturnType<typeof activeStrategy> }): Promise<number> =>
      meanError(RUNS, async (run) => {
        const estimator = pipeline(rangeScaler(ranges), learner);
        const options = { ...way, estimator, budget: FEW, rng: seededRng(run) };
        return fidelityError(truth, (await copy(blackBox(original), options)).classifier.predict(wdbc.test.X));
      });
    const plain = await mean({ sampler });
    const active = await mean({ strategy: activeStrategy({ ranges, sampler, committee: [learner] }) });
    if (equalRounded(answer.plain, plain) && equalRounded(answer.active, active)) return null;
    if (equalRounded(answer.plain, active) && equalRounded(answer.active, plain))
      return "the two stand in each other's place";
    const rounded = notUnrounded(answer.plain, plain) ?? notUnrounded(answer.active, active);
    if (rounded) return rounded;
    return `\`${equalRounded(answer.plain, plain) ? "active" : "plain"}\` is another mean here: the budget is 100`;
  },

  /** Errors of a network of two hidden units that copies the digits network, with the queries and with fourfold. */
  "05-3": async (
    answer: { once: number; fourfold: number }, original: Classifier, digits: TrainTest,
    { queries, epochs, seed }: NetworkSetting,
  ): Promise<Finding> => {
    const n = digits.test.y.length;
    const wrong = notAShareOf(answer.once, n, "test digits") ?? notAShareOf(answer.fourfold, n, "test digits");
    if (wrong) return wrong;
    const ranges = dynamicalRange(digits.train.X);
    const sampler = betaSampler(ranges);
    const error = (units: number, times: number): Promise<number> => {
      const family = mlpClassifier({ hiddenLayers: [units], maxEpochs: epochs, rng: seededRng(seed) });
      return errorOf(original, digits, { ranges, sampler, family, queries: times * queries, seed });
    };
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.05;
    const [once, fourfold] = [await error(2, 1), await error(2, 4)];
    if (near(answer.once, once) && near(answer.fourfold, fourfold)) return null;
    if (near(answer.once, fourfold) && near(answer.fourfold, once)) return "the two stand in each other's place";
    if (near(answer.once, await error(100, 1))) return "that copy has many units: `hiddenLayers` is to be `[2]`";
    return `\`${near(answer.once, once) ? "fourfold" : "once"}\` is further from ours than rounding explains`;
  },

  /** A theft of WDBC's SVC with 100 labels, better than `auto`'s. */
  "05-4": async (
    answer: (box: BlackBox, ranges: readonly NumericRange[], rng: Rng) => Promise<Classifier>, wdbc: TrainTest,
  ): Promise<Finding> => {
    const original = scaledSvc(wdbc);
    const truth = original.predict(wdbc.test.X);
    const ranges = dynamicalRange(wdbc.train.X);
    const errorOn = (copied: Classifier): number => fidelityError(truth, copied.predict(wdbc.test.X));
    let asked = 0;
    const yours = await meanError(THEFTS, async (run) => {
      const box = blackBox(original, { budget: FEW });
      const copied = await answer(box, ranges, seededRng(run));
      asked += box.used;
      return errorOn(copied);
    });
    if (asked === 0) return "it asked nothing: the copy must come from the answers of the box";
    const theirs = await meanError(THEFTS, async (run) => {
      const options = { strategy: autoStrategy({ ranges }), budget: FEW, rng: seededRng(run) };
      return errorOn((await copy(blackBox(original), options)).classifier);
    });
    return yours < theirs ? null
      : `it disagrees on ${(100 * yours).toFixed(1)} % of the test rows, \`auto\` on ${(100 * theirs).toFixed(1)} %`;
  },
};
