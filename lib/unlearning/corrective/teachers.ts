import { matrix, selectRows, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { numClassesOf, type Network } from "../../training/network";
import { initializeNetwork } from "../../training/network-classifier";
import { requireInRange, requireInteger } from "../../validate";
import { trainTowards, type RepairedNetwork } from "../../training/towards";
import { partsOf } from "./parts";

export interface ScrubOptions {
  /**
   * Weight of staying close to the teacher, beside the labels' own, at least 0.
   * @defaultValue 1
   */
  alpha?: number;
  /**
   * Passes over the forgotten examples that move away from the teacher, each before one over the others.
   * @defaultValue 1
   */
  awayPasses?: number;
  /**
   * Passes over the others, at least `awayPasses`.
   * @defaultValue 1
   */
  passes?: number;
  /** @defaultValue 1e-3 */
  learningRate?: number;
  rng: Rng;
}

/** A third of a gradient: a pass forward alone. */
const FORWARD = 1 / 3;

/**
 * SCRUB: a student that begins as the network moves away from what the network says to the examples to be forgotten,
 * and stays close to what it says, and to the labels, of all others.
 *
 * @param y Labels the network was trained with, shape [n]. @param forget Positions known to be poisoned.
 * @throws {RangeError} If there is nothing to forget or to keep, or a setting is out of range.
 * @see Kurmanji, Triantafillou, Hayes & Triantafillou, NeurIPS 2023, §3, equation 4; Adam instead of SGD.
 * @example
 * const { network: student } = scrub(network, X, y, flipped, { rng: seededRng(1) });
 */
export function scrub(
  network: Network,
  X: Matrix,
  y: Int32Array,
  forget: ArrayLike<number>,
  { alpha = 1, awayPasses = 1, passes = 1, learningRate, rng }: ScrubOptions,
): RepairedNetwork {
  requireInRange("scrub", "alpha", alpha, 0, Number.MAX_VALUE);
  requireInteger("scrub", "awayPasses", awayPasses, 0);
  requireInteger("scrub", "passes", passes, Math.max(1, awayPasses));
  const began = performance.now();
  const { inside, outside } = partsOf("scrub", y.length, forget);
  const targets = Float32Array.from(network.predictProba(X).data);
  const k = numClassesOf(network.architecture);
  for (const i of outside)
    for (let c = 0; c < k; c++) targets[i * k + c] = alpha * targets[i * k + c] + (c === y[i] ? 1 : 0);
  const stages = Array.from({ length: passes }, (_, pass) => [
    ...(pass < awayPasses ? [{ positions: inside, away: true }] : []),
    { positions: outside },
  ]).flat();
  const student = trainTowards(network, X, matrix(targets, [y.length, k]), { stages, learningRate, rng });
  return { ...student, gradients: student.gradients + FORWARD * y.length, seconds: (performance.now() - began) / 1000 };
}

export interface BadTeacherOptions {
  /**
   * Share of the other examples that are shown to the student, in (0, 1].
   * @defaultValue 0.3
   */
  keptShare?: number;
  /** @defaultValue 1 */
  passes?: number;
  /** @defaultValue 1e-3 */
  learningRate?: number;
  rng: Rng;
}

/**
 * Bad teacher: a student that begins as the network learns what an untrained network says to the examples to be
 * forgotten, and what the network itself says to a share of the others. It needs no labels.
 *
 * @param X Shape [n, product of inputShape]. @param forget Positions known to be poisoned.
 * @throws {RangeError} If there is nothing to forget or to keep, or a setting is out of range.
 * @see Chundawat, Tarun, Mandal & Kankanhalli, AAAI 2023, §4, equation 3.
 * @example
 * const { network: student } = badTeacher(network, X, flipped, { rng: seededRng(1) });
 */
export function badTeacher(
  network: Network,
  X: Matrix,
  forget: ArrayLike<number>,
  { keptShare = 0.3, passes = 1, learningRate, rng }: BadTeacherOptions,
): RepairedNetwork {
  requireInRange("badTeacher", "keptShare", keptShare, Number.MIN_VALUE, 1);
  requireInteger("badTeacher", "passes", passes, 1);
  const began = performance.now();
  const [n] = X.shape;
  const { inside, outside } = partsOf("badTeacher", n, forget);
  const targets = Float32Array.from(network.predictProba(X).data);
  const ignorant = initializeNetwork(network.architecture, { rng: rng.spawn(0) });
  const { data, shape: [, k] } = ignorant.predictProba(selectRows(X, inside));
  inside.forEach((i, j) => targets.set(data.subarray(j * k, (j + 1) * k), i * k));
  const kept = rng.spawn(1).permutation(outside.length).slice(0, Math.ceil(keptShare * outside.length));
  const shown = Int32Array.from([...inside, ...kept.map((j) => outside[j])]);
  const stages = Array.from({ length: passes }, () => ({ positions: shown }));
  const student = trainTowards(network, X, matrix(targets, [n, k]), { stages, learningRate, rng: rng.spawn(2) });
  const forward = FORWARD * (n + inside.length);
  return { ...student, gradients: student.gradients + forward, seconds: (performance.now() - began) / 1000 };
}
