import {
  type Finding, type Matrix, type Network, detectionScores, equalRounded, findFlips, notAShare, notPositions,
  sampleWithoutReplacement, seededRng,
} from "../../lib";

/** What the notebook has of its first case. */
export interface FlipCase {
  given: Int32Array;
  flipped: Int32Array;
}

/** The first case with the twin that learned true labels. */
export interface AttackCase {
  train: { X: Matrix; y: Int32Array };
  clean: Network;
  seed: number;
}

/** Share of the flips that the notebook takes as known, flips of the attack, and how many of those are known. */
const [KNOWN, FLIPS, TOLD] = [0.1, 200, 20];

/** Share of the attacker's flips that the search finds, the told ones left out. */
function recallOf(positions: Int32Array, { train, clean, seed }: AttackCase): number {
  const given = train.y.slice();
  for (const i of positions) given[i] = 9 - train.y[i];
  const { suspects } = findFlips(clean, train.X, given, positions.slice(0, TOLD), { rounds: 1, rng: seededRng(seed) });
  return detectionScores(suspects, positions.slice(TOLD)).recall;
}

export const exercises = {
  /** Precision of accusing anybody. */
  "18-1": (answer: number, { given, flipped }: FlipCase): Finding => {
    const wrong = notAShare(answer);
    if (wrong) return wrong;
    const known = Math.round(KNOWN * flipped.length);
    if (equalRounded(answer, (flipped.length - known) / (given.length - known), 3)) return null;
    if (equalRounded(answer, flipped.length / given.length, 3)) return "that counts the known ones, too";
    if (equalRounded(answer, (flipped.length - known) / given.length, 3))
      return "the known ones are not accused: leave them out of both counts";
    return "it is the unknown flips, divided by all images that are not known";
  },

  /** A rule of one's own for whom to accuse. */
  "18-2": (answer: Int32Array, { given, flipped, known }: FlipCase & { known: Int32Array }): Finding => {
    const bad = notPositions(answer, given.length);
    if (bad) return bad;
    const told = new Set(known);
    if (answer.some((i) => told.has(i))) return "some of them were known before";
    const unknown = flipped.filter((i) => !told.has(i));
    const { precision, recall } = detectionScores(answer, unknown);
    if (precision === 1 && recall === 1) return "those are the flips themselves; use what a defender sees";
    const blind = unknown.length / (given.length - told.size);
    if (recall < 2 / 3) return `only ${(100 * recall).toFixed(0)} % of the unknown flips are among them`;
    return precision >= 2 * blind ? null : `only ${(100 * precision).toFixed(0)} % of them are flipped; `
      + `blind accusation finds ${(100 * blind).toFixed(0)} %`;
  },

  /** Flips that hide from the search. */
  "18-3": (answer: Int32Array, setting: AttackCase): Finding => {
    const { train, seed } = setting;
    const bad = notPositions(answer, train.y.length);
    if (bad) return bad;
    if (answer.length !== FLIPS) return `it needs ${FLIPS} positions, and has ${answer.length}`;
    const blind = recallOf(sampleWithoutReplacement(train.y.length, FLIPS, seededRng(seed)), setting);
    const hidden = recallOf(Int32Array.from(answer), setting);
    return hidden <= blind / 2 ? null : `the search finds ${(100 * hidden).toFixed(0)} % of yours, and `
      + `${(100 * blind).toFixed(0)} % of flips at random`;
  },
};
