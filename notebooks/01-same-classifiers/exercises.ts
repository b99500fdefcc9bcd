import {
  type Classifier, type Estimator, type FeatureRange, type Finding, type Matrix, type NumericRange, type TrainTest,
  balancedQueries, blackBox, copy, copyStream, dynamicalRange, equalRounded, fidelityError, logisticRegression,
  notACount, notAShareOf, pipeline, seededRng, standardScaler, svc, uniformSampler,
} from "../../lib";

const scaledSvc = (): Estimator => pipeline(standardScaler(), svc());

function service({ train, test }: TrainTest, family: Estimator) {
  const model = family.fit(train.X, train.y);
  const truth = model.predict(test.X);
  const errorOf = (copied: Classifier): number => fidelityError(truth, copied.predict(test.X));
  return { model, errorOf, ranges: dynamicalRange(train.X) };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const exercises = {
  /** A copy of wine's SVC from 200 normal points. */
  "01-1": async (answer: Classifier, wine: TrainTest, seed: number): Promise<Finding> => {
    const { model, errorOf, ranges } = service(wine, scaledSvc());
    if (answer.numFeatures !== model.numFeatures)
      return `it wants ${answer.numFeatures} features, wine has ${model.numFeatures}`;
    const cloud = uniformSampler(ranges);
    const points = cloud.sample(2000, seededRng(seed + 1));
    if (fidelityError(model.predict(points), answer.predict(points)) === 0)
      return "it never disagrees with the original: is it the original?";
    let plain = 0;
    for (let run = 0; run < 3; run++) {
      const options = { sampler: cloud, estimator: scaledSvc(), budget: 200, rng: seededRng(seed).spawn(run) };
      plain += errorOf((await copy(blackBox(model), options)).classifier) / 3;
    }
    const error = errorOf(answer);
    return error < plain ? null
      : `it disagrees on ${percent(error)} of the test wines, uniform copies on ${percent(plain)}; it can do better`;
  },

  /** Iris's ranges, twice as wide around the same middle. */
  "01-2": (answer: readonly FeatureRange[], iris: TrainTest): Finding => {
    const known = dynamicalRange(iris.train.X);
    if (answer.length !== known.length) return `there are ${known.length} features, and you give ${answer.length}`;
    const wide = answer.filter((range): range is NumericRange => range.kind === "numeric");
    if (wide.length < known.length) return "all four features are numeric";
    const ratios = wide.map(({ min, max }, j) => (max - min) / (known[j].max - known[j].min));
    if (ratios.every((ratio) => equalRounded(ratio, 1))) return "these are as wide as the known ones";
    if (ratios.every((ratio) => equalRounded(ratio, 3)))
      return "these are three times as wide: half a width on each side";
    const odd = ratios.findIndex((ratio) => !equalRounded(ratio, 2));
    if (odd >= 0) return `feature ${odd} is ${ratios[odd].toFixed(2)} times as wide as it was`;
    const shifted = wide.findIndex(({ min, max }, j) => !equalRounded(min + max, known[j].min + known[j].max));
    return shifted < 0 ? null : `feature ${shifted} is twice as wide, but not around the same middle`;
  },

  /** Test errors of wine's SVC, copied from the balanced part of 200 answers, and from all of them. */
  "01-3": async (answer: { balanced: number; all: number }, wine: TrainTest, seed: number): Promise<Finding> => {
    const n = wine.test.y.length;
    const wrong = notAShareOf(answer.balanced, n, "test wines") ?? notAShareOf(answer.all, n, "test wines");
    if (wrong) return wrong;
    const { model, errorOf, ranges } = service(wine, scaledSvc());
    const { asked, X, y } = await balancedQueries(blackBox(model), uniformSampler(ranges), {
      n: 200, batch: 50, maxTries: 4, rng: seededRng(seed).spawn(0),
    });
    const learn = (points: { X: Matrix; y: Int32Array }): number => errorOf(scaledSvc().fit(points.X, points.y));
    const [balanced, all] = [learn({ X, y }), learn(asked)];
    if (equalRounded(answer.balanced, balanced) && equalRounded(answer.all, all)) return null;
    if (equalRounded(answer.balanced, all) && equalRounded(answer.all, balanced))
      return "the two stand in each other's place";
    if (equalRounded(answer.all, all)) return "`all` is right; `balanced` learns from the `X` and `y` that were kept";
    if (equalRounded(answer.balanced, balanced)) return "`balanced` is right; `all` learns from `asked`";
    return "possible errors, but not of these copies: use the options of the task and a scaled SVC";
  },

  /** Queries after which a stream of iris's logistic regression stops by itself. */
  "01-4": async (answer: number, iris: TrainTest, seed: number): Promise<Finding> => {
    const wrong = notACount(answer, 5000, "queries");
    if (wrong) return wrong;
    if (answer === 5000) return "that is the budget: the stream stops before";
    const estimator = pipeline(standardScaler(), logisticRegression());
    const { model, ranges } = service(iris, estimator);
    const options = { sampler: uniformSampler(ranges), estimator, budget: 5000, rng: seededRng(seed) };
    const counts: number[] = [];
    for await (const { spent } of copyStream(blackBox(model), options)) counts.push(spent);
    if (answer === counts[counts.length - 1]) return null;
    return counts.includes(answer) ? "there is a step at that number, but the stream goes on"
      : "no step of the stream ends there: take the budget and the seed of the task";
  },
};
