import { show } from "./display";
import type { Finding } from "./finding";
import { escapeHtml } from "./html";

/**
 * The checks of a notebook's exercises, by notebook and number, such as `07-1`. Each takes an answer and what the
 * notebook hands it, works out what is right by itself, and says what is wrong with the answer, or null; one message
 * for each mistake that is likely, none with the answer.
 */
export type Exercises = Readonly<Record<string, (answer: never, ...given: never[]) => Finding | Promise<Finding>>>;

/** What kind of answer an exercise wants. */
export type AnswerOf<E extends Exercises, Id extends keyof E> = Parameters<E[Id]>[0];

/** What an exercise works its own answer out from: the notebook's data and models. */
export type GivenOf<E extends Exercises, Id extends keyof E> =
  Parameters<E[Id]> extends [unknown, ...infer Given] ? Given : never;

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
 * @param exercises The notebook's own.
 * @throws {RangeError} If there is no exercise of that id.
 */
export async function judgeAnswer<E extends Exercises, Id extends keyof E & string>(
  exercises: E, id: Id, answer: AnswerOf<E, Id> | undefined, ...given: GivenOf<E, Id>
): Promise<CheckedAnswer> {
  if (!Object.hasOwn(exercises, id))
    throw new RangeError(`check: id must be one of ${Object.keys(exercises).join(", ")}, got ${JSON.stringify(id)}`);
  if (answer === undefined) return { id, verdict: "not answered", finding: null };
  try {
    const finding: Finding = await Reflect.apply(exercises[id], undefined, [answer, ...given]);
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

/** Shows the verdict on an answer: right, not answered yet, or what is wrong with it. */
export function showVerdict(checked: CheckedAnswer): void {
  const { id, verdict, finding } = checked;
  const text = `Exercise ${id.split("-")[1]}: ${MARK[verdict]}${finding ? `: ${finding}` : ""}`;
  show({ "text/plain": text, "text/html": `<p>${escapeHtml(text)}</p>`, [checkMimeType]: checked });
}
