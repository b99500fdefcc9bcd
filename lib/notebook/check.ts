import { show } from "./display";
import { type ExerciseId, exercises } from "./exercises";
import { escapeHtml } from "./html";

/** What kind of answer an exercise wants. */
export type AnswerOf<Id extends ExerciseId> = Parameters<(typeof exercises)[Id]>[0];

/** What an exercise works its own answer out from: the notebook's data and models. */
export type GivenOf<Id extends ExerciseId> =
  Parameters<(typeof exercises)[Id]> extends [unknown, ...infer Given] ? Given : never;

export type AnswerVerdict = "not answered" | "not yet" | "right";

/** A checked answer, as it is kept in the notebook's output. */
export interface CheckedAnswer {
  id: string;
  verdict: AnswerVerdict;
  /** What is wrong with the answer; null where nothing is, or where there is none. */
  finding: string | null;
}

export const checkMimeType = "application/vnd.knowledge-hacking.check+json";

/**
 * Judges the answer to an exercise without showing the verdict. An error that the answer itself throws, such as one in
 * a reader's own function, becomes the finding.
 *
 * @throws {RangeError} If there is no exercise of that id.
 */
export async function judgeAnswer<Id extends ExerciseId>(
  id: Id, answer: AnswerOf<Id> | undefined, ...given: GivenOf<Id>
): Promise<CheckedAnswer> {
  if (!Object.hasOwn(exercises, id))
    throw new RangeError(`check: id must be one of ${Object.keys(exercises).join(", ")}, got ${JSON.stringify(id)}`);
  if (answer === undefined) return { id, verdict: "not answered", finding: null };
  const exercise = exercises[id] as (answer: unknown, ...given: unknown[]) => string | null | Promise<string | null>;
  try {
    // eslint-disable-next-line no-restricted-syntax -- the few things that an exercise is given
    const finding = await exercise(answer, ...given);
    return { id, verdict: finding === null ? "right" : "not yet", finding };
  } catch (error) {
    return { id, verdict: "not yet", finding: `it stops with “${error instanceof Error ? error.message : error}”` };
  }
}

const MARK: Record<AnswerVerdict, string> = {
  "not answered": "○ not answered yet",
  "not yet": "✘ not yet",
  "right": "✔ right",
};

/**
 * Checks the answer to an exercise and shows the verdict: right, not answered yet, or what is wrong with it, without
 * giving the answer away. An exercise is a markdown cell with the task and an unfolding hint, a code cell that declares
 * the answer as `undefined`, and a code cell with this check; the solutions notebook runs the same check on its answer.
 * The checks themselves stand in lib/notebook/exercises, one file a notebook.
 *
 * @param id Notebook and number, such as `07-1`.
 * @param answer `undefined` as long as there is none.
 * @param given The notebook's data and models, from which the check works out what is right.
 * @throws {RangeError} If there is no exercise of that id.
 * @example
 * let wronglyReadAs1: number | undefined; // your answer
 * await check("07-1", wronglyReadAs1, { train: train, test: test, gram: gram, cross: cross });
 */
export async function check<Id extends ExerciseId>(
  id: Id, answer: AnswerOf<Id> | undefined, ...given: GivenOf<Id>
): Promise<void> {
  // eslint-disable-next-line no-restricted-syntax -- the few things that an exercise is given
  const checked = await judgeAnswer(id, answer, ...given);
  const text = `Exercise ${id.split("-")[1]}: ${MARK[checked.verdict]}${checked.finding ? `: ${checked.finding}` : ""}`;
  show({ "text/plain": text, "text/html": `<p>${escapeHtml(text)}</p>`, [checkMimeType]: checked });
}
