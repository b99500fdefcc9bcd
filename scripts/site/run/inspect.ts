/** A value as text, much as Node's console shows it. */

const DEEPEST = 2;
const MOST_ITEMS = 100;
const WIDTH = 76;

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

function quoted(text: string): string {
  const mark = ["'", "\"", "`"].find((one) => !text.includes(one)) ?? "'";
  const escaped = text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replace(/\r/g, "\\r");
  return mark + (text.includes(mark) ? escaped.replace(/'/g, "\\'") : escaped) + mark;
}

function ofPrimitive(value: unknown): string | undefined {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") {
    const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "Function";
    if (kind === "class") return `[class ${value.name || "(anonymous)"}]`;
    return value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`;
  }
  return typeof value === "object" && value !== null ? undefined : String(value);
}

/** The name of an object's class, where it has one that says something. */
function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return prototype === null ? "[Object: null prototype]" : prototype.constructor?.name ?? "";
}

/** Numbers in lines of equal columns, other items one a line, all in one line where they fit. */
function laidOut(items: readonly string[], open: string, close: string, indent: number): string {
  if (!items.length) return open.trimEnd() + close;
  const line = items.join(", ");
  const isShort = line.length + open.length + indent <= WIDTH && !line.includes("\n");
  if (isShort && (items.length <= 6 || open === "{")) return `${open} ${line} ${close}`;
  const margin = " ".repeat(indent + 2);
  const end = `\n${" ".repeat(indent)}${close}`;
  const isNumbers = items.length > 6 && items.every((item) => item.length <= 16 && !item.includes("\n"));
  if (!isNumbers) return `${open}\n${margin}${items.join(`,\n${margin}`)}${end}`;
  const width = items.reduce((most, item) => Math.max(most, item.length), 0) + 2;
  const columns = Math.max(1, Math.min(16, Math.floor(WIDTH / width), Math.round(Math.sqrt(2.5 * width * items.length)
    / width)));
  const isNumber = items.every((item) => /^-?[\d.]+(?:e[+-]?\d+)?n?$/.test(item));
  const rows: string[] = [];
  for (let from = 0; from < items.length; from += columns) {
    const row = items.slice(from, from + columns)
      .map((item, i) => (from + i + 1 < items.length ? `${item},` : item));
    rows.push(row.map((item) => (isNumber ? item.padStart(width - 1) : item.padEnd(width - 1))).join(" ").trimEnd());
  }
  return `${open}\n${margin}${rows.join(`\n${margin}`)}${end}`;
}

function limited(items: string[], total: number): string[] {
  const more = total - items.length;
  return more > 0 ? [...items, `... ${more} more item${more === 1 ? "" : "s"}`] : items;
}

class Inspector {
  private readonly above: object[] = [];

  show(value: unknown, indent = 0): string {
    const simple = ofPrimitive(value);
    if (simple !== undefined) return simple;
    const object = value as object;
    if (this.above.includes(object)) return "[Circular *1]";
    const name = className(object);
    if (object instanceof Error) return object.stack?.includes(object.message) ? cleanStack(object) : String(object);
    if (object instanceof Date) return Number.isNaN(object.getTime()) ? "Invalid Date" : object.toISOString();
    if (object instanceof RegExp) return String(object);
    if (object instanceof Promise) return "Promise { <pending> }";
    if (this.above.length > DEEPEST) return Array.isArray(object) ? "[Array]" : `[${name || "Object"}]`;
    this.above.push(object);
    try {
      return this.parts(object, name, indent);
    } finally {
      this.above.pop();
    }
  }

  private parts(object: object, name: string, indent: number): string {
    const inner = (value: unknown): string => this.show(value, indent + 2);
    if (Array.isArray(object) || (ArrayBuffer.isView(object) && !(object instanceof DataView))) {
      const list = object as ArrayLike<unknown>;
      const items = Array.from({ length: Math.min(MOST_ITEMS, list.length) }, (_, i) => inner(list[i]));
      const open = Array.isArray(object) && name === "Array" ? "[" : `${name}(${list.length}) [`;
      return laidOut(limited(items, list.length), open, "]", indent);
    }
    if (object instanceof Map) {
      const items = [...object].slice(0, MOST_ITEMS).map(([key, value]) => `${inner(key)} => ${inner(value)}`);
      return laidOut(limited(items, object.size), `Map(${object.size}) {`, "}", indent);
    }
    if (object instanceof Set)
      return laidOut(limited([...object].slice(0, MOST_ITEMS).map(inner), object.size), `Set(${object.size}) {`, "}",
        indent);
    const items = Object.entries(Object.getOwnPropertyDescriptors(object)).filter(([, { enumerable }]) => enumerable)
      .map(([key, { get, set, value }]) => {
        const shown = get ? (set ? "[Getter/Setter]" : "[Getter]") : inner(value);
        return `${isName(key) ? key : quoted(key)}: ${shown}`;
      });
    return laidOut(items, name === "Object" ? "{" : `${name} {`, "}", indent);
  }
}

/** An error's message, and of its stack nothing of the library or of what runs the cells. */
const cleanStack = (error: Error): string => `${error.name}: ${error.message}`;

/** A value as text: depth, length and width are limited. */
export const inspect = (value: unknown): string => new Inspector().show(value);

/** What `console.log` writes for its arguments. */
export const logged = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");
