import type { OutputBundle } from "../display";
import { formatValue } from "../format";
import { escapeHtml } from "../html";
import { renderTable } from "../table";

/** What a value of the library is, for a reader's eyes. */
export interface Description {
  /** What it is and how large, in one line. */
  readonly what: string;
  /** More about it: a name and a value each. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Its first rows, as records. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  /** How many rows there are; those that are not shown are counted below the table. */
  readonly numRows?: number;
  /** The next useful call, as code. */
  readonly next?: string;
}

const left = ({ rows = [], numRows = rows.length }: Description): string | null =>
  (numRows > rows.length ? `… ${(numRows - rows.length).toLocaleString("en-US")} more` : null);

/** A description as text and as HTML. */
export function renderDescription(description: Description): OutputBundle {
  const { what, facts = {}, rows = [], next } = description;
  const said = Object.entries(facts).filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, formatValue(value)]);
  const table = rows.length ? renderTable(rows) : null;
  const more = left(description);
  const text = [
    what, ...said.map(([name, value]) => `  ${name}: ${value}`), table?.text, more, next && `next: ${next}`,
  ];
  const html = [
    `<p><b>${escapeHtml(what)}</b></p>`,
    said.length && `<p>${said.map((fact) => escapeHtml(fact.join(": "))).join("<br>")}</p>`,
    table?.html, more && `<p>${more}</p>`, next && `<p>next: <code>${escapeHtml(next)}</code></p>`,
  ];
  return { "text/plain": text.filter(Boolean).join("\n"), "text/html": html.filter(Boolean).join("\n") };
}

const PLURALS: Readonly<Record<string, string>> = { class: "classes", query: "queries" };

/** A number with its noun: "1 row", "150 rows". */
export const count = (n: number, noun: string): string =>
  `${n.toLocaleString("en-US")} ${n === 1 ? noun : PLURALS[noun] ?? `${noun}s`}`;

const MOST_NAMED = 8;

/** The first items in words, and how many are left out. */
export function listed(items: ArrayLike<unknown>): string {
  const shown = Array.from({ length: Math.min(items.length, MOST_NAMED) }, (_, i) => formatValue(items[i]));
  const more = items.length > MOST_NAMED ? `, … (${items.length.toLocaleString("en-US")})` : "";
  return shown.join(", ") + more;
}
