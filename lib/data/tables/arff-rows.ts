import type { TableRows } from "./encode-table";

/** What an ARFF file declares a column to be. */
export interface ArffAttribute {
  readonly name: string;
  readonly kind: "numeric" | "nominal" | "string" | "date";
  /** In the order declared; absent where the column is not nominal. */
  readonly categories?: readonly string[];
  /** Line of the declaration, counted from 1. */
  readonly line: number;
}

/** The written values of an ARFF file, null where one is missing. */
export interface ArffRows extends TableRows {
  readonly relation: string;
  readonly attributes: readonly ArffAttribute[];
}

/** A value as written, and whether it stood in quotes: only a bare `?` is missing. */
interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
}

const KINDS: Readonly<Record<string, ArffAttribute["kind"]>> = {
  numeric: "numeric", real: "numeric", integer: "numeric", string: "string", date: "date",
};

const refusal = (line: number, rule: string): RangeError => new RangeError(`loadArff: line ${line}: ${rule}`);

const UNESCAPED: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** Quoted text from its opening quote on; a backslash keeps the character after it. */
function quotedToken(text: string, from: number, line: number): { token: Token; end: number } {
  const quote = text[from];
  let value = "";
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === quote) return { token: { text: value, isQuoted: true }, end: at + 1 };
    if (text[at] === "\\" && at + 1 < text.length) {
      at++;
      value += UNESCAPED[text[at]] ?? text[at];
    } else value += text[at];
  }
  throw refusal(line, `a quote is not closed: ${text.slice(from, from + 20)}`);
}

/**
 * The values of a list: separated by commas, or by blanks where there is no comma; in quotes where a value holds
 * either. A `%` outside quotes begins a comment.
 */
function tokensOf(text: string, line: number): Token[] {
  const tokens: Token[] = [];
  let isOpen = true;
  for (let at = 0; at < text.length;) {
    const character = text[at];
    if (character === "%") break;
    if (/\s/.test(character)) at++;
    else if (character === ",") {
      if (isOpen) throw refusal(line, "a value is empty; a missing one is written ?");
      isOpen = true;
      at++;
    } else if (character === "'" || character === "\"") {
      const { token, end } = quotedToken(text, at, line);
      tokens.push(token);
      isOpen = false;
      at = end;
    } else {
      const [word] = /^[^\s,%]+/.exec(text.slice(at))!;
      tokens.push({ text: word, isQuoted: false });
      isOpen = false;
      at += word.length;
    }
  }
  if (isOpen && tokens.length)
    throw refusal(line, "a value is missing after the last comma; a missing one is written ?");
  return tokens;
}

/** One declared column, from what stands behind `@attribute`. */
function attributeOf(text: string, line: number): ArffAttribute {
  const start = text.trimStart();
  const { token, end } = /^['"]/.test(start) ? quotedToken(start, 0, line)
    : { token: { text: /^[^\s{]*/.exec(start)![0] }, end: /^[^\s{]*/.exec(start)![0].length };
  const { text: name } = token;
  const type = start.slice(end).trim();
  if (!name || !type) throw refusal(line, "an attribute must have a name and a type");
  if (type.startsWith("{")) {
    const close = type.lastIndexOf("}");
    if (close < 0) throw refusal(line, `the categories of ${name} must end with }`);
    const categories = tokensOf(type.slice(1, close), line).map((category) => category.text);
    const twice = categories.find((category, k) => categories.indexOf(category) !== k);
    if (!categories.length) throw refusal(line, `${name} must have at least one category, got none`);
    if (twice !== undefined) throw refusal(line, `the categories of ${name} must differ, got ${twice} twice`);
    return { name, kind: "nominal", categories, line };
  }
  const word = /^[a-z]*/i.exec(type)![0].toLowerCase();
  if (!Object.hasOwn(KINDS, word))
    throw refusal(line,
      `the type of ${name} must be numeric, real, integer, string, date or {categories}, got ${type}`);
  return { name, kind: KINDS[word], line };
}

/** One row, each value checked against what its column is declared to be. */
function rowOf(text: string, line: number, attributes: readonly ArffAttribute[]): (string | null)[] {
  if (text.startsWith("{"))
    throw refusal(line, "sparse rows ({position value, …}) are not read; save the table with all its values");
  const tokens = tokensOf(text, line);
  if (tokens.length !== attributes.length) {
    const weight = tokens.at(-1)?.text.startsWith("{") ? "; weights of rows are not read" : "";
    throw refusal(line, `a row must have ${attributes.length} values, one an attribute, got ${tokens.length}${weight}`);
  }
  return tokens.map(({ text: value, isQuoted }, j) => {
    if (value === "?" && !isQuoted) return null;
    const { name, kind, categories } = attributes[j];
    if (categories && !categories.includes(value))
      throw refusal(line, `${name} must be one of its categories (${shortList(categories)}), got ${value}`);
    if (kind === "numeric" && !Number.isFinite(Number(value === "" ? NaN : value)))
      throw refusal(line, `${name} must be a finite number, got ${value}`);
    return value;
  });
}

const SHOWN = 8;
const shortList = (all: readonly string[]): string =>
  all.slice(0, SHOWN).join(", ") + (all.length > SHOWN ? `, … ${all.length} in all` : "");

/**
 * Reads a table's text in the attribute-relation file format.
 *
 * @throws {RangeError} If a line can't be read: it names the line, counted from 1.
 * @see Witten, Frank, Hall, "Data mining", 3rd ed., §2.4; Weka's manual, "ARFF".
 */
export function arffRows(text: string): ArffRows {
  const attributes: ArffAttribute[] = [];
  const rows: (string | null)[][] = [];
  const lines: number[] = [];
  let relation = "ARFF";
  let isData = false;
  text.split(/\r\n|\n|\r/).forEach((written, i) => {
    const content = written.trim();
    const line = i + 1;
    if (content === "" || content.startsWith("%")) return;
    if (isData) {
      rows.push(rowOf(content, line, attributes));
      lines.push(line);
      return;
    }
    const [, keyword, rest] = /^@(\w+)\s*(.*)$/.exec(content) ?? [];
    const word = keyword?.toLowerCase();
    if (word === "relation") relation = tokensOf(rest, line).map((token) => token.text).join(" ");
    else if (word === "attribute") attributes.push(attributeOf(rest, line));
    else if (word === "data") isData = true;
    else throw refusal(line, `must begin with @relation, @attribute, @data or %, got ${content.slice(0, 40)}`);
  });
  if (!attributes.length || !isData)
    throw new RangeError(`loadArff: there must be @attribute lines and @data, got ${attributes.length} attributes `
      + `and ${isData ? "" : "no "}@data`);
  const declared = Object.fromEntries(
    attributes.flatMap(({ name, categories }) => (categories ? [[name, categories]] : [])));
  const header = attributes.map(({ name }) => name);
  return { relation, attributes, header, rows, lines, loader: "loadArff", declared };
}
