/*
 * Which settings should `autoStrategy` have? Each candidate is tried on tables that notebook 05 does not judge it by:
 * two originals a table, a copy from 1,000 labels, fidelity error on the other half of the rows.
 *
 *     node --import tsx bench/tune-auto.ts
 *
 * goes on where it stopped (an hour on two cores), keeps errors in bench/tuned-auto.json and prints the comparison.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AutoSettings, autoStrategy, blackBox, classCounts, copy, dynamicalRange, type Estimator, fidelityError,
  knownMomentsSampler, loadUciTable, mean, oneHotSampler, pipeline, randomForest, seededRng, standardScaler,
  stratifiedSplit, subset, svc, type UciTableName,
} from "../lib";

const TABLES: readonly UciTableName[] = [
  "column3C", "heart.statlog", "diabetes", "ecoli", "balance.scale", "pendigits", "heart.c", "segment", "tic-tac-toe",
  "hepatitis", "credit.a", "ionosphere", "cmc", "sonar", "haberman", "breast.cancer",
];
/** As they were before this comparison. */
const FORMER: AutoSettings = { plainShare: 0.4, halfWayShare: 0.7, hopelessError: 0.25, spread: 2 };
const CANDIDATES: Record<string, Partial<AutoSettings>> = {
  "as it was": {},
  "plainShare .25": { plainShare: 0.25 }, "plainShare .55": { plainShare: 0.55 },
  "spread 1": { spread: 1 }, "spread 4": { spread: 4 },
  "hopelessError .15": { hopelessError: 0.15 }, "hopelessError .4": { hopelessError: 0.4 },
};
const [BEFORE, ...OTHERS] = Object.keys(CANDIDATES);
const [LABELS, SEED, TRAIN_ROWS, TEST_ROWS, FOLDS] = [1000, 1, 500, 1000, 4];
const FILE = join(__dirname, "tuned-auto.json");

/** Fidelity errors of each candidate's copy of one original. */
interface Cell {
  readonly table: UciTableName;
  readonly original: string;
  readonly errors: Record<string, number>;
}

const originals = (): Record<string, Estimator> => ({
  SVC: pipeline(standardScaler(), svc()), forest: randomForest({ numTrees: 100, rng: seededRng(SEED).spawn(1) }),
});

async function measure(table: UciTableName, original: string): Promise<Cell> {
  const data = await loadUciTable(table);
  const counts = classCounts(data.y, data.classNames.length);
  const usable = subset(data, Array.from(data.y.keys()).filter((i) => counts[data.y[i]] > 1));
  const halves = stratifiedSplit(usable.y, { testFraction: 0.5, rng: seededRng(SEED) });
  const train = subset(usable, halves.train.slice(0, TRAIN_ROWS));
  const test = subset(usable, halves.test.slice(0, TEST_ROWS));
  const ranges = dynamicalRange(train.X);
  const sampler = oneHotSampler(ranges, { columns: data.columns, numeric: knownMomentsSampler });
  const model = originals()[original].fit(train.X, train.y);
  const truth = model.predict(test.X);
  const errors: Record<string, number> = {};
  for (const [name, settings] of Object.entries(CANDIDATES)) {
    const strategy = autoStrategy({ ranges, sampler, settings: { ...FORMER, ...settings } });
    const { classifier } = await copy(blackBox(model, { budget: LABELS }),
      { strategy, budget: LABELS, rng: seededRng(SEED) });
    errors[name] = fidelityError(truth, classifier.predict(test.X));
  }
  return { table, original, errors };
}

const meanOf = (cells: readonly Cell[], name: string): number => mean(cells.map(({ errors }) => errors[name]));

/** The candidate that the tables of other folds choose, judged on each fold's own. */
function crossValidated(cells: readonly Cell[]): { chosen: string[]; error: number } {
  const foldOf = ({ table }: Cell): number => TABLES.indexOf(table) % FOLDS;
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const choosing = cells.filter((cell) => foldOf(cell) !== fold);
    const chosen = [BEFORE, ...OTHERS].reduce((a, b) => (meanOf(choosing, b) < meanOf(choosing, a) ? b : a));
    return { chosen, own: cells.filter((cell) => foldOf(cell) === fold) };
  });
  return {
    chosen: folds.map(({ chosen }) => chosen),
    error: mean(folds.flatMap(({ chosen, own }) => own.map(({ errors }) => errors[chosen]))),
  };
}

function report(cells: readonly Cell[]): void {
  console.log(`${cells.length} originals; mean error ${meanOf(cells, BEFORE).toFixed(4)} as it was`);
  for (const name of OTHERS) {
    const gains = cells.map(({ errors }) => errors[name] - errors[BEFORE]);
    const middle = mean(gains);
    const deviation = Math.sqrt(mean(gains.map((gain) => (gain - middle) ** 2)) / (gains.length - 1));
    console.log(`${name.padEnd(18)} ${middle >= 0 ? "+" : ""}${middle.toFixed(4)} ± ${deviation.toFixed(4)}`);
  }
  const { chosen, error } = crossValidated(cells);
  console.log(`chosen by the tables of other folds: ${chosen.join(", ")}; error on their own ${error.toFixed(4)}`);
}

async function main(): Promise<void> {
  const cells: Cell[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : [];
  for (const table of TABLES)
    for (const original of Object.keys(originals())) {
      if (cells.some((cell) => cell.table === table && cell.original === original)) continue;
      cells.push(await measure(table, original));
      writeFileSync(FILE, `${JSON.stringify(cells, null, 1)}\n`);
      console.log(`${table}, ${original}`);
    }
  report(cells);
}

void main();
