import type { ClassProbabilities } from "../classifiers/classifier";
import { toRows, type Matrix } from "../matrix";
import { requireFinite, requireInRange, requireInteger, requirePositive } from "../validate";
import { AnswerStore, type RowAnswer } from "./answer-store";
import { QueryMeter, requireBudget, WidthError, type BlackBox } from "./black-box";
import { isHopeless, retryAfter, serverMessage, statusMessage, Temporary, whyNoAnswer } from "./http-failure";
import { readPredictions, ServiceClasses, type ServiceAnswer } from "./service-answer";

/** Time, as a client sees it; tests put their own in. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface HttpBlackBoxOptions {
  /** Where requests are POSTed. */
  url: string;
  /** Rows it may be asked at most, those on disk included; Infinity unless said. */
  budget?: number;
  /** Rows a request, at least 1; 100 unless said. */
  batch?: number;
  /** Tries after the first, at least 0; 4 unless said. */
  retries?: number;
  /** Wait before the first further try, in milliseconds; each later wait doubles, up to 30 s; 250 unless said. */
  backoff?: number;
  /** Milliseconds until an answer must be complete, at most 2³¹ − 1; 10,000 unless said. */
  timeout?: number;
  /** Requests a second at most; Infinity unless said. */
  requestsPerSecond?: number;
  /** Where answers are kept, one JSON line a row; without it, in memory only. */
  cacheFile?: string;
  /** Asks for probabilities too; false unless said. */
  probabilities?: boolean;
  /**
   * What the service calls its classes, in the order of ours: 0, 1, … Without it, its integers stay as they are, and
   * names are numbered as they are met.
   */
  classNames?: readonly string[];
  headers?: Readonly<Record<string, string>>;
  /** The body sent for rows; `{ "instances": rows, "probabilities": … }` unless said. */
  request?: (rows: number[][]) => unknown;
  /** Reads an answer's body; `{ "predictions": labels, "probabilities"?, "classes"? }` unless said. */
  response?: (body: unknown) => ServiceAnswer;
  clock?: Clock;
}

export interface HttpBlackBox extends BlackBox {
  /** Rows this process has had answered by the service itself, as against from disk. */
  readonly paid: number;
  /** The service's names for the labels 0, 1, …: those given, or those met so far; none where it says integers. */
  readonly classNames: readonly string[];
}

const LONGEST_WAIT = 30_000;
/** A service that asks for more patience than this is an error. */
const LONGEST_RETRY = 600_000;

/** A timer of more milliseconds than fit into 31 bits would end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(milliseconds) {
    for (let left = milliseconds; left > 0; left -= LONGEST_TIMER)
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, LONGEST_TIMER)));
  },
};

class HttpService implements HttpBlackBox {
  readonly #meter: QueryMeter;
  readonly #store: AnswerStore;
  readonly #classes: ServiceClasses;
  readonly #options: Required<Omit<HttpBlackBoxOptions, "cacheFile" | "budget" | "classNames">>;
  #nextRequest = 0;
  #queue: Promise<unknown> = Promise.resolve();
  paid = 0;
  queryProba?: (X: Matrix) => Promise<ClassProbabilities>;

  constructor(options: HttpBlackBoxOptions) {
    const { budget = Infinity, cacheFile, probabilities = false } = options;
    this.#meter = new QueryMeter(budget);
    this.#options = {
      url: options.url,
      batch: options.batch ?? 100,
      retries: options.retries ?? 4,
      backoff: options.backoff ?? 250,
      timeout: options.timeout ?? 10_000,
      requestsPerSecond: options.requestsPerSecond ?? Infinity,
      probabilities,
      headers: options.headers ?? {},
      request: options.request ?? ((rows) => ({ instances: rows, ...(probabilities ? { probabilities } : {}) })),
      response: options.response ?? readPredictions,
      clock: options.clock ?? systemClock,
    };
    this.#classes = new ServiceClasses(options.classNames);
    this.#store = new AnswerStore({ url: options.url, probabilities }, cacheFile, (answer) => this.#known(answer));
    if (probabilities) this.queryProba = (X) => this.#answerProba(X);
  }

  get classNames(): readonly string[] {
    return [...this.#classes.names];
  }

  get used(): number {
    return this.#meter.used;
  }

  get budget(): number {
    return this.#meter.budget;
  }

  get remaining(): number {
    return this.#meter.remaining;
  }

  async query(X: Matrix): Promise<Int32Array> {
    const answers = await this.#answer(X);
    return Int32Array.from(answers, ({ label }) => this.#classes.codeOf(label));
  }

  async #answerProba(X: Matrix): Promise<ClassProbabilities> {
    const answers = await this.#answer(X);
    const classes = this.#classes.columns;
    const data = new Float64Array(answers.length * classes.length);
    answers.forEach(({ probabilities }, i) => data.set(probabilities ?? [], i * classes.length));
    return { classes, probabilities: { data, shape: [answers.length, classes.length] } };
  }

  /** One question after the other, so that two at once don't pay for the same row twice. */
  #answer(X: Matrix): Promise<RowAnswer[]> {
    requireFinite("query", "X", X.data);
    const answer = this.#queue.then(() => this.#meter.spend(X.shape[0], () => this.#answerRows(toRows(X))));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #answerRows(rows: number[][]): Promise<RowAnswer[]> {
    const missing = new Map(rows.filter((row) => !this.#store.get(row)).map((row) => [JSON.stringify(row), row]));
    const asked = [...missing.values()];
    const { batch } = this.#options;
    for (let from = 0; from < asked.length; from += batch) {
      const part = asked.slice(from, from + batch);
      const where = `batch ${from / batch + 1} of ${Math.ceil(asked.length / batch)}`;
      this.#store.add(part, await this.#askUntilAnswered(part, where));
      this.paid += part.length;
    }
    return rows.map((row) => this.#store.get(row)!);
  }

  /** An answer of an earlier process. */
  #known({ label, probabilities, classes }: RowAnswer): RowAnswer {
    const answer = { labels: [label], ...(probabilities && { probabilities: [probabilities] }), classes };
    return this.#classes.read(answer, 1, "the cache file", this.#options.probabilities)[0];
  }

  async #askUntilAnswered(rows: number[][], where: string): Promise<RowAnswer[]> {
    const { retries, backoff, clock, url } = this.#options;
    for (let failures = 0; ; failures++) {
      await this.#waitForTurn();
      try {
        return await this.#askOnce(rows, where);
      } catch (error) {
        if (!(error instanceof Temporary)) throw error;
        if (error.wait > LONGEST_RETRY)
          throw new Error(`query: ${url} asks to be left alone for ${Math.ceil(error.wait / 60_000)} minutes: `
            + error.message);
        if (failures === retries)
          throw new Error(`query: ${url} gave no answer in ${retries + 1} tries; the last: ${error.message}`);
        await clock.sleep(Math.max(error.wait, Math.min(LONGEST_WAIT, backoff * 2 ** failures)));
      }
    }
  }

  async #waitForTurn(): Promise<void> {
    const { clock, requestsPerSecond } = this.#options;
    const now = clock.now();
    const turn = Math.max(now, this.#nextRequest);
    this.#nextRequest = turn + 1000 / requestsPerSecond;
    if (turn > now) await clock.sleep(turn - now);
  }

  async #askOnce(rows: number[][], where: string): Promise<RowAnswer[]> {
    const { url, headers, request, response, timeout } = this.#options;
    const sent = JSON.stringify(request(rows.map((row) => row.slice())));
    let reply: Response;
    let text: string;
    try {
      reply = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: sent,
        signal: AbortSignal.timeout(Math.ceil(timeout)),
      });
      text = await reply.text();
    } catch (error) {
      if (isHopeless(error)) throw new Error(`query: ${url} can't be asked: ${whyNoAnswer(error, timeout)}`);
      throw new Temporary(whyNoAnswer(error, timeout));
    }
    if (reply.status === 429 || reply.status === 408 || reply.status >= 500)
      throw new Temporary(statusMessage(reply, text), retryAfter(reply.headers));
    if (reply.status === 400 || reply.status === 422)
      throw new WidthError(rows[0].length, undefined, serverMessage(text));
    if (!reply.ok) throw new Error(`query: ${url} refused with ${statusMessage(reply, text)}`);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      if (/html/.test(reply.headers.get("content-type") ?? ""))
        throw new Error(`query: ${url} answers with a web page: ${serverMessage(text)}`);
      throw new Temporary(`an answer that is not JSON: ${text.slice(0, 80)}`);
    }
    return this.#classes.read(response(body), rows.length, where, this.#options.probabilities);
  }
}

function requireTimeout(fn: string, timeout: number): void {
  requirePositive(fn, "timeout", timeout);
  requireInRange(fn, "timeout", timeout, 0, LONGEST_TIMER);
}

/**
 * Puts a prediction service behind the black-box interface: asked in batches, at a limited rate, again after failures,
 * and never twice about the same row. Answers are kept on disk as they come, so that work goes on where it stopped.
 *
 * The protocol: POST `{ "instances": [[5.1, 3.5], …] }`, answered by `{ "predictions": [0, …] }`, with
 * `"probabilities": [[.9, .1], …]` and `"classes": [0, 1]` beside it where asked. Status 400 or 422 refuses the rows'
 * width; 408, 429, 5xx, a broken connection, a late or torn answer are tried again, as soon as `Retry-After` allows;
 * anything else is an error at once. Labels are integers or names. `request` and `response` map other protocols.
 *
 * @throws {RangeError} If an option is out of range.
 * @throws {Error} If the cache file holds another service's answers.
 * @example
 * const box = httpBlackBox({
 *   url: "http://127.0.0.1:8080/predict", budget: 1000, requestsPerSecond: 5, cacheFile: "results/answers.jsonl",
 * });
 */
export function httpBlackBox(options: HttpBlackBoxOptions): HttpBlackBox {
  const fn = "httpBlackBox";
  if (!URL.canParse(options.url))
    throw new RangeError(`${fn}: url must be an address such as http://127.0.0.1:8080/predict, got ${options.url}`);
  const { protocol } = new URL(options.url);
  if (protocol !== "http:" && protocol !== "https:")
    throw new RangeError(`${fn}: url must be http or https, got ${JSON.stringify(options.url)}`);
  if (options.budget !== undefined) requireBudget(fn, options.budget);
  if (options.classNames && new Set(options.classNames).size < Math.max(1, options.classNames.length))
    throw new RangeError(`${fn}: classNames must be different names, got ${JSON.stringify(options.classNames)}`);
  if (options.batch !== undefined) requireInteger(fn, "batch", options.batch, 1);
  if (options.retries !== undefined) requireInteger(fn, "retries", options.retries, 0);
  if (options.backoff !== undefined) requireInRange(fn, "backoff", options.backoff, 0, LONGEST_WAIT);
  if (options.timeout !== undefined) requireTimeout(fn, options.timeout);
  if (options.requestsPerSecond !== undefined && options.requestsPerSecond !== Infinity)
    requirePositive(fn, "requestsPerSecond", options.requestsPerSecond);
  return new HttpService(options);
}
