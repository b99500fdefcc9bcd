import type { SerializedTransformer } from "../../data/scale";
import type { SerializedClassifier } from "../classifier";
import type { ModulePart } from "./part";
import { list, num } from "./text";

/** Puts a change of the row before a part's own; `data` are its numbers. */
function after(part: ModulePart, data: readonly string[], step: readonly string[]): ModulePart {
  return { ...part, data: part.data.concat(data), steps: step.concat(part.steps ?? []) };
}

/** Names that no part before has taken. */
const fresh = (name: string, part: ModulePart): string => `${name}${part.data.length}`;

/** Scaling before the classifier. */
export function pipelinePart(saved: SerializedClassifier, part: ModulePart): ModulePart {
  const { center, scale } = (saved as unknown as { step: SerializedTransformer }).step;
  const [offsets, divisors] = [fresh("offset", part), fresh("scale", part)];
  return after(part, [`const ${offsets} = ${list(center)};`, `const ${divisors} = ${list(scale)};`],
    [`x = ${offsets}.map((v, j) => (x[j] - v) / ${divisors}[j]);`]);
}

/** Some of the features only. */
export function onFeaturesPart(saved: SerializedClassifier, part: ModulePart): ModulePart {
  const { features, numFeatures } = saved as unknown as { features: number[]; numFeatures: number };
  const chosen = fresh("chosen", part);
  return { ...after(part, [`const ${chosen} = ${list(features)};`], [`x = ${chosen}.map((j) => x[j]);`]), numFeatures };
}

/** Probabilities to the power of 1 / T. */
export function calibratedPart(saved: SerializedClassifier, part: ModulePart): ModulePart {
  const { temperature } = saved as unknown as { temperature: number };
  return {
    ...part,
    probabilities: [
      `s = (() => {`, ...part.probabilities!.map((line) => `  ${line}`), "})();",
      `s = s.map((p) => Math.exp(Math.log(Math.max(1e-6, p)) / ${num(temperature)}));`,
      "let total = 0;", "for (const v of s) total += v;", "return s.map((v) => v / total);",
    ],
  };
}

/** No label below a confidence, by the probabilities that there are up to here. */
export function rejectingPart(saved: SerializedClassifier, part: ModulePart): ModulePart {
  const { atLeast, rejected } = saved as unknown as { atLeast: number; rejected: number };
  const { probabilities = [], rejections = [] } = part;
  return { ...part, rejections: [{ atLeast, rejected, probabilities }, ...rejections] };
}
