import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadTable, tableNames } from "../../lib";
import type { LoadTableOptions, TableName } from "../../lib";
import { contentHashes, sha256 } from "../../lib/data/files/data-file";
import { SHIPPED, UCI_TABLES } from "../../lib/data/tables/table-catalogue";
import { tableText } from "../../lib/data/tables/table-text";

const bytesHash = (values: Float64Array | Int32Array): string =>
  createHash("sha256").update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest("hex");

type Reference = [name: TableName, n: number, d: number, X: string, y: string, options?: LoadTableOptions];

// SHA-256 of the numbers as little-endian float64 and int32. The first four: scikit-learn 1.9.1's arrays; the others:
// the files read by pandas 3.0 with "?" as missing, classes by numpy.unique.
const references: Reference[] = [
  ["iris", 150, 4, "012f498fe9c8b3b34212c3c5d98e1f03f2f79931cd49349beb1bad64dcf164a7",
    "4a6a37bf170811d96e7a0037885a4e551c8c43ea2e842868ff0c5c18b56dcfbc"],
  ["wine", 178, 13, "8edcf3903afd97c64d51e0212eb10b213f7943da650574d1c055b836c5c35d37",
    "0be58cb5da6cf456cccebcfa204733df3c0aeff187850f645b2fef1b737a8330"],
  ["wdbc", 569, 30, "6b202a2072f9a0385f405a8f8605b1b06f6f36ae6d23d9cd6cbbc0974a416bc7",
    "87c312fd4d24bc09c1ae4226107ad639989de53817109dd83465b2af8125f92b"],
  ["digits", 1797, 64, "20def7f70a702f0af9732fbba4375e147a7d54fe70d8c45569b8e7c1c7010c10",
    "3a0e68456f9a3c609b399717dd9ca55bb9153be1bccf72e38e3319cb740c75cd"],
  ["breast-cancer-wisc", 683, 9, "72a056f7454c18c2fe7baca3dc1c4944aa0ddcda497944c6834e17a08047c14c",
    "b9196c0995e4fdcde7d5e56a5aac9e341770242e3c57ec00c41bf63b99f47b08"],
  ["breast-cancer-wisc", 699, 9, "01fd4b6e905d6ea7d6f9c70d4f92d4d00471d1a536bbdcf240692a598101f77f",
    "3b6f5485e1c897cc021a6594094f79c7f821fb415cf44487c70c3cc28bf466f4", { missing: "median" }],
  ["ionosphere", 351, 34, "69468e18f3a97d2ed2709a0ad1fb4263f1dbd16f658b15500513ef06ccd7af71",
    "4b92280aa6b31a996751ee5a835bb85f34c223635f9a12f352aa2d7d9daa5cbc"],
  ["pima", 768, 8, "db6367d8ed67a9f06f9276bd075617c0240bd36838c34d7b921f6b21df60036c",
    "26c0222bbc37242869e270fc8d696712c7a09207ab278c3492d1483f3957d777"],
  ["sonar", 208, 60, "0d6ab10c8d741bdda9f7525380780a205260255ac763c9e103fe0da3e41deec8",
    "7e59f1254048c96e4017c35a418c3b801aa0c0efbc8ec69aab76e42350572d9d"],
  ["glass", 214, 9, "ec3bb3cbe02e01600db223bfebc8573a269585bfbf07dd37d7e4c25ec77396f6",
    "36d0b2c366a9e9fdac3a9a7190db9033a32c1557692c2e73ee3e7961cf403372"],
  ["ecoli", 336, 7, "78f0050e7ea489ee0f67656d4d5c76d45ee7262c8ed09c08e29b9d7099105977",
    "4263a4ea0a5e55babfd8953b38a8ff021b974271e118018bca3b8059b73efc4b"],
  ["haberman", 306, 3, "1e4872ba6ffdb17171b0ce59407c3e08de8d4f89ced01e4adb14632256ee5345",
    "35b249f9d024fc6d4092c3db14835a683a06e78a78766c22d30893524bf1d8a4"],
];

for (const [name, n, d, hashOfX, hashOfY, options] of references)
  test(`loadTable("${name}"${options ? ", median" : ""}) has the peer's numbers bit for bit`, async () => {
    const { X, y, featureNames, classNames } = await loadTable(name, options);
    assert.deepEqual(X.shape, [n, d]);
    assert.equal(bytesHash(X.data), hashOfX);
    assert.equal(bytesHash(y), hashOfY);
    assert.equal(new Set(featureNames).size, d);
    assert.equal(classNames.length, new Set(y).size);
  });

test("loadTable names features and classes", async () => {
  const iris = await loadTable("iris");
  const features = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"];
  assert.deepEqual(iris.featureNames, features);
  assert.deepEqual(iris.classNames, ["setosa", "versicolor", "virginica"]);
  assert.deepEqual((await loadTable("digits")).imageShape, [8, 8, 1]);
});

test("Every table has a name, and every table that does not ship two addresses", () => {
  assert.equal(tableNames.length, 11);
  for (const { file } of Object.values(UCI_TABLES)) assert.ok(file.mirrors.length >= 2);
});

test("A shipped table that was changed has another checksum; other line endings have not", async () => {
  const { file } = SHIPPED.iris;
  const path = join(__dirname, "../../data/iris.csv");
  const text = readFileSync(path, "utf8");
  const { columns, sha256: expected } = file.content as { columns: number; sha256: string };
  assert.deepEqual(await contentHashes(file, path), { content: expected });
  assert.equal(sha256(tableText(text.replaceAll("\n", "\r\n"), columns)), expected);
  assert.notEqual(sha256(tableText(text.replace("5.1", "5.2"), columns)), expected);
});

test("tableText drops ids and names, whatever separates the values", () => {
  const wanted = "0.49,0.29,cp\n0.07,0.40,im";
  assert.equal(tableText("AAT_ECOLI   0.49  0.29   cp\nACEA_ECOLI  0.07  0.40   im\n", 3), wanted);
  assert.equal(tableText("1,0.49,0.29,cp\r\n2,0.07,0.40,im\r\n\r\n", 3), wanted);
  assert.equal(tableText(wanted, 3), wanted);
});

test("loadTable names an unknown table and those it knows", async () => {
  const message = /name must be one of iris, wine, .*haberman, got "titanic"/;
  await assert.rejects(loadTable("titanic" as TableName), { name: "RangeError", message });
  const missing = "mean" as "median";
  await assert.rejects(loadTable("iris", { missing }), /missing must be one of drop, median, got "mean"/);
});
