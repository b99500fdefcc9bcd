import { wrightOmega } from "../../math/wright-omega";
import { junctionTree, type JunctionTree } from "./junction-tree";
import { cellMap, cellsOf, isSubset, type ColumnSet } from "./marginal";

/** A noisy marginal. */
export interface Measurement {
  readonly columns: ColumnSet;
  /** Counts with noise, the last column fastest. */
  readonly counts: Float64Array;
  /** Deviation of the noise on each count. */
  readonly sigma: number;
}

/** A measured marginal's part of the model. */
interface Potential extends Measurement {
  /** What every row in a cell is weighted by; the model is the product of all of them. */
  readonly weights: Float64Array;
}

/** A potential, and where each cell of its clique falls in it. */
interface Placed { readonly potential: Potential; readonly map: Int32Array }

/** A clique with the counts that the model expects in its cells. */
interface Clique {
  readonly columns: ColumnSet;
  readonly counts: Float64Array;
  readonly potentials: Placed[];
  readonly children: number[];
  /** Where each of its cells, and of its parent's, falls in what the two share. */
  readonly own: Int32Array;
  readonly parents: Int32Array;
  /** What was last passed over the edge to the parent. */
  readonly message: Float64Array;
}

/** How much each step is pulled back to what was expected, in units of σ: see `nearCounts`. */
const PULL = 1;

const STEPS_TO_TOTAL = 3;

/** Adds up values by cell. */
function summed(values: Float64Array, map: Int32Array, cells: number): Float64Array {
  const sums = new Float64Array(cells);
  for (let i = 0; i < values.length; i++) sums[map[i]] += values[i];
  return sums;
}

/** Multiplies values by a factor for each cell. */
function scale(values: Float64Array, map: Int32Array, factors: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] *= factors[map[i]];
}

/** a / b, and 0 where both are 0. */
const ratio = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => (b[i] > 0 ? value / b[i] : 0));

/**
 * Counts near noisy ones and near expected ones: those that minimize (counts − noisy)² / 2 + s · KL(counts ‖ expected)
 * among counts above 0 of the same total. This is an implicit step of mirror descent, stable at any length. Per cell it
 * is Wright's ω; the multiplier that keeps the total is found by Newton.
 */
export function nearCounts(expected: Float64Array, noisy: Float64Array, s: number): Float64Array {
  const total = expected.reduce((sum, count) => sum + count, 0);
  const start = expected.map((count, i) => Math.log(Math.max(count, 1e-9)) + noisy[i] / s - Math.log(s));
  const counts = new Float64Array(expected.length);
  for (let step = 0, shift = 0; step < STEPS_TO_TOTAL; step++) {
    let [sum, slope] = [0, 0];
    start.forEach((z, i) => {
      const w = wrightOmega(z - shift);
      counts[i] = s * w;
      sum += counts[i];
      slope += counts[i] / (1 + w);
    });
    shift += (sum - total) / slope;
  }
  const sum = counts.reduce((all, count) => all + count, 0);
  return counts.map((count) => (count * total) / sum);
}

/**
 * A graphical model of a table: the product of one table of weights for each measured marginal, of all such products
 * the one whose marginals are nearest to what was measured. Its cliques' counts are kept on a junction tree.
 */
export class TreeModel {
  readonly tree: JunctionTree;
  readonly cliques: readonly Clique[];
  /** How many rows it describes. */
  readonly total: number;
  private readonly potentials: readonly Potential[];

  /**
   * @param total How many rows it describes, above 0.
   * @param start An earlier model, whose weights are taken over.
   */
  constructor(
    measurements: readonly Measurement[],
    readonly sizes: readonly number[],
    { total, start }: { total: number; start?: TreeModel },
  ) {
    this.total = total;
    this.tree = junctionTree(measurements.map(({ columns }) => columns), sizes);
    this.potentials = measurements.map((measured) => ({
      ...measured,
      weights: start?.weightsOf(measured.columns) ?? new Float64Array(measured.counts.length).fill(1),
    }));
    const { cliques, parents, separators } = this.tree;
    this.cliques = cliques.map((columns, c) => ({
      columns,
      counts: new Float64Array(cellsOf(columns, sizes)).fill(1),
      potentials: [],
      children: parents.flatMap((parent, child) => (parent === c ? [child] : [])),
      own: cellMap(columns, separators[c], sizes),
      parents: c ? cellMap(cliques[parents[c]], separators[c], sizes) : Int32Array.of(),
      message: new Float64Array(cellsOf(separators[c], sizes)).fill(1),
    }));
    for (const potential of this.potentials) {
      const home = this.smallestClique(potential.columns) as Clique;
      const map = cellMap(home.columns, potential.columns, sizes);
      home.potentials.push({ potential, map });
      scale(home.counts, map, potential.weights);
    }
    this.passMessages();
  }

  private weightsOf(columns: ColumnSet): Float64Array | undefined {
    const same = (set: ColumnSet): boolean => set.length === columns.length && isSubset(set, columns);
    return this.potentials.find((potential) => same(potential.columns))?.weights;
  }

  private smallestClique(columns: ColumnSet): Clique | undefined {
    return this.cliques.filter((clique) => isSubset(columns, clique.columns))
      .reduce<Clique | undefined>((best, next) => (best && best.counts.length <= next.counts.length ? best : next),
      undefined);
  }

  /** Belief propagation: from the leaves to the root, and back. */
  private passMessages(): void {
    for (let c = this.cliques.length - 1; c > 0; c--) this.tellParent(c);
    const root = this.cliques[0].counts;
    const sum = root.reduce((all, count) => all + count, 0);
    for (let i = 0; i < root.length; i++) root[i] *= this.total / sum;
    for (let c = 1; c < this.cliques.length; c++) this.tellChild(c);
  }

  private tellParent(c: number): void {
    const { counts, own, parents, message } = this.cliques[c];
    const sums = summed(counts, own, message.length);
    scale(this.cliques[this.tree.parents[c]].counts, parents, ratio(sums, message));
    message.set(sums);
  }

  private tellChild(c: number): void {
    const { counts, own, parents, message } = this.cliques[c];
    const sums = summed(this.cliques[this.tree.parents[c]].counts, parents, message.length);
    scale(counts, own, ratio(sums, message));
    message.set(sums);
  }

  /**
   * One walk around the tree. At each clique its marginals step towards what was measured; then the news goes on to the
   * next clique, so that each step starts from the model's true marginals.
   */
  sweep(): void {
    this.visit(0);
    for (let c = 1; c < this.cliques.length; c++) this.tellChild(c);
  }

  private visit(c: number): void {
    const { counts, potentials, children } = this.cliques[c];
    for (const { potential, map } of potentials) {
      const { counts: noisy, sigma, weights } = potential;
      const expected = summed(counts, map, noisy.length);
      const change = ratio(nearCounts(expected, noisy, PULL * sigma), expected);
      scale(counts, map, change);
      change.forEach((factor, i) => (weights[i] *= factor));
    }
    for (const child of children) {
      this.tellChild(child);
      this.visit(child);
      this.tellParent(child);
    }
  }

  /** Expected counts of columns that lie within one clique; undefined where they don't. */
  marginal(columns: ColumnSet): Float64Array | undefined {
    const clique = this.smallestClique(columns);
    return clique &&
      summed(clique.counts, cellMap(clique.columns, columns, this.sizes), cellsOf(columns, this.sizes));
  }
}
