import { requireFinite, requireInRange } from "../validate";
import { inNotebook, isHeadless, show } from "./display";
import { formatNumber } from "./format";
import { renderTable } from "./table";

interface ClaimBase {
  /** Unique over all notebooks, such as `ml106-100-incorrect-2`. */
  id: string;
  /** One sentence in plain words. */
  statement: string;
  reproduced: number;
  /** Where the value was published: author, work, section or table; "ours" for a claim of this project. */
  source: string;
  /** Why the claim is not expected to hold here. A claim that fails without it fails the run. */
  explained?: string;
}

/** The reproduced number must lie within the tolerance around the published one. */
export interface ClaimOfValue extends ClaimBase {
  published: number;
  /** Largest allowed |reproduced − published|, at least 0. */
  tolerance: number;
  atLeast?: never;
  atMost?: never;
}

/** The reproduced number must be at least a bound, at most a bound, or between two. */
export interface ClaimOfBound extends ClaimBase {
  /** The published number, where there is one beside the bound. */
  published?: number;
  tolerance?: never;
  atLeast?: number;
  atMost?: number;
}

export type ClaimInput = ClaimOfValue | ClaimOfBound;

export type Verdict = "reproduced" | "not reproduced" | "explained deviation";

/** A claim as it is recorded in the notebook's output and in results/claims.json. */
export interface Claim {
  id: string;
  statement: string;
  /** The published number; null where nobody published one and the bound is all there is. */
  published: number | null;
  reproduced: number;
  tolerance: number | null;
  atLeast: number | null;
  atMost: number | null;
  /** What must hold, in a few characters: `12`, `0.92 ± 0.01`, `≤ 0.02`. */
  expected: string;
  verdict: Verdict;
  source: string;
  /** The reason of an explained deviation. */
  reason: string | null;
}

export const claimMimeType = "application/vnd.knowledge-hacking.claim+json";

const recorded = new Set<string>();

function requireText(name: string, text: string | undefined): string {
  if (typeof text !== "string" || !text.trim())
    throw new RangeError(`claim: ${name} must be a text that is not empty, got ${JSON.stringify(text)}`);
  return text;
}

/** Whether a is at most b, forgiving the last bits of sums, means and differences of numbers as large as `size`. */
const atMostRounded = (a: number, b: number, size = Math.max(Math.abs(a), Math.abs(b))): boolean =>
  a <= b + 4 * Number.EPSILON * size;

function holds({ published, reproduced, tolerance, atLeast, atMost }: ClaimInput): boolean {
  if (tolerance !== undefined) {
    const size = Math.max(Math.abs(reproduced), Math.abs(published));
    return atMostRounded(Math.abs(reproduced - published), tolerance, size);
  }
  return (atLeast === undefined || atMostRounded(atLeast, reproduced))
    && (atMost === undefined || atMostRounded(reproduced, atMost));
}

/** A number with as many digits as its tolerance gives a meaning to. */
function precise(value: number, tolerance: number): string {
  const digits = Math.ceil(Math.log10(Math.abs(value) / tolerance)) + 1;
  return digits > 4 ? String(Number(value.toPrecision(Math.min(digits, 15)))) : formatNumber(value);
}

function expectation({ published, tolerance, atLeast, atMost }: ClaimInput): string {
  if (published !== undefined && tolerance !== undefined)
    return tolerance > 0 ? `${precise(published, tolerance)} ± ${Number(tolerance.toPrecision(1))}` : String(published);
  const value = published === undefined ? "" : formatNumber(published);
  const bounds = [
    ...(atLeast === undefined ? [] : [`≥ ${formatNumber(atLeast)}`]),
    ...(atMost === undefined ? [] : [`≤ ${formatNumber(atMost)}`]),
  ].join(", ");
  return value ? `${value} (${bounds})` : bounds;
}

/**
 * Judges a claim without showing it.
 *
 * @throws {RangeError} If a number is not finite, a text is empty, or nothing is said about what must hold.
 */
export function judge(input: ClaimInput): Claim {
  requireText("id", input.id);
  requireText("statement", input.statement);
  requireText("source", input.source);
  if (input.explained !== undefined) requireText("explained", input.explained);
  const { published, reproduced, tolerance, atLeast, atMost } = input;
  const given = { published, reproduced, tolerance, atLeast, atMost };
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) requireFinite("claim", `${name} of ${input.id}`, [value]);
  if (typeof reproduced !== "number")
    throw new RangeError(`claim: reproduced of ${input.id} must be a number, got ${JSON.stringify(reproduced)}`);
  if (tolerance !== undefined) requireInRange("claim", "tolerance", tolerance, 0, Number.MAX_VALUE);
  const hasValue = published !== undefined && tolerance !== undefined;
  if (!hasValue && atLeast === undefined && atMost === undefined)
    throw new RangeError(`claim: ${input.id} needs published and tolerance, or atLeast, or atMost`);
  const verdict = holds(input) ? "reproduced" : input.explained ? "explained deviation" : "not reproduced";
  return {
    id: input.id,
    statement: input.statement,
    published: published ?? null,
    reproduced,
    tolerance: tolerance ?? null,
    atLeast: atLeast ?? null,
    atMost: atMost ?? null,
    expected: expectation(input),
    verdict,
    source: input.source,
    reason: verdict === "explained deviation" ? input.explained ?? null : null,
  };
}

const MARK: Record<Verdict, string> = {
  "reproduced": "✔ reproduced",
  "not reproduced": "✘ not reproduced",
  "explained deviation": "≈ explained deviation",
};

/**
 * Records that a published result was, or was not, reproduced. Shows it as a table and keeps it in the notebook's
 * output, from which `npm run reproduce` gathers results/claims.json.
 *
 * @throws {RangeError} If a number is not finite, a text is empty, nothing is said about what must hold, or, in a
 * headless run, the id was already used.
 * @example
 * claim({ id: "ml106-clean-incorrect-2", statement: "The clean model misreads 12 digits as 2",
 *   published: 12, reproduced: 12, tolerance: 0, source: "ML 106" });
 * claim({ id: "copy-wine", statement: "The copy is faithful", atMost: 0.02, reproduced: 0.011, source: "ours" });
 */
export function claim(input: ClaimInput): void {
  const judged = judge(input);
  if (inNotebook() && isHeadless() && recorded.has(judged.id))
    throw new RangeError(`claim: id must be used once, got ${judged.id} twice`);
  recorded.add(judged.id);
  const { html, text } = renderTable([{
    claim: judged.statement,
    expected: judged.expected,
    reproduced: formatNumber(judged.reproduced),
    verdict: MARK[judged.verdict] + (judged.reason ? `: ${judged.reason}` : ""),
    source: judged.source,
  }]);
  show({ "text/plain": text, "text/html": html, [claimMimeType]: judged });
}
