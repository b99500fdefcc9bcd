import { cellsOf, isSubset, type ColumnSet } from "./marginal";

/** Cliques of columns joined to a tree, in which the cliques that share a column hang together. */
export interface JunctionTree {
  /** A parent stands before its children. */
  readonly cliques: readonly ColumnSet[];
  /** Position of each clique's parent; −1 for the first. */
  readonly parents: readonly number[];
  /** The columns that each clique shares with its parent; may be none. */
  readonly separators: readonly ColumnSet[];
  /** Cells of all cliques together: what the model takes to store. */
  readonly cells: number;
}

/** Eliminates columns one by one, the one whose clique has the fewest cells first, and notes the maximal cliques. */
function eliminated(sets: readonly ColumnSet[], sizes: readonly number[]): ColumnSet[] {
  const d = sizes.length;
  const joined = new Uint8Array(d * d);
  const join = (columns: ColumnSet): void => {
    for (const a of columns) for (const b of columns) joined[a * d + b] = 1;
  };
  sets.forEach(join);
  const left = new Set(sizes.keys());
  const cliques: ColumnSet[] = [];
  while (left.size) {
    let [best, fewest] = [-1, Infinity];
    for (const column of left) {
      let cells = sizes[column];
      for (const other of left) if (joined[column * d + other] && other !== column) cells *= sizes[other];
      if (best < 0 || cells < fewest) [best, fewest] = [column, cells];
    }
    const clique = [...left].filter((column) => column === best || joined[best * d + column]);
    join(clique);
    left.delete(best);
    if (!cliques.some((other) => isSubset(clique, other))) cliques.push(clique);
  }
  return cliques;
}

/** Cells that a model of some marginals takes to store. */
export function modelCells(sets: readonly ColumnSet[], sizes: readonly number[]): number {
  return eliminated(sets, sizes).reduce((sum, clique) => sum + cellsOf(clique, sizes), 0);
}

/**
 * A junction tree in which each of the sets lies within one clique: the graph that joins columns of one set is
 * triangulated by greedy elimination, and its cliques are joined by a maximum spanning tree over what they share.
 *
 * @param sets Columns that are to lie together.
 * @param sizes How many codes each column has; a column in no set is a clique of its own.
 * @see Koller & Friedman, Probabilistic Graphical Models, §9.4 and §10.4.
 */
export function junctionTree(sets: readonly ColumnSet[], sizes: readonly number[]): JunctionTree {
  const rest = eliminated(sets, sizes);
  const shared = (a: ColumnSet, b: ColumnSet): ColumnSet => a.filter((column) => b.includes(column));
  const cliques: ColumnSet[] = [rest.pop() as ColumnSet];
  const parents = [-1];
  const separators: ColumnSet[] = [[]];
  while (rest.length) {
    let best = { position: 0, parent: 0, separator: [] as ColumnSet };
    rest.forEach((clique, position) => cliques.forEach((other, parent) => {
      const separator = shared(clique, other);
      if (separator.length > best.separator.length) best = { position, parent, separator };
    }));
    cliques.push(rest.splice(best.position, 1)[0]);
    parents.push(best.parent);
    separators.push(best.separator);
  }
  return { cliques, parents, separators, cells: cliques.reduce((sum, clique) => sum + cellsOf(clique, sizes), 0) };
}
