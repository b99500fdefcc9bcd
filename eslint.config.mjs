import tseslint from "typescript-eslint";

const noMathRandom = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: "Pass an rng (lib/random.ts) instead of calling Math.random.",
};

/** Every element of a spread argument lies on the stack: 120,000 of them overflow it. */
const noSpreadArguments = {
  selector: ":matches(CallExpression, NewExpression) > SpreadElement",
  message:
    "A spread argument of data's length overflows the stack: loop, or use lib/math/extremes.ts. " +
    "Where the list is always short, say so in an eslint-disable-next-line comment.",
};

/** Below /proc Node's own recursive mkdir never ends. */
const noRecursiveMkdir = {
  selector: "CallExpression[callee.name=/^mkdir(Sync)?$/] > ObjectExpression > Property[key.name='recursive'],"
    + "CallExpression[callee.property.name=/^mkdir(Sync)?$/] > ObjectExpression > Property[key.name='recursive']",
  message: "Make folders with makeFolder (lib/files.ts, scripts/bootstrap/stamp.mjs).",
};

/** A process of another user can't be signalled and lives all the same. */
const noSignalZero = {
  selector: "CallExpression[callee.object.name='process'][callee.property.name='kill'][arguments.1.value=0]",
  message: "Ask isRunning (lib/files.ts, scripts/bootstrap/processes.mjs).",
};

export default tseslint.config(
  { ignores: ["**/dist/", "node_modules/", "results/", ".venv/", ".venv-bench*/", ".venv-hub/", ".setup/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts", "**/*.mts", "**/*.mjs", "**/*.cjs", "**/*.js"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    languageOptions: { parser: tseslint.parser },
    rules: {
      "no-restricted-syntax": ["error", noMathRandom],
      "no-var": "error",
      "no-debugger": "error",
      "no-dupe-keys": "error",
      "no-self-compare": "error",
      "no-unreachable": "error",
      "no-fallthrough": "error",
      "prefer-const": "error",
      "object-shorthand": ["error", "properties"],
      eqeqeq: "error",
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-unused-expressions": "error",
      "@typescript-eslint/no-non-null-asserted-optional-chain": "error",
      "@typescript-eslint/ban-ts-comment": "error",
    },
  },
  {
    files: ["lib/**", "scripts/**", "notebooks/**"],
    ignores: ["lib/files.ts", "scripts/bootstrap/processes.mjs"],
    rules: { "no-restricted-syntax": ["error", noMathRandom, noRecursiveMkdir, noSignalZero] },
  },
  {
    files: ["lib/**/*.ts"],
    ignores: ["lib/files.ts"],
    rules: {
      "no-restricted-syntax": ["error", noMathRandom, noRecursiveMkdir, noSignalZero, noSpreadArguments],
      // A function that outgrows these comes apart along its own seams.
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", 5],
    },
  },
  // Every Node must be able to read it.
  { files: ["scripts/start.cjs"], rules: { "no-var": "off" } },
);
