/**
 * A table's text in one form, whoever serves it: the last `columns` values of each line (ids and names before them are
 * dropped), separated by commas, lines by `\n`, without blank lines and UCI's remarks, which begin with `|`. The values
 * themselves stay as written.
 */
export function tableText(text: string, columns: number): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const isRow = (line: string): boolean => line !== "" && !line.startsWith("|");
  return lines.filter(isRow).map((line) => tableValues(line, columns).join(",")).join("\n");
}

function tableValues(line: string, columns: number): string[] {
  const values = line.includes(",") ? line.split(",").map((value) => value.trim()) : line.split(/\s+/);
  return values.slice(-columns);
}
