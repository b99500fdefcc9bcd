import {
  type Finding, type Matrix, classicalGaussianSigma, gaussianEpsilon, linkageRate, matrix, normalizeImages, notAShare,
  seededRng, sourceNoisedImages,
} from "../../lib";

const DELTA = 784 ** -2;

const notPositive = (answer: number): Finding => {
  if (Number.isNaN(answer)) return "that is not a number";
  return answer > 0 ? null : "it must be above 0";
};

const trueEpsilon = (claimed: number, sensitivity: number): number => gaussianEpsilon({ delta: DELTA, sensitivity,
  sigma: classicalGaussianSigma({ epsilon: claimed, delta: DELTA, sensitivity: 1 }) });

/** What is published of people at a claimed ε of 20, with the noise that a key gives. */
const published = (X: Matrix, seed: number, key: number): Matrix<Float32Array> => sourceNoisedImages(X, { epsilon: 20,
  delta: DELTA, divideAfterNoise: false, clipAtZero: true, imagesPerNorm: 1, rng: seededRng(seed).spawn(key) }).X;

export const exercises = {
  /** The claim in the source's formula at which the true ε of an image is 1, to .01. */
  "16-1": (answer: number): Finding => {
    const wrong = notPositive(answer);
    if (wrong) return wrong;
    const truth = trueEpsilon(answer, Math.SQRT2);
    if (Math.abs(truth - 1) <= 0.01) return null;
    if (Math.abs(trueEpsilon(answer, 1) - 1) <= 0.01)
      return "that is right for sensitivity 1; two images are up to √2 apart";
    return `this claim truly costs ${truth.toFixed(3)}`;
  },

  /** The share of people linked by the mean of two releases at a claimed 20, to .02. */
  "16-2": (answer: number, { X, seed }: { X: Matrix; seed: number }): Finding => {
    const wrong = notAShare(answer);
    if (wrong) return wrong;
    const [once, again] = [14, 15].map((key) => published(X, seed, key));
    const sum = matrix(once.data.map((value, p) => value + again.data[p]), once.shape);
    const originals = normalizeImages(X);
    const right = linkageRate(originals, normalizeImages(sum));
    if (Math.abs(answer - right) <= 0.02) return null;
    if (Math.abs(answer - linkageRate(originals, normalizeImages(once))) <= 0.02)
      return "that is what one release gives away; add the two pictures of each person";
    return `it is too ${answer > right ? "large" : "small"}`;
  },

  /** The σ of each of two releases of unit-norm images with which both keep ε = 8, to 1 %. */
  "16-3": (answer: number): Finding => {
    const wrong = notPositive(answer);
    if (wrong) return wrong;
    const both = gaussianEpsilon({ sigma: answer, sensitivity: 2, delta: DELTA });
    const wider = gaussianEpsilon({ sigma: 1.01 * answer, sensitivity: 2, delta: DELTA });
    const narrower = gaussianEpsilon({ sigma: 0.99 * answer, sensitivity: 2, delta: DELTA });
    if (wider <= 8 && narrower >= 8) return null;
    const one = gaussianEpsilon({ sigma: answer, sensitivity: Math.SQRT2, delta: DELTA });
    if (Math.abs(one - 8) < 0.1) return "that keeps 8 for one release; there are two";
    return `two releases with this noise cost ${both.toFixed(2)}`;
  },
};
