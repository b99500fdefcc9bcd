import { readArguments } from "./lib/arguments.mjs";
import { compile, compiled } from "./lib/compile.mjs";
import { installPackages, packagesReady } from "./lib/packages.mjs";
import { main, say } from "./lib/say.mjs";

main(async () => {
  readArguments("build");
  if (!packagesReady()) await installPackages();
  if (compiled()) say("lib/dist and dist are up to date");
  else await compile();
});
