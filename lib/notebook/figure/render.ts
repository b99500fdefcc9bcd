import { join } from "node:path";
import { MessageChannel, type MessagePort, Worker, receiveMessageOnPort } from "node:worker_threads";
import { holdInterrupts } from "../../interrupt";
import { requirePositive } from "../../validate";
import { fontFiles } from "./fonts";
import { ASKED, IDLE } from "./render-state";
import type { RenderReply, RenderRequest, RenderWorkerData } from "./render-worker";
import type { FigureSpec } from "./spec";

const TIMEOUT_MS = 120_000;

/** Pixels of a PNG per pixel of the layout. */
const SCALE = 2;

/** PNG's pHYs chunk for that scale, 7,559 pixels per metre where the web has 96 per inch; it comes after the header. */
const DENSITY = Buffer.from("000000097048597300001d8700001d87018fe5f165", "hex");
const PNG_HEADER_BYTES = 33;
/** Length, name and checksum around a chunk's data. */
const CHUNK_FRAME_BYTES = 12;

/** A PNG with our density in place of its own. */
function withDensity(png: Uint8Array): Buffer {
  const bytes = Buffer.from(png);
  const parts = [bytes.subarray(0, PNG_HEADER_BYTES), DENSITY];
  for (let at = PNG_HEADER_BYTES; at < bytes.length;) {
    const end = at + CHUNK_FRAME_BYTES + bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) !== "pHYs") parts.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

interface Renderer {
  port: MessagePort;
  signal: Int32Array;
}

/** Most memory that young objects take there: less than V8's own choice, at the same speed. */
const YOUNG_MB = 4;

let renderer: Renderer | null = null;
/** Whether a picture was asked for and did not come: the thread's next answer would be to that. */
let isWaiting = false;

function startRenderer(): Renderer {
  const signal = new SharedArrayBuffer(4);
  const { port1, port2 } = new MessageChannel();
  const workerData: RenderWorkerData = { port: port2, signal, fonts: fontFiles() };
  const worker = new Worker(join(__dirname, "render-worker.js"), {
    workerData, transferList: [port2], execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  worker.unref();
  const started = { port: port1, signal: new Int32Array(signal) };
  const forget = (): void => {
    if (renderer === started) renderer = null;
  };
  worker.on("error", forget);
  worker.on("exit", forget);
  port1.unref();
  return started;
}

/** Starts the drawing thread, which takes a second, before the first figure needs it. */
export function warmFigureRenderer(): void {
  renderer ??= startRenderer();
}

/** A figure as a static picture. */
export interface Picture {
  png: Buffer;
  svg: string;
  /** Pixels of the layout; the PNG has twice as many, and says so in its pHYs chunk. */
  width: number;
  height: number;
}

function ask(request: RenderRequest): RenderReply {
  const isGone = (): boolean => !renderer || Atomics.compareExchange(renderer.signal, 0, IDLE, ASKED) !== IDLE;
  if (isWaiting) renderer = null;
  if (isGone()) {
    renderer = startRenderer();
    Atomics.store(renderer.signal, 0, ASKED);
  }
  const { port, signal } = renderer as Renderer;
  isWaiting = true;
  port.postMessage(JSON.parse(JSON.stringify(request)));
  if (Atomics.wait(signal, 0, ASKED, TIMEOUT_MS) === "timed-out")
    throw new Error(`renderFigure: no picture after ${TIMEOUT_MS / 1000} s`);
  isWaiting = false;
  return receiveMessageOnPort(port)?.message as RenderReply;
}

/**
 * Draws a figure as a static picture, in a thread of its own, and waits for it.
 *
 * @throws {Error} If Plotly can't draw the figure, or takes more than two minutes.
 */
export function renderFigure(spec: FigureSpec): Picture {
  const { data, layout } = spec.still ?? spec;
  const width = layout.width ?? 900;
  const height = layout.height ?? 420;
  requirePositive("renderFigure", "width", width);
  requirePositive("renderFigure", "height", height);
  const request: RenderRequest = { figure: { data, layout: { ...layout, width, height } }, scale: SCALE };
  const release = holdInterrupts();
  let reply: RenderReply;
  try {
    reply = ask(request);
  } finally {
    release();
  }
  if ("error" in reply) throw new Error(`renderFigure: Plotly could not draw the figure: ${reply.error}`);
  return { png: withDensity(reply.png), svg: reply.svg, width, height };
}
