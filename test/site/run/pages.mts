import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { root } from "../../../scripts/bootstrap/paths.mjs";
import { makeFolder } from "../../../scripts/bootstrap/stamp.mjs";
import { nameOf, notebookFiles, readNotebook } from "../../../scripts/lib/notebooks.mjs";
import { layout } from "../../../scripts/lib/site/layout.mjs";
import { newPage } from "../../../scripts/lib/site/markdown.mjs";
import { notebookHtml } from "../../../scripts/lib/site/notebook.mjs";
import { runHead, runOf, writeRun } from "../../../scripts/lib/site/run.mjs";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".css": "text/css",
  ".wasm": "application/wasm", ".png": "image/png",
};

/** A part of the site: the notebooks' pages and what runs their cells, without the library's pages. */
export async function writeRunningPages(folder: string): Promise<string[]> {
  const runs = await Promise.all(notebookFiles().map((file) => runOf(nameOf(file))));
  const able = runs.filter(({ why }) => why === undefined);
  await writeRun(folder, able);
  makeFolder(join(folder, "notebooks"));
  for (const run of able) {
    const page = newPage((href) => href);
    const notebook = readNotebook(join(root, "notebooks", `${run.name}.ipynb`));
    const { html, pictures } = notebookHtml(notebook, page, "../");
    makeFolder(join(folder, "figures"));
    for (const { file, png } of pictures) writeFileSync(join(folder, "figures", file), png);
    const body = html.replace("</h1>", (end: string) => `${end}\n${runHead(run)}`);
    writeFileSync(join(folder, "notebooks", `${run.name}.html`),
      layout({ path: `notebooks/${run.name}.html`, title: run.name, body, sections: page.sections, groups: [] }));
  }
  for (const name of ["site.css", "site.js"]) copyFileSync(join(root, "scripts", "site", name), join(folder, name));
  copyFileSync(join(root, "node_modules", "plotly.js-dist-min", "plotly.min.js"), join(folder, "plotly.js"));
  return able.map(({ name }) => name);
}

export interface Served {
  /** Of the site, in a sub-path. */
  address: string;
  /** What was asked for. */
  paths: string[];
  close(): void;
}

/** A web server that knows nothing but files: no headers of its own, the site in a sub-path. */
export async function serve(folder: string): Promise<Served> {
  const paths: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").split("?")[0]);
    paths.push(path);
    const file = join(folder, normalize(path.replace(/^\/sub\/path\//, "/")));
    try {
      const bytes = readFileSync(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { address: `http://127.0.0.1:${port}/sub/path/`, paths, close: () => server.close() };
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "kh-run-"));
export const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });
export const bytesOf = (file: string): number => statSync(file).size;
export { dirname };
