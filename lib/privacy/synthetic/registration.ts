import { solveLinear } from "../../math/linear-algebra";
import { blurImage } from "../../images/blur";
import { type NodeGrid, valueBetween } from "../../images/node-grid";

/** Blurs in pixels and steps at each: coarse first, so that strokes a few pixels apart find each other. */
const LEVELS = [{ sigma: 2, steps: 5 }, { sigma: 1, steps: 6 }];
/** What a squared displacement of a node costs, and a squared difference between neighbours. */
const REST = 0.02;
const BEND = 0.1;
/** Squared steepness below which a pixel of the template says nothing. */
const FLAT = 1e-6;

/** A template at one blur. */
interface Level {
  readonly sigma: number;
  readonly steps: number;
  readonly blurred: Float64Array;
  /** Pixels where the template is steep: every second one of the image, like a chessboard's black squares. */
  readonly pixels: number[];
  /** Slope at each. */
  readonly slopeX: number[];
  readonly slopeY: number[];
  /** Inverse of the second derivatives, shape [2 · size², 2 · size²]. */
  readonly inverse: Float64Array;
}

/** The stiffness of the sheet: half its gradient is this times the displacements along one axis; [size², size²]. */
function stiffnessOf(size: number): Float64Array {
  const n = size * size;
  const stiffness = new Float64Array(n * n);
  const tie = (a: number, b: number): void => {
    for (const end of [a, b]) stiffness[end * n + end] += BEND;
    stiffness[a * n + b] -= BEND;
    stiffness[b * n + a] -= BEND;
  };
  for (let a = 0; a < n; a++) {
    stiffness[a * n + a] += REST;
    if (a % size < size - 1) tie(a, a + 1);
    if (a + size < n) tie(a, a + size);
  }
  return stiffness;
}

function inverseOf(square: Float64Array): Float64Array {
  const n = Math.sqrt(square.length);
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const unit = new Float64Array(n);
    unit[k] = 1;
    inverse.set(solveLinear(square.slice(), unit), k * n);
  }
  return inverse;
}

function levelOf(template: Float64Array, { side, size, nodes, weights }: NodeGrid, stiffness: Float64Array,
  { sigma, steps }: { sigma: number; steps: number }): Level {
  const blurred = blurImage(template, side, sigma);
  const n = size * size;
  const curvature = new Float64Array(4 * n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++)
      curvature[a * 2 * n + b] = curvature[(n + a) * 2 * n + n + b] = stiffness[a * n + b];
  const [pixels, slopeX, slopeY]: number[][] = [[], [], []];
  for (let y = 1; y < side - 1; y++)
    for (let x = 2 - (y % 2); x < side - 1; x += 2) {
      const p = y * side + x;
      // A difference over two pixels halved, times √2: every pixel that is used stands for two.
      const dx = (blurred[p + 1] - blurred[p - 1]) / Math.SQRT2;
      const dy = (blurred[p + side] - blurred[p - side]) / Math.SQRT2;
      if (dx * dx + dy * dy < FLAT) continue;
      pixels.push(p);
      slopeX.push(dx);
      slopeY.push(dy);
      for (let i = 4 * p; i < 4 * p + 4; i++)
        for (let j = 4 * p; j < 4 * p + 4; j++) {
          const weight = weights[i] * weights[j];
          const [a, b] = [nodes[i], nodes[j]];
          curvature[a * 2 * n + b] += weight * dx * dx;
          curvature[a * 2 * n + n + b] += weight * dx * dy;
          curvature[(n + a) * 2 * n + b] += weight * dx * dy;
          curvature[(n + a) * 2 * n + n + b] += weight * dy * dy;
        }
    }
  return { sigma, steps, blurred, pixels, slopeX, slopeY, inverse: inverseOf(curvature) };
}

/** Lays an image of pixels in [0, 1] on a template: displacements u of the nodes, x then y, in pixels. */
export type Registrar = (image: ArrayLike<number>) => Float64Array;

/**
 * Finds how a template is bent into an image: the displacements u that make the image at p + u(p) most like the
 * template at p, both blurred, plus what it costs to stretch the sheet. Newton's steps with the template's slopes in
 * place of the image's, so that second derivatives are the same for all images. An image is looked at by itself.
 *
 * @param template Pixels in [0, 1], shape [side²].
 * @see Baker & Matthews, International Journal of Computer Vision 56(3), 2004 (one template, slopes made once).
 */
export function imageRegistrar(template: Float64Array, grid: NodeGrid): Registrar {
  const { side, size, nodes, weights } = grid;
  const n = size * size;
  const stiffness = stiffnessOf(size);
  const levels = LEVELS.map((level) => levelOf(template, grid, stiffness, level));
  const force = new Float64Array(2 * n);
  const pull = (image: Float64Array, { blurred, pixels, slopeX, slopeY }: Level, u: Float64Array): void => {
    for (let k = 0; k < pixels.length; k++) {
      const p = pixels[k];
      let x = p % side;
      let y = (p - x) / side;
      for (let q = 4 * p; q < 4 * p + 4; q++) {
        x += weights[q] * u[nodes[q]];
        y += weights[q] * u[n + nodes[q]];
      }
      const miss = Math.SQRT2 * (valueBetween(image, side, x, y) - blurred[p]);
      for (let q = 4 * p; q < 4 * p + 4; q++) {
        force[nodes[q]] += miss * weights[q] * slopeX[k];
        force[n + nodes[q]] += miss * weights[q] * slopeY[k];
      }
    }
  };
  return (image) => {
    const u = new Float64Array(2 * n);
    for (const level of levels) {
      const blurred = blurImage(image, side, level.sigma);
      for (let step = 0; step < level.steps; step++) {
        for (let a = 0; a < 2 * n; a++) {
          force[a] = 0;
          const [row, from] = a < n ? [a, 0] : [a - n, n];
          for (let b = 0; b < n; b++) force[a] += stiffness[row * n + b] * u[from + b];
        }
        pull(blurred, level, u);
        for (let a = 0; a < 2 * n; a++)
          for (let b = 0; b < 2 * n; b++) u[a] -= level.inverse[a * 2 * n + b] * force[b];
      }
    }
    return u;
  };
}
