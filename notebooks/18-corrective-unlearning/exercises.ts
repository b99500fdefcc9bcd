import { type Dataset, type Finding, notACount } from "../../lib";

export const exercises = {
  /** The number of test flowers. */
  "18-1": (answer: number, test: Dataset): Finding => {
    const wrong = notACount(answer, 150, "flowers");
    if (wrong) return wrong;
    return answer === test.y.length ? null : "count the labels of the test half";
  },
};
