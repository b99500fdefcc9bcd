import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import * as lib from "../lib";

const root = join(__dirname, "..");
const glossary = readFileSync(join(root, "docs", "glossary.md"), "utf8");

/** Rows of a table of the glossary, each with its cells, from the heading to the next. */
function tableOf(heading: string): string[][] {
  const [, section = ""] = glossary.split(`## ${heading}\n`);
  return section.split("\n## ")[0].split("\n").filter((line) => line.startsWith("| ")).slice(1)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const codeIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** The identifiers of a program text, without its strings and comments. */
function identifiersIn(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("text.ts", text, ts.ScriptTarget.ES2022));
  return found;
}

const wordsOf = (identifier: string): string[] =>
  identifier.split(/(?<=[a-z\d])(?=[A-Z])|_/).map((word) => word.toLowerCase());

const sources = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("dist"));

test("one thing has one name: no identifier of lib holds a word that the glossary gives another name", () => {
  const instead = new Map(tableOf("Spelling of identifiers").flatMap(([use, not]) =>
    codeIn(not).map((word) => [word, use] as const)));
  assert.ok(instead.size >= 10, "the glossary names what is not used");
  const wrong = sources.flatMap((file) =>
    [...new Set(identifiersIn(readFileSync(join(root, "lib", file), "utf8")))].flatMap((identifier) =>
      wordsOf(identifier).filter((word) => instead.has(word))
        .map((word) => `lib/${file}: ${identifier} (${word}: write ${instead.get(word)})`)));
  assert.deepEqual(wrong, []);
});

test("the public functions that the glossary names are there", () => {
  const named = tableOf("One function for one thing").flatMap(([, functions]) => codeIn(functions));
  assert.ok(named.length >= 10);
  assert.deepEqual(named.filter((name) => !(name in lib)), []);
});

test("identifiers come apart into words", () => {
  assert.deepEqual(wordsOf("fitNearestNeighbors_x2"), ["fit", "nearest", "neighbors", "x2"]);
  assert.deepEqual(identifiersIn("const a = \"b\"; // c\nd(a);"), ["a", "d", "a"]);
});
