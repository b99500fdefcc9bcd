import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { chromium, type Browser, type Page } from "playwright-core";
import { root } from "../../../scripts/bootstrap/paths.mjs";
import { findChromium } from "../../../scripts/lib/browser.mjs";
import {
  claimsIn, nameOf, notebookFiles, readNotebook, textOf, type Notebook,
} from "../../../scripts/lib/notebooks.mjs";
import { runHead, runOf } from "../../../scripts/lib/site/run.mjs";
import { remove, serve, temporaryFolder, writeRunningPages, type Served } from "./pages.mjs";

test("a notebook that can't run in the browser says why, and one that can has a button", async () => {
  for (const file of notebookFiles()) {
    const run = await runOf(nameOf(file));
    assert.match(runHead(run), run.why ? /Not in the browser: \S+ \S+ / : /<button type="button"/, nameOf(file));
  }
});

/** Notebooks in whose claims networks, rounding, or draws by chances that `exp` made have a part. */
const floats = ["05", "13", "15"];

const executablePath = findChromium();
const skip = executablePath ? false : "no Chromium (KH_CHROMIUM names one)";

describe("a notebook's page on a web server that knows nothing but files, in a sub-path", { skip }, () => {
  const folder = temporaryFolder();
  let served: Served;
  let browser: Browser;
  before(async () => {
    await writeRunningPages(folder);
    served = await serve(folder);
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  });
  after(async () => {
    await browser?.close();
    served?.close();
    remove(folder);
  });

  const faults: string[] = [];
  const open = async (page: Page, name = "00-start-here"): Promise<void> => {
    await page.goto(`${served.address}notebooks/${name}.html`);
    await page.getByRole("button", { name: "Run in your browser" }).click();
    await page.locator(".run[data-live]").waitFor();
  };
  const newPage = async (width = 1280, colorScheme: "light" | "dark" = "light"): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(error.message));
    return page;
  };
  const cell = (page: Page, id: string) => page.locator(`.cell[data-id="${id}"]`);
  /** Puts code into a cell and runs it by keyboard; waits for its end. */
  const run = async (page: Page, id: string, code?: string): Promise<string> => {
    const area = cell(page, id).locator("textarea");
    if (code !== undefined) await area.fill(code);
    await area.press("Control+Enter");
    await ended(page, id);
    return (await cell(page, id).locator(".results").innerText()).trim();
  };
  const ended = (page: Page, id: string) =>
    page.locator(`.cell[data-id="${id}"]:is([data-state="done"], [data-state="failed"])`).waitFor();
  const runAll = async (page: Page, seconds: number): Promise<void> => {
    await page.getByRole("button", { name: "Run all" }).click();
    await page.waitForFunction(`![...document.querySelectorAll(".cell")]
      .some(({ dataset }) => ["waits", "runs"].includes(dataset.state))`, null, { timeout: 1000 * seconds });
  };
  const download = async (page: Page): Promise<Notebook> => {
    const [saved] = await Promise.all([page.waitForEvent("download"),
      page.getByRole("button", { name: "Download .ipynb" }).click()]);
    return JSON.parse(readFileSync(await saved.path(), "utf8")) as Notebook;
  };

  test("00 runs from the top: the same texts and claims, byte for byte, in a file that is a notebook", async () => {
    const page = await newPage();
    served.paths.length = 0;
    await open(page);
    await runAll(page, 60);
    const [ran, committed] = [await download(page), readNotebook(join(root, "notebooks", "00-start-here.ipynb"))];
    assert.deepEqual(claimsIn(ran), claimsIn(committed));
    const texts = ({ cells }: Notebook) => cells.map(({ id, outputs = [] }) => [id, ...outputs.map(({ text, data }) =>
      textOf(text) || textOf(data?.["text/plain"] as string[]))]);
    assert.deepEqual(texts(ran), texts(committed));
    const sources = ({ cells }: Notebook) => cells.map(({ source }) => textOf(source));
    assert.deepEqual(sources(ran), sources(committed));
    const pictures = ({ cells }: Notebook) =>
      cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data?.["image/png"]);
    assert.equal(pictures(ran).length, 3);
    // As where a browser can't draw: the work comes home without pictures.
    await page.evaluate("window.Plotly.toImage = async () => { throw new Error('no WebGL'); }");
    const bare = await download(page);
    assert.equal(pictures(bare).length, 0);
    assert.deepEqual([texts(bare), sources(bare)], [texts(ran), sources(ran)]);
    await page.close();
    assert.deepEqual(faults, []);
  });

  /** Seconds that all processes of the browser have computed: what a machine without other work takes at most. */
  const computed = async (): Promise<number> => {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };

  test("00 takes at most 5 MB of network, compressed, and computes 5 s until its first result", async () => {
    const paths = [...new Set(served.paths)].map((path) => path.replace("/sub/path/", ""));
    const bytes = paths.map((path) => gzipSync(readFileSync(join(folder, path))).length);
    const total = bytes.reduce((a, b) => a + b, 0);
    assert.ok(paths.includes("run/runner.js") && !paths.includes("run/tensorflow.js"), paths.join(" "));
    assert.ok(total <= 5e6, `${total} bytes`);
    const page = await newPage();
    await open(page);
    await run(page, "00-02");
    // A second time, with what the browser keeps.
    const before = await computed();
    await open(page);
    await run(page, "00-02");
    const seconds = (await computed()) - before;
    assert.ok(seconds > 0.1 && seconds <= 5, `${seconds} s`);
    await page.close();
  });

  test("errors name the own line: of syntax, of types, and of the run", async () => {
    const page = await newPage();
    await open(page);
    assert.match(await run(page, "00-02", "const a = 1;\nconst b = ;"),
      /^syntax error: Expression expected\.\ncell \[1\], line 2\n/);
    assert.equal(await run(page, "00-02", "const a = { x: 1 };\nconsole.log(a);\na"), "{ x: 1 }\n{ x: 1 }");
    assert.match(await run(page, "00-04", "let n = 0;\nif (a.x) {\n  throw new RangeError('too much');\n}"),
      /^RangeError: too much\ncell \[3\], line 3\n {2}3 \| {3}throw new RangeError/);
    assert.match(await run(page, "00-04", "import { knn } from '../lib';\nconst k = 2;\nknn({ numNeighbors: -k });"),
      /^RangeError: knn: numNeighbors must be .* -2\ncell \[4\], line 3\n {2}3 \| knn\(/);
    await page.locator(".run[data-checks]").waitFor({ state: "attached" });
    assert.match(await run(page, "00-04", "const b: string = a.x;"),
      /^type error: Type 'number' is not assignable to type 'string'\.\ncell \[5\], line 1\n/);
    assert.match(await run(page, "00-04", "knn({ numNeighbours: 5 });"), /^type error: .*'numNeighbours'/s);
    assert.match(await run(page, "00-04", "import { x } from 'left-pad';"), /type error: .*left-pad/);
    assert.equal(await run(page, "00-04", "a.x = 5; a.x + n"), "5");
    const part = "import { membershipAuc } from '../lib/privacy';\nn = 2;\ntypeof membershipAuc";
    assert.equal(await run(page, "00-04", part), "function");
    await page.close();
  });

  const endless: [title: string, code: string][] = [
    ["a loop of the library's kind", "for (;;) throwIfInterrupted();"],
    ["an await that never ends", "await new Promise(() => undefined);"],
    ["a loop of the cell's own", "let rounds = 0;\nfor (;;) rounds++;"],
    ["a loop that waits", "for (;;) await new Promise((done) => setTimeout(done, 5));"],
  ];
  /** What a cell shows that is interrupted once it runs. */
  const interrupted = async (page: Page, code: string): Promise<string> => {
    const own = cell(page, "00-04");
    await own.locator("textarea").fill(`console.log("begun");\n${code}`);
    await own.getByRole("button", { name: "Run cell" }).click();
    await own.locator(".results", { hasText: "begun" }).waitFor();
    await page.getByRole("button", { name: "Interrupt" }).click();
    await ended(page, "00-04");
    return (await own.locator(".results").innerText()).trim();
  };

  test("■ ends what asks and what waits, and the variables are kept", async () => {
    const page = await newPage();
    await open(page);
    await run(page, "00-02", "import { throwIfInterrupted } from '../lib';\nconst kept = 17;");
    for (const [title, code] of endless) {
      const shown = await interrupted(page, code);
      assert.match(shown, /^begun\s+interrupted$/, title);
      assert.equal(await run(page, "00-06", "kept"), "17", title);
    }
    await page.close();
  });

  test("■ ends what never asks by starting the program anew, and says so", async () => {
    const page = await newPage();
    await open(page);
    await run(page, "00-02", "const lost = 17;");
    assert.match(await interrupted(page, "/^(a+)+$/.test('a'.repeat(60) + 'b');"), /its variables are gone/);
    assert.match(await run(page, "00-06", "lost"), /^(?:ReferenceError: lost is not defined|type error: .*'lost')/);
    assert.equal(await run(page, "00-06", "1 + 1"), "2");
    await page.close();
  });

  test("work is kept in the browser: code, own cells, exercises; Original puts the notebook's back", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await open(page);
    await runAll(page, 60);
    await run(page, "00-17", "let errorAt30: number | undefined = 0.2;");
    assert.match(await run(page, "00-18"), /Exercise 1: ✘ not yet/);
    await cell(page, "00-12").getByRole("button", { name: "+ Cell" }).click();
    const own = page.locator(".cell:not([data-id])");
    await own.locator("textarea").fill("const at30 = await copy(box, {\n  sampler: uniformSampler(ranges), "
      + "estimator: knn({ numNeighbors: 5 }), budget: 30, rng: seededRng(seed),\n});\n"
      + "const small = fidelityError(answers, at30.classifier.predict(test.X));\nsmall");
    await own.getByRole("button", { name: "Run cell" }).click();
    await own.locator(".results pre").waitFor();
    await run(page, "00-17", "let errorAt30: number | undefined = small;");
    assert.match(await run(page, "00-18"), /Exercise 1: ✔ right/);
    assert.match(await page.locator(".run-bar").innerText(), /Exercises: 1 of 3 right/);
    const saved = await download(page);
    assert.equal(saved.cells.length, readNotebook(join(root, "notebooks", "00-start-here.ipynb")).cells.length + 1);

    await open(page);
    assert.match(await page.locator(".run-bar").innerText(), /Exercises: 1 of 3 right/);
    assert.match(await cell(page, "00-17").locator("textarea").inputValue(), /undefined = small;$/);
    assert.match(await own.locator("textarea").inputValue(), /budget: 30/);
    await cell(page, "00-17").getByRole("button", { name: "Original" }).click();
    await own.getByRole("button", { name: "Remove" }).click();
    await open(page);
    assert.match(await cell(page, "00-17").locator("textarea").inputValue(), /= your answer/);
    assert.equal(await own.count(), 0);
    await context.close();
  });

  // The longer ones take minutes each: KH_BROWSER_NOTEBOOKS=all runs them too.
  const chosen = process.env.KH_BROWSER_NOTEBOOKS === "all" ? /./ : /^01-/;
  for (const name of notebookFiles().map(nameOf).filter((one) => chosen.test(one) && !one.startsWith("00-")))
    test(`${name} makes the claims that its committed outputs make`, async (context) => {
      if ((await runOf(name)).why) return context.skip("not in the browser");
      const page = await newPage();
      await open(page, name);
      await runAll(page, 1800);
      const [ran, committed] = [await download(page), readNotebook(join(root, "notebooks", `${name}.ipynb`))]
        .map((notebook) => new Map(claimsIn(notebook).map((claim) => [claim.id, claim])));
      assert.deepEqual([...ran.keys()], [...committed.keys()]);
      for (const [id, { verdict, reproduced }] of committed) {
        assert.equal(ran.get(id)?.verdict, verdict, id);
        // exp, log and their like round the last digit by browser; a network's float32 sums do more.
        if (!floats.includes(name.slice(0, 2)))
          assert.ok(Math.abs(ran.get(id)?.reproduced - reproduced) <= 1e-12 * Math.abs(reproduced), id);
      }
      await page.close();
    });

  const axe = readFileSync(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8");
  for (const [width, scheme] of [[1280, "light"], [1280, "dark"], [375, "light"]] as const)
    test(`${width} pixels, ${scheme}, before and while it runs: WCAG AA, no sideways scroll, by keyboard`, async () => {
      const page = await newPage(width, scheme);
      const look = async (): Promise<void> => {
        assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways");
        await page.evaluate(axe);
        const violations = await page.evaluate(`axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa"], preload: false })
          .then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`);
        assert.deepEqual(violations, []);
      };
      await page.goto(`${served.address}notebooks/00-start-here.html`);
      await look();
      await page.getByRole("button", { name: "Run in your browser" }).focus();
      await page.keyboard.press("Enter");
      await page.locator(".run[data-live]").waitFor();
      await page.locator(".cell textarea").first().focus();
      for (let i = 0; i < 8; i++) await page.keyboard.press("Shift+Enter");
      await ended(page, "00-14");
      await look();
      await page.close();
      assert.deepEqual(faults, []);
    });
});
