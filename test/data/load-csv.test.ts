import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { DataFileError, loadCsv, loadTable, toRows, type LoadCsvOptions, type TableName } from "../../lib";

const folder = mkdtempSync(join(tmpdir(), "csv-"));
after(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const people = "age,town,size,pays\n31,Ulm,S,yes\n45,Bonn,L,no\n28,Ulm,M,no\n";

const refuses = (text: string, options: LoadCsvOptions, message: RegExp): Promise<void> =>
  assert.rejects(loadCsv(text, options), { name: "RangeError", message });

test("a table's numbers stay, its text becomes a feature a category, its classes get their names", async () => {
  const table = await loadCsv(people, { target: "pays", ordinal: { size: ["S", "M", "L"] } });
  assert.deepEqual(toRows(table.X), [[31, 0, 1, 0], [45, 1, 0, 2], [28, 0, 1, 1]]);
  assert.deepEqual(table.featureNames, ["age", "town=Bonn", "town=Ulm", "size"]);
  assert.deepEqual([[...table.y], table.classNames], [[1, 0, 0], ["no", "yes"]]);
  assert.deepEqual(table.columns, [
    { name: "age", kind: "numeric", missing: 0 },
    { name: "town", kind: "one-hot", categories: ["Bonn", "Ulm"], missing: 0 },
    { name: "size", kind: "ordinal", categories: ["S", "M", "L"], missing: 0 },
  ]);
  assert.deepEqual([table.name, table.dropped], ["CSV", []]);
});

test("a file, its address and its text give the same table", async (t) => {
  const path = file("people.csv", people);
  const options = { target: "pays" };
  const { name, ...read } = await loadCsv(path, options);
  assert.equal(name, "people");
  assert.deepEqual({ name, ...read }, await loadCsv(pathToFileURL(path), options));
  assert.deepEqual({ name: "CSV", ...read }, await loadCsv(people, options));
  const server = createServer((request, reply) => {
    const found = request.url === "/people.csv";
    const type = request.url === "/page" ? "text/html" : "text/csv";
    reply.writeHead(found || type === "text/html" ? 200 : 404, { "content-type": type }).end(people);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => (server.closeAllConnections(), server.close()));
  assert.deepEqual({ name, ...read }, await loadCsv(`${base}/people.csv`, options));
  await assert.rejects(loadCsv(`${base}/nobody.csv`, options), /nobody\.csv: status 404 Not Found/);
  await assert.rejects(loadCsv(`${base}/page`, options), /that is a web page; is there an address of the raw file/);
  await assert.rejects(loadCsv("http://127.0.0.1:1/people.csv", options), /people\.csv: .*ECONNREFUSED|bad port/);
});

test("byte order marks, line ends, semicolons, tabs and older encodings read as the plain table does", async () => {
  const plain = await loadCsv(people, { target: "pays", name: "people" });
  const variants: [content: string | Buffer, options?: Partial<LoadCsvOptions>][] = [
    [`\uFEFF${people}`],
    [people.replaceAll("\n", "\r\n")],
    [people.replaceAll("\n", "\r")],
    [people.replaceAll(",", ";")],
    [people.replaceAll(",", "\t")],
    [people.replaceAll(",", " , ").trimEnd()],
    [people.replaceAll("\n", "\n\n")],
    [Buffer.from(`\uFEFF${people}`, "utf16le")],
    [Buffer.from(`\uFEFF${people}`, "utf16le").swap16()],
    [people, { encoding: "windows-1252", delimiter: "," }],
  ];
  for (const [content, options] of variants)
    assert.deepEqual(await loadCsv(file("people.csv", content), { target: "pays", ...options }), plain);
  const old = file("old.csv", Buffer.from("town,pays\nM\xfcnster,yes\nUlm,no\n", "latin1"));
  await assert.rejects(loadCsv(old, { target: "pays" }), /old\.csv is not utf-8 text; .*encoding: "windows-1252"/);
  const { featureNames } = await loadCsv(old, { target: "pays", encoding: "windows-1252" });
  assert.deepEqual(featureNames, ["town=Münster", "town=Ulm"]);
});

test("quoted values hold delimiters, line breaks and quotes; a message names where their row begins", async () => {
  const text = 'note,x,class\n"a, ""b""\nc",1,u\nplain,2,v\n';
  const table = await loadCsv(text, { target: "class" });
  assert.deepEqual(table.featureNames, ['note=a, "b"\nc', "note=plain", "x"]);
  await refuses(text.replace("plain,2", "plain,two"), { target: "class" }, /column x .* got "two" in line 4/);
  await refuses(text.replace('c",1', 'c",one'), { target: "class" }, /column x .* got "one" in line 2/);
  await refuses('x,class\n"1,u\n', { target: "class", delimiter: "," }, /Quote Not Closed.* line 2/);
});

test("whatever the values, a table that is quoted by RFC 4180 comes back", async () => {
  const value = fc.string({ unit: fc.constantFrom(..."ab,;\"\n\r é1") }).map((text) => `v${text}v`);
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 9 }), async (rows) => {
    const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","));
    const table = await loadCsv(["a,class", ...quoted].join("\r\n"), { target: "class", delimiter: "," });
    const [column] = table.columns;
    const back = toRows(table.X).map((row, i) => [column.categories![row.indexOf(1)], table.classNames[table.y[i]]]);
    assert.deepEqual(back, rows);
  }));
});

test("a decimal comma and a thousands separator are refused, with column and line", async () => {
  const rule = "must write its numbers with a decimal point and without thousands separators";
  await refuses("x;class\n1.5;a\n2,5;b\n", { target: "class" }, new RegExp(`column x ${rule}: got "2,5" in line 3`));
  await refuses('x,class\n1.5,a\n"1,234",b\n', { target: "class" }, new RegExp(`${rule}: got "1,234" in line 3`));
  await refuses("x;class\n1.234,5;a\n2;b\n", { target: "class" }, new RegExp(`${rule}: got "1\\.234,5" in line 2`));
  await refuses("x;class\n;a\n2,5;b\n", { target: "class", missing: "median" }, new RegExp(`${rule}: got "2,5"`));
});

test("a line of another length is named", async () => {
  const text = "x,y,class\n1,2,a\n3,b\n\n4,5,6,a\n";
  await refuses(text, { target: "class" }, /must have 3 values, one a column; line 3 has 2, line 5 has 4$/);
  const many = `x,y,class\n${"1,a\n".repeat(5)}`;
  await refuses(many, { target: "class" }, /line 2 has 2, line 3 has 2, line 4 has 2, and 2 more lines$/);
});

test("missing values are refused by name, or left out, or filled and counted", async () => {
  const text = "x,town,class\n1,Ulm,a\n,Ulm,b\n5,?,a\n8,Bonn,b\n";
  const gaps = /values are missing in x \(1, first in line 3\), town \(1, first in line 4\); missing: "drop"/;
  await refuses(text, { target: "class" }, gaps);
  const dropped = await loadCsv(text, { target: "class", missing: "drop" });
  assert.deepEqual([toRows(dropped.X), dropped.dropped], [[[1, 0, 1], [8, 1, 0]], [3, 4]]);
  const filled = await loadCsv(text, { target: "class", missing: "median" });
  assert.deepEqual(toRows(filled.X), [[1, 0, 1], [5, 0, 1], [5, 0, 1], [8, 1, 0]]);
  assert.deepEqual(filled.columns.map(({ name, missing, filledWith }) => [name, missing, filledWith]),
    [["x", 1, 5], ["town", 1, "Ulm"]]);
  const named = await loadCsv("x,class\n-9,a\n3,b\n5,a\n", { target: "class", missing: "drop", missingValues: ["-9"] });
  assert.deepEqual(toRows(named.X), [[3], [5]]);
});

test("a missing class never becomes a class", async () => {
  const text = "x,class\n1,a\n2,\n3,null\n4,b\n";
  await refuses(text, { target: "class" }, /values are missing in class \(2, first in line 3\)/);
  const unknown = /column class must hold a class in each row, got none in line 3/;
  await refuses(text, { target: "class", missing: "median" }, unknown);
  const { classNames, dropped } = await loadCsv(text, { target: "class", missing: "drop" });
  assert.deepEqual([classNames, dropped], [["a", "b"], [3, 4]]);
  await refuses("x,class\n1,\n2,\n", { target: "class", missing: "drop" }, /each row misses a value/);
  const empty = /column x must have a value, got none/;
  await refuses("x,y,class\n,1,a\n,2,b\n", { target: "class", missing: "median" }, empty);
});

test("text among numbers, ids, dates and endless numbers are refused with what to do", async () => {
  const of = (...values: string[]) => ["x,y,class", ...values.map((value, i) => `${value},${i},${i % 2}`)].join("\n");
  const target = "class";
  await refuses(of("1", "2", "n.a."), { target }, /must hold numbers or text, not both; .*: got "n\.a\." in line 4/);
  await refuses(of("red", "blue", "3"), { target }, /not both; .*: got "3" in line 4/);
  await refuses(of("1", "1e999"), { target }, /must hold finite numbers: got "1e999" in line 3/);
  await refuses(of("1", "9007199254740993"), { target }, /whole numbers up to 2⁵³ .*got "9007199254740993" in line 3/);
  await refuses(of(...Array.from({ length: 101 }, (_, i) => `id${i}`)), { target },
    /column x must have at most maxCategories = 100 different values, got 101, such as "id0", "id1"; ignore/);
  assert.deepEqual((await loadCsv(of("id1", "2"), { target, ignore: ["x"] })).featureNames, ["y"]);
  const codes = await loadCsv(of("10", "9", "10"), { target, categorical: ["x"] });
  assert.deepEqual(codes.featureNames, ["x=9", "x=10", "y"]);
});

test("a measured quantity is no class, unless it is said that each of its numbers is one", async () => {
  const text = "x,price\n1,2\n2,2.50\n3,4\n";
  await assert.rejects(loadCsv(text, { target: "price" }), /must be .*integers\), got 2\.50 in line 3 of price;/);
  const { classNames } = await loadCsv(text, { target: "price", categorical: ["price"] });
  assert.deepEqual(classNames, ["2", "2.50", "4"]);
  assert.deepEqual((await loadCsv("x,y\n1,2.0\n2,3.0\n", { target: "y" })).classNames, ["2.0", "3.0"]);
});

test("classes that are numbers are ordered by size", async () => {
  const { classNames, y } = await loadCsv("x,grade\n1,10\n2,9\n3,-1\n", { target: "grade" });
  assert.deepEqual([classNames, [...y]], [["-1", "9", "10"], [2, 1, 0]]);
});

test("columns without names, with one name, or unknown are named", async () => {
  const target = "class";
  await refuses(people, { target: "paid" }, /target must name columns among "age", .*"pays", got "paid"/);
  await refuses(people, { target: "pays", ignore: ["name"] }, /ignore must name columns .* got "name"/);
  await refuses(people, { target: "pays", ordinal: { height: ["a"] } }, /ordinal must name columns .* got "height"/);
  const listed = /must hold what ordinal lists \(S, M\): got "L" in line 3/;
  await refuses(people, { target: "pays", ordinal: { size: ["S", "M"] } }, listed);
  await refuses("x,x,class\n1,2,a\n", { target }, /columns must differ in name, got "x" twice/);
  await refuses(",x,class\n0,1,a\n", { target }, /column 1 has no name; is it a row number\? ignore: \[""\] leaves/);
  assert.deepEqual((await loadCsv(",x,class\n0,1,a\n", { target, ignore: [""] })).featureNames, ["x"]);
  await refuses("5.1,3.5,0\n4.9,3,1\n", { target: "0" }, /first line must name the columns, got 5\.1, 3\.5, 0/);
  const named = await loadCsv("5.1,3.5,0\n4.9,3,1\n", { target, columns: ["x", "y", "class"] });
  assert.deepEqual(toRows(named.X), [[5.1, 3.5], [4.9, 3]]);
  await refuses("class\na\n", { target }, /must be a column beside the target/);
  await refuses("x,class\n", { target }, /at least one row, got none/);
  await refuses("a;b,c\n1;2,3\n", { target: "c" }, /delimiter must be given, since "," or ";" would both do/);
});

test("a file that is not there, a folder, a spreadsheet and a wrong encoding are told apart", async () => {
  const target = "class";
  await assert.rejects(loadCsv(join(folder, "none.csv"), { target }), (error: Error) =>
    error instanceof DataFileError && /none\.csv: there is no such file; looked for at /.test(error.message));
  await assert.rejects(loadCsv(folder, { target }), /that is a folder/);
  await assert.rejects(loadCsv(file("book.xlsx", "PK\x03\x04\0\0"), { target }), /must be saved as CSV first/);
  const encoding = "klingon";
  await assert.rejects(loadCsv(file("a.csv", people), { target, encoding }), /encoding must be one .* got "klingon"/);
});

test("a shipped table read as one's own is the shipped table", async () => {
  const path = join(__dirname, "../../data/wine.csv");
  const wine = await loadTable("wine");
  const own = await loadCsv(path, { target: "class" });
  assert.deepEqual([own.X, own.y, own.featureNames, own.classNames],
    [wine.X, wine.y, wine.featureNames, wine.classNames]);
});

test("loadTable points whoever gives it a path to loadCsv", async () => {
  const message = /got "\/people\.csv"; a file of your own is read by loadCsv/;
  await assert.rejects(loadTable("/people.csv" as TableName), { name: "RangeError", message });
});

test("a packed and an empty file are called so, and one number is one class however it is written", async () => {
  const options = { target: "pays" };
  await assert.rejects(loadCsv(file("people.csv.gz", gzipSync(people)), options), /is packed by gzip; unpack it first/);
  await assert.rejects(loadCsv(file("empty.csv", ""), options), /source must hold lines, got none/);
  await refuses("age,pays\n1,1.0\n2,1\n3,2\n", options,
    /target must write each number in one way, got 1.0 and 1 in pays/);
  const codes = await loadCsv("age,pays\n1,01\n2,1\n3,2\n", { ...options, categorical: ["pays"] });
  assert.deepEqual(codes.classNames, ["01", "1", "2"]);
});
