/**
 * A table's text in one form, whoever serves it: the last `columns` values of each line (ids and names before them are
 * dropped), separated by commas, lines by `\n`, without blank lines and remarks, which begin with `|`. The values
 * themselves stay as written.
 */
export function tableText(text: string, columns: number): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("|"))
    .map((line) => tableValues(line, columns).join(",")).join("\n");
}

function tableValues(line: string, columns: number): string[] {
  const values = line.includes(",") ? line.split(",").map((value) => value.trim()) : line.split(/\s+/);
  return values.slice(-columns);
}
