import type { ClassProbabilities, Classifier, Estimator } from "../classifiers/classifier";
import { matrix, type Matrix } from "../matrix";
import type { BlackBox } from "./black-box";

/** The label of the largest probability of each row, shape [n]. */
export function likeliest({ classes, probabilities: { data, shape: [n, k] } }: ClassProbabilities): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => {
    let best = 0;
    for (let c = 1; c < k; c++) if (data[i * k + c] > data[i * k + best]) best = c;
    return classes[best];
  });
}

/** A black box that gives its probabilities to whoever asks for labels, and keeps them. */
export interface RecordingBox extends BlackBox {
  queryProba(X: Matrix): Promise<ClassProbabilities>;
  /** Fits a family to all rows asked and their probabilities. */
  fit(estimator: Estimator): Classifier;
}

/** Answers behind each other, with a column for every class that any of them names. */
export function joinedAnswers(answers: readonly ClassProbabilities[]): ClassProbabilities {
  const classes = Int32Array.from(new Set(answers.flatMap((answer) => Array.from(answer.classes)))).sort();
  const column = new Map(Array.from(classes, (label, c) => [label, c]));
  const n = answers.reduce((sum, { probabilities }) => sum + probabilities.shape[0], 0);
  const data = new Float64Array(n * classes.length);
  let row = 0;
  for (const { classes: own, probabilities: { data: given, shape: [m, k] } } of answers)
    for (let i = 0; i < m; i++, row++)
      for (let c = 0; c < k; c++) data[row * classes.length + column.get(own[c])!] = given[i * k + c];
  return { classes, probabilities: matrix(data, [n, classes.length]) };
}

/** Puts rows of equal width behind each other. */
function joinedRows(parts: readonly Matrix[]): Matrix<Float64Array> {
  const d = parts[0].shape[1];
  const n = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  const data = new Float64Array(n * d);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return matrix(data, [n, d]);
}

/** What fits a family to probabilities. @throws {RangeError} If there is no family, or it learns labels alone. */
export function requireProbabilityLearner(
  fn: string, estimator: Estimator | undefined,
): (X: Matrix, answers: ClassProbabilities) => Classifier {
  if (!estimator) throw new RangeError(`${fn}: answers must be "labels" without an estimator`);
  if (!estimator.fitProbabilities)
    throw new RangeError(`${fn}: answers must be "labels" for ${estimator.family}, which learns labels alone`);
  return estimator.fitProbabilities.bind(estimator);
}

/**
 * Asks for probabilities where a strategy asks for labels, so that any strategy can gather them.
 *
 * @throws {RangeError} If the black box gives no probabilities.
 */
export function recordingBox(fn: string, box: BlackBox): RecordingBox {
  const queryProba = box.queryProba?.bind(box);
  if (!queryProba) throw new RangeError(`${fn}: answers must be "labels", the black box gives no probabilities`);
  const rows: Matrix[] = [];
  const answers: ClassProbabilities[] = [];
  const ask = async (X: Matrix): Promise<ClassProbabilities> => {
    const asked = { data: X.data.slice(), shape: X.shape } as Matrix;
    const answer = await queryProba(X);
    rows.push(asked);
    answers.push(answer);
    return answer;
  };
  return {
    get used() { return box.used; },
    get budget() { return box.budget; },
    get remaining() { return box.remaining; },
    queryProba: ask,
    query: async (X) => likeliest(await ask(X)),
    fit(estimator) {
      return requireProbabilityLearner(fn, estimator)(joinedRows(rows), joinedAnswers(answers));
    },
  };
}
