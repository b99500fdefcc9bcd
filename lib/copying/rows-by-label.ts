/** Positions of each label's rows, labels in the order they first occur. */
export function rowsByLabel(y: Int32Array): Map<number, number[]> {
  const byLabel = new Map<number, number[]>();
  y.forEach((label, i) => {
    const rows = byLabel.get(label);
    if (rows) rows.push(i);
    else byLabel.set(label, [i]);
  });
  return byLabel;
}
