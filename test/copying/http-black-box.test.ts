import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, type TestContext } from "node:test";
import { copy, fromRows, httpBlackBox, QueryBudgetError, seededRng, uniformSampler, WidthError } from "../../lib";
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
  await assert.rejects(box.query(fromRows([[0, 0]])), /no answer in 3 tries; the last: status 503/);
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

test("labels that are no integers, and options out of range, are named", async (t) => {
  const service = await serve(t, [(_, reply) => void reply.end('{"predictions": ["a"]}')]);
  await assert.rejects(httpBlackBox({ url: service.url }).query(points(1)), /must give 1 integer labels, got \["a"\]/);
  assert.throws(() => httpBlackBox({ url: "ftp://x/y" }), /url must be http or https/);
  assert.throws(() => httpBlackBox({ url: service.url, batch: 0 }), /batch must be an integer of at least 1, got 0/);
  assert.throws(() => httpBlackBox({ url: service.url, timeout: -1 }), /timeout must be .* above 0, got -1/);
});
