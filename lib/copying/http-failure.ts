/** A failure that another try may cure. */
export class Temporary extends Error {
  /** @param wait Milliseconds that the service asks to wait. */
  constructor(message: string, readonly wait = 0) {
    super(message);
  }
}

const REFUSED: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused; is the service running?",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host's address could not be looked up",
  EHOSTUNREACH: "the host can't be reached",
  ENETUNREACH: "the network can't be reached",
  ECONNRESET: "the connection was closed before the answer was complete",
  UND_ERR_SOCKET: "the connection was closed before the answer was complete",
  CERT_HAS_EXPIRED: "the host's certificate has expired",
};

/** Whether a request failed before it reached the network, or in a circle of redirects, so that another would too. */
export function isHopeless(error: unknown): boolean {
  return error instanceof TypeError && (error.cause as NodeJS.ErrnoException | undefined)?.code === undefined;
}

/** Why a request got no answer, in words. */
export function whyNoAnswer(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeout} ms`;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  const code = cause?.code ?? "";
  const known = REFUSED[code];
  const said = cause?.message || code || error.message;
  return known ? `${known} (${said})` : `${error.name}: ${said}`;
}

const MOST_SAID = 200;

/** What a service says about a failure: the message in its JSON, or its text without markup. */
export function serverMessage(text: string): string {
  const said = fieldOf(text) ?? text.replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  const line = said.replace(/\s+/g, " ").trim();
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID)}…` : line;
}

function fieldOf(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "string") return body;
    const { error, message, detail } = (body ?? {}) as Record<string, unknown>;
    const found = [message, detail, error].find((field) => field !== undefined && field !== null);
    return found === undefined ? null : typeof found === "string" ? found : JSON.stringify(found);
  } catch {
    return null;
  }
}

/** A status with its words and what the service says, as in "status 503 Service Unavailable: back at noon". */
export function statusMessage({ status, statusText }: Response, text: string): string {
  return [`status ${status}${statusText ? ` ${statusText}` : ""}`, serverMessage(text)].filter(Boolean).join(": ");
}

/**
 * How long a service asks to wait: `Retry-After` in seconds, or as a date, which is compared with the answer's own date
 * where it has one.
 *
 * @returns Milliseconds, at least 0; 0 where the service does not say.
 */
export function retryAfter(headers: Headers): number {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  const sent = Date.parse(headers.get("date") ?? "");
  const wait = until - (Number.isNaN(sent) ? Date.now() : sent);
  return wait > 0 ? wait : 0;
}
