import { type AnswerOf, type Exercises, type GivenOf, judgeAnswer, showVerdict } from "./check";
import { type PerProfile, type Profile, readProfile } from "./profile";

/** What stands in a notebook's own folder. */
export interface ExperimentParts<S extends object, E extends Exercises> {
  /** The notebook's name, as its file without `.ipynb`. */
  name: string;
  sizes: PerProfile<S>;
  exercises: E;
}

/** What a notebook's cells use of its own folder. */
export interface Experiment<S extends object, E extends Exercises> {
  /** The sizes and the seed of this run, as the environment asks for them; those of `quick` and 42 otherwise. */
  profile: () => Profile<S>;
  /**
   * Checks the answer to an exercise and shows the verdict: right, not answered yet, or what is wrong with it, without
   * giving the answer away. `given` is the notebook's data and models, from which the check works out what is right.
   */
  check: <Id extends keyof E & string>(
    id: Id, answer: AnswerOf<E, Id> | undefined, ...given: GivenOf<E, Id>
  ) => Promise<void>;
}

/**
 * Binds a notebook's sizes and the checks of its exercises, which stand in a folder beside it, for use in its cells.
 * An exercise is a markdown cell with the task and an unfolding hint, a code cell that declares the answer as
 * `undefined`, and a code cell with the check; the solutions notebook runs the same check on its answer.
 *
 * @example
 * const small = { queries: 250 };
 * const { check, profile } = experiment({
 *   name: "10-topic", sizes: { quick: small, standard: small, full: { queries: 1000 } },
 *   exercises: { "10-1": (answer: number) => (answer === 4 ? null : "count again") },
 * });
 * const { seed, sizes } = profile();
 * await check("10-1", undefined); // Exercise 1: ○ not answered yet
 */
export function experiment<S extends object, E extends Exercises>(
  { name, sizes, exercises }: ExperimentParts<S, E>,
): Experiment<S, E> {
  return {
    profile: () => readProfile(sizes, { notebook: name }),
    // eslint-disable-next-line no-restricted-syntax -- the few things that an exercise is given
    check: async (id, answer, ...given) => showVerdict(await judgeAnswer(exercises, id, answer, ...given)),
  };
}
