import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, type TestContext } from "node:test";
import {
  copy, fromRows, httpBlackBox, QueryBudgetError, seededRng, toRows, uniformSampler, WidthError,
} from "../../lib";
import { AnswerStore } from "../../lib/copying/answer-store";
import { box01, nearest } from "./helpers";

const folder = mkdtempSync(join(tmpdir(), "answers-"));
after(() => rmSync(folder, { recursive: true }));

const above = (row: number[]): number => (row[0] > 0.5 ? 1 : 0);

type Misbehaviour = (request: IncomingMessage, reply: ServerResponse) => void;

/** A prediction service that misbehaves as told, once for each misbehaviour, and then answers. */
async function serve(t: TestContext, misbehaviours: Misbehaviour[] = []) {
  const asked: number[][] = [];
  let requests = 0;
  const server = createServer((request, reply) => {
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => {
      requests++;
      const misbehave = misbehaviours.shift();
      if (misbehave) return misbehave(request, reply);
      const { instances, probabilities } = JSON.parse(text) as { instances: number[][]; probabilities?: boolean };
      if (instances[0].length !== 2) return void reply.writeHead(422).end("wrong width");
      asked.push(...instances);
      const predictions = instances.map(above);
      const more = { classes: [0, 1], probabilities: predictions.map((label) => [1 - label, label]) };
      reply.end(JSON.stringify({ predictions, ...(probabilities ? more : {}) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => (server.closeAllConnections(), server.close()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`;
  return { url, asked, requests: () => requests };
}

/** A clock that never waits and remembers how long it should have. */
function fakeClock() {
  let time = 0;
  const sleeps: number[] = [];
  return { sleeps, now: () => time, sleep: async (ms: number) => void (sleeps.push(ms), (time += ms)) };
}

const fail = (status: number, headers = {}): Misbehaviour => (_, reply) => void reply.writeHead(status, headers).end();
const drop: Misbehaviour = (request) => void request.socket.destroy();
const tear: Misbehaviour = (_, reply) => void reply.end('{"predictions": [0,');
const stall: Misbehaviour = () => undefined;
const points = (n: number) => uniformSampler(box01(2)).sample(n, seededRng(1));

test("a service is asked in batches and its answers come back in order", async (t) => {
  const service = await serve(t);
  const box = httpBlackBox({ url: service.url, batch: 4, budget: 20 });
  const X = points(10);
  const y = await box.query(X);
  assert.deepEqual([...y], Array.from({ length: 10 }, (_, i) => (X.data[2 * i] > 0.5 ? 1 : 0)));
  assert.deepEqual([service.requests(), box.used, box.paid, box.remaining], [3, 10, 10, 10]);
});

test("failures, drops and torn answers are tried again, ever later", async (t) => {
  const service = await serve(t, [fail(500), drop, tear, fail(429, { "retry-after": "7" })]);
  const clock = fakeClock();
  const box = httpBlackBox({ url: service.url, backoff: 100, clock });
  assert.deepEqual([...(await box.query(fromRows([[1, 0]])))], [1]);
  assert.deepEqual(clock.sleeps, [100, 200, 400, 7000]);
  assert.deepEqual([service.requests(), box.paid], [5, 1]);
});

test("a stalled request is given up at the time-out and tried again", async (t) => {
  const service = await serve(t, [stall]);
  const box = httpBlackBox({ url: service.url, timeout: 200, clock: fakeClock() });
  assert.deepEqual([...(await box.query(fromRows([[0, 0]])))], [0]);
  assert.equal(service.requests(), 2);
});

test("a service that stays down is an error that says so, and nothing is spent", async (t) => {
  const service = await serve(t, Array.from({ length: 9 }, () => fail(503)));
  const box = httpBlackBox({ url: service.url, retries: 2, clock: fakeClock(), budget: 5 });
  const unavailable = /no answer in 3 tries; the last: status 503 Service Unavailable$/;
  await assert.rejects(box.query(fromRows([[0, 0]])), unavailable);
  assert.deepEqual([service.requests(), box.used], [3, 0]);
});

test("a refused width is a WidthError at once; a refused key is an error at once", async (t) => {
  const service = await serve(t);
  const box = httpBlackBox({ url: service.url, clock: fakeClock() });
  await assert.rejects(box.query(fromRows([[1, 2, 3]])), WidthError);
  const locked = await serve(t, [fail(401)]);
  await assert.rejects(httpBlackBox({ url: locked.url }).query(fromRows([[1, 2]])), /refused with status 401/);
  assert.deepEqual([service.requests(), locked.requests(), box.used], [1, 1, 0]);
});

test("the budget holds before anything is sent", async (t) => {
  const service = await serve(t);
  const box = httpBlackBox({ url: service.url, budget: 3 });
  await assert.rejects(box.query(points(4)), QueryBudgetError);
  assert.equal(service.requests(), 0);
});

test("requests keep to the rate", async (t) => {
  const service = await serve(t);
  const clock = fakeClock();
  const box = httpBlackBox({ url: service.url, batch: 1, requestsPerSecond: 4, clock });
  await box.query(points(4));
  assert.deepEqual(clock.sleeps, [250, 250, 250]);
});

test("work goes on where it stopped: a new process pays only for what is missing, for the same copy", async (t) => {
  const cacheFile = join(folder, "resume.jsonl");
  const options = { sampler: uniformSampler(box01(2)), estimator: nearest, budget: 50 };
  const service = await serve(t);
  const healthy = await serve(t);
  const whole = await copy(httpBlackBox({ url: healthy.url }), { ...options, rng: seededRng(9) });

  let left = 3;
  const dying = { ...fakeClock(), now: () => { if (left-- === 0) throw new Error("power cut"); return 0; } };
  const first = httpBlackBox({ url: service.url, batch: 10, cacheFile, clock: dying });
  await assert.rejects(copy(first, { ...options, rng: seededRng(9) }), /power cut/);
  assert.deepEqual([first.paid, first.used], [30, 0]);
  appendFileSync(cacheFile, '{"row":[0.1,'); // the line that was being written

  const second = httpBlackBox({ url: service.url, batch: 10, cacheFile });
  const resumed = await copy(second, { ...options, rng: seededRng(9) });
  assert.deepEqual(resumed.queries, whole.queries);
  assert.deepEqual([second.paid, second.used, service.asked.length], [20, 50, 50]);
  assert.equal(readFileSync(cacheFile, "utf8").trimEnd().split("\n").length, 51);
});

test("the same row is paid for once, also when asked twice at the same time", async (t) => {
  const service = await serve(t);
  const box = httpBlackBox({ url: service.url });
  await Promise.all([box.query(points(5)), box.query(points(5))]);
  await box.query(fromRows([[0.25, 0], [0.25, 0]]));
  assert.deepEqual([service.asked.length, box.paid, box.used], [6, 6, 12]);
});

test("a cache of another service is refused", async (t) => {
  const cacheFile = join(folder, "other.jsonl");
  const service = await serve(t);
  await httpBlackBox({ url: service.url, cacheFile }).query(points(1));
  assert.throws(() => httpBlackBox({ url: `${service.url}/v2`, cacheFile }), /cacheFile must begin with/);
});

test("probabilities come with their classes when asked for", async (t) => {
  const service = await serve(t);
  assert.equal(httpBlackBox({ url: service.url }).queryProba, undefined);
  const { classes, probabilities } = await httpBlackBox({ url: service.url, probabilities: true })
    .queryProba!(fromRows([[1, 0], [0, 0]]));
  assert.deepEqual([[...classes], [...probabilities.data], probabilities.shape], [[0, 1], [0, 1, 1, 0], [2, 2]]);
});

test("probabilities on disk come back with their classes, and are not mixed with plain labels", async (t) => {
  const service = await serve(t);
  const cacheFile = join(folder, "proba.jsonl");
  const ask = () => httpBlackBox({ url: service.url, probabilities: true, cacheFile }).queryProba!(points(3));
  assert.deepEqual(await ask(), await ask());
  assert.equal(service.asked.length, 3);
  assert.throws(() => httpBlackBox({ url: service.url, cacheFile }), /must begin with .*"probabilities":false/);
});

test("another protocol is mapped by request and response", async (t) => {
  const service = await serve(t);
  const names = ["setosa", "virginica"];
  const box = httpBlackBox({
    url: service.url,
    request: (rows) => ({ instances: rows.map(([a, b]) => [1 - a, b]) }),
    response: (body) => ({
      labels: (body as { predictions: number[] }).predictions.map((label) => names.indexOf(names[1 - label])),
    }),
  });
  assert.deepEqual([...(await box.query(fromRows([[0.9, 0], [0.1, 0]])))], [1, 0]);
});

const say = (body: unknown): Misbehaviour => (_, reply) => void reply.end(JSON.stringify(body));

test("labels that are neither integers nor names, and options out of range, are named", async (t) => {
  const service = await serve(t, [say({ predictions: [0.5] }), say({ predictions: [null] }), say({ answer: 1 })]);
  const ask = () => httpBlackBox({ url: service.url }).query(points(1));
  await assert.rejects(ask(), /labels must be integer labels or names, got \[0\.5\] in batch 1 of 1/);
  await assert.rejects(ask(), /labels must be integer labels or names, got \[null\] in batch 1 of 1/);
  await assert.rejects(ask(), /must answer \{ "predictions": .* got \{"answer":1\}; the option response reads/);
  assert.throws(() => httpBlackBox({ url: "ftp://x/y" }), /url must be http or https/);
  assert.throws(() => httpBlackBox({ url: "localhost" }), /url must be an address such as http.*, got localhost/);
  assert.throws(() => httpBlackBox({ url: service.url, classNames: ["a", "a"] }), /classNames must be different names/);
  assert.throws(() => httpBlackBox({ url: service.url, batch: 0 }), /batch must be an integer of at least 1, got 0/);
  assert.throws(() => httpBlackBox({ url: service.url, timeout: -1 }), /timeout must be .* above 0, got -1/);
});

test("names are numbered as they are met, or by the caller, and unknown ones are refused", async (t) => {
  const service = await serve(t, [say({ predictions: ["virginica", "setosa", "virginica"] }),
    say({ predictions: ["setosa"] })]);
  const box = httpBlackBox({ url: service.url });
  assert.deepEqual([...(await box.query(points(3)))], [0, 1, 0]);
  assert.deepEqual([...(await box.query(fromRows([[0.5, 0.25]])))], [1]);
  assert.deepEqual(box.classNames, ["virginica", "setosa"]);
  const again = await serve(t, [say({ predictions: ["virginica", "setosa"] }), say({ predictions: ["tulip"] })]);
  const named = httpBlackBox({ url: again.url, classNames: ["setosa", "versicolor", "virginica"] });
  assert.deepEqual([...(await named.query(points(2)))], [2, 0]);
  await assert.rejects(named.query(fromRows([[0, 0]])),
    /labels must be among classNames \(setosa, versicolor, virginica\), got "tulip" in batch 1 of 1/);
});

test("names on disk keep their numbers under other class names", async (t) => {
  const cacheFile = join(folder, "names.jsonl");
  const service = await serve(t, [say({ predictions: ["b", "a", "b"] })]);
  await httpBlackBox({ url: service.url, cacheFile }).query(points(3));
  const later = httpBlackBox({ url: service.url, cacheFile, classNames: ["a", "b"] });
  assert.deepEqual([[...(await later.query(points(3)))], later.paid], [[1, 0, 1], 0]);
  assert.throws(() => httpBlackBox({ url: service.url, cacheFile, classNames: ["a", "c"] }),
    /among classNames \(a, c\), got "b" in the cache file/);
});

test("labels beyond 32 bits are refused, with their batch, or taken as names", async (t) => {
  const large = say({ predictions: [4294967296] });
  const service = await serve(t, [say({ predictions: [1] }), large, large]);
  const box = httpBlackBox({ url: service.url, batch: 1 });
  await assert.rejects(box.query(points(2)), /within 32 bits, got 4294967296 in batch 2 of 2; .*classNames/);
  const named = httpBlackBox({ url: service.url, classNames: ["0", "4294967296"] });
  assert.deepEqual([...(await named.query(points(1)))], [1]);
  const mixed = await serve(t, [say({ predictions: [1, "a"] })]);
  const both = /all integers or all names, got both in batch 1/;
  await assert.rejects(httpBlackBox({ url: mixed.url }).query(points(2)), both);
});

test("probabilities in another order of classes are brought into one order, batch after batch", async (t) => {
  const service = await serve(t, [
    say({ predictions: ["a"], classes: ["a", "b"], probabilities: [[0.75, 0.25]] }),
    say({ predictions: ["a"], classes: ["b", "a"], probabilities: [[0.125, 0.875]] }),
    say({ predictions: ["b"], classes: ["b", "c"], probabilities: [[0.5, 0.5]] }),
    say({ predictions: ["b"], classes: ["b", "b"], probabilities: [[0.5, 0.5]] }),
    say({ predictions: ["b"], probabilities: [[0.5, 0.5]] }),
  ]);
  const box = httpBlackBox({ url: service.url, batch: 1, probabilities: true });
  const { classes, probabilities } = await box.queryProba!(points(2));
  assert.deepEqual([[...classes], [...probabilities.data]], [[0, 1], [0.75, 0.25, 0.875, 0.125]]);
  assert.deepEqual(box.classNames, ["a", "b"]);
  const next = (x: number) => box.queryProba!(fromRows([[x, x]]));
  await assert.rejects(next(1), /classes must be \["a","b"\] in any order, got \["b","c"\] in batch 1 of 1/);
  await assert.rejects(next(1), /classes must differ, got \["b","b"\]/);
  await assert.rejects(next(1), /probabilities need classes to name their columns, got none in batch 1 of 1/);
});

test("an order that changed on disk is mended when it is read", async (t) => {
  const cacheFile = join(folder, "orders.jsonl");
  const service = await serve(t);
  new AnswerStore({ url: service.url, probabilities: true }, cacheFile).add([[0, 0], [1, 0]], [
    { label: 0, probabilities: [0.75, 0.25], classes: [0, 1] },
    { label: 1, probabilities: [0.875, 0.125], classes: [1, 0] },
  ]);
  const box = httpBlackBox({ url: service.url, probabilities: true, cacheFile });
  const { classes, probabilities } = await box.queryProba!(fromRows([[0, 0], [1, 0]]));
  assert.deepEqual([[...classes], [...probabilities.data], box.paid], [[0, 1], [0.75, 0.25, 0.125, 0.875], 0]);
  writeFileSync(cacheFile, readFileSync(cacheFile, "utf8").replace("0.875", "0.75"));
  assert.throws(() => httpBlackBox({ url: service.url, probabilities: true, cacheFile }),
    /line 3 of cacheFile .*orders\.jsonl is damaged/);
});

test("ragged, missing and endless probabilities are refused, with row and batch", async (t) => {
  const predictions = [0, 1];
  const service = await serve(t, [
    say({ predictions, probabilities: [[0.5, 0.5], [1]] }),
    say({ predictions, probabilities: [[0.5, 0.5]] }),
    say({ predictions, probabilities: [[0.5, 0.5], ["0.5", 0.5]] }),
    say({ predictions }),
  ]);
  const ask = () => httpBlackBox({ url: service.url, probabilities: true }).queryProba!(points(2));
  await assert.rejects(ask(), /each row must have 2 probabilities, got \[1\] for row 1 of batch 1 of 1/);
  await assert.rejects(ask(), /must give 2 rows of probabilities, got \[\[0\.5,0\.5\]\] in batch 1 of 1/);
  await assert.rejects(ask(), /each row must have 2 probabilities, got \["0\.5",0\.5\] for row 1/);
  await assert.rejects(ask(), /must give 2 rows of probabilities, got undefined/);
});

test("whatever order each answer names its classes in, probabilities come out as they were meant", async (t) => {
  const classes = ["x", "y", "z"];
  const meant = (row: number[]) => [row[0] / 2, row[1] / 2, 1 - (row[0] + row[1]) / 2];
  let asked = 0;
  const server = createServer((request, reply) => {
    let text = "";
    request.on("data", (part) => (text += part)).on("end", () => {
      const { instances } = JSON.parse(text) as { instances: number[][] };
      const order = [...seededRng(asked++).permutation(3)];
      reply.end(JSON.stringify({ predictions: instances.map(() => "x"), classes: order.map((k) => classes[k]),
        probabilities: instances.map((row) => order.map((k) => meant(row)[k])) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => (server.closeAllConnections(), server.close()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const X = points(20);
  const box = httpBlackBox({ url, probabilities: true, batch: 3, classNames: classes });
  const { probabilities } = await box.queryProba!(X);
  assert.deepEqual(toRows(probabilities), toRows(X).map(meant));
  assert.equal(asked, 7);
});

test("a message says why there was no answer, in the service's own words where it has some", async (t) => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  await new Promise((resolve) => closed.close(resolve));
  const ask = (where: string, timeout = 2000) =>
    httpBlackBox({ url: where, retries: 0, timeout, clock: fakeClock() }).query(points(1));
  await assert.rejects(ask(url), /the last: the connection was refused; is the service running\? \(.*ECONNREFUSED/);
  const reply = (status: number, body: string): Misbehaviour => (_, answer) => void answer.writeHead(status).end(body);
  const service = await serve(t, [
    reply(503, '{"error": "back at noon"}'), reply(500, "<html><style>p{}</style><p>No  model\nloaded</p></html>"),
    reply(403, '{"detail": {"key": "missing"}}'), reply(422, '{"message": "four numbers, please"}'), drop, stall,
  ]);
  await assert.rejects(ask(service.url), /the last: status 503 Service Unavailable: back at noon$/);
  await assert.rejects(ask(service.url), /the last: status 500 Internal Server Error: No model loaded$/);
  await assert.rejects(ask(service.url), /refused with status 403 Forbidden: \{"key":"missing"\}$/);
  await assert.rejects(ask(service.url), (error: Error) => error instanceof WidthError
    && /refuses rows of 2 features: four numbers, please$/.test(error.message));
  await assert.rejects(ask(service.url), /the last: the connection was closed before the answer was complete/);
  await assert.rejects(ask(service.url, 100), /the last: no answer within 100 ms$/);
});

test("what no further try can cure is an error at once: a bad port, a circle of redirects, a page, one's own request",
  async (t) => {
    const clock = fakeClock();
    const at = async (misbehaviours: Misbehaviour[], more: object = {}) => {
      const { url, requests } = await serve(t, misbehaviours);
      return { box: httpBlackBox({ url, clock, ...more }), requests };
    };
    const bad = httpBlackBox({ url: "http://127.0.0.1:1/predict", clock });
    await assert.rejects(bad.query(fromRows([[0.2, 0.2]])), /can't be asked: .*bad port/);
    const circle: Misbehaviour = (request, reply) => void reply.writeHead(307, { location: request.url }).end();
    const turning = await at(Array.from({ length: 50 }, () => circle));
    await assert.rejects(turning.box.query(fromRows([[0.2, 0.2]])), /can't be asked: .*redirect count exceeded/);
    const page = await at([(_, reply) => void reply.writeHead(200, { "content-type": "text/html" })
      .end("<h1>Please sign in</h1>")]);
    await assert.rejects(page.box.query(fromRows([[0.2, 0.2]])), /answers with a web page: Please sign in/);
    const own = await at([], { request: () => { throw new Error("my own mistake"); } });
    await assert.rejects(own.box.query(fromRows([[0.2, 0.2]])), /^Error: my own mistake$/);
    assert.deepEqual([page.requests(), own.requests(), clock.sleeps.length], [1, 0, 0]);
  });

test("Retry-After is heeded in seconds and as a date, and no longer than ten minutes", async (t) => {
  const date = "Wed, 21 Oct 2015 07:28:00 GMT";
  const later = "Wed, 21 Oct 2015 07:28:07 GMT";
  const service = await serve(t, [fail(503, { date, "retry-after": later }), fail(429, { "retry-after": "2" }),
    fail(503, { date, "retry-after": date }), fail(503, { "retry-after": "soon" }),
    fail(429, { "retry-after": "86400" })]);
  const clock = fakeClock();
  const box = httpBlackBox({ url: service.url, backoff: 1, clock });
  await assert.rejects(box.query(points(1)), /asks to be left alone for 1440 minutes: status 429 Too Many Requests/);
  assert.deepEqual(clock.sleeps, [7000, 2000, 4, 8]);
});

/** A service that always gives this body. */
const fixed = (t: TestContext, body: unknown) =>
  serve(t, Array.from({ length: 5 }, (): Misbehaviour => (_, reply) => void reply.end(JSON.stringify(body))));

test("probabilities are between 0 and 1, and their columns have names where labels are not 0, 1, …", async (t) => {
  const halves = [[0.5, 0.5], [0.2, 0.8]];
  const ask = async (body: object) => {
    const { url } = await fixed(t, body);
    return httpBlackBox({ url, probabilities: true, retries: 0 }).queryProba!(points(2));
  };
  for (const predictions of [[-1, 1], [1, 2]])
    await assert.rejects(ask({ predictions, probabilities: halves }), /need classes to name .* got (-1|2) in batch 1/);
  const { classes } = await ask({ predictions: [-1, 1], probabilities: halves, classes: [-1, 1] });
  assert.deepEqual([...classes], [-1, 1]);
  for (const row of [[50, 50], [-0.5, 1.5], ["0.5", "0.5"]])
    await assert.rejects(ask({ predictions: [0, 1], probabilities: [row, row] }), /each row must have 2 probabilities/);
});

test("a response that reads nothing is named", async (t) => {
  const { url } = await fixed(t, {});
  const box = httpBlackBox({ url, retries: 0, response: () => undefined as never });
  await assert.rejects(box.query(points(2)), /the service must give 2 integer labels or names, got undefined/);
});

test("a time-out may have decimals, and one that no timer can wait for is refused", async (t) => {
  const { url } = await serve(t);
  assert.equal((await httpBlackBox({ url, timeout: 2000.5, retries: 0 }).query(points(2))).length, 2);
  for (const timeout of [2 ** 31, 1e12])
    assert.throws(() => httpBlackBox({ url, timeout }), /httpBlackBox: timeout must be in \[0, 2147483647\]/);
});

test("a rate of one request in centuries is kept, not lost in a timer that overflows", async (t) => {
  const { url, requests } = await serve(t);
  const box = httpBlackBox({ url, requestsPerSecond: 1e-9, batch: 1, retries: 0 });
  const waits: number[] = [];
  const real = setTimeout;
  const mock = (call: () => void, wait: number, ...rest: unknown[]): unknown => {
    if (wait < 1e6) return real(call, wait, ...rest);
    waits.push(wait);
    return waits.length < 300 ? setImmediate(call) : undefined;
  };
  t.mock.method(globalThis, "setTimeout", mock as never);
  void box.query(points(2));
  while (waits.length < 300) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(waits.every((wait) => wait <= 2 ** 31 - 1), `${Math.max(...waits)}`);
  assert.equal(requests(), 1);
});
