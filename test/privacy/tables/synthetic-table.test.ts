import assert from "node:assert/strict";
import { test } from "node:test";
import {
  composedEpsilon, csvText, loadCsv, marginalDistance, matrix, seededRng, syntheticTable, type CsvDataset,
  type SyntheticTableOptions,
} from "../../../lib";
import { givenColumn, type CodedColumn } from "../../../lib/privacy/tables/column-domain";
import { learnTable } from "../../../lib/privacy/tables/learn-table";
import { sampleRows } from "../../../lib/privacy/tables/sample-rows";
import { sourceColumns } from "../../../lib/privacy/tables/source-columns";
import { tableReleases, type TableReleases } from "../../../lib/privacy/tables/table-releases";
import { domain, people } from "./table-of";

const table = people(2000, seededRng(1));
const settings = { epsilon: 2, delta: 1e-6, domain } as const;
const invent = (seed: number, more: Partial<SyntheticTableOptions> = {}, from: CsvDataset = table) =>
  syntheticTable(from, { ...settings, rng: seededRng(seed), ...more });

test("invented rows have the domain's values and nearly the real marginals, also of three columns together", () => {
  const invented = invent(2);
  assert.deepEqual(invented.featureNames, table.featureNames);
  assert.deepEqual([invented.classNames, invented.target, invented.neighbors], [["no", "yes"], "pays", "add-remove"]);
  assert.ok(Math.abs(invented.y.length - 2000) < 100, `${invented.y.length} rows`);
  const ages = [...invented.X.data].filter((_, p) => p % 4 === 0);
  assert.ok(ages.every((age) => Number.isNaN(age) || (Number.isInteger(age) && age >= 18 && age <= 80)));
  const missing = ages.filter(Number.isNaN).length / ages.length;
  assert.ok(missing > 0.05 && missing < 0.15, `${missing} missing`);
  assert.equal(invented.columns[0].missing, ages.filter(Number.isNaN).length);
  for (const [ways, most] of [[1, 0.04], [2, 0.08], [3, 0.12]]) {
    const distance = marginalDistance(table, invented, { domain: invented.domain, ways });
    assert.ok(distance < most, `${ways}: ${distance}`);
  }
  const apart = invent(2, { choice: "independent" });
  const [near, far] = [invented, apart].map((each) => marginalDistance(table, each, { domain: each.domain, ways: 2 }));
  assert.ok(far > 3 * near, `${far} and ${near}`);
});

test("the parts compose to the whole: never above it, and below it by a millionth", () => {
  for (const choice of ["adaptive", "spanning-tree", "independent"] as const) {
    const { releases } = invent(3, { choice });
    const total = composedEpsilon(releases.map(({ event }) => event), { delta: 1e-6 });
    assert.ok(total <= 2 && total > 2 * (1 - 1e-5), `${choice}: ${total}`);
    assert.ok(Math.abs(releases.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
    assert.ok(releases.every(({ deltaShare }) => deltaShare === 0));
  }
});

test("an ε whose discrete noise can't be drawn is refused in the words of the call", () => {
  assert.throws(() => invent(1, { epsilon: 1e-7, noise: "discrete" }),
    { name: "RangeError", message: /^syntheticTable: epsilon must be larger for discrete noise, got 1e-7: / });
});

test("discrete noise: whole counts, the parts compose to the whole, and rows nearly as good", () => {
  for (const choice of ["adaptive", "spanning-tree", "independent"] as const) {
    const invented = invent(3, { choice, noise: "discrete" });
    const total = composedEpsilon(invented.releases.map(({ event }) => event), { delta: 1e-6 });
    assert.ok(total <= 2 && total > 2 * 0.999, `${choice}: ${total}`);
    assert.equal(invented.noise, "discrete");
  }
  const distance = (noise: "normal" | "discrete") => [4, 5, 6].reduce((sum, seed) => {
    const invented = invent(seed, { noise });
    return sum + marginalDistance(table, invented, { domain: invented.domain, ways: 2 }) / 3;
  }, 0);
  assert.ok(distance("discrete") < 1.3 * distance("normal"), `${distance("discrete")} and ${distance("normal")}`);
});

test("a domain that is found is counted: its share of the budget, and names' share of δ", () => {
  const { releases, domain: found } = invent(4, { domain: { age: "private", town: "private", pays: ["no", "yes"] } });
  assert.deepEqual(releases.slice(0, 2).map(({ name, share, deltaShare }) => [name, share, deltaShare]),
    [["range of age", 0.02, 0], ["names in town", 0.02, 0.1]]);
  const delta = 1e-6 * (1 - releases.reduce((sum, { deltaShare }) => sum + deltaShare, 0));
  const total = composedEpsilon(releases.map(({ event }) => event), { delta });
  assert.ok(total <= 2 && total > 2 * (1 - 1e-5));
  assert.deepEqual(found[1].categories, ["Bonn", "Köln", "Ulm", "(other)"]);
  assert.deepEqual([found[0].edges?.[0], found[0].edges?.at(-1), found[0].decimals], [16, 65, 0]);
});

test("a name that one row has is not found, whatever its row says", () => {
  const categories = [...table.columns[1].categories as readonly string[], "Wien"];
  const data = new Float64Array(2000 * 5);
  for (let i = 0; i < 2000; i++) for (let j = 0; j < 4; j++) data[i * 5 + j] = table.X.data[i * 4 + j];
  data.set([40, 0, 0, 0, 1], 0);
  const columns = [table.columns[0], { ...table.columns[1], categories }];
  const withRare = { ...table, X: matrix(data, [2000, 5]), columns };
  for (let seed = 0; seed < 5; seed++) {
    const { domain: found } = invent(seed, { choice: "independent", domain: { ...domain, town: "private" } }, withRare);
    assert.deepEqual(found[1].categories, ["Bonn", "Köln", "Ulm", "(other)"]);
  }
});

for (const noise of ["normal", "discrete"] as const)
  test(`with one row other and every release replayed, all that comes after is equal: ${noise} noise`, () => {
    const other: CsvDataset = { ...table, X: matrix(table.X.data.slice(4), [1999, 4]), y: table.y.slice(1) };
    const columns: (CodedColumn | null)[] = [null, null, givenColumn(sourceColumns(table)[2], domain.pays)];
    const doorOf = (from: CsvDataset): TableReleases => tableReleases(sourceColumns(from),
      { epsilon: 2, delta: 1e-6, namesToFind: 1, noise, rng: seededRng(5), record: () => undefined });
    const learn = (releases: TableReleases) => {
      const learned = learnTable(releases, { columns, choice: "adaptive", ways: 3, maxCells: 1e5, rng: seededRng(6) });
      return { columns: learned.columns, rows: sampleRows(learned.model, { rows: 100, rng: seededRng(7) }) };
    };
    const said: unknown[] = [];
    const here = doorOf(table);
    const tell = <T>(answer: T): T => {
      said.push(answer);
      return answer;
    };
    const first = learn({ ...here,
      findColumn: (...asked) => tell(here.findColumn(...asked)),
      measure: (...asked) => tell(here.measure(...asked)),
      choose: (...asked) => tell(here.choose(...asked)),
    });
    const there = doorOf(other);
    let [at, changed] = [0, 0];
    // The neighbour's own releases are made, and are others; what is learned from is what was said before.
    const replay = <T>(answer: T): T => {
      if (JSON.stringify(answer) !== JSON.stringify(said[at])) changed++;
      return said[at++] as T;
    };
    const second = learn({ ...there,
      findColumn: (...asked) => replay(there.findColumn(...asked)),
      measure: (...asked) => replay(there.measure(...asked)),
      choose: (...asked) => replay(there.choose(...asked)),
    });
    assert.equal(at, said.length);
    assert.ok(changed > 3, `${changed} answers differ`);
    assert.deepEqual(second, first);
    assert.throws(() => here.measure([0], 0.1), { name: "BudgetExceededError" });
    assert.throws(() => here.findColumn(0, 0.1), { name: "BudgetExceededError" });
  });

test("the same seed gives the same table, another seed another; more rows of the model cost nothing", () => {
  const first = invent(8, { rows: 50 });
  assert.equal(csvText(invent(8, { rows: 50 })), csvText(first));
  assert.notEqual(csvText(invent(9, { rows: 50 })), csvText(first));
  assert.equal(first.sample({ rows: 7, rng: seededRng(1) }).y.length, 7);
  assert.equal(first.sample({ rows: 0, rng: seededRng(1) }).y.length, 0);
});

test("a table of one's own takes four lines, and what comes out can be loaded again", async () => {
  const text = csvText(table);
  const mine = await loadCsv(text, { target: "pays", missing: "keep" });
  const invented = invent(10, {}, mine);
  const again = await loadCsv(csvText(invented), { target: "pays", missing: "keep" });
  assert.deepEqual(again.X, invented.X);
  assert.deepEqual(again.y, invented.y);
  const vouched = invent(10, { domain: { age: "public", town: "public", pays: "public" } }, mine);
  assert.deepEqual(vouched.domain[1].categories, ["Bonn", "Köln", "Ulm"]);
  assert.ok(vouched.domain[0].missing && !vouched.domain[1].missing);
});

test("ordered names stay ordered, numbers keep their decimals, edges are kept", async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `${["S", "M", "L"][i % 3]},${(i % 10) / 4},${i % 2}`);
  const sizes = await loadCsv(`size,weight,y\n${lines.join("\n")}\n`,
    { target: "y", ordinal: { size: ["S", "M", "L"] } });
  const invented = syntheticTable(sizes, { epsilon: 5, delta: 1e-6, rng: seededRng(1), domain: {
    size: ["S", "M", "L"], weight: { min: 0, max: 3, edges: [0, 0.01, 1], decimals: 2 }, y: ["0", "1"],
  } });
  assert.equal(invented.columns[0].kind, "ordinal");
  assert.deepEqual(invented.domain[1].edges, [0, 1, 100, 301]);
  const weights = [...invented.X.data].filter((_, p) => p % 2 === 1);
  assert.ok(weights.includes(0) && weights.every((weight) => Number(weight.toFixed(2)) === weight));
});

test("an interrupted run ends, and progress goes from 0 to 1", () => {
  const signal = AbortSignal.abort(new Error("enough"));
  assert.throws(() => invent(1, { signal }), /enough/);
  const seen: number[] = [];
  invent(1, { onProgress: (done) => void seen.push(done) });
  assert.ok(seen.every((done, i) => i === 0 || done >= seen[i - 1]) && seen[0] > 0 && seen.at(-1) === 1);
});

test("bad input is refused by name", async () => {
  const refuses = (message: RegExp, more: Partial<SyntheticTableOptions>, from: CsvDataset = table): void =>
    void assert.throws(() => invent(1, more, from), { name: "RangeError", message });
  refuses(/column town may have, got nothing.*"private".*"public"/, { domain: { age: domain.age, pays: domain.pays } });
  refuses(/domain must name columns among age, town, pays, got "city"/, { domain: { ...domain, city: ["Ulm"] } });
  refuses(/town must hold names of its domain, got "(Köln|Ulm)" in row/, { domain: { ...domain, town: ["Bonn"] } });
  refuses(/column age must hold numbers from min to max/,
    { domain: { ...domain, age: { min: 0, max: 30, missing: true } } });
  refuses(/column age must hold a value in each row/, { domain: { ...domain, age: { min: 18, max: 80 } } });
  refuses(/domain of column age must have min below max, got 3 and NaN/,
    { domain: { ...domain, age: { min: 3, max: NaN } } });
  refuses(/domain of column age must have min and max/, { domain: { ...domain, age: ["a"] } });
  refuses(/domain of column town must list its names/, { domain: { ...domain, town: { min: 0, max: 1 } } });
  refuses(/got "Ulm" twice/, { domain: { ...domain, town: ["Ulm", "Ulm"] } });
  refuses(/edges of column age must ascend from min/,
    { domain: { ...domain, age: { min: 18, max: 80, edges: [20, 30], missing: true } } });
  refuses(/at most maxCells = 10 values in all columns together, got 27, of them 22 in column age/, { maxCells: 10 });
  for (const epsilon of [0, NaN, -1, Infinity]) refuses(/epsilon must be/, { epsilon });
  for (const delta of [0, 1, NaN]) refuses(/delta must be/, { delta });
  for (const ways of [0, 5, 1.5]) refuses(/ways must be/, { ways });
  refuses(/rows must be an integer/, { rows: -1 });
  refuses(/choice must be one of/, { choice: "best" as never });
  const filled = await loadCsv("a,b\n1,x\n?,y\n3,x\n", { target: "b", missing: "median" });
  refuses(/column a must not be filled/, { domain: { a: { min: 0, max: 3 }, b: ["x", "y"] } }, filled);
  const none: CsvDataset = { ...table, X: matrix(new Float64Array(0), [0, 4]), y: new Int32Array(0) };
  refuses(/rows of the table must be/, {}, none);
  const empty: CsvDataset = { ...table, X: matrix(table.X.data.map((v, p) => (p % 4 ? v : NaN)), table.X.shape) };
  refuses(/column age must have a value, got none/, { domain: { ...domain, age: "public" } }, empty);
});

test("classes are never missing, whatever the domain; other columns may be", () => {
  for (let seed = 0; seed < 5; seed++) {
    const invented = invent(seed, { epsilon: 0.3, domain: { ...domain, town: "private", pays: "private" }, rows: 300 });
    assert.ok(invented.y.every((label) => label < invented.classNames.length));
    assert.ok(!invented.domain[2].missing && invented.domain[1].missing);
    assert.equal(csvText(invented).split("\n").filter((line) => line.endsWith(",")).length, 0);
  }
  assert.throws(() => invent(1, { domain: { ...domain, pays: { categories: ["no", "yes"], missing: true } } }),
    { name: "RangeError", message: /domain of column pays must not have missing: true/ });
});

test("names come in the order of loadCsv, or of ordinal, however the domain lists them: models of both tables agree",
  async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${["S", "M", "L"][i % 3]},${[10, 9, 100][i % 3]},${i % 2}`);
    const real = await loadCsv(`size,code,y\n${lines.join("\n")}\n`,
      { target: "y", ordinal: { size: ["S", "M", "L"] }, categorical: ["code"] });
    const domains = [
      { size: ["L", "S", "M"], code: ["9", "100", "10"], y: ["1", "0"] },
      { size: "public", code: "public", y: "public" }, { size: "private", code: "private", y: "private" },
    ] as const;
    for (const each of domains) {
      const invented = syntheticTable(real, { epsilon: 50, delta: 1e-6, rng: seededRng(1), domain: each });
      const shared = invented.featureNames.filter((name) => !name.includes("(other)"));
      assert.deepEqual(shared, real.featureNames);
      assert.deepEqual(invented.classNames.slice(0, 2), ["0", "1"]);
      assert.deepEqual(invented.columns[0].categories?.slice(0, 3), ["S", "M", "L"]);
    }
  });

test("a public column keeps the digits of small numbers; one narrower than its last digit is refused", async () => {
  const small = await loadCsv(`rate,y\n${Array.from({ length: 200 }, (_, i) =>
    `${(1 + (i % 8)) / 4}e-12,${i % 2}`).join("\n")}\n`, { target: "y" });
  const given = { epsilon: 50, delta: 1e-6, rng: seededRng(1) };
  const invented = syntheticTable(small, { ...given, domain: { rate: "public", y: "public" } });
  assert.ok(invented.X.data.every((rate) => rate >= 0.25e-12 && rate <= 2e-12));
  assert.ok(new Set(invented.X.data).size > 4);
  const message = /column rate must be wider than a unit of its last digit, got 0 to 1e-11 with decimals: 0/;
  assert.throws(() => syntheticTable(small, { ...given, domain: { rate: { min: 0, max: 1e-11 }, y: "public" } }),
    { name: "RangeError", message });
  assert.throws(() => syntheticTable(small, { ...given, domain: { rate: null as never, y: "public" } }),
    { name: "RangeError", message: /domain of column rate must have min and max/ });
});
