/** Places from 1 in ascending order; equal values share the mean of theirs. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let end = from + 1;
    while (end < order.length && values[order[end]] === values[order[from]]) end++;
    for (let k = from; k < end; k++) ranks[order[k]] = (from + end + 1) / 2;
    from = end;
  }
  return ranks;
}

/**
 * Spearman's rank correlation, in [−1, 1]: whether two lists order their items alike. 0 if one of them is constant.
 *
 * @param a Finite, shape [n]. @param b Finite, shape [n].
 * @see Spearman, American Journal of Psychology 15(1), 1904; equal values share their mean rank.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (x.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i] - middle, y[i] - middle];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}
