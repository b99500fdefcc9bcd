import {
  type Dataset, type Finding, classicalGaussianSigma, equalRounded, gaussianEpsilon, normalizeImages, notAShare,
  randomizedResponseProbabilities, rowOf, selectRows, unaryEpsilon,
} from "../../lib";

const DELTA = 784 ** -2;

const notPositive = (answer: number): Finding => {
  if (Number.isNaN(answer)) return "that is not a number";
  return answer > 0 ? null : "it must be above 0";
};

/** The mean norm of the first images when so many share one. */
function meanNorm({ X }: Dataset, images: number): number {
  const shared = normalizeImages(selectRows(X, Array.from({ length: images }, (_, i) => i)), { imagesPerNorm: images });
  let sum = 0;
  for (let i = 0; i < images; i++) sum += Math.hypot(...rowOf(shared, i));
  return sum / images;
}

const trueEpsilon = (claimed: number, sensitivity: number): number => gaussianEpsilon({ delta: DELTA, sensitivity,
  sigma: classicalGaussianSigma({ epsilon: claimed, delta: DELTA, sensitivity: 1 }) });

export const exercises = {
  /** The claim in the source's formula at which the true ε of an image is 1, to .01. */
  "09-1": (answer: number): Finding => {
    const wrong = notPositive(answer);
    if (wrong) return wrong;
    const truth = trueEpsilon(answer, Math.SQRT2);
    if (Math.abs(truth - 1) <= 0.01) return null;
    if (Math.abs(trueEpsilon(answer, 1) - 1) <= 0.01)
      return "that is right for sensitivity 1; two images are up to √2 apart";
    return `this claim truly costs ${truth.toFixed(3)}`;
  },

  /** The q that gives a one-hot label with p = .75 an ε of 2, to three decimals. */
  "09-2": (answer: number): Finding => {
    const wrong = notPositive(answer);
    if (wrong) return wrong;
    if (answer >= 0.75) return "q must lie below p, or a report says nothing or the opposite";
    const { bit, pair } = unaryEpsilon({ p: 0.75, q: answer });
    if (Math.abs(pair - 2) < 0.01) return null;
    if (Math.abs(bit - 2) < 0.01) return "that is the ε of one bit; between two labels two bits differ";
    return `this label is ${pair > 2 ? "less" : "more"} private than ε = 2`;
  },

  /** The share of labels that k-ary randomised response changes at ε = 1 with ten digits, to two decimals. */
  "09-3": (answer: number): Finding => {
    const wrong = notAShare(answer);
    if (wrong) return wrong;
    const { p, q } = randomizedResponseProbabilities({ epsilon: 1, numClasses: 10 });
    if (Math.abs(answer - (1 - p)) <= 0.0051) return null;
    if (equalRounded(answer, p, 2)) return "that is the share that stays";
    if (equalRounded(answer, q, 2)) return "that is the chance of one of the nine wrong digits";
    return answer < 1 - p ? "more labels change" : "fewer labels change";
  },

  /** The ε that an image's own norm would have claimed when 100 images share one norm and 5000 is claimed; to 5 %. */
  "09-4": (answer: number, train: Dataset): Finding => {
    const wrong = notPositive(answer);
    if (wrong) return wrong;
    const right = 5000 * meanNorm(train, 100);
    if (Math.abs(answer / right - 1) < 0.05) return null;
    if (Math.abs(answer / (5000 * meanNorm(train, 700)) - 1) < 0.05) return "that is for 700 images a norm";
    if (Math.abs(answer - 50) < 1) return "100 squared numbers are summed before the root is taken: √100, not 100";
    return `it is too ${answer > right ? "large" : "small"}`;
  },
};
