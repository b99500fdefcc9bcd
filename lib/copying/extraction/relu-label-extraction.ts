import { reluNetwork, type ReluNetwork } from "../../classifiers/neural/relu-network";
import { dot } from "../../math/linear-algebra";
import type { Rng } from "../../random";
import { requireInRange, requireInteger } from "../../validate";
import type { BlackBox } from "../black-box";
import { requireNumericRanges, type NumericRange } from "../ranges";
import { BoundarySearch } from "./boundary-search";
import { BoundaryWalk } from "./boundary-walk";
import { Cube } from "./cube";
import { assemble, type FacetModel } from "./facet-model";
import { LabelSigns } from "./label-signs";
import { networkOf, sided, type Unit } from "./relu-units";

export interface ExtractReluFromLabelsOptions {
  /** What the inputs range over: walks are measured in it. A feature that does not vary gets no weight. */
  ranges: readonly NumericRange[];
  /** How far walks go along one facet, in half diagonals of the ranges, at least 1; 30 unless told. */
  reach?: number;
  /** Halvings of each line that crosses the boundary, at least 40; 50 unless told: float64 has no more. */
  halvings?: number;
  /** Walks in a row that show nothing new before it ends, at least 1; 20 unless told. */
  idleWalks?: number;
  /** Walks at most, at least 1; 1,000 unless told. */
  mostWalks?: number;
  /** Random rows on which the copy is tried at its end, and at most as many points of its boundary; 200 unless told. */
  checks?: number;
  rng: Rng;
  /** Told the rows asked, the facets and the units found, after each walk. */
  onProgress?: (progress: { spent: number; facets: number; units: number }) => void;
}

export interface ExtractedReluFromLabels {
  /** Its scores are the original's times a positive number that labels do not tell; all or only near the boundary. */
  readonly network: ReluNetwork;
  /** Rows asked. */
  readonly spent: number;
  /** Hidden units whose bends were found. */
  readonly units: number;
  /** Units beyond those found that the copy needs, for what is linear along the whole boundary: 0 or 2. */
  readonly extraUnits: number;
  /** Flat pieces of the boundary that were measured. */
  readonly facets: number;
  /** Walks from one facet towards the next. */
  readonly walks: number;
  /**
   * Whether all facets fit one network, the last walks showed nothing new, and each check was answered alike: what was
   * seen, not a proof.
   */
  readonly complete: boolean;
}

/** A model in the coordinates of a basis, as one of the cube, with each unit turned to its active side. */
function modelOf({ units, rest }: FacetModel, basis: readonly Float64Array[]): FacetModel {
  const spread = (weights: Float64Array): Float64Array =>
    basis[0].map((_, j) => dot(weights, Float64Array.from(basis, (one) => one[j])));
  const right = sided(units, rest);
  return {
    units: right.units.map((unit): Unit => ({ ...unit, weights: spread(unit.weights) })),
    rest: { slope: spread(right.rest.slope), constant: right.rest.constant },
  };
}

type Limits = Required<Pick<ExtractReluFromLabelsOptions, "idleWalks" | "mostWalks" | "checks">>;

/** Walks and assembles until a model stays as it is and answers all checks, or no walk is left. */
async function searchModel(
  boundary: BoundarySearch, { idleWalks, mostWalks, checks }: Limits, onProgress: (units: number) => void,
): Promise<{ model: FacetModel; complete: boolean }> {
  const { basis } = boundary.walk;
  let model = modelOf({ units: [], rest: { slope: new Float64Array(1), constant: 0 } }, basis);
  let [units, idle] = [-1, 0];
  for (;;) {
    const found = assemble(boundary.facets, boundary.ridges, basis, boundary.doubted);
    if (found.model) model = modelOf(found.model, basis);
    idle = found.model?.units.length === units ? idle + 1 : 0;
    units = found.model?.units.length ?? -1;
    onProgress(Math.max(0, units));
    const isLast = boundary.walks >= mostWalks;
    const isSettled = found.model && (idle >= idleWalks || isLast);
    if (isSettled && (await boundary.answersAlike(networkOf(model.units, model.rest), checks)))
      return { model, complete: idle >= idleWalks };
    if (isLast) return { model, complete: false };
    if (isSettled) idle = 0;
    await boundary.go(found.single);
  }
}

/**
 * Rebuilds a network of one hidden layer of ReLU units, with one score, from labels alone: the sign of the score. The
 * boundary between the labels is flat but where it meets the plane of a unit. A flat piece (a facet) is measured by
 * halving parallel lines; walks along facets find the ridges where they bend. The difference of two facets' functions,
 * each with the right factor, is a unit's weights and bias, so that all ridges of a unit share one function; factors
 * and signs then follow from linear equations.
 *
 * All normals are sums of the units' weights, and so lie in as many dimensions as there are units: only the first
 * facets cost a line a feature, all others some lines a unit. Labels do not tell the scores' common factor, nor a unit
 * that no part of the boundary bends at. There must be at least as many features as units.
 *
 * @param blackBox Two labels; the larger one where the score is above 0.
 * @throws {RangeError} If only one label is met, or three are, or an option is out of range.
 * @throws {QueryBudgetError} If the budget does not reach.
 * @see Chen et al., ASIACRYPT 2024 (labels alone, any depth, time exponential in the units); Carlini et al., EUROCRYPT
 *   2025 (dual points: where the boundary bends). Ours: normals are measured in their own span; ridges of one unit
 *   are told by a shared function; all factors at once.
 * @example
 * const weights = fromRows([[2, -1, 1], [-1, 3, 1]]);
 * const network = reluNetwork([
 *   { weights, biases: Float64Array.of(-0.5, -1) },
 *   { weights: fromRows([[-1, -2]]), biases: Float64Array.of(1) },
 * ]);
 * const found = await extractReluFromLabels(blackBox(network), { ranges: ranges.slice(0, 3), rng: seededRng(1) });
 * found.units; // 2
 */
export async function extractReluFromLabels(
  blackBox: Pick<BlackBox, "query">, options: ExtractReluFromLabelsOptions,
): Promise<ExtractedReluFromLabels> {
  const { ranges, reach = 30, halvings = 50, idleWalks = 20, mostWalks = 1000, checks = 200, rng } = options;
  const fn = "extractReluFromLabels";
  requireNumericRanges(fn, ranges);
  requireInRange(fn, "reach", reach, 1, 1e6);
  requireInteger(fn, "halvings", halvings, 40);
  for (const [name, value] of Object.entries({ idleWalks, mostWalks, checks })) requireInteger(fn, name, value, 1);
  const cube = new Cube(ranges);
  const signs = new LabelSigns(blackBox, cube, halvings);
  const walk = new BoundaryWalk(signs, cube, rng);
  const boundary = new BoundarySearch(walk, cube, reach * Math.sqrt(ranges.length), rng);
  await boundary.look(await signs.firstLine(rng, reach), 0, 1);
  if (!boundary.facets.length)
    throw new RangeError(`${fn}: the boundary must be made of flat pieces, got a bent one wherever it was measured`);
  const { model, complete } = await searchModel(boundary, { idleWalks, mostWalks, checks }, (units) =>
    options.onProgress?.({ spent: signs.spent, facets: boundary.facets.length, units }));
  const rest = cube.affineOf(model.rest);
  const { layers } = networkOf(model.units.map((unit) => cube.unitOf(unit)), rest);
  return {
    network: reluNetwork(layers, Int32Array.from(signs.labels)),
    spent: signs.spent,
    units: model.units.length,
    extraUnits: rest.slope.some((value) => value !== 0) ? 2 : 0,
    facets: boundary.facets.length,
    walks: boundary.walks,
    complete,
  };
}
