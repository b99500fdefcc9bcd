import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256, type DataFile } from "../../lib/data/files/data-file";
import { download, type DownloadProgress } from "../../lib/data/files/download";
import { DataFileError, provide } from "../../lib/data/files/provide";
import { findFault } from "../../lib/data/files/verify";
import { seededRng } from "../../lib/random";

const noise = seededRng(1);
const CONTENT = Buffer.from(Array.from({ length: 20_000 }, () => noise.integer(200)));
const GZIP = gzipSync(CONTENT);
const FILE: DataFile = { name: "set/numbers.gz", mirrors: [], content: { kind: "gzip", sha256: sha256(CONTENT) } };
const IMPATIENT = { tries: { refused: 1, unreachable: 2, wrong: 2, broken: 4 }, backoffMs: 1, stallMs: 300 };

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

let folder: string;
let server: Server;
let base: string;
let handler: Handler;
let requests: IncomingMessage[];

before(async () => {
  server = createServer((request, response) => {
    requests.push(request);
    handler(request, response, requests.length);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), "kh-download-"));
});

after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

let number = 0;
beforeEach(() => {
  requests = [];
  process.env.KH_CACHE_DIR = join(folder, `cache-${number++}`);
  delete process.env.KH_DATA_DIR;
  delete process.env.KH_MIRROR;
});

const target = (): string => join(process.env.KH_CACHE_DIR!, "data", FILE.name);
const leftovers = (): string[] => readdirSync(join(target(), "..")).filter((name) => name.endsWith(".part"));
const whole: Handler = (_, response) => void response.end(GZIP);

/** Serves byte ranges as a good server does, and breaks off after `limit` bytes. */
const breakingOff = (limit: number): Handler => (request, response) => {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = GZIP.subarray(start);
  const range = `bytes ${start}-${GZIP.length - 1}/${GZIP.length}`;
  const headers = { "content-length": rest.length, "content-range": range };
  response.writeHead(start > 0 ? 206 : 200, headers);
  if (rest.length <= limit) response.end(rest);
  else response.write(rest.subarray(0, limit), () => setTimeout(() => response.destroy(), 30));
};

const get = (urls = [`${base}/a`], onProgress?: (progress: DownloadProgress) => void): Promise<void> =>
  download(
    { file: FILE.name, urls, target: target(), findFault: (path) => findFault(FILE, path), onProgress },
    IMPATIENT,
  );

function assertArrived(): void {
  assert.deepEqual(readFileSync(target()), GZIP);
  assert.deepEqual(leftovers(), []);
}

function assertNothingLeft(): void {
  assert.equal(existsSync(target()), false);
  assert.deepEqual(leftovers(), []);
}

test("A download reports its progress up to the last byte", async () => {
  handler = (_, response) => void response.writeHead(200, { "content-length": GZIP.length }).end(GZIP);
  const seen: DownloadProgress[] = [];
  await get(undefined, (progress) => void seen.push(progress));
  assertArrived();
  const last = { file: FILE.name, url: `${base}/a`, receivedBytes: GZIP.length, totalBytes: GZIP.length };
  assert.deepEqual(seen.at(-1), last);
});

test("A download that breaks off goes on where it stopped", async () => {
  handler = breakingOff(Math.ceil(GZIP.length / 6));
  await get();
  assertArrived();
  assert.ok(requests.length >= 6);
  assert.ok(requests.slice(1).every((request) => /^bytes=[1-9]\d*-$/.test(request.headers.range ?? "")));
});

test("A download starts again where the server refuses ranges", async () => {
  handler = (request, response, count) =>
    count === 1 ? breakingOff(1000)(request, response, count) : whole(request, response, count);
  await get();
  assertArrived();
});

test("A download starts again where the range asked for can't be served", async () => {
  handler = (request, response, count) => {
    if (count === 1) breakingOff(1000)(request, response, count);
    else if (request.headers.range) response.writeHead(416).end();
    else whole(request, response, count);
  };
  await get();
  assertArrived();
});

test("An answer with another range than asked for is not pasted in", async () => {
  handler = (request, response, count) => {
    if (count === 1) return breakingOff(1000)(request, response, count);
    if (!request.headers.range) return whole(request, response, count);
    response.writeHead(206, { "content-range": `bytes 0-99/${GZIP.length}` }).end(GZIP.subarray(0, 100));
  };
  await get();
  assertArrived();
});

test("A file truncated without a sign is never used", async () => {
  handler = (_, response) => void response.end(GZIP.subarray(0, GZIP.length - 50));
  await assert.rejects(get(), { name: "DownloadError", message: /can't be read to the end/ });
  assertNothingLeft();
});

test("A corrupt file is never used, and the hashes are named", async () => {
  const other = Buffer.from(CONTENT);
  other[1234] ^= 1;
  handler = (_, response) => void response.end(gzipSync(other));
  await assert.rejects(get(), new RegExp(`SHA-256 of its content is ${sha256(other)}, expected ${sha256(CONTENT)}`));
  assertNothingLeft();
});

test("A file corrupted once is fetched again from its first byte", async () => {
  handler = (request, response, count) =>
    count === 1 ? void response.end(gzipSync(CONTENT.subarray(1))) : whole(request, response, count);
  await get();
  assertArrived();
  assert.equal(requests[1].headers.range, undefined);
});

test("A wrapper that differs is accepted where the content is right", async () => {
  handler = (_, response) => void response.end(CONTENT);
  await get();
  assert.deepEqual(readFileSync(target()), CONTENT);
});

test("A server that stalls is cut off, and the next mirror serves", async () => {
  handler = (request, response, count) => {
    if (request.url === "/b") return whole(request, response, count);
    response.writeHead(200, { "content-length": GZIP.length });
    response.write(GZIP.subarray(0, 500));
  };
  await get([`${base}/a`, `${base}/b`]);
  assertArrived();
});

test("A server that never answers is cut off", async () => {
  handler = () => undefined;
  await assert.rejects(get(), /gave no data for 0\.3 s/);
  assert.equal(requests.length, 2);
});

test("An address without the file is asked once, then the next mirror", async () => {
  handler = (request, response, count) =>
    request.url === "/a" ? void response.writeHead(404).end("none") : whole(request, response, count);
  await get([`${base}/a`, `${base}/b`]);
  assertArrived();
  assert.deepEqual(requests.map((request) => request.url), ["/a", "/b"]);
});

test("A server in trouble is asked again", async () => {
  handler = (request, response, count) =>
    count < 4 ? void response.writeHead(count === 3 ? 429 : 500).end() : whole(request, response, count);
  await get();
  assertArrived();
});

test("A server that stays in trouble is given up, and the failure says which and why", async () => {
  handler = (_, response) => void response.writeHead(500).end();
  await assert.rejects(get(), new RegExp(`${base}/a: answered 500 Internal Server Error`));
  assert.equal(requests.length, 4);
  assertNothingLeft();
});

test("A redirect is followed", async () => {
  handler = (request, response, count) =>
    request.url === "/a" ? void response.writeHead(302, { location: "/moved" }).end() : whole(request, response, count);
  await get();
  assertArrived();
});

test("A page served in the file's place is never used", async () => {
  handler = (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>Log in</html>");
  await assert.rejects(get(), /expected [0-9a-f]{64}/);
  assertNothingLeft();
});

test("An unreachable server is named", async () => {
  await assert.rejects(get(["http://127.0.0.1:9/none"]), /http:\/\/127\.0\.0\.1:9\/none: .*(refused|bad port)/i);
});

test("What a process that is gone has left is taken over", async () => {
  handler = breakingOff(Infinity);
  mkdirSync(join(target(), ".."), { recursive: true });
  const script = "process.stdout.write(String(process.pid))";
  const pid = await new Promise<string>((done) => {
    const child = spawn(process.execPath, ["-e", script]);
    let text = "";
    child.stdout.on("data", (chunk) => (text += String(chunk)));
    child.on("close", () => done(text));
  });
  const host = sha256((await import("node:os")).hostname()).slice(0, 8);
  const url = `${base}/a`;
  writeFileSync(`${target()}.${sha256(url).slice(0, 8)}.${host}-${pid}-0.part`, GZIP.subarray(0, 777));
  await get([url]);
  assertArrived();
  assert.deepEqual(requests.map((request) => request.headers.range), ["bytes=777-"]);
});

test("A full disk is reported as such", { skip: !existsSync("/dev/full") && "needs /dev/full" }, async () => {
  handler = whole;
  mkdirSync(join(target(), ".."), { recursive: true });
  const host = sha256((await import("node:os")).hostname()).slice(0, 8);
  const url = `${base}/${FILE.name}`;
  symlinkSync("/dev/full", `${target()}.${sha256(url).slice(0, 8)}.${host}-${process.pid}-0.part`);
  await assert.rejects(provide(FILE, { mirrors: [base] }), (error: Error) => {
    assert.ok(error instanceof DataFileError);
    assert.match(error.message, /set\/numbers\.gz can't be kept at .*: the disk is full .*KH_CACHE_DIR/);
    return true;
  });
  assertNothingLeft();
});

test("A cache that can't be written is reported with the way out", async () => {
  handler = whole;
  const blocked = join(folder, "a-file");
  writeFileSync(blocked, "");
  process.env.KH_CACHE_DIR = blocked;
  const expected = /can't be kept at .*a file stands where a folder is needed.*KH_CACHE_DIR.*KH_DATA_DIR/;
  await assert.rejects(provide(FILE, { mirrors: [base] }), expected);
});

test("provide takes KH_DATA_DIR first, then the cache, and downloads only when neither has the content", async () => {
  handler = whole;
  const own = join(folder, "own");
  mkdirSync(join(own, "set"), { recursive: true });
  assert.equal(await provide(FILE, { mirrors: [base] }), target());
  assert.equal(await provide(FILE, { mirrors: [] }), target());
  assert.equal(requests.length, 1);
  writeFileSync(join(own, FILE.name), GZIP);
  process.env.KH_DATA_DIR = own;
  assert.equal(await provide(FILE, { mirrors: [] }), join(own, FILE.name));
  writeFileSync(join(own, FILE.name), gzipSync("something else"));
  assert.equal(await provide(FILE, { mirrors: [] }), target());
});

for (const [damage, damaged] of [
  ["cut short", GZIP.subarray(0, 5000)],
  ["changed in one byte", Buffer.concat([GZIP.subarray(0, 5000), Buffer.of(GZIP[5000] ^ 1), GZIP.subarray(5001)])],
] as const)
  test(`A file in the cache that was ${damage} after it was found good is downloaded again`, async () => {
    handler = whole;
    await provide(FILE, { mirrors: [base] });
    await provide(FILE, { mirrors: [base] });
    assert.equal(requests.length, 1);
    writeFileSync(target(), damaged);
    await provide(FILE, { mirrors: [base] });
    assertArrived();
    assert.equal(requests.length, 2);
  });

test("provide asks the folder that KH_MIRROR names", async () => {
  handler = whole;
  process.env.KH_MIRROR = `${base}/school/`;
  await provide(FILE);
  assert.deepEqual(requests.map((request) => request.url), ["/school/set/numbers.gz"]);
});

test("The last message names the file, the hashes, every address, and where to put the file by hand", async () => {
  handler = (_, response) => void response.end(gzipSync("wrong"));
  await assert.rejects(provide(FILE, { mirrors: [base] }), (error: Error) => {
    assert.equal(error.name, "DataFileError");
    const needed = [FILE.name, `${base}/${FILE.name}`, sha256("wrong"), sha256(CONTENT), target(), "KH_DATA_DIR"];
    for (const part of needed) assert.ok(error.message.includes(part), `${part} in ${error.message}`);
    return true;
  });
});

test("Two loads in one process share a download", async () => {
  handler = whole;
  await Promise.all([provide(FILE, { mirrors: [base] }), provide(FILE, { mirrors: [base] })]);
  assert.equal(requests.length, 1);
  assertArrived();
});

test("Two processes downloading at once do no harm", async () => {
  handler = (_, response) => {
    response.writeHead(200, { "content-length": GZIP.length });
    response.write(GZIP.subarray(0, 900));
    setTimeout(() => response.end(GZIP.subarray(900)), 200);
  };
  const script = `
    const { provide } = require(${JSON.stringify(join(__dirname, "../../lib/dist/data/files/provide"))});
    provide(${JSON.stringify(FILE)}, { mirrors: [${JSON.stringify(base)}] }).then(() => process.exit(0), (error) => {
      console.error(error);
      process.exit(1);
    });`;
  const run = (): Promise<number | null> =>
    new Promise((done) => {
      spawn(process.execPath, ["-e", script], { stdio: "inherit" }).on("close", done);
    });
  assert.deepEqual(await Promise.all([run(), run(), run()]), [0, 0, 0]);
  assert.equal(requests.length, 3);
  assertArrived();
});
