import type { Matrix } from "../matrix";
import { requireClasses } from "../training/network";
import { crossEntropies } from "../training/predict";
import { requireFinite, requireSameLength } from "../validate";

/** Logits divided by a temperature. */
export const tempered = ({ data, shape }: Matrix, temperature: number): Matrix<Float64Array> => ({
  data: Float64Array.from(data, (value) => value / temperature),
  shape,
});

/**
 * The temperature that makes a model's probabilities honest: the one of the least mean cross-entropy on held-out
 * examples, searched from 0.1 to 100. An overconfident model needs more than 1.
 *
 * @param logits Shape [n, classes]. @param y Classes of examples that the model was not trained on, shape [n].
 * @throws {RangeError} If there is no example, a logit is not finite, or a class is out of range.
 * @see Guo, Pleiss, Sun & Weinberger, ICML 2017, §4.2.
 */
export function fitTemperature(logits: Matrix, y: Int32Array): number {
  requireSameLength("fitTemperature", "logits", logits.shape[0], "y", y.length);
  if (!y.length) throw new RangeError("fitTemperature: needs at least one example, got none");
  requireFinite("fitTemperature", "logits", logits.data);
  requireClasses("fitTemperature", y, logits.shape[1]);
  const lossAt = (logT: number): number =>
    crossEntropies(tempered(logits, Math.exp(logT)), y).reduce((sum, loss) => sum + loss, 0);
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.1), Math.log(100)];
  for (let step = 0; step < 40; step++) {
    const width = ratio * (high - low);
    if (lossAt(high - width) < lossAt(low + width)) high = low + width;
    else low = high - width;
  }
  return Math.exp((low + high) / 2);
}
