import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { readArguments } from "./bootstrap/arguments.mjs";
import { classEntries, unfinishedNotebooks } from "./lib/classroom.mjs";
import { offlineEntries } from "./lib/pack-offline.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main, say, step } from "./bootstrap/say.mjs";
import { writeZip } from "./lib/zip.mjs";
import { ensureSetup } from "./setup.mjs";

main(async () => {
  const { values: { offline } } = readArguments("classroom", { options: { offline: {} } });
  await ensureSetup();
  const machine = offline ? `-offline-${process.platform}-${process.arch}` : "";
  const target = join(root, "results", "classroom", `knowledge-hacking${machine}.zip`);
  const entries = [...classEntries(offline), ...(offline ? await offlineEntries() : [])];
  const inFolder = entries.map((entry) => ({ ...entry, name: `knowledge-hacking/${entry.name}` }));
  await step("zip", () => writeZip(target, inFolder));
  const unfinished = unfinishedNotebooks();
  if (unfinished.length) say(`not in the zip, since not all their cells have run: ${unfinished.join(", ")}`);
  const megabytes = (statSync(target).size / 1e6).toFixed(1);
  process.stdout.write(`${relative(root, target)}: ${entries.length} files, ${megabytes} MB\n`);
});
