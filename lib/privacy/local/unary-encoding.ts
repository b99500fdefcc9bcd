import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requireOneOf, requireSameLength } from "../../validate";
import { requireEpsilon, requireOpenUnit } from "../parameters";
import { requireLabels } from "./randomized-response";

/** How unary encoding turns bits over: a 1 stays 1 with chance `p`, a 0 becomes 1 with chance `q`. */
export interface BitFlip {
  /** In (q, 1). */
  p: number;
  /** In (0, p). */
  q: number;
}

/** Requires 0 < q < p < 1. */
export function requireBitFlip(fn: string, { p, q }: BitFlip): void {
  requireOpenUnit(fn, "p", p);
  requireOpenUnit(fn, "q", q);
  if (p <= q) throw new RangeError(`${fn}: p must be above q, got p = ${p} and q = ${q}`);
}

/**
 * The chances with which one-hot vectors are ε-locally differentially private.
 *
 * @param options.kind `symmetric` treats ones and zeros alike; `optimized` keeps zeros better, for less variance.
 * @throws {RangeError} If epsilon or kind is out of range.
 * @see Wang, Blocki, Li & Jha, USENIX Security 2017, §4.
 * @example
 * unaryProbabilities({ epsilon: 1, kind: "optimized" }).q; // 0.268941
 */
export function unaryProbabilities(
  { epsilon, kind }: { epsilon: number; kind: "symmetric" | "optimized" },
): BitFlip {
  requireEpsilon("unaryProbabilities", epsilon);
  requireOneOf("unaryProbabilities", "kind", kind, ["symmetric", "optimized"]);
  if (kind === "optimized") return { p: 0.5, q: 1 / (1 + Math.exp(epsilon)) };
  return { p: 1 / (1 + Math.exp(-epsilon / 2)), q: 1 / (1 + Math.exp(epsilon / 2)) };
}

/**
 * The ε that unary encoding spends.
 * `pair`: a one-hot vector, where a change of class changes two bits. `bit`: one free bit. For d free bits (the pixels
 * of an image) the cost is d times `bit`.
 *
 * @throws {RangeError} Unless 0 < q < p < 1.
 * @see Wang, Blocki, Li & Jha, USENIX Security 2017, Theorem 4.1.
 * @example
 * unaryEpsilon({ p: 0.88, q: 0.12 }).pair; // 3.98486
 */
export function unaryEpsilon({ p, q }: BitFlip): { pair: number; bit: number } {
  requireBitFlip("unaryEpsilon", { p, q });
  const ones = Math.log(p / q);
  const zeros = Math.log((1 - q) / (1 - p));
  return { pair: ones + zeros, bit: Math.max(ones, zeros) };
}

/**
 * Classes as one-hot rows, shape [n, numClasses].
 *
 * @example
 * unaryEncode(Int32Array.of(1, 0), 3).data; // [0, 1, 0, 1, 0, 0]
 */
export function unaryEncode(y: Int32Array, numClasses: number): Matrix<Uint8Array> {
  requireLabels("unaryEncode", "y", y, numClasses);
  const data = new Uint8Array(y.length * numClasses);
  y.forEach((label, i) => {
    data[i * numClasses + label] = 1;
  });
  return matrix(data, [y.length, numClasses]);
}

/**
 * Turns over each bit by its own coin.
 *
 * @param bits Zeros and ones, shape [n, d]; not modified.
 * @throws {RangeError} Unless 0 < q < p < 1 and all entries are 0 or 1.
 * @see Erlingsson, Pihur & Korolova, CCS 2014 (RAPPOR); Wang, Blocki, Li & Jha, USENIX Security 2017.
 * @example
 * const reports = randomizeBits(unaryEncode(y, 10), { p: 0.5, q: 0.1, rng: seededRng(1) });
 */
export function randomizeBits(
  bits: Matrix<Uint8Array>,
  { p, q, rng }: BitFlip & { rng: Rng },
): Matrix<Uint8Array> {
  requireBitFlip("randomizeBits", { p, q });
  for (const bit of bits.data) requireInteger("randomizeBits", "bit", bit, 0, 1);
  return matrix(bits.data.map((bit) => (rng.uniform() < (bit ? p : q) ? 1 : 0)), bits.shape);
}

/**
 * Unbiased estimate of the share of ones in each column, from randomised bits.
 *
 * @param reports Randomised bits, shape [n, d], n at least 1.
 * @returns Estimated shares, shape [d]; they may leave [0, 1].
 * @throws {RangeError} Unless 0 < q < p < 1, or if there is no row.
 * @example
 * const reports = randomizeBits(unaryEncode(y, 10), { p: 0.5, q: 0.1, rng: seededRng(1) });
 * const shares = debiasedShares(reports, { p: 0.5, q: 0.1 });
 */
export function debiasedShares(reports: Matrix<Uint8Array>, { p, q }: BitFlip): Float64Array {
  requireBitFlip("debiasedShares", { p, q });
  const [n, d] = reports.shape;
  requireInteger("debiasedShares", "rows", n, 1);
  const counts = new Float64Array(d);
  reports.data.forEach((bit, i) => {
    counts[i % d] += bit;
  });
  return counts.map((count) => (count / n - q) / (p - q));
}

/**
 * Labels read back from randomised one-hot rows: a class drawn evenly among the reported ones, or among all if none is.
 *
 * @param reports Randomised one-hot rows, shape [n, numClasses].
 * @example
 * decodeUnaryLabels(unaryEncode(Int32Array.of(1, 0), 3), { rng: seededRng(1) }); // [1, 0]
 */
export function decodeUnaryLabels(reports: Matrix<Uint8Array>, { rng }: { rng: Rng }): Int32Array {
  const [n, k] = reports.shape;
  requireSameLength("decodeUnaryLabels", "reports", reports.data.length, "rows × classes", n * k);
  return Int32Array.from({ length: n }, (_, i) => {
    const reported: number[] = [];
    for (let j = 0; j < k; j++) if (reports.data[i * k + j]) reported.push(j);
    return reported.length ? reported[rng.integer(reported.length)] : rng.integer(k);
  });
}
