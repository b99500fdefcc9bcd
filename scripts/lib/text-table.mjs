/**
 * Columns of text, each as wide as its widest word.
 * @param {string[][]} rows the first one the headings
 * @returns {string}
 */
export function textTable(rows) {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  return rows.map((row) => row.map((text, j) => text.padEnd(widths[j])).join("  ").trimEnd()).join("\n");
}
