/**
 * The thread that draws static pictures: plotly.js under jsdom, text measured and heatmaps drawn by a native canvas,
 * the resulting SVG turned into PNG.
 */
import { readFileSync } from "node:fs";
import { type MessagePort, workerData } from "node:worker_threads";
import { type Canvas, GlobalFonts, createCanvas } from "@napi-rs/canvas";
import { Resvg } from "@resvg/resvg-js";
import { JSDOM, VirtualConsole } from "jsdom";
import sharp from "sharp";
import { largestOf, smallestOf } from "../../math/extremes";
import type { FontFiles } from "./fonts";
import { ENDED, IDLE } from "./render-state";

export interface RenderRequest {
  figure: { data: unknown[]; layout: { width: number; height: number } & Record<string, unknown> };
  /** Pixels of the picture per pixel of the layout. */
  scale: number;
}

export type RenderReply = { png: Uint8Array; svg: string } | { error: string };

export interface RenderWorkerData {
  port: MessagePort;
  /** One 32-bit integer: see render-state.ts. */
  signal: SharedArrayBuffer;
  fonts: FontFiles;
}

interface PlotlyWindow {
  Plotly: { toImage(figure: unknown, options: Record<string, unknown>): Promise<string> };
}

const { port, signal, fonts } = workerData as RenderWorkerData;
const IDLE_MS = 20_000;
const CANVAS_FONT = "KnowledgeHacking";
const LINE_HEIGHT = 1.2;
const ASCENT = 0.8;

function inherited(element: Element, property: string): string | null {
  for (let node: Element | null = element; node; node = node.parentElement) {
    const value = (node as SVGElement).style?.getPropertyValue(property) || node.getAttribute(property);
    if (value) return value;
  }
  return null;
}

const measuring = createCanvas(1, 1).getContext("2d");
const fontSize = (element: Element): number => parseFloat(inherited(element, "font-size") ?? "12");

function textWidth(element: Element): number {
  const weight = inherited(element, "font-weight") ?? "normal";
  const bold = weight === "bold" || Number(weight) >= 600 || element.querySelector("[style*=bold]") !== null;
  measuring.font = `${bold ? "bold " : ""}${fontSize(element)}px ${CANVAS_FONT}`;
  return measuring.measureText(element.textContent ?? "").width;
}

const attribute = (element: Element, name: string): number => parseFloat(element.getAttribute(name) ?? "0") || 0;

interface TextBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The smallest box around some. */
function around(boxes: readonly TextBox[]): TextBox {
  const [left, top] = [smallestOf(boxes.map(({ x }) => x)), smallestOf(boxes.map(({ y }) => y))];
  const right = largestOf(boxes.map(({ x, width }) => x + width));
  const bottom = largestOf(boxes.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A box after an SVG transform, of which plotly.js uses translations and rotations about a point. */
function moved(box: TextBox, transform: string | null): TextBox {
  const steps = [...(transform ?? "").matchAll(/(translate|rotate)\(([^)]*)\)/g)].reverse();
  return steps.reduce(({ x, y, width, height }, [, kind, text]) => {
    const [a, b = 0, c = 0] = text.split(/[ ,]+/).map(Number);
    if (kind === "translate") return { x: x + a, y: y + b, width, height };
    const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
    return around([[x, y], [x + width, y], [x, y + height], [x + width, y + height]].map(([px, py]) => ({
      x: b + (px - b) * cos - (py - c) * sin, y: c + (px - b) * sin + (py - c) * cos, width: 0, height: 0,
    })));
  }, box);
}

/** The box of one text, or of all texts in a group. */
function textBox(element: Element): TextBox {
  if (!element.textContent) return { x: 0, y: 0, width: 0, height: 0 };
  const inside = [...element.querySelectorAll("text")];
  if (inside.length)
    return around(inside.map((text) => {
      let box = textBox(text);
      for (let node: Element | null = text; node && node !== element; node = node.parentElement)
        box = moved(box, node.getAttribute("transform"));
      return box;
    }));
  const spans = [...element.querySelectorAll("tspan.line")];
  const lines = spans.length ? spans : [element];
  const size = fontSize(element);
  const width = Math.max(0, largestOf(lines.map(textWidth)));
  const anchor = inherited(element, "text-anchor");
  const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  return {
    x: attribute(element, "x") - shift,
    y: attribute(element, "y") - size * ASCENT,
    width,
    height: size * LINE_HEIGHT * lines.length,
  };
}

/** Where a straight path begins and ends: plotly.js asks for the length of its arrows. */
function endsOf(path: Element): [number[], number[]] {
  const numbers = (path.getAttribute("d")?.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  return [numbers.slice(0, 2), numbers.slice(-2)];
}

/** jsdom has no layout and no canvas; plotly.js needs the size of its texts and a canvas for heatmaps. */
function plotlyUnderJsdom(): PlotlyWindow["Plotly"] {
  const { window } = new JSDOM("<!doctype html><body></body>", {
    pretendToBeVisual: true, runScripts: "outside-only", virtualConsole: new VirtualConsole(),
  });
  window.URL.createObjectURL = () => "";
  const svg = window.SVGElement.prototype as unknown as Record<string, unknown>;
  svg.getBBox = function (this: Element) {
    return textBox(this);
  };
  svg.getComputedTextLength = function (this: Element) {
    return textBox(this).width;
  };
  svg.getBoundingClientRect = function (this: Element) {
    const { x, y, width, height } = textBox(this);
    return { x, y, width, height, left: x, top: y, right: x + width, bottom: y + height };
  };
  svg.getTotalLength = function (this: Element) {
    const [[x0, y0], [x1, y1]] = endsOf(this);
    return Math.hypot(x1 - x0, y1 - y0);
  };
  svg.getPointAtLength = function (this: Element, length: number) {
    const [[x0, y0], [x1, y1]] = endsOf(this);
    const share = length / (Math.hypot(x1 - x0, y1 - y0) || 1);
    return { x: x0 + share * (x1 - x0), y: y0 + share * (y1 - y0) };
  };
  const canvases = new WeakMap<HTMLCanvasElement, Canvas>();
  const canvasOf = (element: HTMLCanvasElement): Canvas => {
    const known = canvases.get(element);
    if (known && known.width === element.width && known.height === element.height) return known;
    const canvas = createCanvas(element.width, element.height);
    canvases.set(element, canvas);
    return canvas;
  };
  const html = window.HTMLCanvasElement.prototype as unknown as Record<string, unknown>;
  html.getContext = function (this: HTMLCanvasElement, kind: string) {
    return kind === "2d" ? canvasOf(this).getContext("2d") : null;
  };
  html.toDataURL = function (this: HTMLCanvasElement) {
    return canvasOf(this).toDataURL("image/png");
  };
  window.eval(readFileSync(require.resolve("plotly.js-dist-min"), "utf8"));
  return (window as unknown as PlotlyWindow).Plotly;
}

for (const file of fonts.files) GlobalFonts.registerFromPath(file, CANVAS_FONT);
const plotly = plotlyUnderJsdom();

/** A picture of at most 256 colours, a third of the size of one in true colour; figures look the same. */
async function indexedPng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ palette: true, quality: 100, effort: 10, dither: 0, compressionLevel: 9 }).toBuffer();
}

sharp.concurrency(1);

async function render({ figure, scale }: RenderRequest): Promise<RenderReply> {
  const { width, height } = figure.layout;
  const svg = (await plotly.toImage(figure, { format: "svg", width, height, imageDataOnly: true }))
    .replace(/image-rendering: ?pixelated/g, "image-rendering: optimizeSpeed");
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false, fontFiles: fonts.files, defaultFontFamily: fonts.family },
  });
  const { pixels, width: columns, height: rows } = picture.render();
  return { png: await indexedPng(pixels, columns, rows), svg };
}

const flag = new Int32Array(signal);
let timer: NodeJS.Timeout | undefined;

/** Plotly and its page take 100 MB, which are given back while nobody draws. */
function endWhenIdle(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (Atomics.compareExchange(flag, 0, IDLE, ENDED) === IDLE) process.exit();
  }, IDLE_MS);
}

function reply(message: RenderReply): void {
  port.postMessage(message);
  Atomics.store(flag, 0, IDLE);
  Atomics.notify(flag, 0);
  endWhenIdle();
}

port.on("message", (request: RenderRequest) => {
  render(request).then(reply, (error: unknown) =>
    reply({ error: error instanceof Error ? error.message : String(error) }));
});
endWhenIdle();
