import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Locator, type Page, chromium } from "playwright-core";
import { FLAGS, startLab } from "./start-lab";

const root = resolve(__dirname, "..", "..");
const venv = join(root, ".venv");
const python = join(venv, "bin", "python");

const cleanups: (() => void | Promise<void>)[] = [];
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** A folder with a copy of one notebook beside the library, so that JupyterLab can't save over the committed file. */
function workshopOf(notebook: string): string {
  const folder = mkdtempSync(join(tmpdir(), "kh-lab-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "notebooks"));
  for (const name of [notebook, notebook.replace(".ipynb", "")])
    cpSync(join(root, "notebooks", name), join(folder, "notebooks", name), { recursive: true });
  for (const name of ["lib", "dist", "node_modules"]) symlinkSync(join(root, name), join(folder, name), "dir");
  return folder;
}

/** What the test uses of JupyterLab's application, which `expose_app_in_browser` puts on the window. */
interface LabOutput {
  type: string;
  data: Record<string, unknown>;
  metadata: Record<string, { width?: number } | undefined>;
}
interface LabCell {
  type: string;
  executionCount?: number;
  outputs?: { length: number; get(i: number): LabOutput };
}
interface LabWindow {
  jupyterapp: {
    commands: { execute(command: string): Promise<unknown> };
    shell: { currentWidget: { content?: {
      widgets: { model: LabCell }[];
      activeCellIndex: number;
      scrollToItem(index: number): Promise<void>;
    }; sessionContext?: { ready: Promise<void>; shutdown(): Promise<void> } } | null };
  };
}

interface CellState {
  code: boolean;
  ran: boolean;
  outputs: { type: string; mimeTypes: string[]; slider: boolean }[];
}

/** Runs every cell and gives back what each one shows. */
async function runAll(page: Page): Promise<CellState[]> {
  const ready = (): boolean =>
    Boolean((globalThis as unknown as LabWindow).jupyterapp?.shell.currentWidget?.content?.widgets);
  await page.waitForFunction(ready, undefined, { timeout: 90_000 });
  return page.evaluate(async () => {
    const { commands, shell } = (globalThis as unknown as LabWindow).jupyterapp;
    await shell.currentWidget!.sessionContext!.ready;
    await commands.execute("notebook:run-all-cells");
    return shell.currentWidget!.content!.widgets.map(({ model: { type, executionCount, outputs } }) => ({
      code: type === "code",
      ran: (executionCount ?? 0) > 0,
      outputs: Array.from({ length: outputs?.length ?? 0 }, (_, i) => outputs!.get(i))
        .map(({ type, data }) => ({
          type, mimeTypes: Object.keys(data),
          slider: JSON.stringify(data["application/vnd.plotly.v1+json"] ?? "").includes('"sliders":'),
        })),
    }));
  });
}

/** Brings a cell's first output into view. */
async function bringIntoView(page: Page, cell: number): Promise<Locator> {
  await page.evaluate((index) => {
    const content = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget!.content!;
    content.activeCellIndex = index;
    return content.scrollToItem(index);
  }, cell);
  const output = page.locator(`.jp-Cell[data-windowed-list-index="${cell}"] .jp-OutputArea-output`).first();
  await output.scrollIntoViewIfNeeded({ timeout: 20_000 });
  return output;
}

/** Brings a cell's figure into view and moves the mouse over it, which makes it interactive. */
async function bringToLife(page: Page, cell: number): Promise<void> {
  await (await bringIntoView(page, cell)).hover();
}

/** How wide a cell's figure is as a static picture, before the mouse touches it, and what is to be. */
async function stillWidth(page: Page, cell: number): Promise<{ shown: number; asked: number; room: number }> {
  const output = await bringIntoView(page, cell);
  const picture = output.locator("img.plot-img");
  await picture.waitFor({ timeout: 20_000 });
  const shown = (await picture.boundingBox())?.width ?? 0;
  const room = (await output.boundingBox())?.width ?? 0;
  const asked = await page.evaluate((index) => {
    const { outputs } = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget!.content!
      .widgets[index].model;
    return outputs!.get(0).metadata["image/png"]?.width ?? 0;
  }, cell);
  return { shown, asked, room };
}

/** Moves the mouse over a cell's figure until Plotly shows what lies under it. */
async function hoverOver(page: Page, cell: number): Promise<string> {
  await bringToLife(page, cell);
  const plot = page.locator(`.jp-Cell[data-windowed-list-index="${cell}"] .js-plotly-plot .nsewdrag`).first();
  await plot.waitFor({ timeout: 20_000 });
  const box = await plot.boundingBox();
  assert.ok(box, "the interactive figure has a size");
  for (let y = 0.05; y < 1; y += 0.09)
    for (let x = 0.02; x < 1; x += 0.03) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
      const shown = page.locator(".js-plotly-plot .hoverlayer .hovertext");
      if (await shown.count()) return (await shown.first().textContent()) ?? "";
    }
  return "";
}

/** Clicks along a cell's slider and gives back the figure's title at each place. */
async function slideOver(page: Page, cell: number): Promise<string[]> {
  await bringToLife(page, cell);
  const figure = page.locator(`.jp-Cell[data-windowed-list-index="${cell}"] .js-plotly-plot`).first();
  const rail = figure.locator(".slider-rail-touch-rect");
  await rail.waitFor({ timeout: 20_000 });
  await rail.scrollIntoViewIfNeeded();
  const titles: string[] = [];
  for (const share of [0.02, 0.5, 0.98]) {
    const box = await rail.boundingBox();
    assert.ok(box, "the slider has a size");
    await page.mouse.click(box.x + share * box.width, box.y + box.height / 2);
    await page.waitForTimeout(500);
    titles.push((await figure.locator(".gtitle").textContent()) ?? "");
  }
  return titles;
}

test("JupyterLab runs a notebook to its end, and a figure answers the mouse", { timeout: 400_000 }, async (t) => {
  const scripts = join(root, "scripts", "lib");
  const { findChromium } = await import(pathToFileURL(join(scripts, "browser.mjs")).href) as
    { findChromium(): string | undefined };
  const executablePath = findChromium();
  if (!executablePath) return t.skip("no Chromium found: set KH_CHROMIUM to run the browser test");
  if (!existsSync(python)) return t.skip("no .venv found: npm run setup makes it");

  const notebooks = readdirSync(join(root, "notebooks")).filter((file) => file.endsWith(".ipynb")).sort();
  const notebook = notebooks.find((file) => file.startsWith("07")) ?? notebooks[0];
  const { address, end } = await startLab(workshopOf(notebook));
  cleanups.push(end);
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  cleanups.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  await page.goto(`${address}/lab/tree/notebooks/${notebook}?reset`);
  const cells = await runAll(page);
  const problems = cells.flatMap(({ code, ran, outputs }, i) => [
    ...(code && !ran ? [`cell ${i + 1} did not run`] : []),
    ...outputs.filter(({ type, mimeTypes }) => type === "error" || mimeTypes.includes("application/vnd.jupyter.stderr"))
      .map(() => `cell ${i + 1} shows an error`),
  ]);
  assert.deepEqual(problems, []);

  const plotly = "application/vnd.plotly.v1+json";
  const figureCell = cells.findIndex(({ outputs }) => outputs.some(({ mimeTypes }) => mimeTypes.includes(plotly)));
  assert.ok(figureCell >= 0, "the notebook shows a figure");
  for (const [width, height] of [[1400, 1000], [800, 1000]]) {
    await page.setViewportSize({ width, height });
    const { shown, asked, room } = await stillWidth(page, figureCell);
    assert.ok(asked > 0 && Math.abs(shown - Math.min(asked, room)) <= 1,
      `a figure that no mouse has touched is ${asked} wide, less where there is no room: ${shown} of ${room}`);
  }
  await page.setViewportSize({ width: 1400, height: 1000 });
  const label = await hoverOver(page, figureCell);
  mkdirSync(join(root, "results"), { recursive: true });
  await page.screenshot({ path: join(root, "results", "lab.png") });
  assert.equal(await page.getByText("official Jupyter news").count(), 0, "JupyterLab does not ask about news");
  assert.notEqual(label, "", "the figure says what lies under the mouse");

  const sliderCell = cells.findIndex(({ outputs }) => outputs.some(({ slider }) => slider));
  assert.ok(sliderCell >= 0, "the notebook shows a slider");
  await page.evaluate(() =>
    (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget!.sessionContext!.shutdown());
  const titles = await slideOver(page, sliderCell);
  await page.screenshot({ path: join(root, "results", "lab-slider.png") });
  assert.equal(new Set(titles).size, 3, `the slider changes the figure without a kernel, got ${titles.join(" | ")}`);
});
