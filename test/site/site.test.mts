import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { findChromium } from "../../scripts/lib/browser.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { brokenLinks } from "../../scripts/lib/site/check.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-site-"));
const out = join(folder, "site");
const command = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, "scripts", "site.mjs"), ...args], { encoding: "utf8" });
after(() => rmSync(folder, { recursive: true, force: true }));

test("a link to a missing file and one to a missing heading are both found", () => {
  const pages = join(folder, "pages");
  mkdirSync(pages);
  writeFileSync(join(pages, "a.html"),
    '<h1 id="top">A</h1><a href="#top">good</a><a href="b.html">bad</a><a href="a.html#none">bad</a>');
  assert.deepEqual(brokenLinks(pages), ["a.html: b.html leads to no file", "a.html: a.html#none leads to no heading"]);
});

test("the site is not written over a folder that holds something else", () => {
  const foreign = join(folder, "foreign");
  mkdirSync(foreign);
  writeFileSync(join(foreign, "mine.txt"), "mine");
  const { status, stderr } = command("--out", foreign);
  assert.equal(status, 2);
  assert.match(stderr, /--out must name a new folder or an earlier site, .*foreign holds something else/);
  assert.deepEqual(readdirSync(foreign), ["mine.txt"]);
});

test("an unknown profile is refused in one sentence", () => {
  const { status, stderr } = command("--profile", "huge");
  assert.equal(status, 2);
  assert.match(stderr, /--profile must be one of quick, standard, full, got huge/);
});

describe("the whole site", () => {
  before(() => {
    const { status, stderr } = command("--out", out);
    assert.equal(status, 0, stderr);
  });

  test("has a page for each notebook, and no link leads nowhere", () => {
    for (const notebook of readdirSync(join(root, "notebooks")).filter((file) => file.endsWith(".ipynb")))
      assert.ok(existsSync(join(out, "notebooks", notebook.replace(".ipynb", ".html"))), notebook);
    assert.deepEqual(brokenLinks(out), []);
    assert.match(readFileSync(join(out, "report.html"), "utf8"), /ml106-clean-incorrect-2/);
  });

  const executablePath = findChromium();
  const skip = executablePath ? false : "no Chromium (KH_CHROMIUM names one)";
  describe("in a browser, from its folder", { skip }, () => {
    let browser: Browser;
    before(async () => {
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    });
    after(() => browser?.close());

    const axe = readFileSync(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8");
    const paths = ["index.html", "report.html", "notebooks/07-mnist-poisoning.html", "api/functions/flipLabels.html"];
    for (const path of paths)
      for (const width of [1280, 375])
        test(`${path}, ${width} pixels wide: quiet, no network, no sideways scroll, WCAG AA`, async () => {
          const page = await browser.newPage({ viewport: { width, height: 900 } });
          const faults: string[] = [];
          page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
          page.on("pageerror", (error) => faults.push(error.message));
          page.on("request", (request) => /^https?:/.test(request.url()) && faults.push(request.url()));
          await page.goto(pathToFileURL(join(out, path)).href);
          assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways");
          await page.evaluate(axe);
          const violations = await page.evaluate(`axe
            .run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa"], preload: false })
            .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`);
          assert.deepEqual(violations, []);
          assert.deepEqual(faults, []);
          await page.close();
        });

    test("on a phone a figure with a slider has a plot to look at, and a whole title", async () => {
      const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
      await page.goto(pathToFileURL(join(out, "notebooks", "07-mnist-poisoning.html")).href);
      const id = await page.evaluate(`[...document.querySelectorAll("figure > script")]
        .find((script) => script.textContent.includes('"sliders"')).parentElement.id`);
      const figure = page.locator(`#${id}`);
      await figure.locator("> button").click();
      const [whole, plot, title, slider] = await Promise.all(
        [".main-svg >> nth=0", ".nsewdrag", ".gtitle", ".slider-container"].map(async (part) => {
          await figure.locator(part).first().waitFor();
          return (await figure.locator(part).first().boundingBox())!;
        }));
      assert.ok(plot.height >= 200 && plot.width >= 180, `the plot is ${plot.width} × ${plot.height}`);
      for (const part of [title, slider])
        assert.ok(part.x >= whole.x && part.y >= whole.y && part.x + part.width <= whole.x + whole.width, "cut off");
      assert.ok(title.y + title.height <= plot.y && plot.y + plot.height <= slider.y, "lies on the plot");
      await page.close();
    });

    test("a figure becomes interactive, and search is reached and used by keyboard alone", async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(pathToFileURL(join(out, "notebooks", "07-mnist-poisoning.html")).href);
      await page.locator("figure").first().scrollIntoViewIfNeeded();
      await page.locator("figure[data-drawn] .main-svg").first().waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("flipLabels");
      await page.locator("#found a").first().waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL(/flipLabels\.html/);
    });
  });
});
