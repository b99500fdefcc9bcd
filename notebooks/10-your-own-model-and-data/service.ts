import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { type Classifier, fromRows, loadCsv, pipeline, selectColumns, standardScaler, svc } from "../../lib";

/** A prediction service on this machine. */
export interface Service {
  readonly url: string;
  /** What answers: the Python program, or a stand-in where there is no Python with scikit-learn. */
  readonly model: "scikit-learn" | "stand-in";
  stop(): void;
}

const NAME = "10-your-own-model-and-data";
const FEATURES = [0, 1, 2, 3];

/** The folder beside the notebook, from here or from where this file is compiled to. */
function ownFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const own = join(folder, "notebooks", NAME);
    if (existsSync(join(own, "service.py"))) return own;
  }
  throw new Error(`startService: notebooks/${NAME}/service.py was not found`);
}

/** Starts the Python program; null where this Python is missing, or has no scikit-learn. */
async function startPython(python: string, table: string): Promise<Service | null> {
  const child = spawn(python, [join(ownFolder(), "service.py"), table], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined);
  const port = await firstLine(child);
  if (port === null) return null;
  // Neither keeps this process alive; the program ends when its stdin closes, thus with this process.
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as unknown as { unref(): void }).unref();
  return { url: `http://127.0.0.1:${port}/predict`, model: "scikit-learn", stop: () => void child.kill() };
}

function firstLine(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null)).once("exit", () => resolve(null));
    createInterface({ input: child.stdout! }).once("line", resolve);
  });
}

/** The same pipeline of this library behind the same protocol. */
async function startStandIn(table: string): Promise<Service> {
  const loans = await loadCsv(table, { target: "repaid", ignore: ["customer", "housing"] });
  const model = pipeline(standardScaler(), svc()).fit(selectColumns(loans.X, FEATURES), loans.y);
  const server = answering(model, loans.classNames);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/predict`, model: "stand-in", stop: () => void server.close() };
}

function answering(model: Classifier, classNames: readonly string[]): Server {
  return createServer((request, reply) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => {
      try {
        const { instances } = JSON.parse(text) as { instances: number[][] };
        const labels = model.predict(fromRows(instances));
        reply.end(JSON.stringify({ predictions: Array.from(labels, (label) => classNames[label]) }));
      } catch (error) {
        reply.writeHead(422).end(JSON.stringify({ error: (error as Error).message }));
      }
    });
  });
}

export interface ServiceOptions {
  /** Pythons to try, in this order; `KH_PYTHON` if set, `python3` and `python` unless said. */
  pythons?: readonly string[];
}

/**
 * Starts the bank's prediction service, which learns from a table of loans and answers over HTTP: `service.py`, or a
 * stand-in that answers the same where there is no Python with scikit-learn.
 *
 * @param table The path of loans.csv.
 */
export async function startService(table: string, options: ServiceOptions = {}): Promise<Service> {
  const { pythons = [process.env.KH_PYTHON ?? "", "python3", "python"].filter(Boolean) } = options;
  for (const python of pythons) {
    const service = await startPython(python, table);
    if (service) return service;
  }
  return startStandIn(table);
}
