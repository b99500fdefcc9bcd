/** A coarse grid of nodes over a square image, the outer ones on its edge; between nodes everything is bilinear. */
export interface NodeGrid {
  /** Nodes along each side, at least 2. */
  readonly size: number;
  /** Of the image, in pixels. */
  readonly side: number;
  /** The four nodes around each pixel, shape [side², 4]. */
  readonly nodes: Int32Array;
  /** What each weighs there, shape [side², 4]; each row sums to 1. */
  readonly weights: Float64Array;
}

/** Lays a grid of size × size nodes over an image. */
export function nodeGrid({ side, size }: { side: number; size: number }): NodeGrid {
  const nodes = new Int32Array(4 * side * side);
  const weights = new Float64Array(4 * side * side);
  const cells = size - 1;
  for (let p = 0; p < side * side; p++) {
    const across = ((p % side) / (side - 1)) * cells;
    const down = (Math.floor(p / side) / (side - 1)) * cells;
    const left = Math.min(cells - 1, Math.floor(across));
    const top = Math.min(cells - 1, Math.floor(down));
    const [right, below] = [across - left, down - top];
    const first = top * size + left;
    nodes.set([first, first + 1, first + size, first + size + 1], 4 * p);
    weights.set([(1 - right) * (1 - below), right * (1 - below), (1 - right) * below, right * below], 4 * p);
  }
  return { size, side, nodes, weights };
}

/** The image's value between pixels, bilinear; 0 from its outermost pixels on. */
export function valueBetween(image: ArrayLike<number>, side: number, x: number, y: number): number {
  if (!(x >= 0 && y >= 0 && x < side - 1 && y < side - 1)) return 0;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const at = top * side + left;
  const upper = (1 - right) * image[at] + right * image[at + 1];
  const lower = (1 - right) * image[at + side] + right * image[at + side + 1];
  return upper + (y - top) * (lower - upper);
}

/**
 * An image as a template sees it: at each pixel p the image at p + u(p).
 *
 * @param displacements Of the nodes: x, then y, in pixels, shape [2 · size²].
 */
export function pullBack(
  image: ArrayLike<number>,
  { side, size, nodes, weights }: NodeGrid,
  displacements: Float64Array,
): Float64Array {
  const n = size * size;
  const out = new Float64Array(side * side);
  for (let p = 0; p < out.length; p++) {
    let x = p % side;
    let y = Math.floor(p / side);
    for (let q = 4 * p; q < 4 * p + 4; q++) {
      x += weights[q] * displacements[nodes[q]];
      y += weights[q] * displacements[n + nodes[q]];
    }
    out[p] = valueBetween(image, side, x, y);
  }
  return out;
}

/** Displacement along one axis at a place given in cells of the grid; beyond the grid that of its edge. */
function moveAt(displacements: Float64Array, from: number, size: number, across: number, down: number): number {
  const x = Math.min(size - 1, Math.max(0, across));
  const y = Math.min(size - 1, Math.max(0, down));
  const left = Math.min(size - 2, Math.floor(x));
  const top = Math.min(size - 2, Math.floor(y));
  const [right, below] = [x - left, y - top];
  const at = from + top * size + left;
  return (1 - below) * ((1 - right) * displacements[at] + right * displacements[at + 1])
    + below * ((1 - right) * displacements[at + size] + right * displacements[at + size + 1]);
}

/** Half steps towards the place that a pixel comes from. */
const STEPS = 8;

/**
 * A template bent into an image, the opposite of `pullBack`: at each q the template at the p with p + u(p) = q, found
 * by half steps towards it.
 */
export function pushForward(
  template: ArrayLike<number>,
  { side, size }: NodeGrid,
  displacements: Float64Array,
): Float64Array {
  const cells = (size - 1) / (side - 1);
  const out = new Float64Array(side * side);
  for (let q = 0; q < out.length; q++) {
    const [toX, toY] = [q % side, Math.floor(q / side)];
    let [x, y] = [toX, toY];
    for (let step = 0; step < STEPS; step++) {
      const dx = moveAt(displacements, 0, size, x * cells, y * cells);
      const dy = moveAt(displacements, size * size, size, x * cells, y * cells);
      x = (x + toX - dx) / 2;
      y = (y + toY - dy) / 2;
    }
    out[q] = valueBetween(template, side, x, y);
  }
  return out;
}
