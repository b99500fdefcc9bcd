import {
  type AnswerOf, type CheckedAnswer, type Estimator, type Exercises, type GivenOf, type Sampler, type TableName,
  dynamicalRange, judgeAnswer, loadTable, normalSampler, pipeline, seededRng, standardScaler, stratifiedSplit, subset,
  uniformSampler,
} from "../../lib";

/** The judge of one notebook's exercises. */
export const judging = <E extends Exercises>(exercises: E) => <Id extends keyof E & string>(
  id: Id, answer: AnswerOf<E, Id> | undefined, ...given: GivenOf<E, Id>
): Promise<CheckedAnswer> => judgeAnswer(exercises, id, answer, ...given);

export async function halvesOf(name: TableName) {
  const data = await loadTable(name);
  const { train, test: held } = stratifiedSplit(data.y, { testFraction: 0.5, rng: seededRng(42) });
  return { train: subset(data, train), test: subset(data, held) };
}

export async function cloudsOf(name: TableName) {
  const halves = await halvesOf(name);
  const ranges = dynamicalRange(halves.train.X);
  const clouds: Record<string, Sampler> = { uniform: uniformSampler(ranges), normal: normalSampler(ranges) };
  return { ...halves, clouds };
}

export const scaled = (estimator: Estimator): Estimator => pipeline(standardScaler(), estimator);
