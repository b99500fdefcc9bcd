import {
  type BoundaryPoints, type Classifier, type DecisionMap, type Finding, type TrainTest, bisectionStrategy, blackBox,
  copy, decisionMap, dynamicalRange, equalRounded, fidelityError, normalSampler, notAShare, notAShareOf, pipeline,
  randomForest, seededRng, selectLabels, selectRows, spreadOf, standardScaler, svc,
} from "../../lib";

const originalOf = ({ train }: TrainTest): Classifier => pipeline(standardScaler(), svc()).fit(train.X, train.y);

export const exercises = {
  /** The test error of a forest that learned from the first 1,000 boundary points only. */
  "06-1": (answer: number, iris: TrainTest, found: BoundaryPoints, seed: number): Finding => {
    const wrong = notAShareOf(answer, iris.test.y.length, "test flowers");
    if (wrong) return wrong;
    const original = originalOf(iris);
    const first = Int32Array.from({ length: 1000 }, (_, i) => i);
    const X = selectRows(found.X, first);
    const errorFrom = (y: Int32Array): number => fidelityError(original.predict(iris.test.X),
      randomForest({ numTrees: 100, rng: seededRng(seed) }).fit(X, y).predict(iris.test.X));
    if (equalRounded(answer, errorFrom(original.predict(X)))) return null;
    if (equalRounded(answer, errorFrom(selectLabels(found.otherLabels, first))))
      return "that learns from `otherLabels`, the label across the boundary";
    return "a possible error, but not of this forest: the first 1,000 rows of `found.X`, labelled by `original`";
  },

  /** Mean test errors of a forest copy of wine's SVC, a fifth of the questions plain and nine tenths. */
  "06-2": async (answer: { few: number; many: number }, wine: TrainTest, seeds: number): Promise<Finding> => {
    const wrong = notAShare(answer.few) ?? notAShare(answer.many);
    if (wrong) return wrong;
    if (answer.few === answer.many) return "equal to the last digit: does `firstShare` reach `bisectionStrategy`?";
    const original = originalOf(wine);
    const truth = original.predict(wine.test.X);
    const sampler = normalSampler(dynamicalRange(wine.train.X));
    const mean = async (firstShare: number): Promise<number> => {
      const errors: number[] = [];
      for (let run = 0; run < seeds; run++) {
        const { classifier } = await copy(blackBox(original), {
          strategy: bisectionStrategy({ sampler, firstShare }), budget: 1000, rng: seededRng(run),
          estimator: randomForest({ numTrees: 100, rng: seededRng(run) }),
        });
        errors.push(fidelityError(truth, classifier.predict(wine.test.X)));
      }
      return spreadOf(errors).mean;
    };
    const [few, many] = [await mean(0.2), await mean(0.9)];
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.03;
    if (near(answer.few, few) && near(answer.many, many)) return null;
    if (near(answer.few, many) && near(answer.many, few)) return "the two stand in each other's place";
    return `\`${near(answer.few, few) ? "many" : "few"}\` is further from ours than other seeds explain`;
  },

  /** The map of an active SVC copy of iris, made with 100 queries. */
  "06-3": async (answer: DecisionMap, iris: TrainTest): Promise<Finding> => {
    const resolution = answer.across.length;
    const ranges = dynamicalRange(iris.train.X);
    const original = originalOf(iris);
    const ours = await decisionMap((X) => original.predict(X), { ranges, features: [2, 3], resolution });
    const middle = Math.floor(resolution / 2);
    if (!equalRounded(answer.across[middle], ours.across[middle]) || !equalRounded(answer.up[middle], ours.up[middle]))
      return "that is another plane: take the features [2, 3] and the ranges of section 2";
    const share = ours.labels.filter((label, i) => label !== answer.labels[i]).length / ours.labels.length;
    if (share === 0) return "no cell differs: that is the original's own map";
    return share <= 0.3 ? null
      : `${Math.round(100 * share)} % of the cells differ; a hundred active questions do better`;
  },
};
