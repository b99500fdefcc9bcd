import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";

/** Where the tests are run; this file is also loaded by modules that are no CommonJS. */
const root = process.cwd();
const spec = join(root, ".venv", "share", "jupyter", "kernels", "tslab", "kernel.json");
const DELIMITER = "<IDS|MSG>";
const PATIENCE_MS = 120_000;

interface Message {
  type: string;
  /** Of the request that it belongs to. */
  parent: string;
  content: Record<string, unknown>;
}

/** What a cell gave. */
export interface Ran {
  status: string;
  /** All that it wrote to stdout, and to stderr. */
  stdout: string;
  stderr: string;
  /** How many messages that took. */
  streams: number;
  /** Lines of its error, without colours. */
  error: string[] | undefined;
  /** Bundles that it displayed, the later ones of a place in that place. */
  displays: Record<string, unknown>[];
  updates: number;
  milliseconds: number;
  /** From the interrupt to the end. */
  stoppedAfter: number;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>(
    (done) => { const server = createServer().listen(0, "127.0.0.1", () => done(server)); })));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** A kernel as Jupyter starts it, spoken to over its sockets. */
export class TestKernel {
  readonly process: ChildProcess;
  private readonly key = randomUUID();
  private readonly session = randomUUID();
  /** Without lingering, so that a kernel that never answers does not keep the tests' process. */
  private readonly shell = new Dealer({ linger: 0 });
  private readonly control = new Dealer({ linger: 0 });
  private readonly iopub = new Subscriber();
  private readonly replies = new Map<string, (content: Record<string, unknown>) => void>();
  private readonly listeners = new Map<string, (message: Message) => void>();

  private constructor(private readonly folder: string, ports: number[], node?: string) {
    const connection = join(folder, "connection.json");
    const [shell, control, iopub, stdin, heartbeat] = ports;
    writeFileSync(connection, JSON.stringify({ transport: "tcp", ip: "127.0.0.1", key: this.key,
      signature_scheme: "hmac-sha256", shell_port: shell, control_port: control, iopub_port: iopub, stdin_port: stdin,
      hb_port: heartbeat }));
    const { argv, env } = JSON.parse(readFileSync(spec, "utf8")) as { argv: string[]; env: Record<string, string> };
    const [program, ...args] = argv.map((word) => word.replace("{connection_file}", connection));
    // Beside the folder notebooks, so that "../lib" is the library here too.
    const cwd = join(root, "results");
    mkdirSync(cwd, { recursive: true });
    this.process = spawn(node ?? program, args, { cwd, env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"] });
    this.process.stderr!.on("data", (text: Buffer) => (this.said = (this.said + text).slice(-4000)));
    this.death = new Promise((_, reject) => this.process.once("exit", (code, signal) =>
      reject(new Error(`the kernel ended with ${code ?? signal}: ${this.said}`))));
    this.death.catch(() => undefined);
    this.shell.connect(`tcp://127.0.0.1:${shell}`);
    this.control.connect(`tcp://127.0.0.1:${control}`);
    this.iopub.connect(`tcp://127.0.0.1:${iopub}`);
    this.iopub.subscribe();
    this.iopub.receiveHighWaterMark = 0;
    for (const socket of [this.shell, this.control, this.iopub]) void this.listen(socket);
  }

  /** @param node Another Node's program than the kernel's own. */
  static async start(node?: string): Promise<TestKernel> {
    for (let starts = 1; ; starts++)
      try {
        return await TestKernel.startOn(await freePorts(5), node);
      } catch (error) {
        // Another program may take a free port before the kernel does.
        if (starts === 3 || !/can't listen/.test((error as Error).message)) throw error;
      }
  }

  /** @param ports For shell, control, iopub, stdin and heartbeat. */
  static async startOn(ports: number[], node?: string): Promise<TestKernel> {
    const kernel = new TestKernel(mkdtempSync(join(tmpdir(), "kh-kernel-")), ports, node);
    try {
      for (let tries = 0; tries < PATIENCE_MS / 500; tries++) {
        // What is published before the subscription arrives is lost, so it asks until it hears its own status.
        const heard = new Promise<boolean>((done) => { kernel.onAny = () => done(true); });
        void kernel.request(kernel.shell, "kernel_info_request", {}).catch(() => undefined);
        if (await Promise.race([heard, sleep(500).then(() => false), kernel.death])) break;
      }
    } catch (error) {
      kernel.close();
      throw error;
    }
    kernel.onAny = undefined;
    return kernel;
  }

  private onAny: (() => void) | undefined;
  /** The end of what the process itself wrote. */
  private said = "";
  private readonly death: Promise<never>;

  private async listen(socket: Dealer | Subscriber): Promise<void> {
    try {
      for await (const frames of socket) {
        const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
        const [header, parent, , content] = frames.slice(at + 2).map((frame) => JSON.parse(frame.toString()));
        const message = { type: header.msg_type, parent: parent.msg_id, content };
        if (socket === this.iopub) {
          this.onAny?.();
          this.listeners.get(message.parent)?.(message);
        } else this.replies.get(message.parent)?.(content);
      }
    } catch {
      // closed
    }
  }

  private async request(socket: Dealer, type: string, content: Record<string, unknown>, id: string = randomUUID()) {
    const header = { msg_id: id, session: this.session, username: "test", msg_type: type, version: "5.3",
      date: new Date().toISOString() };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = parts.reduce((hmac, part) => hmac.update(part), createHmac("sha256", this.key)).digest("hex");
    const reply = new Promise<Record<string, unknown>>((done) => this.replies.set(id, done));
    await socket.send([DELIMITER, signature, ...parts]);
    return reply;
  }

  async interrupt(): Promise<void> {
    await this.request(this.control, "interrupt_request", {});
  }

  /**
   * Runs a cell to its end; what comes for it later still goes into the result.
   *
   * @param interruptAfter Milliseconds after which it is interrupted, from when the kernel says that it has begun: an
   *   interrupt before that meets no cell.
   */
  async run(code: string, { interruptAfter }: { interruptAfter?: number } = {}): Promise<Ran> {
    const id = randomUUID();
    const ran: Ran = { status: "", stdout: "", stderr: "", streams: 0, error: undefined, displays: [], updates: 0,
      milliseconds: 0, stoppedAfter: NaN };
    const places = new Map<string, number>();
    const start = performance.now();
    let interruptedAt = NaN;
    const interruptLater = (): void => {
      if (interruptAfter === undefined) return;
      void sleep(interruptAfter).then(() => {
        if (ran.status) return undefined;
        interruptedAt = performance.now();
        return this.interrupt();
      });
    };
    const idle = new Promise<void>((done) => this.listeners.set(id, ({ type, content }) => {
      const { data, transient } = content as { data: Record<string, unknown>; transient?: { display_id?: string } };
      const place = transient?.display_id;
      if (type === "status" && content.execution_state === "busy") interruptLater();
      if (type === "status" && content.execution_state === "idle") done();
      if (type === "stream") {
        ran[content.name as "stdout" | "stderr"] += content.text as string;
        ran.streams++;
      }
      if (type === "error")
        ran.error = (content.traceback as string[]).map((line) => line.replace(/\u001b\[\d+m/g, ""));
      if (type === "display_data") {
        ran.displays.push(data);
        if (place) places.set(place, ran.displays.length - 1);
      }
      if (type === "update_display_data") {
        ran.updates++;
        ran.displays[places.get(place ?? "") ?? 0] = data;
      }
    }));
    const reply = this.request(this.shell, "execute_request", { code, silent: false, stop_on_error: true }, id);
    const timer = setTimeout(() => this.kill(), PATIENCE_MS);
    try {
      ran.status = (await Promise.race([reply, this.death])).status as string;
      await Promise.race([idle, this.death]);
    } finally {
      clearTimeout(timer);
    }
    const end = performance.now();
    return Object.assign(ran, { milliseconds: end - start, stoppedAfter: end - interruptedAt });
  }

  /** Memory in use, in MB. */
  memory(): number {
    const status = readFileSync(`/proc/${this.process.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  /** Asks the kernel to end, if it has not; how long that took, in milliseconds. */
  async shutdown(): Promise<number> {
    const start = performance.now();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return 0;
    const ended = this.ended();
    await this.request(this.control, "shutdown_request", { restart: false });
    await ended;
    this.close();
    return performance.now() - start;
  }

  /** Its end, however it comes. */
  async ended(): Promise<void> {
    const { exitCode, signalCode } = this.process;
    if (exitCode === null && signalCode === null) await new Promise((done) => this.process.once("exit", done));
  }

  kill(): void {
    this.process.kill("SIGKILL");
    this.close();
  }

  private close(): void {
    for (const socket of [this.shell, this.control, this.iopub]) socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
