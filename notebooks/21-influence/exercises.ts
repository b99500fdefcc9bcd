import {
  type Finding, type Matrix, type Retrained, detectionScores, linearDatamodelingScore, notPositions, seededRng,
} from "../../lib";

/** By how much the score of exercise 3 must be above that of gradients alone, and what accusing must gain. */
const [BETTER, TIMES] = [0.02, 3];

const scoreOf = (scores: Matrix, retrained: Retrained): number =>
  linearDatamodelingScore(scores, retrained, { resamples: 1, rng: seededRng(1) }).score;

export const exercises = {
  /** The training image that helped the first query most. */
  "21-1": (answer: number, { scores }: { scores: Matrix }): Finding => {
    const [, n] = scores.shape;
    const bad = notPositions([answer], n);
    if (bad) return bad;
    const row = Array.from(scores.data.subarray(0, n));
    const [least, most] = [Math.min(...row), Math.max(...row)];
    if (row[answer] === most) return null;
    return row[answer] === least ? "that one has harmed it most" : "another image has a larger score for query 0";
  },

  /** Wrong labels by the harm they do. */
  "21-2": (answer: Int32Array, { flipped, images }: { flipped: Int32Array; images: number }): Finding => {
    const bad = notPositions(answer, images);
    if (bad) return bad;
    if (answer.length !== flipped.length) return `accuse ${flipped.length}, not ${answer.length}`;
    const { precision } = detectionScores(answer, flipped);
    if (precision === 1) return "those are the wrong labels themselves; use what the scores say";
    const needed = (TIMES * flipped.length) / images;
    return precision >= needed ? null : `${(100 * precision).toFixed(0)} % of yours are wrong, and `
      + `${(100 * needed).toFixed(0)} % are needed`;
  },

  /** A damping of one's own. */
  "21-3": (answer: Matrix, { retrained, alone }: { retrained: Retrained; alone: Matrix }): Finding => {
    const shape = alone.shape.join(" × ");
    if (answer.shape?.join(" × ") !== shape) return `scores have the shape ${shape}`;
    const needed = scoreOf(alone, retrained) + BETTER;
    const reached = scoreOf(answer, retrained);
    return reached >= needed ? null : `your score is ${reached.toFixed(3)}, and ${needed.toFixed(3)} is needed`;
  },
};
