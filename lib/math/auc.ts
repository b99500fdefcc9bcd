/**
 * The chance that a random one of the first numbers exceeds a random one of the others, a tie counting half: the area
 * under the ROC curve of scores that should tell the two apart.
 *
 * @param above Finite, shape [p], p ≥ 1.
 * @param below Finite, shape [q], q ≥ 1.
 * @see Hanley & McNeil, Radiology 143(1), 1982.
 */
export function areaUnderRoc(above: ArrayLike<number>, below: ArrayLike<number>): number {
  const others = Float64Array.from(below).sort();
  let less = 0;
  let lessOrEqual = 0;
  let wins = 0;
  for (const score of Float64Array.from(above).sort()) {
    while (less < others.length && others[less] < score) less++;
    while (lessOrEqual < others.length && others[lessOrEqual] <= score) lessOrEqual++;
    wins += (less + lessOrEqual) / 2;
  }
  return wins / (above.length * below.length);
}
