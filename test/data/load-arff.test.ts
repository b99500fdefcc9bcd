import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import {
  loadArff, loadCsv, loadTable, loadUciTable, toRows, uciTableNames, type LoadArffOptions, type UciTableName,
} from "../../lib";
import { ARFF_TABLES } from "../../lib/data/tables/arff-catalogue";
import { arffRows } from "../../lib/data/tables/arff-rows";
import { contentHashes, sha256, type DataFile } from "../../lib/data/files/data-file";
import { dataDirectories } from "../../lib/data/files/directories";

const head = "% a comment\n@RELATION 'small weather'\n@attribute sky {sun, rain, 'light rain'}\n"
  + "@Attribute \"wet bulb\" REAL\n@attribute wind integer [0,10]\n\n@attribute go {no,yes}\n@DATA\n";
const weather = `${head}sun, 17.5, 3, yes\n% nobody was there\n'light rain',9,?,no   % a remark\nrain 8 10 no\n`;

const refuses = (text: string, message: RegExp, options: LoadArffOptions = { target: "go" }): Promise<void> =>
  assert.rejects(loadArff(text, options), { name: "RangeError", message });

test("numbers stay, categories become features in the order declared, a bare question mark is missing", async () => {
  const table = await loadArff(weather, { target: "go", missing: "median" });
  assert.equal(table.name, "small weather");
  assert.deepEqual(table.featureNames, ["sky=sun", "sky=rain", "sky=light rain", "wet bulb", "wind"]);
  assert.deepEqual(toRows(table.X), [[1, 0, 0, 17.5, 3], [0, 0, 1, 9, 6.5], [0, 1, 0, 8, 10]]);
  assert.deepEqual([[...table.y], table.classNames], [[1, 0, 0], ["no", "yes"]]);
  assert.deepEqual(table.columns.map(({ kind, missing }) => [kind, missing]),
    [["one-hot", 0], ["numeric", 0], ["numeric", 1]]);
});

test("what can be done with loadCsv's table can be done with this one: drop, keep, ignore, ordinal", async () => {
  const dropped = await loadArff(weather, { target: "go", missing: "drop", ignore: ["wet bulb"] });
  assert.deepEqual([dropped.dropped, dropped.X.shape], [[11], [2, 3]]);
  const order = ["sun", "light rain", "rain"];
  const kept = await loadArff(weather, { target: "go", missing: "keep", ordinal: { sky: order }, name: "mine" });
  assert.deepEqual([kept.name, toRows(kept.X)], ["mine", [[0, 17.5, 3], [1, 9, NaN], [2, 8, 10]]]);
  const csv = await loadCsv("a,go\n1,no\n2,yes\n", { target: "go" });
  const arff = await loadArff("@relation CSV\n@attribute a real\n@attribute go {no,yes}\n@data\n1,no\n2,yes\n",
    { target: "go" });
  assert.deepEqual(arff, csv);
});

test("a question mark in quotes is a category, quotes may hold commas, per cents and escaped quotes", async () => {
  const text = "@relation r\n@attribute 'it''s' {a}\n".replace("it''s", "it\\'s")
    + "@attribute b {'?','x, y','50%'}\n@attribute c {u,v}\n@data\na,'?',u\n\"a\",'x, y',v\na,'50%',u\n";
  const { featureNames, columns } = await loadArff(text, { target: "c" });
  assert.deepEqual(featureNames, ["it's=a", "b=?", "b=x, y", "b=50%"]);
  assert.equal(columns[1].missing, 0);
});

test("what can't be read is refused with the number of its line", async () => {
  await refuses(`${head}sun,1,2\n`, /line 9: a row must have 4 values, one an attribute, got 3/);
  await refuses(`${head}sun,1,2,yes\n\n{0 sun, 3 yes}\n`, /line 11: sparse rows .* are not read/);
  await refuses(`${head}sun,1,2,yes,{2}\n`, /line 9: .* got 5; weights of rows are not read/);
  await refuses(`${head}snow,1,2,yes\n`,
    /line 9: sky must be one of its categories \(sun, rain, light rain\), got snow/);
  await refuses(`${head}sun,warm,2,yes\n`, /line 9: wet bulb must be a finite number, got warm/);
  await refuses(`${head}sun,,2,yes\n`, /line 9: a value is empty; a missing one is written \?/);
  await refuses(`${head}sun,1,2,\n`, /line 9: a value is missing after the last comma/);
  await refuses(`${head}'sun,1,2,yes\n`, /line 9: a quote is not closed: 'sun,1,2,yes/);
  await refuses("@relation r\n@attribute a relational\n@data\n",
    /line 2: the type of a must be numeric, .* got relational/);
  await refuses("@relation r\n@attribute a\n@data\n", /line 2: an attribute must have a name and a type/);
  await refuses("@relation r\n@attribute a {x,x}\n@data\n", /line 2: the categories of a must differ, got x twice/);
  await refuses("@relation r\na b c\n", /line 2: must begin with @relation, @attribute, @data or %, got a b c/);
  await refuses("@relation r\n@attribute a real\n", /got 1 attributes and no @data/);
  await refuses("@relation r\n@attribute s string\n@attribute go {n}\n@data\nhi,n\n",
    /line 2: s is a column of free text/);
});

test("a missing value, an unknown target and a missing class are refused as loadCsv refuses them", async () => {
  await refuses(weather, /^loadArff: values are missing in wind \(1, first in line 11\)/);
  await refuses(weather, /^loadArff: target must name columns among "sky", .*, got "rain"/, { target: "rain" });
  await refuses(`${head}sun,1,2,?\n`, /^loadArff: column go must hold a class in each row, got none in line 9/,
    { target: "go", missing: "median" });
});

test("any names and values come back, whatever they hold, once they are in quotes", () => {
  const word = fc.stringMatching(/^[ -~]{1,12}$/);
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
  fc.assert(fc.property(word, fc.uniqueArray(word, { minLength: 2, maxLength: 5 }), (name, categories) => {
    const text = `@relation ${quoted(name)}\n@attribute ${quoted(name)} {${categories.map(quoted).join(",")}}\n@data\n`
      + categories.map(quoted).join("\n");
    const table = arffRows(text);
    assert.deepEqual([table.relation, table.header], [name, [name]]);
    assert.deepEqual(table.rows, categories.map((category) => [category]));
  }), { numRuns: 200, seed: 1 });
});

test("loadUciTable names an unknown table, and every table has a class and a mirror", async () => {
  await assert.rejects(loadUciTable("titanic" as UciTableName), { name: "RangeError", message: /got "titanic"/ });
  assert.equal(uciTableNames.length, 63);
  for (const { file, target } of Object.values(ARFF_TABLES)) assert.ok(file.mirrors.length > 0 && target);
});

test("a text's checksum is the same with any line ends, and another for another text", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "arff-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file: DataFile = { name: "x.arff", mirrors: [], content: { kind: "text", sha256: "" } };
  const hashOf = async (text: string): Promise<string> => {
    writeFileSync(join(folder, "x.arff"), text);
    return (await contentHashes(file, join(folder, "x.arff"))).content;
  };
  const plain = await hashOf("a\nb\n");
  assert.equal(plain, sha256("a\nb\n"));
  assert.deepEqual([await hashOf("a\r\nb\r\n"), await hashOf("a\rb\r")], [plain, plain]);
  assert.notEqual(await hashOf("a\nc\n"), plain);
});

const atHand = dataDirectories().some((folder) => existsSync(join(folder, "uci-arff", "zoo.arff")));
const skip = atHand ? false : "the ARFF tables are not at hand";

// Rows, columns beside the class, classes that occur and missing values, as counted by grep in the files.
const shapes: [UciTableName, rows: number, columns: number, classes: number, missing: number][] = [
  ["kr.vs.kp", 3196, 36, 2, 0], ["breast.w", 699, 9, 2, 16], ["echocardiogram", 130, 10, 2, 66],
  ["vote", 435, 16, 2, 392], ["zoo", 101, 16, 7, 0], ["letter", 20000, 16, 26, 0], ["energy-y1", 768, 8, 3, 0],
  ["bridges.version1", 105, 11, 6, 61], ["anneal", 898, 38, 5, 0], ["wine", 178, 13, 3, 0],
];

for (const [name, rows, columns, classes, missing] of shapes)
  test(`loadUciTable("${name}") has the rows, columns and gaps of its file`, { skip }, async () => {
    const table = await loadUciTable(name);
    const gaps = table.columns.reduce((sum, column) => sum + column.missing, 0);
    assert.deepEqual([table.X.shape[0], table.columns.length, new Set(table.y).size, gaps],
      [rows, columns, classes, missing]);
    assert.equal(table.classNames.length, classes);
    assert.equal((await loadUciTable(name, { ordinal: true })).X.shape[1],
      table.columns.reduce((sum, { kind, categories }) =>
        sum + (kind === "one-hot" && name === "echocardiogram" ? categories!.length : 1), 0));
  });

test("a table's ARFF and its CSV hold the same numbers", { skip }, async () => {
  const own = await loadUciTable("iris");
  const shipped = await loadTable("iris");
  const differing = toRows(own.X).filter((row, i) => row.some((value, j) => value !== shipped.X.data[4 * i + j]));
  assert.ok(differing.length <= 2, "scikit-learn's iris differs from the UCI's in two rows");
  assert.deepEqual(own.y, shipped.y);
});
