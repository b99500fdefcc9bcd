import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Page, chromium } from "playwright-core";
import { FLAGS, startLab } from "./start-lab";

const root = resolve(__dirname, "..", "..");
const cleanups: (() => void | Promise<void>)[] = [];
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** What the test uses of JupyterLab's application, which `expose_app_in_browser` puts on the window. */
interface LabWindow {
  jupyterapp: {
    commands: { execute(command: string): Promise<unknown> };
    shell: { currentWidget: { content: { activeCellIndex: number }; sessionContext: {
      session: { kernel: { restart(): Promise<void> } } | null } } | null };
  };
}

/** A folder with one notebook of these cells. */
function folderOf(sources: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "kh-lab-kernel-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "notebooks"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  const cells = sources.map((source, i) => (
    { id: `cell-${i}`, cell_type: "code", source, metadata: {}, outputs: [], execution_count: null }));
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  writeFileSync(join(folder, "notebooks", "cells.ipynb"),
    JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
  return folder;
}

const execute = (page: Page, command: string): Promise<void> => page.evaluate((name) => {
  void (globalThis as unknown as LabWindow).jupyterapp.commands.execute(name);
}, command);

async function runCell(page: Page, index: number): Promise<void> {
  await page.evaluate((i) => {
    (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget!.content.activeCellIndex = i;
  }, index);
  await execute(page, "notebook:run-cell");
}

test("in JupyterLab cells run before the kernel is ready, ■ stops one and keeps the rest, and a restart works",
  { timeout: 300_000 }, async (t) => {
    const { findChromium } = await import(pathToFileURL(join(root, "scripts", "lib", "browser.mjs")).href) as
      { findChromium(): string | undefined };
    const executablePath = findChromium();
    if (!executablePath) return t.skip("no Chromium found: set KH_CHROMIUM to run the browser test");
    if (!existsSync(join(root, ".venv"))) return t.skip("no .venv found: npm run setup makes it");
    const { address, end } = await startLab(folderOf([
      "for (let i = 0; i < 2000; i++) console.log(`line ${i}`);", "const box = 7;", "for (;;) {}", "box * 6",
    ]));
    cleanups.push(end);
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    cleanups.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await page.goto(`${address}/lab/tree/notebooks/cells.ipynb?reset`);
    const cell = (index: number) => page.locator(".jp-Notebook .jp-CodeCell").nth(index);
    const prompt = (index: number) => cell(index).locator(".jp-InputPrompt");
    const output = (index: number) => cell(index).locator(".jp-OutputArea-output");

    await page.waitForSelector(".jp-NotebookPanel", { timeout: 90_000 });
    await execute(page, "notebook:run-all-cells");
    await prompt(2).filter({ hasText: "[*]" }).waitFor({ timeout: 60_000 });
    await prompt(1).filter({ hasText: "[2]" }).waitFor({ timeout: 60_000 });
    assert.equal(await page.locator(".jp-Dialog").count(), 0, "no question which kernel to take");
    const lines = (await output(0).first().textContent())!.trim().split("\n");
    assert.deepEqual([lines.length, lines[0], lines.at(-1)], [2000, "line 0", "line 1999"]);

    const start = Date.now();
    await page.locator("[data-command=\"notebook:interrupt-kernel\"]").first().click();
    await output(2).filter({ hasText: /^interrupted$/ }).waitFor({ timeout: 10_000 });
    t.diagnostic(`■ to "interrupted": ${Date.now() - start} ms`);
    await prompt(2).filter({ hasText: "[3]" }).waitFor({ timeout: 10_000 });
    assert.match((await prompt(3).textContent())!, /^\[ \]:?$/, "the cells behind it are not run");
    await runCell(page, 3);
    await output(3).filter({ hasText: "42" }).waitFor({ timeout: 20_000 });

    await page.evaluate(() =>
      (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget!.sessionContext.session!.kernel.restart());
    // What is asked while the old kernel goes is gone with it: so it is asked until the new one answers.
    const unknown = output(3).filter({ hasText: "Cannot find name 'box'" });
    for (let tries = 0; tries < 6 && !(await unknown.isVisible()); tries++) {
      await runCell(page, 3);
      await unknown.waitFor({ timeout: 15_000 }).catch(() => {});
    }
    await unknown.waitFor({ timeout: 15_000 });
    await page.screenshot({ path: join(root, "results", "lab-kernel.png") });
  });
