import { readArguments } from "./bootstrap/arguments.mjs";
import { compile, compiled } from "./bootstrap/compile.mjs";
import { installPackages, packagesReady } from "./bootstrap/packages.mjs";
import { main, say } from "./bootstrap/say.mjs";

main(async () => {
  readArguments("build");
  if (!packagesReady()) await installPackages();
  if (compiled()) say("lib/dist and dist are up to date");
  else await compile();
});
