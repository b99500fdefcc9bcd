/** What one classifier becomes: JavaScript that turns a row `x` into scores. */
export interface ModulePart {
  readonly classes: readonly number[];
  readonly numFeatures: number;
  /** Statements of the module's top level, before `scores`. */
  readonly data: readonly string[];
  /** Body of `scores(x)`: returns one number a class, of which the largest wins. */
  readonly scores: readonly string[];
  /** Body of `probabilities(s)`, from the scores; absent where the classifier has none. */
  readonly probabilities?: readonly string[];
  /** Statements that change a row `x`, run first. */
  readonly steps?: readonly string[];
  /** Sizes up to which the classifier takes a number of the changed row, and up to which a score counts. */
  readonly limits?: { readonly x?: number; readonly score?: number };
  /** What may be said in the place of a label, the outermost first. */
  readonly rejections?: readonly Rejection[];
}

/** Least confidence, the label below it, and the probabilities that it looks at, as in a part. */
export interface Rejection {
  readonly atLeast: number;
  readonly rejected: number;
  readonly probabilities: readonly string[];
}

/** `probabilities` of scores that are probabilities already. */
export const AS_THEY_ARE = ["return s;"];

/** `probabilities` of scores that are logits. */
export const SOFTMAX = [
  "let top = -Infinity;",
  "for (const v of s) top = Math.max(top, v);",
  "const e = s.map((v) => Math.exp(v - top));",
  "let sum = 0;",
  "for (const v of e) sum += v;",
  "return e.map((v) => v / sum);",
];
