import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Matrix } from "../../lib";

const RUNNER = `
import { readFileSync, writeFileSync } from "node:fs";
import { predict } from "./model.mjs";
const { n, d, rounds } = JSON.parse(readFileSync("shape.json", "utf8"));
const data = new Float64Array(new Uint8Array(readFileSync("rows.bin")).buffer);
const rows = Array.from({ length: n }, (_, i) => data.subarray(i * d, (i + 1) * d));
const labels = Int32Array.from(rows, (row) => predict(row));
const timed = rows.slice(0, rounds);
const times = [];
for (let k = 0; k < 5; k++) {
  const from = performance.now();
  for (const row of timed) predict(row);
  times.push((1000 * (performance.now() - from)) / timed.length);
}
writeFileSync("labels.bin", new Uint8Array(labels.buffer));
writeFileSync("time.json", JSON.stringify(times.sort((a, b) => a - b)[2]));
`;

export interface ModuleRun {
  /** Labels of all rows, shape [n]. */
  readonly labels: Int32Array;
  /** Microseconds a row, the median of five rounds. */
  readonly microseconds: number;
}

/**
 * Runs an exported module in a process of its own, in an empty folder, with no library in reach.
 *
 * @param code A module for `import`.
 * @param rounds Rows that are timed, at most all.
 */
export function runModule(code: string, { data, shape: [n, d] }: Matrix, rounds = 2000): ModuleRun {
  const folder = mkdtempSync(join(tmpdir(), "module-"));
  try {
    writeFileSync(join(folder, "model.mjs"), code);
    writeFileSync(join(folder, "run.mjs"), RUNNER);
    writeFileSync(join(folder, "shape.json"), JSON.stringify({ n, d, rounds: Math.min(n, rounds) }));
    writeFileSync(join(folder, "rows.bin"), new Uint8Array(Float64Array.from(data).buffer));
    const { status, stderr } = spawnSync(process.execPath, ["run.mjs"], { cwd: folder, env: {}, encoding: "utf8" });
    if (status !== 0) throw new Error(`the module stopped: ${stderr}`);
    const bytes = readFileSync(join(folder, "labels.bin"));
    return {
      labels: new Int32Array(new Uint8Array(bytes).buffer),
      microseconds: JSON.parse(readFileSync(join(folder, "time.json"), "utf8")) as number,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
