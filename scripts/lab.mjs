import { join } from "node:path";
import { root, venvProgram } from "./bootstrap/paths.mjs";
import { labEnvironment } from "./bootstrap/python.mjs";
import { run } from "./bootstrap/run.mjs";
import { main } from "./bootstrap/say.mjs";
import { checkSettings } from "./bootstrap/settings.mjs";
import { ensureSetup } from "./setup.mjs";

main(async () => {
  checkSettings();
  await ensureSetup();
  const python = venvProgram(labEnvironment.venv, "python");
  const isRoot = process.getuid?.() === 0;
  const { code } = await run(
    python,
    [
      join(root, "scripts", "lib", "run_lab.py"),
      `--ServerApp.root_dir=${root}`,
      "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb",
      "--ServerApp.log_level=WARN",
      ...(isRoot ? ["--allow-root"] : []),
      ...process.argv.slice(2),
    ],
    { inherit: true, env: { JUPYTER_PREFER_ENV_PATH: "1" } },
  );
  return code;
});
