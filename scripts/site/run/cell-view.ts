/** A code cell of the page: its code, which can be changed, its buttons and what it shows. */
import hljs from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import { Outputs } from "./outputs";

hljs.registerLanguage("typescript", typescript);

/** What a cell asks of the page. */
export interface CellActions {
  run(cell: CellView, thenNext: boolean): void;
  changed(cell: CellView): void;
  addBelow(cell: CellView): void;
  remove(cell: CellView): void;
}

export type CellState = "" | "waits" | "runs" | "done" | "failed";

const button = (text: string, title: string, onclick: () => void): HTMLButtonElement =>
  Object.assign(document.createElement("button"), { type: "button", textContent: text, title, onclick });

/** The spaces with which the line before a position begins. */
const indentAt = (text: string, at: number): string => /^ */.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))![0];

export class CellView {
  readonly outputs: Outputs;
  /** The number of its last run. */
  count: number | null = null;
  private readonly area = document.createElement("textarea");
  private readonly colored = document.createElement("code");
  private readonly mark = document.createElement("span");
  private readonly runButton: HTMLButtonElement;
  private readonly originalButton: HTMLButtonElement;

  /**
   * @param node Of the page, with `pre.code` and `.results`.
   * @param original The notebook's own code; null if the learner made the cell.
   */
  constructor(readonly node: HTMLElement, readonly id: string, readonly original: string | null,
    private readonly actions: CellActions) {
    const editor = Object.assign(document.createElement("div"), { className: "editor" });
    const behind = Object.assign(document.createElement("pre"), { className: "code", ariaHidden: "true" });
    behind.append(this.colored);
    Object.assign(this.area, { spellcheck: false, autocapitalize: "off", autocomplete: "off", rows: 1, wrap: "off" });
    editor.append(behind, this.area);
    this.runButton = button("▶ Run", "Run this cell (Shift+Enter runs it and goes on to the next)",
      () => actions.run(this, false));
    this.originalButton = button("Original", "Put back the notebook's own code", () => {
      this.source = original ?? "";
      actions.changed(this);
    });
    const bar = Object.assign(document.createElement("div"), { className: "cell-bar" });
    bar.append(this.runButton, this.mark, this.originalButton,
      button("+ Cell", "Add a cell below this one", () => actions.addBelow(this)));
    if (original === null) bar.append(button("Remove", "Remove this cell", () => actions.remove(this)));
    node.querySelector("pre.code")!.replaceWith(bar, editor);
    this.outputs = new Outputs(node.querySelector(".results")!);
    this.source = original ?? "";
    this.area.addEventListener("input", () => {
      this.color();
      actions.changed(this);
    });
    this.area.addEventListener("scroll", () => (behind.scrollLeft = this.area.scrollLeft));
    this.area.addEventListener("keydown", (event) => this.typed(event));
  }

  get source(): string {
    return this.area.value;
  }

  set source(text: string) {
    this.area.value = text;
    this.color();
  }

  get isChanged(): boolean {
    return this.original !== null && this.source !== this.original;
  }

  /** Its place among the cells, from 1. */
  set place(place: number) {
    this.area.setAttribute("aria-label", `Code of cell ${place}`);
    this.runButton.setAttribute("aria-label", `Run cell ${place}`);
  }

  set state(state: CellState) {
    const number = `[${this.count}]`;
    const words = { "": "", waits: "waits", runs: "runs …", done: number, failed: `${number} stopped` };
    this.mark.textContent = words[state];
    this.node.dataset.state = state;
  }

  focus(): void {
    this.area.focus();
    this.node.scrollIntoView({ block: "nearest" });
  }

  private color(): void {
    this.colored.innerHTML = `${hljs.highlight(this.source, { language: "typescript" }).value}\n`;
    this.area.rows = Math.max(1, this.source.split("\n").length);
    this.originalButton.hidden = !this.isChanged;
  }

  private typed(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      return this.actions.run(this, event.shiftKey);
    }
    const indent = indentAt(this.source, this.area.selectionStart);
    if (!indent) return;
    event.preventDefault();
    // As if typed, so that it can be undone.
    document.execCommand("insertText", false, `\n${indent}`);
  }
}
