import type { FigureSpec } from "../spec";
import { arrow, blue, box, drawing, green, ink, orange, quiet, words } from "./board";

export interface BlackBoxDrawingOptions {
  /** What the attacker sends; "a row" if not given. */
  question?: string;
  /** What comes back; "a label" if not given. */
  answer?: string;
}

/**
 * The drawing that `figure.drawing.blackBox` shows: who asks, what answers, and what is made of the answers.
 *
 * @example
 * const spec = figureSpec.drawing.blackBox({ question: "petal 4.7 × 1.4 cm", answer: "versicolor" });
 */
export function blackBox({ question = "a row", answer = "a label" }: BlackBoxDrawingOptions = {}): FigureSpec {
  const alt = `Drawing. An attacker sends a question (${question}) to a black box, whose training data and inside are `
    + `hidden, and gets an answer (${answer}). Many questions with their answers train a copy.`;
  return drawing([760, 300], alt, [
    box([130, 80], [180, 70], "attacker"),
    box([610, 80], [220, 110], "<b>black box</b><br>model and training data<br>stay hidden", { fill: ink, size: 13 }),
    arrow([222, 60], [498, 60], blue), words([360, 42], question, { color: blue }),
    arrow([498, 102], [222, 102], orange), words([360, 122], answer, { color: orange }),
    arrow([130, 117], [130, 198], green),
    words([145, 158], "many questions with their answers: training data", { anchor: "left", size: 13, color: quiet }),
    box([130, 236], [180, 70], "<b>copy</b>", { fill: green }),
    words([240, 236], "answers like the black box; the attacker may look inside",
      { anchor: "left", size: 13, color: quiet }),
  ]);
}
