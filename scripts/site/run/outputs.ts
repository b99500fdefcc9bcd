/** What a cell shows, in the page. */
import type { FromRunner, Output } from "./messages";

const PLOTLY = "application/vnd.plotly.v1+json";

/** What the site's own script gives: it draws the figures of the pages too. */
interface SiteFigures {
  draw(figure: HTMLElement): Promise<void>;
}

declare global {
  interface Window {
    siteFigures: SiteFigures;
    Plotly?: { toImage(plot: Element, options: Record<string, unknown>): Promise<string> };
  }
}

const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K, fields: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] => Object.assign(document.createElement(tag), fields);

/** Text that scrolls sideways, by the keyboard too. */
function plain(text: string, className = "text"): HTMLElement {
  return element("pre", { className, tabIndex: 0, textContent: text });
}

function figure(data: Record<string, unknown>): HTMLElement {
  const spec = data[PLOTLY] as { layout?: { width?: number; height?: number } };
  const text = String(data["text/plain"]);
  const shown = element("figure");
  const image = element("img", { alt: text, hidden: true });
  shown.append(image, element("script", { type: "application/json", textContent: JSON.stringify(spec) }));
  shown.style.minHeight = `${Math.min(spec.layout?.height ?? 420, 420)}px`;
  return shown;
}

function display(data: Record<string, unknown>): HTMLElement {
  if (data[PLOTLY]) return figure(data);
  const html = data["text/html"];
  if (typeof html !== "string") return plain(String(data["text/plain"] ?? ""));
  const shown = element("div", { className: "scroll", tabIndex: 0, innerHTML: html });
  shown.setAttribute("role", "group");
  shown.setAttribute("aria-label", "result");
  return shown;
}

interface Shown {
  output: Output;
  node: HTMLElement;
  displayId?: string;
}

/** The outputs of one cell: what is shown, and what a notebook's file keeps of it. */
export class Outputs {
  private shown: Shown[] = [];

  constructor(readonly node: HTMLElement) {}

  get list(): Output[] {
    return this.shown.map(({ output }) => output);
  }

  clear(): void {
    this.shown = [];
    this.node.replaceChildren();
  }

  add({ output, displayId, update }: Extract<FromRunner, { kind: "output" }>): void {
    const last = this.shown[this.shown.length - 1];
    if (output.output_type === "stream" && last?.output.output_type === "stream" && last.output.name === output.name) {
      last.output.text += output.text;
      last.node.textContent += output.text;
      return;
    }
    const before = update ? this.shown.find((one) => one.displayId === displayId) : undefined;
    const node = nodeOf(output);
    if (before) {
      before.node.replaceWith(node);
      Object.assign(before, { output, node });
    } else {
      this.shown.push({ output, node, displayId });
      this.node.append(node);
    }
    if (node.matches("figure")) void window.siteFigures.draw(node);
  }

  /** The outputs with a static picture of each figure that can be drawn, for readers that have no Plotly. */
  async withPictures(): Promise<Output[]> {
    return Promise.all(this.shown.map(async ({ output, node }) => {
      const plot = node.querySelector(".js-plotly-plot");
      if (output.output_type !== "display_data" || !plot || !window.Plotly) return output;
      const { width = 900, height = 420 } = (output.data[PLOTLY] as { layout: { width?: number; height?: number } })
        .layout;
      const address = await window.Plotly.toImage(plot, { format: "png", width, height, scale: 2 }).catch(() => "");
      // A browser without WebGL can't draw figures in space; the work is taken home all the same.
      if (!address) return output;
      const picture = address.slice(address.indexOf(",") + 1);
      return { ...output, data: { ...output.data, "image/png": picture },
        metadata: { "image/png": { width, height } } };
    }));
  }
}

function nodeOf(output: Output): HTMLElement {
  if (output.output_type === "stream") return plain(output.text, output.name === "stderr" ? "text warned" : "text");
  if (output.output_type === "display_data") return display(output.data);
  const node = plain(output.traceback.join("\n"), "text failed");
  node.setAttribute("role", "alert");
  return node;
}
