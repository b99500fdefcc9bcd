import { sampleWithoutReplacement, type Rng } from "../../random";
import { requireInteger } from "../../validate";
import { happens } from "../mechanisms/rare-draws";
import { requireEpsilon } from "../parameters";

export interface SubsetSelectionOptions {
  /** Above 0; each report on its own is ε-locally differentially private. */
  epsilon: number;
  /** Symbols are integers in [0, numSymbols); at least 2. */
  numSymbols: number;
  /** How many symbols a report names, in [1, numSymbols − 1]; 1 is k-ary randomised response. */
  subsetSize: number;
}

function requireSettings(fn: string, { epsilon, numSymbols, subsetSize }: SubsetSelectionOptions): void {
  requireEpsilon(fn, epsilon);
  requireInteger(fn, "numSymbols", numSymbols, 2);
  requireInteger(fn, "subsetSize", subsetSize, 1, numSymbols - 1);
}

/** The chance that a report does not name the true symbol; 1 − p would round to 0. */
function chanceUntold({ epsilon, numSymbols: k, subsetSize: w }: SubsetSelectionOptions): number {
  const odds = ((k - w) / w) * Math.exp(-epsilon);
  return odds / (1 + odds);
}

/**
 * The chances of subset selection: `p` that a report names the true symbol, `q` that it names one certain other symbol,
 * `pair` that it names two certain others.
 *
 * @throws {RangeError} If a setting is out of range.
 * @see Ye & Barg, IEEE Transactions on Information Theory 64(8), 2018, §III.
 * @example
 * subsetSelectionProbabilities({ epsilon: 1, numSymbols: 10, subsetSize: 3 }).p; // 0.538102
 */
export function subsetSelectionProbabilities(
  options: SubsetSelectionOptions,
): { p: number; q: number; pair: number } {
  requireSettings("subsetSelectionProbabilities", options);
  const { epsilon, numSymbols: k, subsetSize: w } = options;
  const others = chanceUntold(options);
  const p = 1 / (1 + ((k - w) / w) * Math.exp(-epsilon));
  const pair = k === 2 ? 0 : ((w - 1) * (p * (w - 2) + others * w)) / ((k - 1) * (k - 2));
  return { p, q: (p * (w - 1) + others * w) / (k - 1), pair };
}

/**
 * Subset selection: each user sends a set of symbols that holds the true one with chance p and is else evenly drawn.
 *
 * Private, for there are only two chances: a set that holds the true symbol is sent with p / C(k − 1, w − 1), any other
 * with (1 − p) / C(k − 1, w). Their ratio is p (k − w) / ((1 − p) w), and p = w e^ε / (w e^ε + k − w) makes it e^ε. So
 * no set is more than e^ε times as likely from one symbol as from another.
 *
 * @param symbols True symbols, shape [n]; not modified.
 * @returns For each user `subsetSize` symbols, ascending, so that their order tells nothing; shape [n · subsetSize].
 * @throws {RangeError} If a setting or symbol is out of range.
 * @see Ye & Barg, IEEE Transactions on Information Theory 64(8), 2018; Wang et al., arXiv 1607.08025.
 * @example
 * const sets = subsetSelection(y, { epsilon: 1, numSymbols: 10, subsetSize: 3, rng: seededRng(1) });
 */
export function subsetSelection(
  symbols: Int32Array,
  { rng, ...options }: SubsetSelectionOptions & { rng: Rng },
): Int32Array {
  requireSettings("subsetSelection", options);
  const { numSymbols, subsetSize } = options;
  const untold = chanceUntold(options);
  const reports = new Int32Array(symbols.length * subsetSize);
  for (let i = 0; i < symbols.length; i++) {
    requireInteger("subsetSelection", "symbol", symbols[i], 0, numSymbols - 1);
    const told = happens(untold, rng) ? 0 : 1;
    const others = sampleWithoutReplacement(numSymbols - 1, subsetSize - told, rng);
    const report = reports.subarray(i * subsetSize, (i + 1) * subsetSize);
    report.set(others.map((symbol) => (symbol < symbols[i] ? symbol : symbol + 1)));
    if (told) report[subsetSize - 1] = symbols[i];
    report.sort();
  }
  return reports;
}
