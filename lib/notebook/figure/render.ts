import { join } from "node:path";
import { MessageChannel, type MessagePort, Worker, receiveMessageOnPort } from "node:worker_threads";
import { requirePositive } from "../../validate";
import { fontFiles } from "./fonts";
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

let renderer: Renderer | null = null;

function startRenderer(): Renderer {
  const signal = new SharedArrayBuffer(4);
  const { port1, port2 } = new MessageChannel();
  const workerData: RenderWorkerData = { port: port2, signal, fonts: fontFiles() };
  const worker = new Worker(join(__dirname, "render-worker.js"), {
    workerData, transferList: [port2], execArgv: [],
  });
  worker.unref();
  worker.on("error", () => (renderer = null));
  port1.unref();
  return { port: port1, signal: new Int32Array(signal) };
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
  warmFigureRenderer();
  const { port, signal } = renderer as Renderer;
  const request: RenderRequest = { figure: { data, layout: { ...layout, width, height } }, scale: SCALE };
  Atomics.store(signal, 0, 0);
  port.postMessage(JSON.parse(JSON.stringify(request)));
  if (Atomics.wait(signal, 0, 0, TIMEOUT_MS) === "timed-out") {
    renderer = null;
    throw new Error(`renderFigure: no picture after ${TIMEOUT_MS / 1000} s`);
  }
  const reply = receiveMessageOnPort(port)?.message as RenderReply;
  if ("error" in reply) throw new Error(`renderFigure: Plotly could not draw the figure: ${reply.error}`);
  return { png: withDensity(reply.png), svg: reply.svg, width, height };
}
