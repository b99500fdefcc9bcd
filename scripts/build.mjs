import { compileLib, libReady } from "./lib/compile-lib.mjs";
import { installPackages, packagesReady } from "./lib/packages.mjs";
import { main, noArguments, say } from "./lib/say.mjs";

main(async () => {
  noArguments("build");
  if (!packagesReady()) await installPackages();
  if (libReady()) say("lib/dist is up to date");
  else await compileLib();
});
