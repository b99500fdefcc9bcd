/** The entry's side of the channel: what stands before the entry in its realm. */
import type { Classifier, Matrix, NumericRange } from "../../lib";
import { matrix, seededRng } from "../../lib";

interface Message { id?: number; error?: string; value?: unknown }
type Sent = { rows: number[]; shape: [number, number] };
type Task = { seed: number; level: number; [name: string]: unknown };

const outbox: string[] = [];
const waiting = new Map<number, (message: Message) => void>();
let count = 0;

const sent = ({ data, shape }: Matrix): Sent => ({ rows: Array.from(data), shape: [...shape] });
const received = ({ rows, shape }: Sent): Matrix<Float64Array> => matrix(Float64Array.from(rows), shape);
const say = (message: object): void => void outbox.push(JSON.stringify(message));

/** Asks the referee for something, and waits for the answer. */
async function ask(kind: string, what: object): Promise<unknown> {
  const id = ++count;
  const { error, value } = await new Promise<Message>((resolve) => {
    waiting.set(id, resolve);
    say({ ask: kind, id, ...what });
  });
  if (error !== undefined) throw new Error(error);
  return value;
}

/** The model to be copied, as a black box of the library. */
function boxOf(budget: number) {
  let used = 0;
  return {
    get used() { return used; },
    get budget() { return budget; },
    get remaining() { return budget - used; },
    async query(X: Matrix): Promise<Int32Array> {
      const labels = await ask("query", { X: sent(X) }) as number[];
      used += labels.length;
      return Int32Array.from(labels);
    },
  };
}

/** What a model answers for rows, where an entry has given one. */
function answersOf(model: unknown, X: unknown): number[] {
  const { predict } = (model ?? {}) as Partial<Classifier>;
  if (typeof predict !== "function") throw new Error('give back a model: whatever has a function "predict"');
  return Array.from((model as Classifier).predict(received(X as Sent)));
}

/** What an entry exports. */
type Entry = (task: unknown) => unknown;

/** How each game hands its task to the entry, and what it takes back. */
const games: Record<string, (entry: Entry, task: Task) => Promise<unknown>> = {
  async copy(entry, { seed, level, ranges, X }) {
    const task = { box: boxOf(level), ranges: ranges as NumericRange[], rng: seededRng(seed) };
    return answersOf(await entry(task), X);
  },
  async certify(entry, { seed, level, train, test, numClasses }) {
    const rows = { train: received(train as Sent), test: received(test as Sent) };
    const given = await entry({ ...rows, numClasses, flips: level, rng: seededRng(seed) });
    const { train: own, test: other } = (given ?? {}) as { train?: ArrayLike<number>; test?: ArrayLike<number> };
    if (!own || !other) throw new Error("give back { train, test }: the group of each row");
    return { train: Array.from(own), test: Array.from(other) };
  },
  async private(entry, { seed, level, delta, shape, numClasses, X }) {
    const release = async (kind: string, what: object) => received(await ask(kind, what) as Sent);
    const curator = {
      numRows: (shape as number[])[0], numFeatures: (shape as number[])[1], numClasses,
      classSums: (options: { noiseMultiplier: number }) => release("classSums", options),
      gradient: ({ weights, noiseMultiplier }: { weights: Matrix; noiseMultiplier: number }) =>
        release("gradient", { weights: sent(weights), noiseMultiplier }),
    };
    return answersOf(await entry({ curator, epsilon: level, delta, rng: seededRng(seed) }), X);
  },
};

async function play(game: string, entry: unknown, task: Task): Promise<void> {
  try {
    if (typeof entry !== "function") throw new Error(`export a function called "entry", got ${typeof entry}`);
    say({ answer: await games[game](entry as Entry, task) });
  } catch (error) {
    say({ fault: error instanceof Error ? error.message : String(error) });
  }
}

/** Called once, with what the entry's file exports; from then on the referee talks to `__leaderboard`. */
export function begin(exported: { entry?: unknown }): void {
  const give = (text: string): void => {
    const message = JSON.parse(text) as Message & { game?: string; task?: Task };
    if (message.game) return void play(message.game, exported.entry, message.task!);
    const resolve = waiting.get(message.id!);
    waiting.delete(message.id!);
    return resolve?.(message);
  };
  const random = (): never => { throw new Error("Math.random is not there: draw from the rng of your task"); };
  Object.assign(Math, { random });
  Object.assign(globalThis, { __leaderboard: { give, take: () => outbox.splice(0).join("\n") } });
}
